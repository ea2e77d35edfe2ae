/// Eight octets of a text in one word, all asked at once.
///
/// An answer is a word too: the highest bit of each octet for which it is yes, and no other bit. The first octet is the lowest.
public struct EightOctets: Sendable {
  public var word: UInt64

  @inlinable public init(word: UInt64) { self.word = word }

  /// Reads them from `place` on; what stands at `end` or behind it reads as zeros.
  ///
  /// - Parameter end: At most the text's.
  @inlinable @inline(__always) public init(_ text: Span<UInt8>, at place: Int, before end: Int) {
    precondition(place >= 0 && place <= end && end <= text.count)
    let count = end &- place
    if place &+ 8 <= text.count {
      let all = unsafe EightOctets(unchecked: text.bytes, at: place).word
      word = count < 8 ? all & ~(.max &<< UInt64(count &* 8)) : all
    } else {
      word = 0
      for index in place..<end { word |= UInt64(text[index]) &<< UInt64((index &- place) &* 8) }
    }
  }

  /// Reads eight octets from `place` on, which nobody asks whether they are there.
  @unsafe @inlinable @inline(__always) public init(unchecked text: RawSpan, at place: Int) {
    // That is the caller's word; octets have no padding.
    word = unsafe UInt64(littleEndian: text.unsafeLoadUnaligned(fromUncheckedByteOffset: place, as: UInt64.self))
  }

  /// Eight times the same octet.
  @inlinable @inline(__always) static func each(_ octet: UInt8) -> UInt64 { UInt64(octet) &* 0x0101_0101_0101_0101 }

  /// The highest bit of each octet.
  @inlinable @inline(__always) public static var highBits: UInt64 { 0x8080_8080_8080_8080 }

  /// An answer with a bit for each octet, in the lowest eight.
  @inlinable @inline(__always) public static func packed(_ answer: UInt64) -> UInt64 {
    // Brings the bit of octet k, 8k + 7, to 56 + k; no two products meet.
    (answer &* 0x0002_0408_1020_4081) >> 56
  }

  /// Which are beyond ASCII.
  @inlinable @inline(__always) public var beyondASCII: UInt64 { word & Self.highBits }

  /// Which are this octet.
  @inlinable @inline(__always) public func equal(to octet: UInt8) -> UInt64 {
    let (other, low) = (word ^ Self.each(octet), ~Self.highBits)
    return ~(((other & low) &+ low) | other | low)
  }

  /// Which are this one of ASCII or a greater one. All octets have to be ASCII.
  @inlinable @inline(__always) public func atLeast(_ octet: UInt8) -> UInt64 {
    (word &+ Self.each(0x80 &- octet)) & Self.highBits
  }

  /// ASCII upper case to lower case (RFC 4343 §3). All octets have to be ASCII.
  @inlinable @inline(__always) public var lowerCased: EightOctets {
    let upper = atLeast(UInt8(ascii: "A")) & ~atLeast(UInt8(ascii: "Z") + 1)
    return EightOctets(word: word | upper >> 2)
  }

  /// A hash with these octets taken in: the two halves of a product of 128 bits, each bit of which depends on most others. Whoever
  /// knows the hash before can find octets that meet; a hash of what others send begins with a seed of the process's own.
  @inlinable @inline(__always) public func mixed(into hash: UInt64) -> UInt64 {
    let product = (hash ^ word ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
    return product.high ^ product.low
  }
}
