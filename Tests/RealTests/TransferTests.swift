import DNSWire
import Estate
import Foundation
import Names
import Probe
import RealServers
import Testing

/// A zone with what a transfer has to carry: names in both cases, a wildcard, cuts, glue, long text, types without a name.
private let zone = RealServers.Zone(
  "example.gov.", primary: "ns1.example.gov.",
  records: [
    .init("example.gov.", "NS", "ns1.example.gov."), .init("example.gov.", "MX", "10 mail.example.gov."),
    .init("ns1.example.gov.", "A", "127.0.0.1"), .init("mail.example.gov.", "AAAA", "2001:db8::25"),
    .init("WWW.example.gov.", "A", "192.0.2.80", ttl: 60), .init("www.example.gov.", "A", "192.0.2.81", ttl: 60),
    .init("*.wild.example.gov.", "TXT", "\"any\" \"" + String(repeating: "x", count: 250) + "\""),
    .init("old.example.gov.", "DNAME", "new.example.gov."), .init("alias.example.gov.", "CNAME", "www.example.gov."),
    .init("cut.example.gov.", "NS", "ns.cut.example.gov."), .init("ns.cut.example.gov.", "A", "192.0.2.53"),
    .init("signed.example.gov.", "NS", "ns1.example.gov."),
    .init("signed.example.gov.", "DS", "12345 13 2 " + String(repeating: "cd", count: 32)),
    .init("odd.example.gov.", "TYPE65280", "\\# 3 abcdef"), .init("a.b.c.example.gov.", "A", "192.0.2.7"),
  ])
private let apex = DomainName(named: "example.gov.")

extension DomainName {
  /// A name that the test writes; the root if it is none, so that the test fails.
  fileprivate init(named text: String) { self = (try? DomainName(text)) ?? .root }
}

enum Primary: CaseIterable {
  case knot, nsd, bind

  func server(_ zone: RealServers.Zone, key: SharedKey?) throws -> any AuthoritativeServer & ZoneGiver {
    switch self {
    case .knot: try KnotServer(at: .vacant(), zones: [zone], signed: false, key: key)
    case .nsd: try NSDServer(at: .vacant(), serving: [.file(zone)], key: key)
    case .bind: try BINDServer(at: .vacant(), serving: [.file(zone)], key: key)
    }
  }
}

/// A server whose zones kdig fetches, for comparison.
protocol ZoneGiver: Actor {
  func transfer(_ zone: String) async throws -> RealServers.Zone
}

extension KnotServer: ZoneGiver {}
extension NSDServer: ZoneGiver {}
extension BINDServer: ZoneGiver {}

private func now() -> Timestamp { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }

/// What kdig wrote, as records.
private func records(_ zone: RealServers.Zone) -> Set<ResourceRecord> {
  let file = ZoneFile(octets: Array(zone.text.utf8), file: "kdig", origin: DomainName(named: zone.origin))
  #expect(file.faults.isEmpty)
  return Set(file.records.map(\.record))
}

