import Names
import RealServers
import Testing

/// A tool's way of writing down what a zone holds: a record set a line, so that its place is known.
enum Source: String, CaseIterable, Sendable {
  case zone, octodns, dnscontrol, terraform

  var file: String {
    switch self {
    case .zone: "agency.gov.zone"
    case .octodns: "agency.gov.yaml"
    case .dnscontrol: "ir.json"
    case .terraform: "state.json"
    }
  }

  var line: String { "\(rawValue): \(file)" }

  func text(_ zone: Zone) -> String {
    switch self {
    case .zone: zone.text
    case .octodns: Self.octodns(zone)
    case .dnscontrol: Self.dnscontrol(zone)
    case .terraform: Self.terraform(zone)
    }
  }

  private struct RRset {
    /// Relative to the zone; empty for itself.
    var name: String
    var type: String
    var ttl: UInt32
    var data: [String]
  }

  private static func sets(_ zone: Zone) -> [RRset] {
    var seen: Set<String> = []
    return zone.records.compactMap { record in
      guard seen.insert("\(record.owner) \(record.type)").inserted else { return nil }
      let name = record.owner == zone.origin ? "" : String(record.owner.dropLast(zone.origin.count + 1))
      return RRset(name: name, type: record.type, ttl: record.ttl, data: zone.data(record.owner, record.type))
    }
  }

  private static func unquoted(_ text: String) -> String { text.filter { $0 != "\"" } }

  /// https://octodns.readthedocs.io/en/latest/records.html
  private static func octodns(_ zone: Zone) -> String {
    func value(_ type: String, _ data: String) -> String {
      let words = data.split(separator: " ").map(String.init)
      switch type {
      case "MX": return "{preference: \(words[0]), exchange: '\(words[1])'}"
      case "CAA": return "{flags: \(words[0]), tag: \(words[1]), value: '\(unquoted(words[2]))'}"
      default: return "'\(unquoted(data))'"
      }
    }
    let names = Dictionary(grouping: sets(zone), by: \.name).sorted { $0.key < $1.key }
    return "---\n"
      + names.map { name, sets in
        let records = sets.map { set in
          "{type: \(set.type), ttl: \(set.ttl), values: [\(set.data.map { value(set.type, $0) }.joined(separator: ", "))]}"
        }
        return "'\(name)': [\(records.joined(separator: ", "))]\n"
      }.joined()
  }

  /// What `dnscontrol print-ir` writes, but for its line ends.
  private static func dnscontrol(_ zone: Zone) -> String {
    let records = sets(zone).filter { $0.name != "" || $0.type != "NS" }.map { set in
      set.data.map { data in
        let words = data.split(separator: " ").map(String.init)
        let name = set.name.isEmpty ? "@" : set.name
        let fields =
          switch set.type {
          case "MX": "\"mxpreference\": \(words[0]), \"target\": \"\(words[1])\""
          case "CAA": "\"caatag\": \"\(words[1])\", \"target\": \(words[2])"
          default: "\"target\": \"\(unquoted(data))\""
          }
        return "{\"type\": \"\(set.type)\", \"name\": \"\(name)\", \"ttl\": \(set.ttl), \(fields)}"
      }.joined(separator: ", ")
    }
    let servers = zone.data(zone.origin, "NS").map { "{\"name\": \"\($0.dropLast())\"}" }
    return """
      {"registrars": [], "dns_providers": [], "domains": [{"name": "agency.gov", "registrar": "none", "dnsProviders": {},
      "meta": {"ns_ttl": "3600"},
      "nameservers": [\(servers.joined(separator: ", "))], "records": [
      \(records.joined(separator: ",\n"))
      ]}]}

      """
  }

