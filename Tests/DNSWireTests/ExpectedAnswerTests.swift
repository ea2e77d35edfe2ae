import DNSWire
import Names
import Testing

@Suite("RFC 1035 §4.1 A reply held against what is expected") struct ExpectedAnswerTests {
  static let name = (try? DomainName("www.child.example.")) ?? .root
  static let cut = (try? DomainName("child.example.")) ?? .root
  static let key: UInt64 = 0x0123_4567_89AB_CDEF

  private static func record(_ name: DomainName, _ type: RRType, _ text: String, ttl: UInt32 = 60) throws -> ResourceRecord {
    ResourceRecord(name: name, ttl: ttl, rdata: try RData(type: type, text: text, origin: nil))
  }

  private static func isMet(
    _ expected: ExpectedAnswer, _ header: Header, _ type: RRType = .a, answers: [ResourceRecord] = [],
    authorities: [ResourceRecord] = [], additionals: [ResourceRecord] = []
  ) -> Bool {
    let message = Message(
      header: header, questions: [Question(name: name, type: type)], answers: answers, authorities: authorities,
      additionals: additionals)
    var scratch = [UInt8]()
    return expected.isMet(
      by: message.encoded().span, questionEnd: 12 + name.octets.count + 4, type: type,
      responseCode: header.responseCode.rawValue, key: key, scratch: &scratch)
  }

  private static func expected(_ kind: ExpectedAnswer.Kind, _ records: [ResourceRecord], mostTTL: UInt32 = .max, cut: UInt8 = 0)
    -> ExpectedAnswer
  {
    ExpectedAnswer(kind, RRsetFingerprint(records.map(\.rdata), key: key), mostTTL: mostTTL, cut: cut)
  }

  private static let authoritative = Header(isResponse: true, authoritative: true)
  private static let referring = Header(isResponse: true)
  private static let absent = Header(isResponse: true, authoritative: true, responseCode: .nameError)

  @Test func `the records in any order, with authority and no longer than the TTL, and nothing else`() throws {
    let records = try ["192.0.2.1", "192.0.2.2", "192.0.2.3"].map { try Self.record(Self.name, .a, $0) }
    let expected = Self.expected(.records, records, mostTTL: 60)
    #expect(Self.isMet(expected, Self.authoritative, answers: records))
    #expect(Self.isMet(expected, Self.authoritative, answers: records.reversed()))
    let signature = try Self.record(
      Self.name, .rrsig, "A 13 3 60 20300101000000 20200101000000 1 example. AAAA")
    #expect(Self.isMet(expected, Self.authoritative, answers: records + [signature]))

    #expect(!Self.isMet(expected, Self.referring, answers: records))
    #expect(!Self.isMet(expected, Self.authoritative, answers: Array(records.dropLast())))
    #expect(!Self.isMet(expected, Self.authoritative, answers: records + [records[0]]))
    #expect(!Self.isMet(expected, Self.authoritative, answers: records + [try Self.record(Self.name, .a, "192.0.2.4")]))
    #expect(!Self.isMet(expected, Self.authoritative))
    #expect(!Self.isMet(expected, Self.absent, answers: records))
    #expect(!Self.isMet(expected, Header(isResponse: true, authoritative: true, responseCode: .serverFailure), answers: records))
    let long = records.map { ResourceRecord(name: $0.name, ttl: 61, rdata: $0.rdata) }
    #expect(!Self.isMet(expected, Self.authoritative, answers: long))
    // RFC 2181 §8: a TTL with the first bit set is read as zero.
    let unset = records.map { ResourceRecord(name: $0.name, ttl: 0x8000_0000, rdata: $0.rdata) }
    #expect(Self.isMet(expected, Self.authoritative, answers: unset))
    let alias = try Self.record(Self.name, .cname, "elsewhere.example.")
    #expect(!Self.isMet(expected, Self.authoritative, answers: [alias] + records))
    let other = try Self.record(Self.cut, .a, "192.0.2.1")
    #expect(!Self.isMet(expected, Self.authoritative, answers: records + [other]))
    let chaos = ResourceRecord(name: Self.name, recordClass: .ch, ttl: 60, rdata: records[0].rdata)
    #expect(!Self.isMet(expected, Self.authoritative, answers: [chaos] + records.dropFirst()))
    // Another key, another number.
    let foreign = ExpectedAnswer(.records, RRsetFingerprint(records.map(\.rdata), key: Self.key &+ 1))
    #expect(!Self.isMet(foreign, Self.authoritative, answers: records))
  }

  @Test(arguments: [
    (RRType.mx, "10 Mail.Example.", "10 mail.example."), (.ns, "NS.www.child.example.", "ns.www.child.example."),
    (.txt, "\"one\" \"two\"", "\"one\" \"two\""), (.soa, "a. b. 1 2 3 4 5", "A. B. 1 2 3 4 5"),
    (.srv, "0 5 5060 sip.example.", "0 5 5060 SIP.example."), (.caa, "0 issue \"ca.example\"", "0 issue \"ca.example\""),
  ])
  func `names in the data are compared whole and without case`(type: RRType, served: String, declared: String) throws {
    let expected = Self.expected(.records, [try Self.record(Self.name, type, declared)])
    #expect(Self.isMet(expected, Self.authoritative, type, answers: [try Self.record(Self.name, type, served)]))
    let other = try Self.record(Self.name, .txt, "\"other\"")
    #expect(!Self.isMet(expected, Self.authoritative, type, answers: [other]))
  }

