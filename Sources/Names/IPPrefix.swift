/// A block of addresses: `192.0.2.0/24`, `2001:db8::/32`. The bits past the length are zero.
public struct IPPrefix: Hashable, Sendable {
  /// The first address of the block.
  public let address: IPAddress
  /// How many leading bits are fixed: 0 to 32, or 0 to 128.
  public var length: Int { Int(bits) }
  private let bits: UInt8

  /// The block that holds an address; `nil` if the length does not fit the family.
  public init?(containing address: IPAddress, length: Int) {
    guard length >= 0, length <= address.bitWidth else { return nil }
    (self.address, bits) = (Self.masked(address, to: length), UInt8(truncatingIfNeeded: length))
  }

  /// Reads `address/length`, or an address alone as a block of one. Bits past the length must be zero.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, let address = IPAddress(first) else { return nil }
    guard parts.count == 2 else {
      self.init(containing: address, length: address.bitWidth)
      return
    }
    guard (1...3).contains(parts[1].utf8.count), parts[1].utf8.allSatisfy({ $0 &- 0x30 < 10 }), let length = Int(parts[1]),
      let prefix = IPPrefix(containing: address, length: length), prefix.address == address
    else { return nil }
    self = prefix
  }

  /// Whether an address of the same family lies in the block.
  public func contains(_ other: IPAddress) -> Bool {
    other.isV6 == address.isV6 && Self.masked(other, to: length) == address
  }

  private static func masked(_ address: IPAddress, to length: Int) -> IPAddress {
    switch address {
    case .v4(let value): .v4(value & ~(~0 >> UInt32(length)))  // a smart shift of 32 gives zero
    case .v6(let upper, let lower): .v6(upper & ~(~0 >> UInt64(min(length, 64))), lower & ~(~0 >> UInt64(max(length, 64) - 64)))
    }
  }
}

extension IPPrefix: CustomStringConvertible {
  public var description: String { "\(address)/\(length)" }
}
