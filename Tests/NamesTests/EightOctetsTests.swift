import Names
import Testing

@Suite("Eight octets at once") struct EightOctetsTests {
  /// The highest bit of each octet for which it is so.
  static func answer(_ octets: [UInt8], _ isSo: (UInt8) -> Bool) -> UInt64 {
    octets.enumerated().reduce(0) { isSo($1.element) ? $0 | 0x80 << UInt64(8 * $1.offset) : $0 }
  }

  /// Eight that differ, each octet in each place.
  static let all: [[UInt8]] = (0...255).map { first in (0..<8).map { UInt8(truncatingIfNeeded: first + 37 * $0) } }

  @Test func `each is equal to itself and to no other, beside any`() {
    for octets in Self.all {
      let eight = EightOctets(octets.span, at: 0, before: 8)
      for octet: UInt8 in [0, 1, 0x0A, 0x2E, 0x7F, 0x80, 0x8A, 0xFF] + octets {
        #expect(eight.equal(to: octet) == Self.answer(octets) { $0 == octet })
      }
      #expect(eight.beyondASCII == Self.answer(octets) { $0 >= 0x80 })
    }
  }

  @Test func `in ASCII, each is at least what it is`() {
    for octets in Self.all.map({ $0.map { $0 & 0x7F } }) {
      let eight = EightOctets(octets.span, at: 0, before: 8)
      for least: UInt8 in 1...0x7F { #expect(eight.atLeast(least) == Self.answer(octets) { $0 >= least }) }
      let lower = octets.map(lowerCased)
      let expected = EightOctets(lower.span, at: 0, before: 8).word
      #expect(eight.lowerCased.word == expected)
    }
  }

  @Test func `an answer is packed into eight bits in the order of the octets`() {
    for bits in 0..<256 {
      let octets = (0..<8).map { UInt8(bits >> $0 & 1) }
      let answer = Self.answer(octets) { $0 == 1 }
      #expect(EightOctets.packed(answer) == UInt64(bits))
    }
  }

  @Test(arguments: 0...20) func `behind the end there are zeros, wherever it is`(end: Int) {
    let text = (1...20).map { UInt8($0) }
    for place in 0...end {
      let expected: [UInt8] = (0..<8).map { offset in place + offset < end ? text[place + offset] : 0 }
      let (read, whole) = (EightOctets(text.span, at: place, before: end), EightOctets(expected.span, at: 0, before: 8))
      #expect(read.word == whole.word)
    }
  }
}
