/// The type of a resource record: one of IANA's registry, or any other 16-bit number (RFC 3597).
///
/// A known type's constant stands in its file under Records, beside its format.
public struct RRType: RawRepresentable, Hashable, Sendable {
  public let rawValue: UInt16
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }
  @inlinable public init(_ rawValue: UInt16) { self.rawValue = rawValue }

  // Types that stand only in questions or in messages, never in a zone.
  public static let opt = RRType(41)
  public static let tkey = RRType(249)
  public static let tsig = RRType(250)
  public static let ixfr = RRType(251)
  public static let axfr = RRType(252)
  public static let mailb = RRType(253)
  public static let maila = RRType(254)
  public static let any = RRType(255)

  static let metaMnemonics: [(RRType, String)] = [
    (opt, "OPT"), (tkey, "TKEY"), (tsig, "TSIG"), (ixfr, "IXFR"), (axfr, "AXFR"), (mailb, "MAILB"), (maila, "MAILA"),
    (any, "ANY"),
    // Types whose data is opaque here, known by name only.
    (RRType(10), "NULL"), (RRType(31), "EID"), (RRType(32), "NIMLOC"), (RRType(34), "ATMA"), (RRType(38), "A6"),
    (RRType(40), "SINK"), (RRType(100), "UINFO"), (RRType(101), "UID"), (RRType(102), "GID"), (RRType(103), "UNSPEC"),
    (RRType(259), "DOA"),
  ]

  /// Reads a mnemonic, or `TYPE` with a number (RFC 3597 §5), in either case.
  public init?(_ mnemonic: some StringProtocol) {
    let octets = Array(mnemonic.utf8)
    self.init(mnemonic: octets.span)
  }

  /// Reads the same from octets.
  public init?(mnemonic: Span<UInt8>) {
    if let key = Mnemonic.packed(mnemonic), let code = Self.codes[key] {
      self.init(code)
    } else if let number = Mnemonic.number(mnemonic, after: "TYPE") {
      self.init(number)
    } else {
      return nil
    }
  }

  private static let codes: [UInt64: UInt16] = {
    var codes = [UInt64: UInt16]()
    let known = RecordFormat.all.map { ($0.type, $0.mnemonic) } + metaMnemonics
    for (type, mnemonic) in known { if let key = Mnemonic.packed(mnemonic) { codes[key] = type.rawValue } }
    return codes
  }()

  /// Whether the type is a question or message type that no zone holds (RFC 6895 §3.1).
  public var isMeta: Bool { rawValue == 41 || rawValue >= 128 && rawValue <= 255 }
}

extension RRType: Comparable {
  public static func < (one: RRType, other: RRType) -> Bool { one.rawValue < other.rawValue }
}

extension RRType: CustomStringConvertible {
  /// The mnemonic, or `TYPE65280`.
  public var description: String {
    RecordFormat.of(self)?.mnemonic ?? Self.metaMnemonics.first { $0.0 == self }?.1 ?? "TYPE\(rawValue)"
  }
}

/// Short words of letters, digits and hyphens, compared as integers.
enum Mnemonic {
  /// Six bits a character, either case; `nil` for more than ten characters or for another character.
  static func packed(_ octets: Span<UInt8>) -> UInt64? {
    guard octets.count > 0, octets.count <= 10 else { return nil }
    var key: UInt64 = 0
    for index in octets.indices {
      let digit: UInt8
      switch octets[index] {
      case 0x30...0x39: digit = octets[index] &- 0x30 &+ 1
      case 0x41...0x5A: digit = octets[index] &- 0x41 &+ 11
      case 0x61...0x7A: digit = octets[index] &- 0x61 &+ 11
      case 0x2D: digit = 37
      default: return nil
      }
      key = key << 6 | UInt64(digit)
    }
    return key
  }

  static func packed(_ word: String) -> UInt64? {
    let octets = Array(word.utf8)
    return packed(octets.span)
  }

  /// The number from 0 to 65535 that follows a prefix in either case.
  static func number(_ octets: Span<UInt8>, after prefix: String) -> UInt16? {
    let prefix = Array(prefix.utf8)
    let start = prefix.count
    guard octets.count > start, octets.count <= start + 5 else { return nil }
    for index in 0..<start where octets[index] & 0xDF != prefix[index] { return nil }
    var value: UInt32 = 0
    for index in start..<octets.count {
      guard octets[index] &- 0x30 < 10 else { return nil }
      value = value * 10 + UInt32(octets[index] &- 0x30)
    }
    return UInt16(exactly: value)
  }
}