@Suite("Zones from real primaries", .timeLimit(.minutes(5))) struct TransferTests {
  private static let transfer = ZoneTransfer(now: now)

  private static func secret(_ octets: Int, from first: UInt8 = 3) -> String {
    Data((0..<octets).map { first &+ UInt8(truncatingIfNeeded: $0 &* 7) }).base64EncodedString()
  }

  private static func key(_ algorithm: TransferKey.Algorithm = .hmacSHA256) throws -> (SharedKey, TransferKey) {
    let (name, secret) = ("transfer.example.gov.", secret(algorithm == .hmacSHA512 ? 150 : 32))
    return (
      SharedKey(name, algorithm.rawValue, secret), try TransferKey(name: DomainName(name), algorithm: algorithm, base64: secret)
    )
  }

  @Test(arguments: Primary.allCases, TransferKey.Algorithm.allCases)
  func `gives what kdig is given, signed by a key`(primary: Primary, algorithm: TransferKey.Algorithm) async throws {
    let (shared, key) = try Self.key(algorithm)
    let server = try primary.server(zone, key: shared)
    try await server.start()
    let copy = try await Self.transfer.transfer(apex, from: server.address, key: key)
    let theirs = records(try await server.transfer(zone.origin))
    await server.stop()
    #expect(Set(copy.records) == theirs)
    #expect(copy.records.count == theirs.count)
    #expect(copy.serial == SOA(copy.soa.rdata)?.serial)
    #expect(copy.records.count == zone.records.count + 1)
  }

  @Test(arguments: Primary.allCases)
  func `says what is wrong: the key, the secret, the clock, or that there is no key`(primary: Primary) async throws {
    let (shared, key) = try Self.key()
    let server = try primary.server(zone, key: shared)
    try await server.start()
    func cause(_ key: TransferKey?, skew: Duration = .zero) async -> TransferFault.Cause? {
      let transfer = ZoneTransfer(now: { now().advanced(by: skew) })
      let fault = await #expect(throws: TransferFault.self) { try await transfer.transfer(apex, from: server.address, key: key) }
      return fault?.cause
    }
    let stranger = try TransferKey(name: DomainName("stranger."), algorithm: .hmacSHA256, base64: shared.secret)
    #expect(await cause(stranger) == .badKey("hmac-sha256:stranger."))
    let wrong = try TransferKey(name: key.name, algorithm: .hmacSHA256, base64: Self.secret(32, from: 4))
    #expect(await cause(wrong) == .badSignature("hmac-sha256:transfer.example.gov."))
    for skew in [1000, -1000] {
      let start = now()
      guard case .clocksDiffer(let theirs?, let ours)? = await cause(key, skew: .seconds(skew)) else {
        Issue.record("not told with a skew of \(skew) s")
        continue
      }
      #expect(theirs.seconds >= start.seconds && theirs <= now())
      // The two clocks are read within the question; each is cut to whole seconds.
      #expect(abs(ours.seconds - theirs.seconds - Int64(skew)) <= now().seconds - start.seconds + 1)
    }
    guard case .refused? = await cause(nil) else {
      Issue.record("given without a key")
      return
    }
    await server.stop()
  }

  @Test(arguments: Primary.allCases) func `tells an open server from one that wants a key`(primary: Primary) async throws {
    let (shared, _) = try Self.key()
    let (closed, open) = (try primary.server(zone, key: shared), try primary.server(zone, key: nil))
    try await closed.start()
    try await open.start()
    let (shut, given) = (
      await Self.transfer.isOpen(apex, at: closed.address), await Self.transfer.isOpen(apex, at: open.address)
    )
    // Its own name, but not a zone of it.
    let strange = await Self.transfer.isOpen(DomainName(named: "www.example.gov."), at: open.address)
    await closed.stop()
    await open.stop()
    guard case .refused = shut, case .open(let records, let proof) = given, case .refused = strange else {
      Issue.record("\(shut) \(given) \(strange)")
      return
    }
    #expect(records > 0)
    #expect(try Message(proof.reply.span).answers.count == records)
  }

  @Test(arguments: Primary.allCases) func `a large zone comes whole, with or without a key`(primary: Primary) async throws {
    var large = zone
    for number in 0..<40_000 { large.records.append(.init("h\(number).example.gov.", "A", "192.0.2.\(number & 255)")) }
    for isSigned in [true, false] {
      let (shared, key) = try Self.key()
      let server = try primary.server(large, key: isSigned ? shared : nil)
      try await server.start()
      let copy = try await Self.transfer.transfer(apex, from: server.address, key: isSigned ? key : nil)
      await server.stop()
      #expect(copy.records.count == large.records.count + 1)
    }
  }

  @Test(arguments: [false, true]) func `Knot gives changes, and they make the zone that it serves`(signed: Bool) async throws {
    let (shared, key) = try Self.key()
    let knot = try KnotServer(at: .vacant(), zones: [zone], signed: signed, key: shared)
    try await knot.start()
    let first = try await Self.transfer.transfer(apex, from: knot.address, key: key)
    #expect(try await Self.transfer.transfer(apex, from: knot.address, key: key, since: first) == first)
    var contents = zone
    for step in 1...3 {
      contents.replace("www.example.gov.", "A", with: ["192.0.2.9\(step)"])
      contents.add("new\(step).example.gov.", "TXT", "\"\(step)\"")
      if step > 1 { contents.remove("new\(step - 1).example.gov.", "TXT") }
      try await knot.reload(contents)
    }
    let copy = try await Self.transfer.transfer(apex, from: knot.address, key: key, since: first)
    let theirs = records(try await knot.transfer(zone.origin))
    let log = try String(contentsOfFile: knot.log, encoding: .utf8)
    await knot.stop()
    #expect(Set(copy.records) == theirs)
    #expect(copy.records.count == theirs.count)
    #expect(copy.serial != first.serial)
    // No more than one whole zone of ours and one of kdig's.
    #expect(log.matches(of: /IXFR, outgoing, .*finished/).count >= 1, "\(log)")
    #expect(log.matches(of: /AXFR, outgoing, .*finished/).count == 2, "\(log)")
  }

  @Test func `BIND hands on the changes that Knot gave it`() async throws {
    let endpoint = try Endpoint.vacant()
    let knot = try KnotServer(at: .vacant(), zones: [zone], signed: true, secondaries: [endpoint])
    try await knot.start()
    let primary = try Endpoint("127.0.0.1", knot.address.port)
    let bind = try BINDServer(at: endpoint, serving: [.transfer(origin: zone.origin, from: primary)])
    try await bind.start()
    let first = try await Self.transfer.transfer(apex, from: bind.address, key: nil)
    var contents = zone
    contents.replace("www.example.gov.", "A", with: ["192.0.2.99"])
    try await knot.reload(contents)
    let serial = try #require(try await knot.serial(of: zone.origin))
    try await bind.follow(zone.origin, to: serial)
    let copy = try await Self.transfer.transfer(apex, from: bind.address, key: nil, since: first)
    let theirs = records(try await bind.transfer(zone.origin))
    let log = try String(contentsOfFile: bind.log, encoding: .utf8)
    await bind.stop()
    await knot.stop()
    #expect(copy.serial == serial)
    #expect(Set(copy.records) == theirs)
    #expect(copy.records.count == theirs.count)
    #expect(log.contains("': IXFR started"), "\(log)")
  }

  @Test(arguments: [Primary.nsd, .bind])
  func `a server that keeps no changes gives the whole zone`(primary: Primary) async throws {
    let server = try primary.server(zone, key: nil)
    try await server.start()
    let first = try await Self.transfer.transfer(apex, from: server.address, key: nil)
    var contents = zone
    contents.serial += 1
    contents.add("new.example.gov.", "A", "192.0.2.1")
    try await server.reload(contents)
    let copy = try await Self.transfer.transfer(apex, from: server.address, key: nil, since: first)
    await server.stop()
    #expect(copy.serial == first.serial + 1)
    #expect(copy.records.count == first.records.count + 1)
  }
}

