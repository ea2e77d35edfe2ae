/// The class of a resource record or question (RFC 1035 §3.2.4, RFC 2136 §2.4).
public struct RRClass: RawRepresentable, Hashable, Sendable {
  public let rawValue: UInt16
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }
  @inlinable public init(_ rawValue: UInt16) { self.rawValue = rawValue }

  public static let `in` = RRClass(1)
  public static let ch = RRClass(3)
  public static let hs = RRClass(4)
  public static let none = RRClass(254)
  public static let any = RRClass(255)

  private static let mnemonics: [(RRClass, String)] = [(.in, "IN"), (.ch, "CH"), (.hs, "HS"), (.none, "NONE"), (.any, "ANY")]

  /// Reads a mnemonic, or `CLASS` with a number (RFC 3597 §5), in either case.
  public init?(_ mnemonic: some StringProtocol) {
    let octets = Array(mnemonic.utf8)
    self.init(mnemonic: octets.span)
  }

  /// Reads the same from octets.
  public init?(mnemonic: Span<UInt8>) {
    if let key = Mnemonic.packed(mnemonic), let known = Self.mnemonics.first(where: { Mnemonic.packed($0.1) == key }) {
      self = known.0
    } else if let number = Mnemonic.number(mnemonic, after: "CLASS") {
      self.init(number)
    } else {
      return nil
    }
  }
}

extension RRClass: Comparable {
  public static func < (one: RRClass, other: RRClass) -> Bool { one.rawValue < other.rawValue }
}

extension RRClass: CustomStringConvertible {
  /// The mnemonic, or `CLASS32`.
  public var description: String { Self.mnemonics.first { $0.0 == self }?.1 ?? "CLASS\(rawValue)" }
}
