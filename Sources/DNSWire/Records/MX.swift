public import Names

extension RRType {
  /// A mail exchange; `.` says that there is none (RFC 7505) (RFC 1035 §3.3.9).
  public static let mx = RRType(15)
}

extension RecordFormat {
  static let mx = RecordFormat(.mx, "MX", "RFC 1035 §3.3.9", [.u16, .name(.compressed)])
}

/// A mail exchange; `.` says that there is none (RFC 7505) (RFC 1035 §3.3.9).
public struct MX: Hashable, Sendable {
  /// The lowest is tried first.
  public var preference: UInt16
  public var exchange: DomainName

  public init(preference: UInt16, exchange: DomainName) {
    (self.preference, self.exchange) = (preference, exchange)
  }

  /// `nil` for data of another type or that does not fit the format.
  public init?(_ rdata: RData) {
    guard rdata.type == .mx, let values = rdata.values else { return nil }
    preference = values[0].u16
    exchange = values[1].name
  }

  public var rdata: RData {
    RData(.mx, .number(UInt64(preference)), .name(exchange))
  }
}
