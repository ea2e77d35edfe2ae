/// A TTL, or another span of time, as text: seconds, or BIND's units as in `1w2d3h4m5s`, each letter of either case.
enum TTLText: Equatable {
  case seconds(UInt32)
  case tooLarge
  case malformed

  /// RFC 2181 §8: 31 bits.
  static let largest: UInt64 = 0x7FFF_FFFF

  init(_ text: Span<UInt8>, largest: UInt64 = Self.largest) {
    var total: UInt64 = 0
    var number: UInt64 = 0
    var digits = 0
    var units = 0
    for index in text.indices {
      let octet = text[index]
      if octet &- 0x30 < 10 {
        // Held at a value above the largest, so that a thousand digits do not overflow.
        number = min(number &* 10 &+ UInt64(octet &- 0x30), 1 << 40)
        digits &+= 1
        continue
      }
      let seconds: UInt64
      switch octet | 0x20 {
      case 0x77: seconds = 604_800
      case 0x64: seconds = 86_400
      case 0x68: seconds = 3_600
      case 0x6D: seconds = 60
      case 0x73: seconds = 1
      default:
        self = .malformed
        return
      }
      guard digits > 0 else {
        self = .malformed
        return
      }
      total = min(total &+ number &* seconds, 1 << 40)
      (number, digits) = (0, 0)
      units &+= 1
    }
    // A number without a unit stands alone: `1h30` could be minutes or seconds.
    guard (digits > 0) != (units > 0) else {
      self = .malformed
      return
    }
    total &+= number
    self = total > largest ? .tooLarge : .seconds(UInt32(truncatingIfNeeded: total))
  }
}
