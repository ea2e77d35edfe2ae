import DNSWire
import Estate
import Names
import Testing

@testable import Probe

private typealias T = Transferred

@Suite("RFC 5936 §2.2 Whole zones") struct WholeZones {
  private static let zone = [T.soa(7), T.record("", .ns, "ns1"), T.a("ns1", 1), T.a("www", 80)]

  @Test(arguments: 1...5) func `takes a zone in messages of any size`(size: Int) throws {
    let records = Self.zone + [T.soa(7)]
    let messages = stride(from: 0, to: records.count, by: size).map {
      T.message(Array(records[$0..<min($0 + size, records.count)]))
    }
    let copy = try #require(try T.read(messages)?.copy)
    #expect(copy.records == Self.zone)
    #expect(copy.soa == T.soa(7))
  }

  @Test func `the question may be left out after the first message`() throws {
    let messages = [T.message([T.soa(7)]), T.message([T.a("www", 1), T.soa(7)]) { $0.questions = [] }]
    #expect(try T.read(messages)?.copy?.records.count == 2)
  }

  @Test func `a record that comes twice is one`() throws {
    let copy = try T.read([T.message([T.soa(7), T.a("www", 1), T.a("www", 1), T.soa(7)])])?.copy
    #expect(copy?.records == [T.soa(7), T.a("www", 1)])
  }

  @Test func `a zone that is not whole gives nothing`() throws {
    #expect(try T.read([T.message(Self.zone)]) == nil)
  }

  @Test func `another serial at the end is told`() throws {
    guard case .changed(7, 8)? = try T.read([T.message([T.soa(7), T.a("www", 1), T.soa(8)])]) else {
      Issue.record("not told")
      return
    }
  }

  private static let start = T.message([T.soa(7)])

  @Test(
    arguments: [
      ([T.message([T.soa(7)], id: 78)], .notOurs(.id)),
      ([start, T.message([T.soa(7)], id: 78)], .notOurs(.id)),
      ([T.message([T.soa(7)], type: .ixfr)], .notOurs(.question)),
      ([T.message([T.soa(7)]) { $0.questions[0].name = .test("example.net.") }], .notOurs(.question)),
      ([T.message([T.soa(7)]) { $0.questions += $0.questions }], .notOurs(.question)),
      ([T.message([T.soa(7)]) { $0.header.isResponse = false }], .notOurs(.query)),
      ([T.message([T.soa(7)]) { $0.header.opcode = .notify }], .notOurs(.opcode)),
      ([T.message([T.soa(7)]) { $0.header.truncated = true }], .notOurs(.truncated)),
      ([T.message([]) { $0.header.responseCode = .notAuthoritative }], .refused(.notAuthoritative)),
      ([start, T.message([T.a("www", 1)]) { $0.header.responseCode = .serverFailure }], .refused(.serverFailure)),
      ([T.message([])], .noRecords), ([start, T.message([])], .noRecords),
      ([T.message([T.a("www", 1)])], .noStart(Question(name: .test("www.example.gov."), type: .a))),
      ([T.message([T.record("net.", .soa, "a. b. 1 2 3 4 5")])], .noStart(Question(name: .test("net."), type: .soa))),
      ([T.message([T.soa(7), T.a("www.example.net.", 1)])], .outsideZone(.test("www.example.net."))),
      ([T.message([T.soa(7), T.a("gov.", 1)])], .outsideZone(.test("gov."))),
      ([T.message([T.soa(7), T.a("notexample.gov.", 1)])], .outsideZone(.test("notexample.gov."))),
      (
        [T.message([T.soa(7), T.record("www", .txt, "a", recordClass: .ch)])],
        .notZoneData(Question(name: .test("www.example.gov."), type: .txt, recordClass: .ch))
      ),
      (
        [T.message([T.soa(7), T.record("www", .any, "\\# 0")])],
        .notZoneData(Question(name: .test("www.example.gov."), type: .any))
      ),
      (
        [T.message([T.soa(7), T.record("sub", .soa, "a. b. 1 2 3 4 5")])],
        .notZoneData(Question(name: .test("sub.example.gov."), type: .soa))
      ),
      ([T.message([T.soa(7), T.soa(7), T.a("www", 1)])], .recordsAfterEnd),
      ([Array(start.dropLast())], .mangled(.truncated(at: start.count))),
    ] as [([[UInt8]], TransferFault.Cause)])
  func `refuses what is no transfer of the zone`(messages: [[UInt8]], cause: TransferFault.Cause) {
    #expect(throws: cause) { try T.read(messages) }
  }

  @Test func `octets and records have limits`() {
    let endless = [Self.start] + (0..<50).map { T.message([T.a("h\($0)", 1)]) }
    #expect(throws: TransferFault.Cause.tooManyRecords(limit: 20)) {
      try T.read(endless, limits: .init(octets: 1 << 20, records: 20))
    }
    #expect(throws: TransferFault.Cause.tooManyOctets(limit: 500)) {
      try T.read(endless, limits: .init(octets: 500, records: 1000))
    }
    // The same record again and again costs its place in the count.
    #expect(throws: TransferFault.Cause.tooManyRecords(limit: 20)) {
      try T.read([Self.start] + (0..<50).map { _ in T.message([T.a("h", 1)]) }, limits: .init(octets: 1 << 20, records: 20))
    }
  }

  @Test func `octets of any kind never trap`() {
    var random = SplitMix(state: 5936)
    let zone = T.message(Self.zone + [T.soa(7)])
    var refused = 0
    for _ in 0..<500 {
      var octets = zone
      for _ in 0...Int.random(in: 0..<6, using: &random) {
        octets[Int.random(in: 0..<octets.count, using: &random)] = .random(in: 0...255, using: &random)
      }
      if (try? T.read([Array(octets.prefix(.random(in: 0...octets.count, using: &random)))])) == nil { refused += 1 }
    }
    #expect(refused > 250)
  }
}

