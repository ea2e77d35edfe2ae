import DNSWire
import Names
import Testing

@Suite("RFC 9460 appendix D Test vectors") struct ServiceBindingTests {
  /// dnspython's copy of the vectors: records in both forms, parentheses over several lines.
  static func vectors(_ path: String) throws -> [String] {
    var (records, open, depth) = ([String](), "", 0)
    for line in try FixtureData.lines(path) {
      let text = line.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false).first ?? ""
      guard text.contains(where: { $0 != " " }) else { continue }
      open += text + " "
      depth += text.count { $0 == "(" } - text.count { $0 == ")" }
      if depth == 0 {
        records.append(open)
        open = ""
      }
    }
    return records
  }

  @Test func `each vector has the wire form of the RFC, and reads back from our text`() throws {
    let texts = try Self.vectors("dns/dnspython/svcb_test_vectors.text")
    let generics = try Self.vectors("dns/dnspython/svcb_test_vectors.generic")
    #expect(texts.count == 10 && generics.count == 10)
    for type in [RRType.svcb, .https] {
      for (text, generic) in zip(texts, generics) {
        let rdata = try RData(type: type, text: text, origin: nil)
        #expect(rdata == (try RData(type: type, text: generic, origin: nil)), "\(text)")
        #expect(try RData(type: type, text: rdata.text, origin: nil) == rdata)
        #expect(SVCB(rdata)?.rdata == rdata)
      }
    }
  }

  /// RFC 9460 appendix D.3, and rules of §2 and §8.
  @Test(arguments: [
    "1 foo.example.com. ( key123=abc key123=def )", "1 foo.example.com. mandatory", "1 foo.example.com. alpn",
    "1 foo.example.com. port", "1 foo.example.com. ipv4hint", "1 foo.example.com. ipv6hint",
    "1 foo.example.com. no-default-alpn=abc", "1 foo.example.com. mandatory=key123",
    "1 foo.example.com. mandatory=mandatory", "1 foo.example.com. ( mandatory=key123,key123 key123=abc )",
    "1 foo.example.com. port=65536", "1 foo.example.com. ipv4hint=192.0.2", "1 foo.example.com. key65535=a",
    "1 foo.example.com. key07=a", "1 foo.example.com. alpn=\"h2,,h3\"", "1 foo.example.com. nonsense=1", "1", "x .",
  ])
  func `what the RFC refuses is refused`(text: String) {
    #expect(throws: TextFault.self) { try RData(type: .svcb, text: text, origin: nil) }
  }

  @Test(
    arguments: [
      ([0, 1, 0, 0, 3, 0, 2, 0, 53, 0, 1, 0, 3, 2, 0x68, 0x32], .badField(.svcb, .parameterOrder(1), at: 9)),
      ([0, 1, 0, 0, 3, 0, 1, 53], .badField(.svcb, .parameterValue(3), at: 7)),
      ([0, 1, 0, 0, 1, 0, 3, 3, 0x68, 0x32], .badField(.svcb, .parameterValue(1), at: 7)),
      ([0, 1, 0, 0, 0, 0, 2, 0, 3], .badField(.svcb, .parameterMissing(3), at: 7)),
      ([0, 1, 0, 0, 4, 0, 5, 1, 2, 3, 4, 5], .badField(.svcb, .parameterValue(4), at: 7)),
      ([0, 1, 0, 0, 4, 0, 9, 1], .dataTooShort(.svcb, at: 7)),
    ] as [([UInt8], WireFault)])
  func `wire octets that break a rule are refused where they do`(octets: [UInt8], fault: WireFault) {
    #expect(throws: fault) { try RData(type: .svcb, message: octets.span, at: 0, length: octets.count) }
  }
}
