import DNSWire
import Estate
import Names
import Testing

@Suite("A meaning is what two tellings of the same have in common") struct Meanings {
  let www: DomainName
  let server: Server

  init() throws {
    www = try DomainName("www.example.gov")
    server = try #require(Server("192.0.2.53"))
  }

  func record(_ owner: String, _ ttl: UInt32, _ type: RRType, _ text: String, _ recordClass: RRClass = .in) throws
    -> ResourceRecord
  {
    try ResourceRecord(
      name: DomainName(owner), recordClass: recordClass, ttl: ttl, rdata: RData(type: type, text: text, origin: nil))
  }

  func meaning(_ message: Message, at kind: Place.Kind = .authoritative) -> Meaning {
    Meaning(Observation(Query(www, .a, at: server), .replied(message), at: Timestamp(seconds: 0)), at: kind)
  }

  func reply(_ answers: [ResourceRecord]) -> Message {
    Message(header: Header(isResponse: true, authoritative: true), questions: [Question(name: www, type: .a)], answers: answers)
  }

  @Test func `order, case, doubles, id, signatures, EDNS and the other sections are no part of it`() throws {
    let one = try record("www.example.gov", 300, .a, "192.0.2.80")
    let two = try record("www.example.gov", 300, .a, "192.0.2.81")
    let plain = reply([one, two])
    var other = reply([two, one, try record("WWW.Example.GOV", 300, .a, "192.0.2.80")])
    other.header.id = 0xBEEF
    other.header.recursionAvailable = true
    other.header.authenticData = true
    other.questions = []
    other.answers.append(
      try record(
        "www.example.gov", 300, .rrsig, "A 13 3 300 20261223000000 20261123000000 12345 example.gov. c2lnbmF0dXJl"))
    other.answers.append(try record("www.example.gov", 300, .a, "203.0.113.66", .ch))
    other.authorities = [try record("example.gov", 300, .ns, "ns1.example.gov.")]
    other.additionals = [try record("ns1.example.gov", 300, .a, "192.0.2.53")]
    #expect(meaning(other) == meaning(plain))
    #expect(meaning(other).octets == meaning(plain).octets)
  }

  @Test func `each of response code, AA, owner, type, TTL and data is part of it`() throws {
    let plain = reply([try record("www.example.gov", 300, .a, "192.0.2.80")])
    var others = [plain]
    for change in [
      { $0.header.responseCode = .nameError }, { $0.header.authoritative = false }, { $0.answers = [] },
      { $0.answers = [try record("web.example.gov", 300, .a, "192.0.2.80")] },
      { $0.answers = [try record("www.example.gov", 301, .a, "192.0.2.80")] },
      { $0.answers = [try record("www.example.gov", 300, .a, "192.0.2.81")] },
      { $0.answers = [try record("www.example.gov", 300, .txt, "\"192.0.2.80\"")] },
      { $0.answers.append(try record("www.example.gov", 300, .a, "192.0.2.81")) },
      { $0.header.truncated = true },
    ] as [(inout Message) throws -> Void] {
      var changed = plain
      try change(&changed)
      others.append(changed)
    }
    #expect(Set(others.map { meaning($0) }).count == others.count)
    #expect(Set(others.map { meaning($0).octets }).count == others.count)
  }

  @Test func `a resolver's TTL counts down and its AA comes and goes, so neither is part of it`() throws {
    var fresh = reply([try record("www.example.gov", 300, .a, "192.0.2.80")])
    let cached = reply([try record("www.example.gov", 17, .a, "192.0.2.80")])
    fresh.header.authoritative = false
    #expect(meaning(fresh, at: .resolver) == meaning(cached, at: .resolver))
    #expect(meaning(fresh, at: .parent) != meaning(cached, at: .parent))
  }

  @Test func `RFC 2181 §5.2: of different TTLs in one set the least holds`() throws {
    let message = reply([
      try record("www.example.gov", 300, .a, "192.0.2.80"), try record("www.example.gov", 60, .a, "192.0.2.81"),
      try record("www.example.gov", 900, .a, "192.0.2.82"),
    ])
    guard case .reply(let told) = meaning(message) else { throw Unexpected() }
    #expect(told.answers.map(\.ttl) == [60])
  }

  func referral() throws -> Message {
    Message(
      header: Header(isResponse: true),
      authorities: [
        try record("example.gov", 3600, .ns, "ns2.example.net."), try record("example.gov", 3600, .ns, "ns1.example.gov."),
        try record("example.gov", 3600, .ds, "12345 13 2 \(String(repeating: "ab", count: 32))"),
        try record("gov", 3600, .nsec, "example.gov. NS SOA"),
      ],
      additionals: [
        try record("ns1.example.gov", 3600, .a, "192.0.2.53"), try record("ns1.example.gov", 3600, .aaaa, "2001:db8::53"),
        try record("unrelated.example.gov", 3600, .a, "192.0.2.99"), try record("ns1.example.gov", 3600, .txt, "\"no glue\""),
      ])
  }

