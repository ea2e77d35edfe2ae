import DNSWire
import Fixtures
import Foundation
import Names
import Testing

/// The octets of a fixture.
private func fixture(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: Fixture.path(path)))) }

/// SplitMix64: the same mutations on every run.
private struct Dice: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}

@Suite("Hostile zone files never trap, and their time is bounded") struct HostileZones {
  private func read(_ octets: [UInt8]) throws -> ZoneFile {
    ZoneFile(octets: octets, file: "zone", origin: try DomainName("example."))
  }

  @Test func `a zone cut at every seventh octet, and every directive at every octet`() throws {
    let whole = try fixture("dns/dnspython/example")
    let full = try read(whole).records.count
    for length in stride(from: 0, to: whole.count, by: 7) {
      let zone = try read(Array(whole[..<length]))
      #expect(zone.records.count <= full)
    }
    let directives = Array("$TTL 1\n$ORIGIN a\n$INCLUDE f b\n$GENERATE 1-3 a${1,2,n} IN TXT \"x\\\"y$\" ( ; c\n z )\r\n".utf8)
    for length in 0...directives.count { #expect(try read(Array(directives[..<length])).records.count <= 3) }
  }

  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func `a zone with octets changed at random`(seed: UInt64) throws {
    let whole = try fixture("dns/dnspython/example")
    var dice = Dice(state: seed)
    let spice: [UInt8] = [0, 0x0A, 0x0D, 0x20, 0x22, 0x24, 0x28, 0x29, 0x2E, 0x3B, 0x40, 0x5C, 0x7B, 0x80, 0xFF]
    for _ in 0..<40 {
      var octets = whole
      for _ in 0..<Int.random(in: 1...40, using: &dice) {
        let place = Int.random(in: 0..<octets.count, using: &dice)
        switch Int.random(in: 0..<3, using: &dice) {
        case 0: octets[place] = UInt8.random(in: 0...255, using: &dice)
        case 1: octets[place] = spice.randomElement(using: &dice) ?? 0
        default: octets.removeSubrange(place..<min(octets.count, place + Int.random(in: 1...9, using: &dice)))
        }
      }
      let zone = try read(octets)
      #expect(zone.faults.count == min(zone.faultCount, ZoneFile.mostFaults))
      #expect(zone.records.allSatisfy { $0.position.line > 0 && $0.position.column > 0 })
    }
  }

  static let floods: [(String, String, Int)] = [
    ("ten million octets of one word", "a", 10_000_000), ("parentheses", "(", 1_000_000), ("closing parentheses", ")", 1_000_000),
    ("blanks", " ", 1_000_000), ("quotes", "\"", 1_000_000), ("backslashes", "\\", 1_000_000),
    ("lines that each open a parenthesis", "(\n", 500_000), ("lines that each open a quote", "a 1 TXT \"\n", 100_000),
    ("words on one line", "a ", 1_000_000), ("dots", ".", 1_000_000), ("NULs", "\u{0}", 1_000_000), ("a comment", ";", 1_000_000),
    ("dollars", "$", 1_000_000), ("digits", "9", 1_000_000), ("lines with the same fault", "a 1 AAAAA x\n", 100_000),
  ]

  @Test(arguments: floods)
  func `a flood of one thing`(name: String, text: String, count: Int) throws {
    var octets = Array("$TTL 1\na A 192.0.2.1\nb TXT ".utf8)
    octets.reserveCapacity(octets.count + text.utf8.count * count)
    for _ in 0..<count { octets.append(contentsOf: text.utf8) }
    let start = ContinuousClock.now
    let zone = try read(octets)
    #expect(ContinuousClock.now - start < .seconds(60), "\(name)")
    #expect(zone.records.first?.record.description == "a.example. 1 IN A 192.0.2.1", "\(name)")
    #expect(zone.records.count <= 2, "\(name)")
  }

  @Test func `many records of one set, and many sets of one owner`() throws {
    var text = "$TTL 1\n"
    for number in 0..<40_000 { text += "a A 10.0.\(number >> 8).\(number & 255)\n" }
    for number in 0..<20_000 { text += "a TYPE\(number + 40_000) \\# 0\n" }
    let start = ContinuousClock.now
    let zone = try read(Array(text.utf8))
    #expect(zone.records.count == 60_000)
    #expect(ContinuousClock.now - start < .seconds(60))
  }
}
