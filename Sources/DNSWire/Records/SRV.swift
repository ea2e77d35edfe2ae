public import Names

extension RRType {
  /// Where a service is (RFC 2782).
  public static let srv = RRType(33)
}

extension RecordFormat {
  static let srv = RecordFormat(.srv, "SRV", "RFC 2782", [.u16, .u16, .u16, .name(.accepted)])
}

/// Where a service is (RFC 2782).
public struct SRV: Hashable, Sendable {
  /// The lowest is tried first.
  public var priority: UInt16
  public var weight: UInt16
  public var port: UInt16
  /// `.` says that the service is not there.
  public var target: DomainName

  public init(priority: UInt16, weight: UInt16, port: UInt16, target: DomainName) {
    (self.priority, self.weight, self.port, self.target) = (priority, weight, port, target)
  }

  /// `nil` for data of another type or that does not fit the format.
  public init?(_ rdata: RData) {
    guard rdata.type == .srv, let values = rdata.values else { return nil }
    priority = values[0].u16
    weight = values[1].u16
    port = values[2].u16
    target = values[3].name
  }

  public var rdata: RData {
    RData(.srv, .number(UInt64(priority)), .number(UInt64(weight)), .number(UInt64(port)), .name(target))
  }
}