  @Test func `a referral means its NS, DS and glue`() throws {
    guard case .reply(let told) = meaning(try referral(), at: .parent) else { throw Unexpected() }
    #expect(told.referral.map(\.type) == [.ns, .ds])
    #expect(told.referral.first?.data.map(\.text).sorted() == ["ns1.example.gov.", "ns2.example.net."])
    #expect(told.glue.map(\.type) == [.a, .aaaa])
    #expect(told.glue.map { $0.data.map(\.text) } == [["192.0.2.53"], ["2001:db8::53"]])
    var other = try referral()
    other.additionals[0] = try record("ns1.example.gov", 3600, .a, "203.0.113.53")
    #expect(meaning(other, at: .parent) != meaning(try referral(), at: .parent))
  }

  @Test func `a negative answer means no record, whatever the zone's serial`() throws {
    func negative(_ serial: Int) throws -> Message {
      var message = reply([])
      message.authorities = [try record("example.gov", 300, .soa, "ns1.example.gov. host.example.gov. \(serial) 1 2 3 4")]
      return message
    }
    #expect(meaning(try negative(1)) == meaning(try negative(2)))
  }

  @Test(
    arguments: [
      (.timedOut(attempts: 3), .timedOut(attempts: 1), .timedOut), (.unreachable("a"), .unreachable("b"), .unreachable),
      (.mangled("a"), .mangled("b"), .mangled), (.tls("a"), .tls("b"), .tls), (.notAsked("a"), .notAsked("b"), .notAsked),
    ] as [(Silence, Silence, Meaning.Hush)])
  func `of silence only the kind counts`(one: Silence, other: Silence, hush: Meaning.Hush) {
    let meanings = [one, other].map {
      Meaning(Observation(Query(www, .a, at: server), .silent($0), at: Timestamp(seconds: 0)), at: .authoritative)
    }
    #expect(meanings == [.silence(hush), .silence(hush)])
    #expect(!meanings[0].tells)
  }

  @Test(
    arguments: [
      (.noError, false, true), (.nameError, false, true), (.noError, true, false), (.serverFailure, false, false),
      (.refused, false, false), (.formatError, false, false), (.notAuthoritative, false, false),
    ] as [(ResponseCode, Bool, Bool)])
  func `only a whole answer tells`(code: ResponseCode, truncated: Bool, tells: Bool) throws {
    var message = reply([try record("www.example.gov", 300, .a, "192.0.2.80")])
    (message.header.responseCode, message.header.truncated) = (code, truncated)
    #expect(meaning(message).tells == tells)
    guard case .reply(let told) = meaning(message) else { throw Unexpected() }
    #expect(told.answers.isEmpty == !tells)
  }

  // Written by hand from the form that Meaning+Octets.swift describes.
  @Test func `its octets are these`() throws {
    let octets: [UInt8] =
      [1, 0, 1, 0, 0, 0, 1] + [3, 0x77, 0x77, 0x77, 7] + Array("example".utf8) + [3] + Array("gov".utf8) + [0]
      + [0, 1, 1, 0, 0, 1, 0x2C, 0, 1, 0, 4, 192, 0, 2, 80] + [0, 0, 0, 0]
    #expect(meaning(reply([try record("www.example.gov", 300, .a, "192.0.2.80")])).octets == octets)
    #expect(Meaning.silence(.tls).octets == [1, 1, 3])
  }

  @Test func `reads back what it writes, and nothing that is cut or longer`() throws {
    for message in [try referral(), reply([try record("www.example.gov", 300, .a, "192.0.2.80")])] {
      for kind in [Place.Kind.parent, .resolver] {
        let whole = meaning(message, at: kind)
        #expect(Meaning(octets: whole.octets) == whole)
        for count in 0..<whole.octets.count { #expect(Meaning(octets: Array(whole.octets.prefix(count))) == nil) }
        #expect(Meaning(octets: whole.octets + [0]) == nil)
      }
    }
    for hush in Meaning.Hush.allCases { #expect(Meaning(octets: Meaning.silence(hush).octets) == .silence(hush)) }
    #expect(Meaning(octets: [1, 1, 99]) == nil)
    #expect(Meaning(octets: [2, 1, 0]) == nil)
  }

  @Test func `octets at random never trap`() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<20_000 {
      let count = Int.random(in: 0...60, using: &generator)
      let octets = [1, 0] + (0..<count).map { _ in UInt8.random(in: 0...(Bool.random() ? 3 : 255), using: &generator) }
      if let meaning = Meaning(octets: octets) { #expect(Meaning(octets: meaning.octets) == meaning) }
    }
  }

  struct Unexpected: Error {}
}
