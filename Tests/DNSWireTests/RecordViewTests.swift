import DNSWire
import Names
import Testing

@Suite("Records: typed views") struct RecordViewTests {
  static func data(_ type: RRType, _ text: String) throws -> RData { try RData(type: type, text: text, origin: nil) }

  @Test func `a view holds what the text says, and gives the same data back`() throws {
    let address = try #require(A(Self.data(.a, "192.0.2.1")))
    #expect(address.address == IPAddress("192.0.2.1"))
    let soa = try #require(SOA(Self.data(.soa, "ns1.example. hostmaster.example. 2026010101 1h 900 2w 300")))
    #expect(
      soa
        == SOA(
          primary: try DomainName("ns1.example."), mailbox: try DomainName("hostmaster.example."), serial: 2_026_010_101,
          refresh: 3600,
          retry: 900, expire: 1_209_600, minimum: 300))
    let mx = try #require(MX(Self.data(.mx, "10 Mail.Example.")))
    #expect(mx == MX(preference: 10, exchange: try DomainName("mail.example.")))
    let ds = try #require(DS(Self.data(.ds, "60485 5 1 2BB183AF5F22588179A53B0A 98631FAD1A292118")))  // RFC 4034 §5.4
    #expect(ds.keyTag == 60485 && ds.algorithm == 5 && ds.digestType == 1 && ds.digest.count == 20)
    #expect(try Self.data(.ds, "60485 RSASHA1 1 2BB183AF5F22588179A53B0A98631FAD1A292118") == ds.rdata)
    let caa = try #require(CAA(Self.data(.caa, "128 issue \"ca.example.net; policy=ev\"")))
    #expect(caa.flags == 128 && caa.tag == Array("issue".utf8) && caa.value == Array("ca.example.net; policy=ev".utf8))
    let nsec = try #require(NSEC(Self.data(.nsec, "host.example.com. A MX RRSIG NSEC TYPE1234")))  // RFC 4034 §4.3
    #expect(nsec.types == [.a, .mx, .rrsig, .nsec, RRType(1234)])
    let dnskey = try #require(DNSKEY(Self.data(.dnskey, "257 3 13 AQID")))
    #expect(dnskey == DNSKEY(flags: 257, protocolNumber: 3, algorithm: 13, publicKey: [1, 2, 3]))
    let txt = try #require(TXT(Self.data(.txt, "\"v=spf1 \" \"-all\"")))
    #expect(txt.strings.count == 2 && txt.joined == Array("v=spf1 -all".utf8))
    #expect(TXT([UInt8](repeating: 0x61, count: 600)).strings.map(\.count) == [255, 255, 90])
    let svcb = try #require(SVCB(Self.data(.https, "1 . alpn=h3,h2 port=8443")))
    #expect(svcb.parameters.map(\.key) == [1, 3] && svcb.target == .root)
    for rdata in [
      address.rdata, soa.rdata, mx.rdata, ds.rdata, caa.rdata, nsec.rdata, dnskey.rdata, txt.rdata, svcb.rdata,
    ] { #expect(try Self.data(rdata.type, rdata.text) == rdata) }
    #expect(soa.rdata == (try Self.data(.soa, "ns1.example. hostmaster.example. 2026010101 3600 900 1209600 300")))
    #expect(nsec.rdata == (try Self.data(.nsec, "host.example.com. NSEC TYPE1234 A RRSIG MX")))
  }

  @Test func `a view of another type or of broken data is none`() throws {
    let data = try Self.data(.a, "192.0.2.1")
    #expect(AAAA(data) == nil && MX(data) == nil && SOA(data) == nil && TXT(data) == nil && DS(data) == nil)
    #expect(MX(RData(type: .mx, canonical: [0, 10, 5, 1])) == nil && A(RData(type: .a, canonical: [1])) == nil)
    #expect(A(address: .v6(0, 1)) == nil && AAAA(address: .v4(1)) == nil)
  }

  @Test func `every view gives back the data of every real record`() throws {
    let views: [@Sendable (RData) -> RData?] = [
      { A($0)?.rdata }, { AAAA($0)?.rdata }, { NS($0)?.rdata }, { CNAME($0)?.rdata }, { DNAME($0)?.rdata }, { PTR($0)?.rdata },
      { MX($0)?.rdata }, { SOA($0)?.rdata }, { SRV($0)?.rdata }, { TXT($0)?.rdata }, { DS($0)?.rdata }, { DNSKEY($0)?.rdata },
      { RRSIG($0)?.rdata }, { NSEC($0)?.rdata }, { NSEC3($0)?.rdata }, { NSEC3PARAM($0)?.rdata }, { CAA($0)?.rdata },
      { TLSA($0)?.rdata }, { SSHFP($0)?.rdata }, { NAPTR($0)?.rdata }, { URI($0)?.rdata }, { CSYNC($0)?.rdata },
      { ZONEMD($0)?.rdata }, { SVCB($0)?.rdata },
    ]
    var types = Set<RRType>()
    for pair in FixtureData.unboundPairs where !UnboundRecordTests.isDifferent(pair.text) {
      var place = 0
      let rdata = try ResourceRecord(pair.wire.span, at: &place).rdata
      for view in views {
        guard let again = view(rdata) else { continue }
        #expect(again == rdata)
        types.insert(rdata.type)
      }
    }
    #expect(types.count >= 22)
  }

