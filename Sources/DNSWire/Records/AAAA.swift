public import Names

extension RRType {
  /// An IPv6 address (RFC 3596 §2.2).
  public static let aaaa = RRType(28)
}

extension RecordFormat {
  static let aaaa = RecordFormat(.aaaa, "AAAA", "RFC 3596 §2.2", internetOnly: true, [.ipv6])
}

/// An IPv6 address (RFC 3596 §2.2).
public struct AAAA: Hashable, Sendable {
  public let address: IPAddress

  /// `nil` for an IPv4 address.
  public init?(address: IPAddress) {
    guard address.isV6 else { return nil }
    self.address = address
  }

  /// `nil` for data of another type or that does not fit the format.
  public init?(_ rdata: RData) {
    guard rdata.type == .aaaa, let address = IPAddress(octets: rdata.octets.span) else { return nil }
    self.init(address: address)
  }

  public var rdata: RData { RData(.aaaa, .address(address)) }
}
