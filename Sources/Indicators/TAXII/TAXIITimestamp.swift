public import Names

/// A moment in microseconds since 1970-01-01T00:00:00Z: TAXII tells when objects were added to the microsecond (§2), and what
/// is asked for after a moment must not lose the digits that ``Timestamp`` has no room for.
public struct TAXIITimestamp: Hashable, Comparable, Sendable {
  public var microseconds: Int64

  public init(microseconds: Int64) { self.microseconds = microseconds }
  public init(_ time: Timestamp) { microseconds = time.milliseconds &* 1000 }

  /// Rounded down.
  public var timestamp: Timestamp {
    Timestamp(milliseconds: microseconds / 1000 - (microseconds % 1000 < 0 ? 1 : 0))
  }

  public static func < (left: TAXIITimestamp, right: TAXIITimestamp) -> Bool { left.microseconds < right.microseconds }
}

extension TAXIITimestamp: CustomStringConvertible, LosslessStringConvertible {
  /// RFC 3339 in UTC, always with six digits of a second: `2016-11-03T12:30:59.001000Z`.
  public var description: String {
    let digits = String((microseconds % 1_000_000 + 1_000_000) % 1_000_000)
    let second = "\(Timestamp(seconds: timestamp.seconds))".dropLast()
    return second + "." + String(repeating: "0", count: 6 - digits.count) + digits + "Z"
  }

  /// Reads RFC 3339 as STIX writes it: in UTC, seconds and any digits after them. Digits past the microsecond are passed over.
  public init?(_ text: String) {
    guard let time = Timestamp(stix: text), time.writable != nil else { return nil }
    let fraction = text.utf8.drop { $0 != UInt8(ascii: ".") }.dropFirst().prefix { $0 != UInt8(ascii: "Z") }
    var micros: Int64 = 0
    for (digit, scale) in zip(fraction.dropFirst(3), [100, 10, 1] as [Int64]) { micros += Int64(digit - 0x30) * scale }
    microseconds = time.milliseconds * 1000 + micros
  }
}