  /// What `terraform show -json` writes of a state with Route 53's records, but for its line ends.
  private static func terraform(_ zone: Zone) -> String {
    let records = sets(zone).enumerated().map { index, set in
      let fqdn = set.name.isEmpty ? "agency.gov" : "\(set.name).agency.gov"
      let data = set.data.map { set.type == "TXT" ? "\"\(unquoted($0))\"" : "\"\($0.replacing("\"", with: "\\\""))\"" }
      return """
        {"address": "aws_route53_record.r\(index)", "mode": "managed", "type": "aws_route53_record", "name": "r\(index)", \
        "values": {"zone_id": "Z1", "name": "\(fqdn)", "fqdn": "\(fqdn)", "type": "\(set.type)", "ttl": \(set.ttl), "alias": [], \
        "set_identifier": "", "records": [\(data.joined(separator: ", "))]}}
        """
    }
    return """
      {"format_version": "1.0", "terraform_version": "1.9.8", "values": {"root_module": {"resources": [
      {"address": "aws_route53_zone.z", "mode": "managed", "type": "aws_route53_zone", "name": "z",
      "values": {"zone_id": "Z1", "name": "agency.gov", "vpc": []}},
      \(records.joined(separator: ",\n"))
      ]}}}

      """
  }
}

@Suite("Declared in another tool, served by Knot, NSD and BIND", .serialized) struct ImportTests {
  private static let stage = Stage(.init(signed: false, powerDNS: false, unbound: false))
  private static let key = SharedKey("hidden.agency.gov.", "hmac-sha256", "aGlkZGVuIHByaW1hcnkgb2YgdGhlIGFnZW5jeQ==")
  private static let foreign = alone("mail.agency.gov.", "A", "replaced", at: .nsd)

  private func restoring(_ body: (Hierarchy) async throws -> Void) async throws {
    let hierarchy = try await Self.stage.hierarchy
    let outcome: Result<Void, any Error>
    do { outcome = .success(try await body(hierarchy)) } catch { outcome = .failure(error) }
    try await hierarchy.restore()
    try outcome.get()
  }

  private func plant(_ hierarchy: Hierarchy) async throws {
    try await hierarchy.edit(only: .nsd) { $0.replace("mail.agency.gov.", "A", with: ["192.0.2.66"]) }
  }

  @Test(arguments: Source.allCases) func `is as intended; one record changed is found, with its line`(source: Source) async throws
  {
    try await restoring { hierarchy in
      let text = source.text(hierarchy.initial.child)
      let owner = try Owner(
        hierarchy, Owner.Intentions(resolvers: false, sources: [source.line], files: [source.file: text]))
      let whole = try await owner.finds([]).totals.expected
      // As many as a zone file gives: no record is left out.
      try owner.declare(Owner.Intentions(resolvers: false))
      #expect(try await owner.finds([]).totals.expected == whole)
      try owner.declare(Owner.Intentions(resolvers: false, sources: [source.line], files: [source.file: text]))
      try await plant(hierarchy)
      let document = try await owner.finds(Self.foreign)
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      let line = try #require(lines.firstIndex { $0.contains("192.0.2.25") && !$0.contains("192.0.2.26") })
      let place = try #require(document.findings.first { $0.check == "record-differs" }?.declaredAt)
      #expect(place.hasPrefix("\(owner.folder(source.file)):\(line + 1):"), "\(place)")
    }
  }

  @Test func `a template says what a service needs, beside the zone file`() async throws {
    let template = """
      {"providerId": "mailer.example", "serviceId": "news", "records": [
      {"type": "TXT", "host": "_mailer", "data": "token=%token%", "ttl": 3600},
      {"type": "CNAME", "host": "news", "pointsTo": "www.%domain%", "ttl": 3600}
      ]}

      """
    try await restoring { hierarchy in
      let owner = try Owner(
        hierarchy,
        Owner.Intentions(
          resolvers: false, lines: ["templates: [{template: mailer.json, variables: {token: abc123}}]"],
          files: ["mailer.json": template]))
      try await hierarchy.editChild { zone in
        zone.add("_mailer.agency.gov.", "TXT", "\"token=abc123\"")
        zone.add("news.agency.gov.", "CNAME", "www.agency.gov.")
      }
      try await owner.finds([])
      try await hierarchy.edit(only: .bind) { $0.replace("news.agency.gov.", "CNAME", with: ["mail.agency.gov."]) }
      let document = try await owner.finds(alone("news.agency.gov.", "CNAME", "replaced", at: .bind))
      let place = try #require(document.findings.first { $0.check == "record-differs" }?.declaredAt)
      #expect(place.hasPrefix("\(owner.folder("mailer.json")):3:"), "\(place)")
    }
  }

