import DNSWire
import Estate
import Testing

@Suite("A declaration from a hostile hand") struct HostileDeclarationTests {
  /// SplitMix64: the same sequence for the same seed everywhere.
  struct Sequence: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  /// Every outcome is one of two: a declaration and no fault, or faults and no declaration.
  func isSettled(_ reading: Declaration.Reading) -> Bool {
    (reading.declaration == nil) == (reading.faultCount > 0 || !reading.wantedTransfers.isEmpty)
      && reading.faults.count == min(reading.faultCount, 100)
      && reading.faults.allSatisfy { $0.position.line >= 1 && $0.position.column >= 1 && !$0.description.isEmpty }
  }

  @Test(arguments: [Sample.whole, Sample.sourced]) func `cut after every octet`(yaml: String) {
    let octets = Array(yaml.utf8)
    for count in 0...octets.count {
      #expect(isSettled(Sample.read(Array(octets.prefix(count)), files: Sample.files)), "after \(count)")
    }
  }

  @Test(arguments: 0..<8) func `changed at random`(seed: UInt64) {
    var random = Sequence(state: seed)
    let whole = Array((seed.isMultiple(of: 2) ? Sample.whole : Sample.sourced).utf8)
    let grit = Array("\n\t \"'[]{}:,-?#&*!|>%@`\\.0aé\u{FEFF}".utf8) + [0x00, 0xFF, 0xC3, 0xED]
    for round in 0..<250 {
      var octets = whole
      for _ in 0...Int.random(in: 0..<6, using: &random) {
        let at = Int.random(in: 0..<octets.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: octets[at] = grit.randomElement(using: &random) ?? 0
        case 1: octets.insert(grit.randomElement(using: &random) ?? 0, at: at)
        case 2: octets.removeSubrange(at..<min(octets.count, at + Int.random(in: 1..<20, using: &random)))
        default:
          octets.insert(contentsOf: octets[at..<min(octets.count, at + 40)], at: Int.random(in: 0..<octets.count, using: &random))
        }
        if octets.isEmpty { octets = [0x0A] }
      }
      #expect(isSettled(Sample.read(octets, files: Sample.files)), "seed \(seed), round \(round)")
    }
  }

  @Test func `aliases that would multiply, in values and in keys`() {
    var yaml = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...40 {
      yaml += "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ") + "]\n"
    }
    yaml += "? *a40\n: 1\n"
    let reading = Sample.read(yaml)
    #expect(reading.faults.map(\.cause) == [.alias])
  }

  @Test(arguments: ["[", "{", "- ", "? ", "{a: ", "\n - "]) func `nesting without end`(piece: String) {
    let reading = Sample.read(String(repeating: piece, count: 100_000))
    #expect(reading.declaration == nil)
    #expect(isSettled(reading))
  }

  @Test func `many keys that stand twice`() {
    let reading = Sample.read((0..<60).map { "k\($0): 1\nk\($0): 2\n" }.joined())
    #expect(reading.declaration == nil)
    #expect(reading.faults.contains { if case .keyRepeated = $0.cause { true } else { false } })
  }

  @Test func `private characters are text`() {
    let reading = Sample.read("version: 1\n\"\u{E000}1\u{E001}version\": 1\nx: 1\nx: 2\n")
    #expect(reading.faults.map(\.cause) == [.keyRepeated("x")])
  }

  @Test func `many values out of one group, used many times`() {
    let group = (0..<1000).map { "10.\($0 / 256).\($0 % 256).0/24" }.joined(separator: ", ")
    let records = (0..<500).map { "      n\($0): {A: {within: $all}}\n" }.joined()
    let reading = Sample.read("version: 1\ngroups: {all: [\(group)]}\ndomains:\n  example.gov:\n    records:\n\(records)")
    #expect(reading.declaration?.domains.first?.records.count == 500)
  }

  @Test func `a group that would multiply without bound`() {
    let group = (0..<20_000).map { "v\($0)" }.joined(separator: ", ")
    let records = (0..<500).map { "      n\($0): {TXT: $all}\n" }.joined()
    let reading = Sample.read("version: 1\ngroups: {all: [\(group)]}\ndomains:\n  example.gov:\n    records:\n\(records)")
    #expect(reading.faultCount == 450)
    #expect(
      reading.faults.first?.description
        == "nameward.yaml:56:18: All uses of groups together stand for more than 1000000 values. Write smaller groups, or wider "
        + "prefixes.")
  }

  @Test(arguments: ["aws.json", "azure.json", "google.json", "plain.txt"]) func `a provider's file, cut after every octet`(
    file: String
  ) {
    let octets = Array((Sample.files[file] ?? "").utf8)
    let yaml = Array("version: 1\nclouds: {c: \(file)}\ndomains: {example.gov: {ds: unsigned}}\n".utf8)
    for count in 0...octets.count {
      let reading = Declaration.read(octets: yaml, file: "n", now: Sample.now) { _, _ in Array(octets.prefix(count)) }
      #expect(isSettled(reading), "after \(count)")
    }
  }

  @Test func `a list of prefixes with a fault in every line`() {
    let yaml = Array("version: 1\nclouds: {c: list}\ndomains: {example.gov: {ds: unsigned}}\n".utf8)
    let reading = Declaration.read(octets: yaml, file: "n", now: Sample.now) { _, _ in
      Array(String(repeating: "x\n", count: 100_000).utf8)
    }
    #expect(reading.faultCount == 20)
  }

  @Test func `a large declaration`() {
    let records = (0..<20_000).map { "      n\($0): {A: 192.0.2.\($0 % 256)}\n" }.joined()
    let reading = Sample.read("version: 1\ndomains:\n  example.gov:\n    records:\n\(records)")
    #expect(reading.declaration?.domains.first?.records.count == 20_000)
  }
}
