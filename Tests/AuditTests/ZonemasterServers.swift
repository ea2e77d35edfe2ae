import DNSWire
import Fixtures
import Foundation
import Lab
import Names
import Testing

/// The servers of Zonemaster's test zones: the shipped zone files behind Lab's authorities, answering as the shipped CoreDNS
/// configuration says.
struct Zonemaster {
  static let families = [
    "Basic-TP/basic01", "Basic-TP/basic02", "Delegation-TP/delegation01", "Delegation-TP/delegation02",
    "Delegation-TP/delegation03", "Consistency-TP/consistency05", "Consistency-TP/consistency06", "Nameserver-TP/nameserver11",
    "Nameserver-TP/nameserver15", "Zone-TP/zone09",
  ]

  static func data(_ below: String) -> String { Fixture.path("dns/zonemaster/test-zone-data/\(below)") }
  static func specification(_ family: String) -> String { Fixture.path("dns/zonemaster/test-zone-specs/\(family).md") }

  private(set) var servers: [IPAddress: [(block: ServerBlock, authority: Authority)]] = [:]
  /// Every zone file that is served, read once for each zone that it is served as.
  private(set) var zones: [ServerBlock.ZonePath: Zone] = [:]
  private(set) var files: [ServerBlock.ZonePath: ZoneFile] = [:]

  init() throws {
    let blocks = try ServerBlock.all(in: "main.cfg") { path in Self.families.contains { path.hasPrefix($0 + "/") } }
    for block in blocks {
      for path in block.files where files[path] == nil {
        let octets = [UInt8](try Data(contentsOf: URL(filePath: Self.data(path.path))))
        let file = ZoneFile(octets: octets, file: path.path, origin: path.zone)
        files[path] = file
        zones[path] = try Zone(file)
      }
      let authority = Authority(zones: block.files.compactMap { zones[$0] })
      for address in block.addresses { servers[address, default: []].append((block, authority)) }
    }
  }

  enum Reaction {
    case replied(Message)
    case dropped
    /// Nobody listens there.
    case absent
  }

  /// What the server at an address makes of a question.
  func react(_ query: Message, at address: IPAddress) throws -> Reaction {
    guard let here = servers[address] else { return .absent }
    let question = try #require(query.questions.first)
    guard let (block, authority) = Self.choose(here, for: question) else { return .replied(Self.failure(query, .refused)) }
    if block.drops.contains(where: { question.name.isAtOrBelow($0.zone) && ($0.type == nil || $0.type == question.type) }) {
      return .dropped
    }
    guard var reply = Self.respond(to: query, question, block, authority) else {
      return .replied(Self.failure(query, .serverFailure))
    }
    if let authoritative = block.authoritative { reply.header.authoritative = authoritative }
    return .replied(reply)
  }

  /// The block with the longest name that encloses the one asked for; for DS the shortest, so that the parent's side answers.
  private static func choose(
    _ here: [(block: ServerBlock, authority: Authority)], for question: Question
  ) -> (block: ServerBlock, authority: Authority)? {
    let enclosing = here.flatMap { server in server.block.zones.map { (zone: $0, server: server) } }
      .filter { question.name.isAtOrBelow($0.zone) }
      .sorted { $0.zone.labelCount > $1.zone.labelCount }
    return (question.type == .ds ? enclosing.last { $0.zone != .root } ?? enclosing.last : enclosing.first)?.server
  }

  /// Templates come before files. Nil: no plug-in takes the question.
  private static func respond(
    to query: Message, _ question: Question, _ block: ServerBlock, _ authority: Authority
  ) -> Message? {
    let template = block.templates.first { template in
      template.zones.contains { question.name.isAtOrBelow($0) }
        && (template.recordClass == nil || template.recordClass == question.recordClass)
        && (template.type == nil || template.type == question.type)
    }
    if let template {
      if template.responseCode == .serverFailure { return nil }
      var reply = failure(query, template.responseCode)
      reply.header.authoritative = true
      (reply.answers, reply.authorities, reply.additionals) = (template.answers, template.authorities, template.additionals)
      return reply
    }
    guard authority.zones.keys.contains(where: { question.name.isAtOrBelow($0) }) else { return nil }
    return authority.answer(query, from: IPAddress("127.0.0.1")!, over: .tcp)
  }

  private static func failure(_ query: Message, _ code: ResponseCode) -> Message {
    var reply = query
    (reply.header.isResponse, reply.header.responseCode) = (true, code)
    return reply
  }
}
