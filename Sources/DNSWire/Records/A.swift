public import Names

extension RRType {
  /// An IPv4 address (RFC 1035 §3.4.1).
  public static let a = RRType(1)
}

extension RecordFormat {
  static let a = RecordFormat(.a, "A", "RFC 1035 §3.4.1", internetOnly: true, [.ipv4])
}

/// An IPv4 address (RFC 1035 §3.4.1).
public struct A: Hashable, Sendable {
  public let address: IPAddress

  /// `nil` for an IPv6 address.
  public init?(address: IPAddress) {
    guard !address.isV6 else { return nil }
    self.address = address
  }

  /// `nil` for data of another type or that does not fit the format.
  public init?(_ rdata: RData) {
    guard rdata.type == .a, let address = IPAddress(octets: rdata.octets.span) else { return nil }
    self.init(address: address)
  }

  public var rdata: RData { RData(.a, .address(address)) }
}
