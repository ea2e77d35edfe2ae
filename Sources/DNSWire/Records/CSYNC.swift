extension RRType {
  /// Which records the parent should copy from the child (RFC 7477 §2.1).
  public static let csync = RRType(62)
}

extension RecordFormat {
  static let csync = RecordFormat(.csync, "CSYNC", "RFC 7477 §2.1", [.u32, .u16, .types])
}

/// Which records the parent should copy from the child (RFC 7477 §2.1).
public struct CSYNC: Hashable, Sendable {
  public var serial: UInt32
  /// 1 immediate, 2 only if the serial is at least this.
  public var flags: UInt16
  public var types: [RRType]

  public init(serial: UInt32, flags: UInt16, types: [RRType]) {
    (self.serial, self.flags, self.types) = (serial, flags, types)
  }

  /// `nil` for data of another type or that does not fit the format.
  public init?(_ rdata: RData) {
    guard rdata.type == .csync, let values = rdata.values else { return nil }
    serial = values[0].u32
    flags = values[1].u16
    types = values[2].types
  }

  public var rdata: RData {
    RData(.csync, .number(UInt64(serial)), .number(UInt64(flags)), .types(types))
  }
}