@Suite("RFC 1995 §4 Changes") struct Changes {
  private static let before = [T.a("www", 80), T.a("mail", 25), T.record("", .ns, "ns1")]

  private static func read(_ answers: ResourceRecord..., since serial: UInt32 = 5) throws -> TransferSession.Outcome? {
    try T.read([T.message(answers, type: .ixfr)], since: T.copy(serial, before))
  }

  @Test func `a step takes records away and adds others`() throws {
    let copy = try #require(
      try Self.read(T.soa(6), T.soa(5), T.a("www", 80), T.soa(6), T.a("www", 81), T.a("new", 1), T.soa(6))?.copy)
    #expect(copy.serial == 6)
    #expect(Set(copy.records) == [T.soa(6), T.a("mail", 25), T.record("", .ns, "ns1"), T.a("www", 81), T.a("new", 1)])
    #expect(copy.records.first == T.soa(6))
  }

  @Test func `several steps, one of which undoes another`() throws {
    let copy = try #require(
      try Self.read(
        T.soa(8), T.soa(5), T.a("www", 80), T.soa(6), T.soa(6), T.soa(7), T.a("www", 80), T.soa(7), T.a("mail", 25), T.soa(8),
        T.soa(8))?.copy)
    #expect(copy.serial == 8)
    #expect(Set(copy.records) == [T.soa(8), T.a("www", 80), T.record("", .ns, "ns1")])
  }

  @Test func `steps go on over the end of the serial numbers`() throws {
    let copy = try Self.read(T.soa(1), T.soa(.max), T.soa(1), T.a("new", 1), T.soa(1), since: .max)?.copy
    #expect(copy?.serial == 1)
    #expect(copy?.records.count == 5)
  }

  @Test func `another TTL is a change`() throws {
    var slower = T.a("www", 80)
    slower.ttl = 7200
    let copy = try #require(try Self.read(T.soa(6), T.soa(5), T.a("www", 80), T.soa(6), slower, T.soa(6))?.copy)
    #expect(copy.records.first { $0.name == slower.name }?.ttl == 7200)
  }

  @Test func `a whole zone may come instead`() throws {
    #expect(try Self.read(T.soa(6), T.a("www", 1), T.soa(6))?.copy?.records == [T.soa(6), T.a("www", 1)])
    #expect(try Self.read(T.soa(6), T.soa(6))?.copy?.records == [T.soa(6)])
  }

  @Test func `our own SOA alone is nothing newer`() throws {
    guard case .nothingNewer? = try Self.read(T.soa(5)) else {
      Issue.record("not told")
      return
    }
  }

  @Test(arguments: [
    // The SOA alone, older or of the same serial with other data.
    [T.soa(4)], [T.soa(5, refresh: 1)],
    // From another serial than ours.
    [T.soa(7), T.soa(6), T.soa(7), T.soa(7)],
    // Our serial, but with another SOA.
    [T.soa(6), T.soa(5, refresh: 1), T.soa(6), T.soa(6)],
    // Takes away what is not there; adds what is there.
    [T.soa(6), T.soa(5), T.a("other", 1), T.soa(6), T.soa(6)], [T.soa(6), T.soa(5), T.soa(6), T.a("www", 80), T.soa(6)],
    // A gap between two steps; a step back; a step that goes nowhere; another SOA at the end.
    [T.soa(8), T.soa(5), T.soa(6), T.soa(7), T.soa(8), T.soa(8)], [T.soa(6), T.soa(5), T.soa(4), T.soa(4), T.soa(6), T.soa(6)],
    [T.soa(6), T.soa(5), T.soa(5), T.soa(6)], [T.soa(6), T.soa(5), T.soa(6), T.soa(6, refresh: 1)],
    [T.soa(7), T.soa(5), T.soa(6), T.soa(7)],
  ])
  func `changes that do not fit are not applied`(answers: [ResourceRecord]) throws {
    guard case .noChanges? = try T.read([T.message(answers, type: .ixfr)], since: T.copy(5, Self.before)) else {
      Issue.record("applied")
      return
    }
  }

  @Test func `steps without end have a limit`() throws {
    let since = try T.copy(5, Self.before)
    let steps = (5..<60).map { T.message([T.soa($0), T.soa($0 + 1)], type: .ixfr) }
    #expect(throws: TransferFault.Cause.tooManyRecords(limit: 40)) {
      try T.read([T.message([T.soa(1000)], type: .ixfr)] + steps, since: since, limits: .init(octets: 1 << 20, records: 40))
    }
  }
}

/// A generator whose numbers are the same at every run (Steele, Lea, Flood 2014).
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}
