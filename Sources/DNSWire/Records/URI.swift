extension RRType {
  /// An address of a service (RFC 7553 §4).
  public static let uri = RRType(256)
}

extension RecordFormat {
  static let uri = RecordFormat(.uri, "URI", "RFC 7553 §4", [.u16, .u16, .text])
}

/// An address of a service (RFC 7553 §4).
public struct URI: Hashable, Sendable {
  public var priority: UInt16
  public var weight: UInt16
  public var target: [UInt8]

  public init(priority: UInt16, weight: UInt16, target: [UInt8]) {
    (self.priority, self.weight, self.target) = (priority, weight, target)
  }

  /// `nil` for data of another type or that does not fit the format.
  public init?(_ rdata: RData) {
    guard rdata.type == .uri, let values = rdata.values else { return nil }
    priority = values[0].u16
    weight = values[1].u16
    target = values[2].octets
  }

  public var rdata: RData {
    RData(.uri, .number(UInt64(priority)), .number(UInt64(weight)), .octets(target))
  }
}
