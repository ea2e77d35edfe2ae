import Names
import RealServers
import Testing

/// The owner of a hierarchy's domains: writes the declaration down and audits, as an owner does.
struct Owner {
  /// What is declared, where it is not what the hierarchy serves at its start.
  struct Intentions {
    var child: Zone?
    /// Lines of the declaration under `network:`, in the place of these.
    var network: [String: String] = [:]
    /// How many resolvers must agree; nil for all. Without resolvers none is asked.
    var resolvers = true
    var agree: Int?
    var unsignedChild = true
    var expired = false
    /// Where the records of `agency.gov` are declared.
    var sources = ["zone: agency.gov.zone"]
    /// What the declaration itself says of names of `agency.gov`; its zone file is silent about them.
    var said: [Said] = []
    /// Further lines of `agency.gov`: `mail: {spf: hard}`.
    var lines: [String] = []
    /// Further text of the declaration: groups, changes, exceptions.
    var further = ""
    /// Servers of agency.gov that no delegation names.
    var secondaries: [Endpoint] = []
    /// Further files beside it, by name.
    var files: [String: String] = [:]
  }

  /// What a declaration says of one name and type.
  struct Said: Sendable {
    var name: String
    /// Empty: of the whole name.
    var type: String
    var words: String

    /// - Parameter name: As it stands in the declaration: relative to the domain, which is `@`.
    init(_ name: String, _ type: String, _ words: String) { (self.name, self.type, self.words) = (name, type, words) }

    var owner: String { name == "@" ? Hierarchy.child : "\(name).\(Hierarchy.child)" }
  }

  let folder: Scratch
  let hierarchy: Hierarchy

  init(_ hierarchy: Hierarchy, _ intentions: Intentions = Intentions()) throws {
    (folder, self.hierarchy) = (try Scratch(), hierarchy)
    try declare(intentions)
  }

  var config: String { folder("nameward.yaml") }
  var state: String { folder("state") }

  /// Writes `nameward.yaml` and the zone files that it names.
  func declare(_ intentions: Intentions) throws {
    var child = intentions.child ?? hierarchy.initial.child
    for said in intentions.said {
      child.remove(said.owner, said.type)
      child.remove(said.owner, "CNAME")
    }
    try folder.write(child.text, to: "agency.gov.zone")
    for (name, text) in intentions.files { try folder.write(text, to: name) }
    var network = [
      "roots": "[\(hierarchy.root.address.address)]", "port": "\(hierarchy.port)", "ipv6": "false", "timeout": "1s",
      "perServerRate": "5000",
    ]
    if let signer = hierarchy.rootSigner { network["trustAnchors"] = "[\". DS \(signer)\"]" }
    network.merge(intentions.network) { $1 }
    let resolvers = intentions.resolvers ? hierarchy.resolvers.map { "\"\(hierarchy.address(of: $0))\"" } : []
    var text = "version: 1\norganisation: Agency\n"
    if !resolvers.isEmpty {
      text += "resolvers: {servers: [\(resolvers.joined(separator: ", "))]\(intentions.agree.map { ", agree: \($0)" } ?? "")}\n"
    }
    text +=
      "network: {\(network.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", "))}\ndomains:\n"
    text += "  agency.gov:\n" + (intentions.sources + intentions.lines).map { "    \($0)\n" }.joined()
    text += """
          nameservers:
            ns1.agency.gov: [\(hierarchy.primary.address.address)]
            ns2.agency.gov: [\(hierarchy.nsd.address.address)]
            ns3.agency.gov: [\(hierarchy.bind.address.address)]
          ds: \(ds(of: Hierarchy.child))

      """
    if !intentions.said.isEmpty {
      text += "    records:\n"
      for (name, said) in Dictionary(grouping: intentions.said, by: \.name).sorted(by: { $0.key < $1.key }) {
        let words = said.map { $0.type.isEmpty ? $0.words : "\($0.type): \($0.words)" }
        text += "      \"\(name)\": " + (said[0].type.isEmpty ? words[0] : "{\(words.joined(separator: ", "))}") + "\n"
      }
    }
    if !intentions.secondaries.isEmpty {
      text += "    secondaries: [\(intentions.secondaries.map { "\"\($0.address)\"" }.joined(separator: ", "))]\n"
    }
    if intentions.unsignedChild, let powerDNS = hierarchy.powerDNS {
      try folder.write(hierarchy.initial.unsigned.text, to: "unsigned.gov.zone")
      text += """
          unsigned.gov:
            zone: unsigned.gov.zone
            nameservers: {ns1.unsigned.gov: [\(powerDNS.address.address)]}
            ds: unsigned

        """
    }
    if intentions.expired, let expired = hierarchy.expired {
      text += """
          expired.gov:
            nameservers: {ns1.expired.gov: [\(expired.address.address)]}
            ds: \(ds(of: Hierarchy.expiredChild))
            records: {www: {A: 192.0.2.200}}

        """
    }
    try folder.write(text + intentions.further, to: "nameward.yaml")
  }

  private func ds(of zone: String) -> String {
    let records = hierarchy.initial.tld.data(zone, "DS")
    return records.isEmpty ? "unsigned" : "[\(records.map { "\"\($0)\"" }.joined(separator: ", "))]"
  }

  /// `nameward audit` with this declaration and state.
  func audit(_ arguments: String..., format: String = "json", limit: Duration = .seconds(60)) async throws -> Executable.Ending {
    try await audit(with: arguments, format: format, limit: limit)
  }

  func audit(
    with arguments: [String], format: String = "json", environment: [String: String] = [:], limit: Duration = .seconds(60)
  ) async throws -> Executable.Ending {
    let common = ["audit", "--config", config, "--state", state, "--format", format]
    return try await Executable.run(common + arguments, in: folder.path, environment: environment, limit: limit)
  }

  /// An audit without notes and state that finds these rows, and the document that it prints.
  @discardableResult
  func finds(
    _ expected: [Expected], _ arguments: String..., environment: [String: String] = [:], code: Int32? = nil,
    when: String = "", sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> AuditDocument {
    let ending = try await audit(with: ["--quiet", "--no-state"] + arguments, environment: environment)
    #expect(ending.status == code ?? (expected.isEmpty ? 0 : 3), "\(when) \(ending.talk)", sourceLocation: sourceLocation)
    let document = try AuditDocument(ending.output)
    let rows = try expected.map { try $0.row(in: hierarchy) }.sorted()
    let found = document.findings.map(\.row).sorted()
    #expect(
      found == rows, "\(when)\n\(Planted.difference(found, rows))\n\(Planted.words(document))", sourceLocation: sourceLocation)
    document.addUp()
    return document
  }
}