  @Test func `a record is one line of a master file`() throws {
    let record = ResourceRecord(name: try DomainName("example.gov."), ttl: 300, rdata: try Self.data(.mx, "10 mx1.example.gov."))
    #expect(record.description == "example.gov. 300 IN MX 10 mx1.example.gov.")
  }
}

@Suite("RFC 3597 Unknown types") struct UnknownTypeTests {
  @Test(
    arguments: [
      (1, "\\# 4 0A000001", [10, 0, 0, 1]),  // RFC 3597 §5
      (731, "\\# 6 abcd ( ef 01 23 45 )", [0xAB, 0xCD, 0xEF, 0x01, 0x23, 0x45]), (62347, "\\# 0", []),
      (15, "\\# 4 000a 0141 00", nil), (15, "\\# 5 000a 0141 00", [0, 10, 1, 0x61, 0]), (1, "\\# 3 0a0000", nil),
      (1, "\\# 4 0a00000g", nil), (731, "abc", nil), (2, "\\# 2 c000", nil), (731, "\\# 1 a", nil), (731, "\\#", nil),
    ] as [(UInt16, String, [UInt8]?)])
  func `generic data is taken where it fits`(type: UInt16, text: String, octets: [UInt8]?) {
    #expect((try? RData(type: RRType(type), text: text, origin: nil))?.octets == octets)
  }

  @Test func `types and classes read as words and as numbers`() {
    #expect(
      RRType("TYPE731")?.rawValue == 731 && RRType("type1") == .a && RRType("MX") == .mx && RRType("nsec3param") == .nsec3param)
    #expect(
      RRType("TYPE65536") == nil && RRType("TYPE") == nil && RRType("") == nil && RRType("MXX") == nil && RRType("TYPE1x") == nil)
    #expect(RRType(731).description == "TYPE731" && RRType.https.description == "HTTPS" && RRType.any.description == "ANY")
    #expect(RRClass("CLASS32")?.rawValue == 32 && RRClass("in") == .in && RRClass(32).description == "CLASS32")
    #expect(RRClass("CLASS") == nil && RRClass("CLASSX") == nil)
  }
}

@Suite("Record text: what does not fit is named") struct TextFaultTests {
  @Test(
    arguments: [
      (.mx, "abc mail.example.", "1:1: \"abc\" is not a number from 0 to 65535"),
      (.mx, "65536 mail.example.", "1:1: \"65536\" is not a number from 0 to 65535"),
      (.mx, "10", "1:1: the record ends where a domain name is wanted"),
      (.mx, "10 a..b", "1:4: \"a..b\" is not a domain name: an empty label at 2"),
      (.mx, "10 a. b.", "1:7: \"b.\" follows the last field of the record"),
      (.a, "192.0.2.256", "1:1: \"192.0.2.256\" is not an IPv4 address such as 192.0.2.1"),
      (.aaaa, "192.0.2.1", "1:1: \"192.0.2.1\" is not an IPv6 address such as 2001:db8::1"),
      (
        .txt, "\"\(String(repeating: "a", count: 256))\"",
        "1:1: a string of 256 octets: at most 255 are allowed; split it into several strings"
      ),
      (.txt, "\"a", "1:1: a quoted string is not closed"), (.txt, "a\\256", "1:1: \"a\\256\" is not a string with valid escapes"),
      (.ds, "1 8 2 abc", "1:7: \"abc\" is not pairs of hexadecimal digits"),
      (.dnskey, "257 3 8 A", "1:9: \"A\" is not base64"),
      (
        .rrsig, "A 8 2 300 20260231000000 20260101000000 1 a. AQID",
        "1:11: \"20260231000000\" is not a time such as 20260131120000"
      ),
      (.nsec, "a. A FOO", "1:6: \"FOO\" is not a record type such as A or TYPE65280"),
      (.caa, "0 is-sue \"a\"", "1:3: \"is-sue\" is not a tag of letters and digits"),
      (.a, "\\# 5 0a000001", "1:6: \\# promises 5 octets, but 4 follow"),
      (.a, "\u{1B}[2J", "1:1: \"\\027[2J\" is not an IPv4 address such as 192.0.2.1"),
    ] as [(RRType, String, String)])
  func `word for word`(type: RRType, text: String, sentence: String) {
    #expect {
      try RData(type: type, text: text, origin: nil)
    } throws: { "\($0)" == sentence }
  }

  @Test func `every format refuses missing and surplus tokens without a trap`() throws {
    var random = Seeded(state: 11)
    let words = [
      "0", "1", "65535", "99999999999999999999", "a", "a.", "@", "-", "\\#", "\\", "\\2", "::", "1.2.3.4", "N", "=", "alpn=",
      "AQID",
    ]
    var (taken, refused) = (0, 0)
    for code in Array(0...300) + [32768, 32769] {
      let type = RRType(UInt16(code))
      for count in 0...9 {
        for _ in 0..<6 {
          let text = (0..<count).map { _ in words.randomElement(using: &random) ?? "" }.joined(separator: " ")
          if let rdata = try? RData(type: type, text: text, origin: nil) {
            taken += 1
            #expect(try RData(type: type, text: rdata.text, origin: nil) == rdata, "\(type) \(text)")
          } else {
            refused += 1
          }
        }
      }
    }
    #expect(taken > 200 && refused > 5000)
  }
}
