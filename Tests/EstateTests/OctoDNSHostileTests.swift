import DNSWire
import Testing

@testable import Estate

@Suite("octoDNS's YAML and DNSControl's JSON from a hostile hand") struct OctoDNSHostileTests {
  static let yaml = """
    '': [{type: A, ttl: 60, values: [192.0.2.1], geo: {NA-US: [192.0.2.2]}}, {type: TXT, value: 'v=x\\; y'}]
    mx: {type: MX, values: [{exchange: mx., priority: 1}, {value: mx2., preference: 2}]}
    web: {type: HTTPS, value: {svcpriority: 1, targetname: ., svcparams: {alpn: [h2], port: 443, no-default-alpn: }}}
    inc: !include a.yaml
    dyn: {type: CNAME, value: a., dynamic: {pools: {p: {values: [{value: b.}]}}}, octodns: {lenient: true}}

    """
  static let json = """
    {"domains": [{"name": "foo.com", "dnsProviders": {"a": -1}, "nameservers": [{"name": "ns1.foo.com"}],
    "records": [{"type": "MX", "name": "@", "mxpreference": 1, "target": "mx", "ttl": 60},
    {"type": "TXT", "name": "t", "target": "a\\"b"}, {"type": "R53_ALIAS", "name": "r", "r53_alias": {"type": "A"}},
    {"type": "LOC", "name": "l", "target": "42 21 43.952 N 71 5 6.344 W -24.01m 1m 200m 10m"}],
    "unmanaged": [{"label_pattern": "x"}], "recordsabsent": []}]}

    """

  func octo(_ octets: [UInt8]) -> OctoDNSReading {
    OctoDNSReading(
      ["zones/z.yaml": octets, "zones/a.yaml": Array("{type: A, value: 192.0.2.9}".utf8)], file: "zones/z.yaml")
  }

  @Test func `the samples themselves are sound`() {
    #expect(octo(Array(Self.yaml.utf8)).faults == [])
    #expect(octo(Array(Self.yaml.utf8)).sets.count == 6)
    #expect(DNSControlReading(Self.json).faults == [])
    #expect(DNSControlReading(Self.json).sets.count == 5)
  }

  @Test func `cut after every octet`() {
    let (yaml, json) = (Array(Self.yaml.utf8), Array(Self.json.utf8))
    for count in 0..<yaml.count {
      let reading = octo(Array(yaml.prefix(count)))
      #expect(reading.sourced != nil || !reading.faults.isEmpty, "after \(count)")
    }
    // Without its last bracket it is no JSON.
    for count in 0..<(json.count - 2) { #expect(!DNSControlReading(Array(json.prefix(count))).faults.isEmpty, "after \(count)") }
  }

  @Test(arguments: 0..<6) func `changed at random`(seed: UInt64) {
    var random = HostileDeclarationTests.Sequence(state: seed)
    let grit = Array("\n\t \"'[]{}:,-?#&*!|>%@`\\.0aé;".utf8) + [0x00, 0xFF, 0xC3, 0xED]
    for round in 0..<250 {
      var octets = Array((round.isMultiple(of: 2) ? Self.yaml : Self.json).utf8)
      for _ in 0...Int.random(in: 0..<5, using: &random) {
        let at = Int.random(in: 0..<octets.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: octets[at] = grit.randomElement(using: &random) ?? 0
        case 1: octets.insert(grit.randomElement(using: &random) ?? 0, at: at)
        default: octets.removeSubrange(at..<min(octets.count, at + Int.random(in: 1..<12, using: &random)))
        }
      }
      // JSON is YAML too, so each reads both.
      let (one, other) = (octo(octets), DNSControlReading(octets))
      #expect(one.sourced != nil || !one.faults.isEmpty, "seed \(seed), round \(round)")
      #expect(other.sourced != nil || !other.faults.isEmpty, "seed \(seed), round \(round)")
      for set in one.sets + other.sets {
        for value in set.intended.values { #expect(value.values != nil || value.type == .dhcid) }
      }
    }
  }

  @Test func `nothing, another encoding, too deep, too large`() {
    #expect(octo([]).notices == ["zones/z.yaml:1:1: The zone file holds no record, so nothing is expected of the zone."])
    #expect(
      DNSControlReading([]).faults == [
        "ir.json:1:1: The file is empty where JSON belongs. Write the file again with the tool that makes it."
      ])
    for start: [UInt8] in [[0xFF, 0xFE, 0x77, 0x00], [0xFE, 0xFF, 0x00, 0x77]] {
      #expect(octo(start).faults == ["zones/z.yaml:1:1: The file is UTF-16. Save it as UTF-8."])
      #expect(DNSControlReading(start).faults == ["ir.json:1:1: The file is UTF-16. Save it as UTF-8."])
    }
    #expect(octo(Array("www: B".utf8) + [0xFC]).faults.first?.hasPrefix("zones/z.yaml:1:7: Octet 6 of the file is 0xFC") == true)
    let deep = String(repeating: "[", count: 100_000)
    #expect(octo(Array(deep.utf8)).faults.count == 1)
    #expect(
      DNSControlReading(deep).faults == ["ir.json:1:65: Lists and mappings are nested deeper than 64 levels. Flatten them."])
    let large = [UInt8](repeating: 0x20, count: 200_000_000)
    #expect(
      octo(large).faults == [
        "zones/z.yaml:1:1: The zone file has 200000000 octets; at most 16777216 are read. "
          + "Split the zone into files, one for each name."
      ])
  }

  @Test func `aliases that would multiply`() {
    var yaml = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...40 {
      yaml += "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ") + "]\n"
    }
    #expect(octo(Array(yaml.utf8)).faults.count == 1)
  }

  @Test func `a large zone, and a large set`() {
    let yaml = (0..<2_000).map { "n\($0): {type: A, value: 192.0.2.\($0 % 256)}\n" }.joined()
    #expect(octo(Array(yaml.utf8)).sets.count == 2_000)
    let records = (0..<8_000).map { "{\"type\":\"A\",\"name\":\"@\",\"target\":\"10.0.\($0 / 256).\($0 % 256)\"}" }
    let reading = DNSControlReading("{\"domains\":[{\"name\":\"foo.com\",\"records\":[\(records.joined(separator: ","))]}]}")
    #expect(reading.sets.first?.intended.values.count == 8_000)
  }
}

extension DeclaredRRset.Intended {
  fileprivate var values: [RData] {
    switch self {
    case .exactly(let values): values
    case .tolerant(let tolerance): tolerance.allOf + tolerance.anyOf
    case .absent: []
    }
  }
}
