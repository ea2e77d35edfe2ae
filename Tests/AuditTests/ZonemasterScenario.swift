import Audit
import DNSWire
import Estate
import Fixtures
import Foundation
import Lab
import Names
import Testing

/// A row of a specification with the declaration that the zone's owner would have written, and what the audit must say.
struct ZonemasterScenario: Sendable, CustomTestStringConvertible {
  /// Whom the owner means to answer for the zone. The rest of the declaration is the zone file whose NS records are these
  /// servers (for the first two: else the first file that is served as this zone), with their addresses put right in it.
  enum Owner: Sendable {
    /// Whom the parent's zone file names, with the addresses that it gives.
    case delegation
    /// Whom the zone file itself names, with the addresses in it.
    case zone
    /// Whom the specification names, or hands to Zonemaster as data of a zone that is not delegated so. Behind a name stands the
    /// last number of its addresses; without, whatever the world says of the name is meant.
    case servers(String)
  }

  var name: String
  var owner: Owner
  /// Exactly what is found: check, how, and the last numbers of the servers where (or the name of a server without address).
  var finds: Set<String>
  /// What else needs to be said of the row.
  var because: String
  /// The zone, where the specification's paragraph lacks it or names another.
  var zone: String?
  /// Records that the first server makes up beside its zone file.
  var also: String
  var secondaries: [Int]
  /// Whether what Zonemaster finds is a fault of what it is handed, not of what is served.
  var isNotOurs = false
  /// Why there is nothing to serve.
  var notShipped: String?

  init(
    _ name: String, _ owner: Owner, _ finds: String = "", _ because: String = "", zone: String? = nil, also: String = "",
    secondaries: [Int] = []
  ) {
    (self.name, self.owner, self.because, self.zone, self.also) = (name, owner, because, zone, also)
    self.secondaries = secondaries
    self.finds = Set(
      finds.split(separator: ";").flatMap { part -> [String] in
        let words = part.split(separator: " ")
        return words.dropFirst(2).map { "\(words[0]) \(words[1]) \($0)" }
      })
  }

  init(notOurs name: String, _ owner: Owner, _ why: String) {
    self.init(name, owner, "", why)
    isNotOurs = true
  }

  init(notShipped name: String, _ why: String) {
    self.init(name, .zone)
    notShipped = why
  }

  var testDescription: String { name }
}

extension Finding {
  /// Check, how, where: `delegation-differs removed @42`.
  var inShort: String {
    let how =
      switch verdict {
      case .match: "match"
      case .mismatch(let departure): departure.how.rawValue
      case .couldNotTell(.silent): "silent"
      case .couldNotTell(.responseCode): "unreadable"
      case .couldNotTell(.noAddress): "noAddress"
      case .couldNotTell(.noParent): "noParent"
      case .couldNotTell: "unknown"
      }
    let at = place.server?.address.address.description.split { $0 == "." || $0 == ":" }.last.map(String.init)
    let host = (place.nameServer ?? place.zone).description.split(separator: ".").first.map(String.init)
    return "\(check) \(how) @\(at ?? host ?? ".")"
  }
}

extension Zonemaster {
  static let prefixes: [String: String] = [
    "Basic-TP/basic01": "127.12.1", "Basic-TP/basic02": "127.12.2", "Delegation-TP/delegation01": "127.16.1",
    "Delegation-TP/delegation02": "127.16.2", "Delegation-TP/delegation03": "127.16.3",
    "Consistency-TP/consistency05": "127.14.5",
    "Consistency-TP/consistency06": "127.14.6", "Nameserver-TP/nameserver15": "127.17.15", "Zone-TP/zone09": "127.19.9",
  ]

