/// An IPv4 or IPv6 address.
public enum IPAddress: Hashable, Sendable {
  case v4(UInt32)
  /// The upper and the lower 64 bits.
  case v6(UInt64, UInt64)

  /// Reads `192.0.2.1` (four decimal parts, no leading zeros) or the forms of RFC 4291 §2.2. No zone, no brackets.
  public init?(_ text: some StringProtocol) {
    let octets = Array(text.utf8)
    self.init(text: octets.span)
  }

  /// Reads the same from octets.
  public init?(text: Span<UInt8>) {
    if let address = Self.v4Value(text, from: 0, to: text.count) {
      self = .v4(address)
    } else if let (upper, lower) = Self.v6Value(text) {
      self = .v6(upper, lower)
    } else {
      return nil
    }
  }

  /// Reads the 4 or 16 octets of an address in network order.
  public init?(octets: Span<UInt8>) {
    switch octets.count {
    case 4:
      var value: UInt32 = 0
      for index in octets.indices { value = value << 8 | UInt32(octets[index]) }
      self = .v4(value)
    case 16:
      var (upper, lower): (UInt64, UInt64) = (0, 0)
      for index in 0..<8 { (upper, lower) = (upper << 8 | UInt64(octets[index]), lower << 8 | UInt64(octets[index + 8])) }
      self = .v6(upper, lower)
    default: return nil
    }
  }

  /// The 4 or 16 octets in network order.
  public var octets: [UInt8] {
    switch self {
    case .v4(let value): (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(24 - 8 * $0)) }
    case .v6(let upper, let lower):
      (0..<16).map { UInt8(truncatingIfNeeded: ($0 < 8 ? upper : lower) >> UInt64(56 - 8 * ($0 & 7))) }
    }
  }

  public var isV6: Bool { if case .v6 = self { true } else { false } }

  /// The IPv4 address that it is, or that is mapped into it (RFC 4291 §2.5.5.2).
  public var v4: UInt32? {
    switch self {
    case .v4(let value): value
    case .v6(0, let lower) where lower >> 32 == 0xFFFF: UInt32(truncatingIfNeeded: lower)
    case .v6: nil
    }
  }

  /// 32 or 128.
  public var bitWidth: Int { isV6 ? 128 : 32 }

  /// 127.0.0.0/8, ::1, or an IPv4 loopback address mapped into IPv6.
  public var isLoopback: Bool {
    switch self {
    case .v4(let value): value >> 24 == 127
    case .v6(let upper, let lower): upper == 0 && (lower == 1 || lower >> 24 == 0xFFFF_7F)
    }
  }

  /// Four decimal parts of one to three digits without leading zeros (RFC 6943 §3.1.1 strict form).
  static func v4Value(_ text: Span<UInt8>, from start: Int, to end: Int) -> UInt32? {
    var (value, part, digits, parts): (UInt32, UInt32, Int, Int) = (0, 0, 0, 0)
    guard end - start >= 7, end - start <= 15 else { return nil }
    for index in start..<end {
      let octet = text[index]
      if octet == 0x2E {
        guard digits > 0, parts < 3 else { return nil }
        value = value << 8 | part
        (part, digits, parts) = (0, 0, parts + 1)
      } else {
        guard octet &- 0x30 < 10, digits < 3, digits == 0 || part > 0 else { return nil }
        part = part * 10 + UInt32(octet &- 0x30)
        digits += 1
        guard part <= 255 else { return nil }
      }
    }
    return parts == 3 && digits > 0 ? value << 8 | part : nil
  }

  /// Eight groups of hexadecimal digits, one run of zeros as `::`, the last two groups perhaps as IPv4 (RFC 4291 §2.2).
  static func v6Value(_ text: Span<UInt8>) -> (UInt64, UInt64)? {
    guard text.count >= 2, text.count <= 45 else { return nil }
    var groups = [8 of UInt16](repeating: 0)
    var (count, gap, place) = (0, -1, 0)
    if text[0] == 0x3A {
      guard text[1] == 0x3A else { return nil }
      (gap, place) = (0, 2)
    }
    while place < text.count {
      guard count < 8 else { return nil }
      let start = place
      var value: UInt32 = 0
      while place < text.count, let digit = hexDigit(text[place]) {
        value = value << 4 | UInt32(digit)
        place += 1
        guard place - start <= 4 else { return nil }
      }
      if place < text.count, text[place] == 0x2E {
        guard count <= 6, let tail = v4Value(text, from: start, to: text.count) else { return nil }
        groups[count] = UInt16(truncatingIfNeeded: tail >> 16)
        groups[count + 1] = UInt16(truncatingIfNeeded: tail)
        (count, place) = (count + 2, text.count)
        break
      }
      guard place > start else { return nil }
      groups[count] = UInt16(truncatingIfNeeded: value)
      count += 1
      guard place < text.count else { break }
      guard text[place] == 0x3A, place + 1 < text.count else { return nil }
      place += 1
      if text[place] == 0x3A {
        guard gap < 0 else { return nil }
        (gap, place) = (count, place + 1)
      }
    }
    guard gap < 0 ? count == 8 : count <= 7 else { return nil }
    var (upper, lower): (UInt64, UInt64) = (0, 0)
    for index in 0..<8 {
      let source = gap < 0 || index < gap ? index : index - (8 - count)
      let group = source < 0 || gap >= 0 && source < gap && index >= gap ? 0 : UInt64(groups[source])
      if index < 4 { upper = upper << 16 | group } else { lower = lower << 16 | group }
    }
    return (upper, lower)
  }
}

/// The value of a hexadecimal digit; `nil` for any other octet.
@inlinable @inline(__always)
public func hexDigit(_ octet: UInt8) -> UInt8? {
  switch octet {
  case 0x30...0x39: octet &- 0x30
  case 0x41...0x46: octet &- 0x37
  case 0x61...0x66: octet &- 0x57
  default: nil
  }
}

extension IPAddress: Comparable {
  /// IPv4 before IPv6, each by value.
  public static func < (one: IPAddress, other: IPAddress) -> Bool {
    switch (one, other) {
    case (.v4(let left), .v4(let right)): left < right
    case (.v4, .v6): true
    case (.v6, .v4): false
    case (.v6(let left, let leftLower), .v6(let right, let rightLower)): (left, leftLower) < (right, rightLower)
    }
  }
}

extension IPAddress: CustomStringConvertible {
  /// Dotted decimal, or the one form of RFC 5952: lower case, the longest and first run of zero groups as `::`.
  public var description: String {
    switch self {
    case .v4(let value):
      return "\(value >> 24).\(value >> 16 & 0xFF).\(value >> 8 & 0xFF).\(value & 0xFF)"
    case .v6(let upper, let lower):
      if upper == 0, lower >> 32 == 0xFFFF {  // RFC 5952 §5: the mapped prefix is well known
        return "::ffff:" + IPAddress.v4(UInt32(truncatingIfNeeded: lower)).description
      }
      let groups = (0..<8).map { UInt16(truncatingIfNeeded: ($0 < 4 ? upper : lower) >> UInt64(48 - 16 * ($0 & 3))) }
      var (best, bestCount, index) = (0, 1, 0)
      while index < 8 {
        let end = groups[index...].firstIndex { $0 != 0 } ?? 8
        if end - index > bestCount { (best, bestCount) = (index, end - index) }
        index = end + 1
      }
      func joined(_ part: ArraySlice<UInt16>) -> String { part.map { String($0, radix: 16) }.joined(separator: ":") }
      return bestCount < 2 ? joined(groups[...]) : joined(groups[..<best]) + "::" + joined(groups[(best + bestCount)...])
    }
  }
}