/// A server of the hierarchy, as expected findings name it.
enum Spot: Sendable {
  case tld, primary, nsd, bind, powerDNS, expired, unbound, bindResolver
  case vacancy(UInt8)
  /// No one server.
  case nobody

  static let authoritative: [Spot] = [.primary, .nsd, .bind]
  static let resolvers: [Spot] = [.unbound, .bindResolver]

  func address(in hierarchy: Hierarchy) throws -> String {
    let server: (any RealServer)? =
      switch self {
      case .tld: hierarchy.tld
      case .primary: hierarchy.primary
      case .nsd: hierarchy.nsd
      case .bind: hierarchy.bind
      case .powerDNS: hierarchy.powerDNS
      case .expired: hierarchy.expired
      case .unbound: hierarchy.unbound
      case .bindResolver: hierarchy.bindResolver
      case .vacancy, .nobody: nil
      }
    if case .vacancy(let number) = self { return "\(try hierarchy.vacancy(number).address)" }
    if case .nobody = self { return "" }
    return "\(hierarchy.address(of: try #require(server)))"
  }
}

/// A finding that is expected, as a person writes it down.
struct Expected: Sendable {
  var check: String
  var name: String
  var type: String
  var how: String
  var spot: Spot

  init(_ check: String, _ name: String, _ type: String = "", _ how: String = "", at spot: Spot = .nobody) {
    (self.check, self.name, self.type, self.how, self.spot) = (check, name, type, how, spot)
  }

  func row(in hierarchy: Hierarchy) throws -> Row {
    Row(check: check, name: name, type: type, how: how, server: try spot.address(in: hierarchy))
  }
}

/// The same at each of these servers.
func each(_ spots: [Spot], _ check: String, _ name: String, _ type: String = "", _ how: String = "") -> [Expected] {
  spots.map { Expected(check, name, type, how, at: $0) }
}

/// A departure at one server alone, under the serial of the others: that they differ is told, too.
func alone(_ name: String, _ type: String, _ how: String, by check: String = "record-differs", at spot: Spot) -> [Expected] {
  [Expected(check, name, type, how, at: spot), Expected("servers-disagree", name, type, "replaced", at: spot)]
}