  /// The declaration of a scenario's owner.
  func declaration(_ scenario: ZonemasterScenario, of family: String, zone name: String) throws -> Declaration {
    let name = try DomainName(name)
    let roots = try roots(scenario, of: family)
    var candidates = zones.filter { $0.key.zone == name }.sorted { $0.key.path < $1.key.path }.map(\.value)
    // There are several roots, each with its hints.
    if name == .root { candidates = servers[roots[0].address]?.compactMap { $0.authority.zones[name] } ?? [] }
    var nameServers: [NameServer]
    switch scenario.owner {
    case .delegation:
      let above = zones.filter { $0.key.zone != name }.sorted { $0.key.path < $1.key.path }.map(\.value)
      let delegation = try #require(above.map { $0.records(name, .ns) }.first { !$0.isEmpty }, "nobody delegates \(name)")
      nameServers = delegation.compactMap { NS($0.rdata)?.nameServer }.map { NameServer($0, addresses(of: $0) { $0 != name }) }
    case .zone:
      let own = try #require(candidates.first, "\(name) is not served")
      nameServers = own.records(name, .ns).compactMap { NS($0.rdata)?.nameServer }.map { host in
        let inside = Self.addresses(of: host, in: own)
        return NameServer(host, inside.isEmpty ? addresses(of: host) { _ in true } : .exactly(inside))
      }
    case .servers(let text):
      nameServers = try text.split(separator: ",").map { part in
        let words = part.split(separator: " ")
        let host = try DomainName(words[0], origin: name)
        guard words.count == 2 else { return NameServer(host) }
        return NameServer(host, .exactly(try address(String(words[1]), in: family)))
      }
    }
    let names = Set(nameServers.map(\.name))
    let matching = candidates.first { Set($0.records(name, .ns).compactMap { NS($0.rdata)?.nameServer }) == names }
    var zone = matching
    if case .servers = scenario.owner {} else { zone = matching ?? candidates.first }
    if zone != nil { try put(nameServers, into: &zone!) }
    var records = zone?.records ?? []
    let also = scenario.also.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) + "\n" }.joined()
    records += ZoneFile(octets: Array(also.utf8), file: scenario.name, origin: name, defaultTTL: 3600).records.map(\.record)
    let sets = Dictionary(grouping: records) { Knowledge.Subject($0.name, $0.type) }
    let domain = Domain(
      name, nameServers: nameServers,
      secondaries: try scenario.secondaries.flatMap { try address("\($0)", in: family) }.map {
        SocketAddress(address: $0, port: 53)
      },
      records: sets.map {
        DeclaredRRset($0.key.name, $0.key.type, .exactly($0.value.map(\.rdata)), ttl: $0.value.map(\.ttl).max())
      },
      isWholeZone: zone != nil)
    return Declaration(network: Network(roots: roots), domains: [domain])
  }

  /// The addresses that a zone file gives a host: first files of the zones that are preferred, the nearest zone first.
  private func addresses(of host: DomainName, preferring isPreferred: (DomainName) -> Bool) -> NameServer.Addresses {
    let holders = zones.filter { host.isAtOrBelow($0.key.zone) }.sorted { left, right in
      let (one, two) = (left.key, right.key)
      if isPreferred(one.zone) != isPreferred(two.zone) { return isPreferred(one.zone) }
      return one.zone.labelCount == two.zone.labelCount ? one.path < two.path : one.zone.labelCount > two.zone.labelCount
    }
    for (_, zone) in holders {
      let found = Self.addresses(of: host, in: zone)
      if !found.isEmpty { return .exactly(found) }
    }
    return .any
  }

  private static func addresses(of host: DomainName, in zone: Zone) -> [IPAddress] {
    (zone.records(host, .a) + zone.records(host, .aaaa)).compactMap { IPAddress(octets: $0.rdata.octets.span) }
  }

  private func address(_ last: String, in family: String) throws -> [IPAddress] {
    let prefix = try #require(Self.prefixes[family])
    let six = "fda1:b2:c3:0:" + prefix.split(separator: ".").joined(separator: ":")
    return [try #require(IPAddress("\(prefix).\(last)")), try #require(IPAddress("\(six):\(last)"))]
  }

  private func put(_ servers: [NameServer], into zone: inout Zone) throws {
    try zone.replace(zone.apex, .ns, with: servers.map { NS(nameServer: $0.name).rdata })
    for server in servers where server.name.isAtOrBelow(zone.apex) {
      guard case .exactly(let addresses) = server.addresses else { continue }
      for type in [RRType.a, .aaaa] {
        let data = addresses.map { RData(type: $0.octets.count == 4 ? .a : .aaaa, canonical: $0.octets) }.filter {
          $0.type == type
        }
        try zone.replace(server.name, type, with: data, ttl: 3600)
      }
    }
  }

  private func roots(_ scenario: ZonemasterScenario, of family: String) throws -> [Network.Root] {
    let own = scenario.name == "ROOT-EMAIL-DOMAIN" ? "\(family)/hintfile-root-email-domain" : "\(family)/hintfile.zone"
    let path = FileManager.default.fileExists(atPath: Self.data(own)) ? own : "COMMON/hintfile"
    let hints = ZoneFile(octets: [UInt8](try Data(contentsOf: URL(filePath: Self.data(path)))), file: path, origin: .root)
    return hints.records.map(\.record).filter { $0.type != .ns }.compactMap { record in
      IPAddress(octets: record.rdata.octets.span).map { Network.Root(name: record.name, address: $0) }
    }
  }

  /// Runs an audit against the servers.
  func survey(_ declaration: Declaration) throws -> (survey: Survey, rounds: Int) {
    let now = Timestamp("2026-11-23T09:00:00Z")!
    var survey = Survey(declaration, now: now)
    survey.advance()
    var rounds = 1
    while !survey.isComplete {
      survey.learn(
        try survey.wanted.map { query in
          let message = Message(
            header: Header(), questions: [Question(name: query.name, type: query.type)],
            edns: EDNS(udpPayloadSize: 1232, dnssecOK: query.dnssecOK))
          return switch try react(message, at: query.server.address.address) {
          case .replied(let reply): Observation(query, .replied(reply), path: .tcp, at: now)
          case .dropped: Observation(query, .silent(.timedOut(attempts: 4)), at: now)
          case .absent: Observation(query, .silent(.unreachable("connection refused")), at: now)
          }
        })
      for inquiry in survey.wantedInquiries { survey.learn(.failed("nobody is asked"), to: inquiry) }
      for subject in survey.wantedValidations { survey.learn(.insecure, of: subject) }
      survey.advance()
      rounds += 1
    }
    return (survey, rounds)
  }
}