  // MARK: Transfer

  private func transferring(from primary: Endpoint) -> Owner.Intentions {
    let key = "{name: hidden.agency.gov, algorithm: hmac-sha256, secret: \"env:NAMEWARD_TSIG\"}"
    return Owner.Intentions(
      resolvers: false, sources: ["transfer: {primary: \"\(primary.host):\(primary.port)\", key: \(key)}"])
  }

  private func withHiddenPrimary(_ body: (Hierarchy, Owner) async throws -> Void) async throws {
    try await restoring { hierarchy in
      let place = try hierarchy.vacancy(1)
      let primary = try KnotServer(
        "Knot, hidden", at: place, zones: [hierarchy.initial.child], signed: false, key: Self.key)
      try await primary.start()
      let outcome: Result<Void, any Error>
      do {
        outcome = .success(try await body(hierarchy, Owner(hierarchy, transferring(from: place))))
      } catch { outcome = .failure(error) }
      await primary.stop()
      try outcome.get()
    }
  }

  @Test func `a hidden primary's zone is transferred with its key, and compared`() async throws {
    try await withHiddenPrimary { hierarchy, owner in
      let secret = ["NAMEWARD_TSIG": Self.key.secret]
      try await owner.finds([], environment: secret)
      try await plant(hierarchy)
      let document = try await owner.finds(Self.foreign, environment: secret)
      let line = try #require(
        try owner.folder.text("nameward.yaml").split(separator: "\n").firstIndex { $0.contains("transfer:") })
      let place = try #require(document.findings.first { $0.check == "record-differs" }?.declaredAt)
      #expect(place.hasPrefix("\(owner.config):\(line + 1):"), "\(place)")
    }
  }

  @Test(arguments: [[:], ["NAMEWARD_TSIG": "b3RoZXI="], ["NAMEWARD_TSIG": "not base64!"]])
  func `a key that is missing, wrong or broken ends the audit before it asks`(environment: [String: String]) async throws {
    try await withHiddenPrimary { _, owner in
      let ending = try await owner.audit(with: ["--quiet", "--no-state"], environment: environment)
      #expect(ending.status == 2)
      #expect(ending.output.isEmpty)
      #expect(ending.talk.contains("nameward.yaml:"), "\(ending.talk)")
      if let secret = environment["NAMEWARD_TSIG"] { #expect(!ending.talk.contains(secret)) }
    }
  }

  // MARK: Several

  @Test(arguments: [Source.octodns, .dnscontrol, .terraform])
  func `two sources that disagree are refused, with both places`(source: Source) async throws {
    let hierarchy = try await Self.stage.hierarchy
    var other = hierarchy.initial.child
    other.replace("mail.agency.gov.", "A", with: ["192.0.2.77"])
    let text = source.text(other)
    let owner = try Owner(
      hierarchy,
      Owner.Intentions(
        resolvers: false, sources: ["zone: agency.gov.zone", source.line], files: [source.file: text]))
    let ending = try await owner.audit("--quiet", "--no-state")
    #expect(ending.status == 2)
    #expect(ending.output.isEmpty)
    func line(_ text: String, _ value: String) throws -> Int {
      try #require(text.split(separator: "\n", omittingEmptySubsequences: false).firstIndex { $0.contains(value) }) + 1
    }
    #expect(ending.talk.split(separator: "\n").count == 1, "\(ending.talk)")
    #expect(ending.talk.contains("mail.agency.gov. A"), "\(ending.talk)")
    #expect(ending.talk.contains("\(source.file):\(try line(text, "192.0.2.77")):"), "\(ending.talk)")
    #expect(
      ending.talk.contains("agency.gov.zone:\(try line(hierarchy.initial.child.text, "192.0.2.25")):"), "\(ending.talk)")
  }

  @Test func `sources that say the same stand side by side`() async throws {
    let hierarchy = try await Self.stage.hierarchy
    let sources = Source.allCases
    let owner = try Owner(
      hierarchy,
      Owner.Intentions(
        resolvers: false, sources: sources.map(\.line),
        files: Dictionary(uniqueKeysWithValues: sources.map { ($0.file, $0.text(hierarchy.initial.child)) })))
    try await owner.finds([])
  }
}