@Suite("Walks along NSEC at real servers", .timeLimit(.minutes(5))) struct NSECWalkTests {
  private static func walk(_ name: DomainName = apex, at server: any RealServer) async -> Walked {
    await NSECWalk(Probe(now: now)).walk(name, at: Server(address: server.address))
  }

  @Test(arguments: Primary.allCases) func `finds every name and its types`(primary: Primary) async throws {
    let knot = try KnotServer(at: .vacant(), zones: [zone], signed: true)
    try await knot.start()
    let transferred = try await knot.transfer(zone.origin)
    let server = primary == .knot ? knot : try primary.server(transferred, key: nil)
    if primary != .knot { try await server.start() }
    let walked = await Self.walk(at: server)
    await server.stop()
    await knot.stop()
    let chain = records(transferred).filter { $0.type == .nsec }.sorted { $0.name < $1.name }
    #expect(walked.end == .whole)
    #expect(walked.names.map(\.name) == chain.map(\.name))
    #expect(walked.names.map(\.types) == chain.compactMap { NSEC($0.rdata)?.types })
    #expect(walked.names.contains { $0.name == DomainName(named: "*.wild.example.gov.") && $0.types.contains(.txt) })
  }

  @Test func `ends where names are hashed, made up, or not signed at all`() async throws {
    for (signed, denial, end) in [
      (true, .nsec3, .nsec3), (true, .minimal, .minimal), (false, .nsec, .unsigned),
    ] as [(Bool, KnotServer.Denial, Walked.End)] {
      let knot = try KnotServer(at: .vacant(), zones: [zone], signed: signed, denial: denial)
      try await knot.start()
      let walked = await Self.walk(at: knot)
      let elsewhere = await Self.walk(DomainName(named: "example.net."), at: knot)
      await knot.stop()
      #expect(walked.end == end)
      #expect(walked.names.map(\.name) == (end == .minimal ? [apex] : []))
      #expect(elsewhere.end == .stopped(.refused(.refused)))
    }
  }
}
