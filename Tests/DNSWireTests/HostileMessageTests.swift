import DNSWire
import Names
import Testing

/// Octets that a hostile server could send. A trap would end the whole test run.
@Suite("Messages: hostile octets") struct HostileMessageTests {
  /// 12 octets, then what follows.
  static func message(_ counts: [UInt16], _ body: [UInt8]) -> [UInt8] {
    [0x42, 0x42, 0, 0] + counts.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] } + body
  }

  @Test(
    arguments: [
      ([], .truncated(at: 2)),
      (message([0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF], []), .name(.truncated(at: 12))),
      (message([0, 0xFFFF, 0, 0], [0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4]), .name(.truncated(at: 27))),
      // RFC 1035 §4.1.4: a pointer to itself, forwards, and into the header.
      (message([1, 0, 0, 0], [0xC0, 12, 0, 1, 0, 1]), .name(.pointerNotBackwards(to: 12, at: 12))),
      (message([1, 0, 0, 0], [0xC0, 14, 0, 1, 0, 1, 0]), .name(.pointerNotBackwards(to: 14, at: 12))),
      (message([1, 0, 0, 0], [0xC0, 4, 0, 1, 0, 1]), .name(.pointerNotBackwards(to: 4, at: 12))),
      // A loop of two: the name at 12 is "a" and a pointer to 12.
      (message([1, 0, 0, 0], [1, 0x61, 0xC0, 12, 0, 1, 0, 1]), .name(.pointerNotBackwards(to: 12, at: 14))),
      (message([1, 0, 0, 0], [0xC0]), .name(.truncated(at: 13))),
      (message([1, 0, 0, 0], [0x40, 0]), .name(.labelTooLong(octets: 64, at: 12))),
      (message([1, 0, 0, 0], [0x80, 0]), .name(.labelTooLong(octets: 128, at: 12))),
      // RDLENGTH past the end; data shorter and longer than its fields.
      (message([0, 1, 0, 0], [0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 5, 1, 2, 3, 4]), .truncated(at: 28)),
      (message([0, 1, 0, 0], [0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 3, 1, 2, 3]), .dataTooShort(.a, at: 23)),
      (message([0, 1, 0, 0], [0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 5, 1, 2, 3, 4, 5]), .dataTooLong(.a, octets: 1, at: 27)),
      (message([0, 1, 0, 0], [0, 0, 16, 0, 1, 0, 0, 0, 0, 0, 2, 5, 0x61]), .dataTooShort(.txt, at: 23)),
      (message([0, 1, 0, 0], [0, 0, 16, 0, 1, 0, 0, 0, 0, 0, 0]), .dataTooShort(.txt, at: 23)),
      // A name in the data that runs on into the next record.
      (message([0, 2, 0, 0], [0, 0, 2, 0, 1, 0, 0, 0, 0, 0, 1, 1, 0x61, 0, 0]), .dataTooShort(.ns, at: 24)),
      (message([0, 0, 0, 0], [0]), .octetsAfterMessage(octets: 1, at: 12)),
      (message([0, 0, 0, 2], [0, 0, 41, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 41, 4, 0, 0, 0, 0, 0, 0, 0]), .secondOPT(at: 23)),
      (message([0, 0, 0, 1], [1, 0x61, 0, 0, 41, 4, 0, 0, 0, 0, 0, 0, 0]), .ownerOfOPT(at: 12)),
      (message([0, 0, 0, 1], [0, 0, 41, 4, 0, 0, 0, 0, 0, 0, 4, 0, 10, 0, 1]), .dataTooShort(.opt, at: 27)),
    ] as [([UInt8], WireFault)])
  func `counts, pointers and lengths that lie are refused where they lie`(octets: [UInt8], fault: WireFault) {
    #expect(throws: fault) { try Message(octets.span) }
  }

  @Test func `a chain of pointers ends after 127`() {
    // Each pointer leads to the one before; the first to a root label.
    var body: [UInt8] = [0, 0, 1, 0, 1]
    for index in 0..<200 {
      let target = index == 0 ? 12 : 17 + 2 * (index - 1)
      body += [0xC0 | UInt8(target >> 8), UInt8(target & 0xFF)]
    }
    let octets = Self.message([1, 0, 0, 0], body)
    var offset = 17 + 2 * 126
    #expect(throws: Never.self) { try DomainName(decompressing: octets.span, at: &offset) }
    offset = 17 + 2 * 127
    #expect(throws: DomainName.Fault.tooManyPointers(at: 17)) { try DomainName(decompressing: octets.span, at: &offset) }
    #expect(offset == 17 + 2 * 127)
  }

  @Test func `a name of 255 octets is taken, of 256 refused`() throws {
    let label = [63] + [UInt8](repeating: 0x61, count: 63)
    let longest = label + label + label + [61] + [UInt8](repeating: 0x62, count: 61) + [0]
    #expect(longest.count == 255)
    #expect(try Message(Self.message([1, 0, 0, 0], longest + [0, 1, 0, 1]).span).questions[0].name.octets == longest)
    let longer = label + label + label + [62] + [UInt8](repeating: 0x62, count: 62) + [0]
    #expect(throws: WireFault.name(.nameTooLong(octets: 256, at: 12 + 255))) {
      try Message(Self.message([1, 0, 0, 0], longer + [0, 1, 0, 1]).span)
    }
    // The same by a pointer: a label in front of three; the last of them, at 140, is too much.
    let tail = Self.message([2, 0, 0, 0], label + label + label + [0, 0, 1, 0, 1] + label + [0xC0, 12, 0, 1, 0, 1])
    #expect(throws: WireFault.name(.nameTooLong(octets: 256, at: 140))) { try Message(tail.span) }
  }

  @Test func `a real packet cut at any octet is refused`() throws {
    var cuts = 0
    for packet in FixtureData.realPackets.distinct.enumerated().filter({ $0.offset % 211 == 0 }).map(\.element) {
      for length in 0..<packet.count {
        let cut = Array(packet[..<length])
        #expect(throws: WireFault.self) { try Message(cut.span) }
        cuts += 1
      }
    }
    #expect(cuts > 5000)
  }

  @Test func `changed octets are refused or decode to what re-encodes`() throws {
    var random = Seeded(state: 0x5EED_2026_1123)
    var (decoded, refused) = (0, 0)
    for packet in FixtureData.realPackets.distinct {
      var octets = packet
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<octets.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: octets[place] = UInt8.random(in: 0...255, using: &random)
        case 1: octets[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 2: octets[place] = 0xC0
        default: octets[place] = 0xFF
        }
      }
      var scratch = [UInt8]()
      for kind in [ExpectedAnswer.Kind.records, .nothing, .referral, .glue] {
        for end in [12, 17, octets.count / 2, octets.count] {
          let expected = ExpectedAnswer(kind, cut: UInt8.random(in: 0...255, using: &random))
          _ = expected.isMet(
            by: octets.span, questionEnd: end, type: .random(using: &random), responseCode: 0, key: 0, scratch: &scratch)
        }
      }
      guard let message = try? Message(octets.span) else {
        refused += 1
        continue
      }
      decoded += 1
      #expect(try Message(message.encoded().span) == message)
    }
    #expect(decoded > 1000 && refused > 1000)
  }

  @Test func `random octets never trap`() {
    var random = Seeded(state: 7)
    for type in 0...300 {
      for length in [0, 1, 2, 3, 5, 8, 13, 21, 40] {
        let data = (0..<length).map { _ in UInt8.random(in: 0...(type % 2 == 0 ? 255 : 20), using: &random) }
        let type = RRType(UInt16(type))
        guard let rdata = try? RData(type: type, message: data.span, at: 0, length: data.count) else { continue }
        #expect(rdata == (try? RData(type: type, message: rdata.octets.span, at: 0, length: rdata.octets.count)))
        _ = rdata.text
        _ = rdata.values
        // Data that nobody checked must not trap either.
        let unchecked = RData(type: type, canonical: data)
        _ = unchecked.text
        _ = unchecked.values
      }
    }
  }
}

/// A generator that starts where it is told (SplitMix64, Steele 2014).
struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}

extension RRType {
  /// One of those that have a format, or any number.
  fileprivate static func random(using random: inout some RandomNumberGenerator) -> RRType {
    let common: [RRType] = [.a, .aaaa, .ns, .mx, .txt, .soa, .cname, .srv, .ds, .rrsig]
    return common.randomElement(using: &random).flatMap { Bool.random(using: &random) ? $0 : nil }
      ?? RRType(UInt16.random(in: 0...UInt16.max, using: &random))
  }
}