  @Test func `no record of the type, whether the name exists or not`() throws {
    let soa = try Self.record(try DomainName("example."), .soa, "a. b. 1 2 3 4 5")
    let expected = ExpectedAnswer(.nothing)
    #expect(Self.isMet(expected, Self.authoritative, authorities: [soa]))
    #expect(Self.isMet(expected, Self.authoritative))
    #expect(Self.isMet(expected, Self.absent, authorities: [soa]))

    #expect(!Self.isMet(expected, Self.referring, authorities: [soa]))
    #expect(!Self.isMet(expected, Self.authoritative, answers: [try Self.record(Self.name, .a, "192.0.2.1")]))
    #expect(!Self.isMet(expected, Self.authoritative, authorities: [try Self.record(Self.cut, .ns, "ns.example.")]))
    #expect(!Self.isMet(expected, Header(isResponse: true, authoritative: true, responseCode: .refused)))
  }

  @Test func `a referral at the name, to these servers`() throws {
    let servers = try ["ns1.example.", "ns2.child.example."].map { try Self.record(Self.name, .ns, $0) }
    let expected = Self.expected(.referral, servers)
    let (glue, ds) = (
      try Self.record(Self.cut, .a, "192.0.2.1"), try Self.record(Self.name, .ds, "1 13 2 \(String(repeating: "00", count: 32))")
    )
    #expect(Self.isMet(expected, Self.referring, .ns, authorities: servers))
    #expect(Self.isMet(expected, Self.referring, .ns, authorities: [ds] + servers.reversed(), additionals: [glue]))

    #expect(!Self.isMet(expected, Self.referring, .ns, answers: servers))
    #expect(!Self.isMet(expected, Self.referring, .ns, authorities: [servers[0]]))
    #expect(!Self.isMet(expected, Self.referring, .ns))
    let above = try ["ns1.example.", "ns2.child.example."].map { try Self.record(Self.cut, .ns, $0) }
    #expect(!Self.isMet(expected, Self.referring, .ns, authorities: above))
    let soa = try Self.record(try DomainName("example."), .soa, "a. b. 1 2 3 4 5")
    #expect(!Self.isMet(expected, Self.referring, .ns, authorities: servers + [soa]))
  }

  @Test func `glue beside a referral to the delegation that it belongs to`() throws {
    let glue = [try Self.record(Self.name, .a, "192.0.2.1")]
    let expected = Self.expected(.glue, glue, cut: 4)
    let delegation = [try Self.record(Self.cut, .ns, "www.child.example.")]
    let stranger = try Self.record(Self.cut, .a, "192.0.2.9")
    #expect(Self.isMet(expected, Self.referring, authorities: delegation, additionals: glue))
    #expect(Self.isMet(expected, Self.referring, authorities: delegation, additionals: [stranger] + glue))

    #expect(!Self.isMet(expected, Self.referring, authorities: delegation))
    #expect(!Self.isMet(expected, Self.referring, additionals: glue))
    #expect(!Self.isMet(expected, Self.referring, answers: glue, authorities: delegation))
    let more = try Self.record(Self.name, .a, "192.0.2.2")
    #expect(!Self.isMet(expected, Self.referring, authorities: delegation, additionals: glue + [more]))
    let elsewhere = [try Self.record(try DomainName("example."), .ns, "www.child.example.")]
    #expect(!Self.isMet(expected, Self.referring, authorities: elsewhere, additionals: glue))
  }

  @Test func `of real answers, just those are met whose records are the expected ones`() throws {
    var (met, other) = (0, 0)
    for packet in FixtureData.realPackets.distinct {
      let message = try Message(packet.span)
      guard let question = message.questions.first, message.questions.count == 1, question.recordClass == .in else { continue }
      let records = message.answers(question.name, question.type)
      let expected = ExpectedAnswer(.records, RRsetFingerprint(records.map(\.rdata), key: Self.key))
      let isPlain =
        !records.isEmpty && message.header.responseCode == .noError && message.header.authoritative
        && message.answers.allSatisfy { $0.name == question.name && $0.recordClass == .in }
        && message.answers.allSatisfy { $0.type == question.type || RRSIG($0.rdata)?.covered == question.type }
      var (offset, scratch) = (12, [UInt8]())
      _ = try DomainName(decompressing: packet.span, at: &offset)
      let isMet = expected.isMet(
        by: packet.span, questionEnd: offset + 4, type: question.type, responseCode: message.header.responseCode.rawValue,
        key: Self.key, scratch: &scratch)
      #expect(isMet == isPlain, "\(question) \(message.answers)")
      if isMet { met += 1 } else { other += 1 }
    }
    #expect(met > 3000 && other > 1000)
  }
}
