import DNSWire
import Names
import Testing

@Suite("RFC 1035 §4.1.4 Compression, RFC 2181 §9 Truncation") struct EncodeTests {
  static func record(_ owner: String, _ type: RRType, _ text: String) throws -> ResourceRecord {
    ResourceRecord(name: try DomainName(owner), ttl: 3600, rdata: try RData(type: type, text: text, origin: nil))
  }

  /// The example of RFC 1035 §4.1.4: F.ISI.ARPA at 20, FOO.F.ISI.ARPA at 40, ARPA at 64, the root at 92.
  @Test func `pointers as in the example of the RFC are followed`() throws {
    var octets = [UInt8](repeating: 0, count: 93)
    octets.replaceSubrange(20..., with: [1, 0x46, 3, 0x49, 0x53, 0x49, 4, 0x41, 0x52, 0x50, 0x41, 0])
    octets += [UInt8](repeating: 0, count: 93 - octets.count)
    octets.replaceSubrange(40..<46, with: [3, 0x46, 0x4F, 0x4F, 0xC0, 20])
    octets.replaceSubrange(64..<66, with: [0xC0, 26])
    for (start, end, name) in [(20, 32, "f.isi.arpa."), (40, 46, "foo.f.isi.arpa."), (64, 66, "arpa."), (92, 93, ".")] {
      var place = start
      #expect(try DomainName(decompressing: octets.span, at: &place).description == name)
      #expect(place == end)
    }
  }

  @Test func `names of RFC 1035 types are compressed, others are whole`() throws {
    let message = Message(
      header: Header(isResponse: true), questions: [Question(name: try DomainName("a.example."), type: .any)],
      answers: [
        try Self.record("a.example.", .mx, "10 mail.a.example."), try Self.record("a.example.", .srv, "0 0 53 mail.a.example."),
        try Self.record("a.example.", .dname, "b.a.example."),
      ])
    let octets = message.encoded()
    // Question: 12 to 26, "a" at 12. MX: pointer, fixed part, 10, "mail" and a pointer.
    #expect(Array(octets[27..<46]) == [0xC0, 12, 0, 15, 0, 1, 0, 0, 0x0E, 0x10, 0, 9, 0, 10, 4, 0x6D, 0x61, 0x69, 0x6C])
    #expect(Array(octets[46..<48]) == [0xC0, 12])
    // RFC 3597 §4 and RFC 2782: the target of SRV stands whole: 5 + 2 + 8 + 1 octets after three numbers.
    #expect(Array(octets[58..<60]) == [0, 22])
    #expect(try Message(octets.span) == message)
  }

  @Test func `a message over the limit loses whole RRsets and says so`() throws {
    let addresses = try (1...40).map { try Self.record("a.example.", .a, "192.0.2.\($0)") }
    let mails = try (1...3).map { try Self.record("a.example.", .mx, "\($0) mail.example.") }
    let message = Message(
      header: Header(isResponse: true), questions: [Question(name: try DomainName("a.example."), type: .any)],
      answers: mails + addresses, additionals: [try Self.record("mail.example.", .a, "192.0.2.99")], edns: EDNS())
    let octets = message.encoded(limit: 512)
    let cut = try Message(octets.span)
    #expect(octets.count <= 512)
    #expect(cut.header.truncated)
    #expect(cut.answers == mails)
    #expect(cut.additionals.isEmpty)
    #expect(cut.edns == message.edns)
    #expect(try Message(message.encoded(limit: 1232).span) == message)
    #expect(message.encoded(limit: 0).count == 12 + 15 + 11)
  }

  @Test func `additional data is left out in silence, but not the glue of a referral`() throws {
    let delegation = try Self.record("example.", .ns, "ns1.example.")
    let glue = try (1...60).map { try Self.record("ns1.example.", .a, "192.0.2.\($0)") }
    var message = Message(header: Header(isResponse: true), authorities: [delegation], additionals: glue)
    #expect(try Message(message.encoded(limit: 512).span).header.truncated)  // RFC 9471 §3.1
    message.header.authoritative = true
    let cut = try Message(message.encoded(limit: 512).span)
    #expect(!cut.header.truncated)
    #expect(cut.authorities == [delegation] && cut.additionals.isEmpty)
  }

  @Test func `a message of thousands of names keeps its meaning`() throws {
    let records = try (0..<3000).map { try Self.record("n\($0).zone\($0 % 7).example.", .cname, "t\($0 % 50).n\($0).example.") }
    let message = Message(header: Header(id: 9, isResponse: true), answers: Array(records.prefix(1500)))
    let octets = message.encoded()
    #expect(try Message(octets.span) == message)
    let all = try Message(Message(header: Header(), answers: records + records).encoded().span)
    #expect(all.header.truncated && all.answers == Array((records + records).prefix(all.answers.count)))
  }
}
