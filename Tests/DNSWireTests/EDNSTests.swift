import DNSWire
import Names
import Testing

@Suite("RFC 6891 EDNS and its options") struct EDNSTests {
  @Test(
    arguments: [
      // RFC 5001 §2.3
      (3, [0x6E, 0x73, 0x31], .nsid([0x6E, 0x73, 0x31])),
      // RFC 7873 §4: 8 octets alone, or with 8 to 32
      (10, Array(1...8), .cookie(client: Array(1...8), server: [])),
      (10, Array(1...16), .cookie(client: Array(1...8), server: Array(9...16))),
      (10, Array(1...40), .cookie(client: Array(1...8), server: Array(9...40))),
      (10, Array(1...7), .other(code: 10, octets: Array(1...7))),
      (10, Array(1...15), .other(code: 10, octets: Array(1...15))),
      (10, Array(1...41), .other(code: 10, octets: Array(1...41))),
      // RFC 7830 §3
      (12, [0, 0, 0], .padding(3)),
      (12, [0, 1], .other(code: 12, octets: [0, 1])),
      // RFC 8914 §2
      (15, [0, 18], .extendedError(code: 18, text: "")),
      (15, [0, 9] + Array("no SEP matching the DS".utf8), .extendedError(code: 9, text: "no SEP matching the DS")),
      (15, [0], .other(code: 15, octets: [0])),
      (15, [0, 1, 0xFF], .other(code: 15, octets: [0, 1, 0xFF])),
      // RFC 7871 §6
      (8, [0, 1, 24, 0, 192, 0, 2], .clientSubnet(IPPrefix("192.0.2.0/24")!, scope: 0)),
      (8, [0, 2, 32, 16, 0x20, 0x01, 0x0D, 0xB8], .clientSubnet(IPPrefix("2001:db8::/32")!, scope: 16)),
      (8, [0, 1, 24, 0, 192, 0, 2, 1], .other(code: 8, octets: [0, 1, 24, 0, 192, 0, 2, 1])),
      (8, [0, 1, 20, 0, 192, 0, 0xFF], .other(code: 8, octets: [0, 1, 20, 0, 192, 0, 0xFF])),
      (65001, [1, 2], .other(code: 65001, octets: [1, 2])),
    ] as [(UInt16, [UInt8], EDNSOption)])
  func `an option is read as its RFC says, or kept as it came`(code: UInt16, octets: [UInt8], option: EDNSOption) throws {
    #expect(EDNSOption(code: code, octets: octets) == option)
    #expect(option.code == code)
    #expect(option.octets == octets)
    let message = Message(header: Header(id: 1), edns: EDNS(options: [option, .nsid([])]))
    #expect(try Message(message.encoded().span) == message)
  }

  /// RFC 9018 appendix A.1: a question with a client cookie, and the answer with the server's.
  @Test func `the OPT record of RFC 9018 is read`() throws {
    let opt: [UInt8] = [
      0x24, 0x64, 0xC4, 0xAB, 0xCF, 0x10, 0xC9, 0x57, 0x01, 0x00, 0x00, 0x00, 0x5C, 0xF7, 0x9F, 0x11, 0x1F, 0x81, 0x30, 0xC3,
      0xEE, 0xE2, 0x94, 0x80,
    ]
    let head: [UInt8] = [0, 1, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 41, 0x10, 0, 0, 0, 0x80, 0, 0, 28, 0, 10, 0, 24]
    let message = try Message((head + opt).span)
    #expect(
      message.edns
        == EDNS(
          udpPayloadSize: 4096, dnssecOK: true, options: [.cookie(client: Array(opt[..<8]), server: Array(opt[8...]))]))
  }

  @Test func `a response code of twelve bits is split between header and OPT`() throws {
    let message = Message(
      header: Header(id: 7, isResponse: true, responseCode: .badCookie), edns: EDNS(version: 0, reservedFlags: 0x1234))
    let octets = message.encoded()
    // RFC 6891 §6.1.3: 23 = 1 × 16 + 7.
    #expect(octets[3] & 15 == 7)
    #expect(Array(octets[12...]) == [0, 0, 41, 4, 0xD0, 1, 0, 0x12, 0x34, 0, 0])
    #expect(try Message(octets.span) == message)
  }

  @Test func `the header's bits stand where RFC 1035 and RFC 4035 put them`() throws {
    let bits: [(Header, UInt16)] = [
      (Header(isResponse: true), 0x8000), (Header(opcode: .update), 0x2800), (Header(authoritative: true), 0x0400),
      (Header(truncated: true), 0x0200), (Header(recursionDesired: true), 0x0100), (Header(recursionAvailable: true), 0x0080),
      (Header(reserved: true), 0x0040), (Header(authenticData: true), 0x0020), (Header(checkingDisabled: true), 0x0010),
      (Header(responseCode: .refused), 0x0005),
    ]
    for (header, flags) in bits {
      let octets = Message(header: header).encoded()
      #expect(octets == [0, 0, UInt8(flags >> 8), UInt8(flags & 0xFF), 0, 0, 0, 0, 0, 0, 0, 0])
      #expect(try Message(octets.span).header == header)
    }
  }
}
