extension RRType {
  /// Who may issue certificates (RFC 8659 §4.1).
  public static let caa = RRType(257)
}

extension RecordFormat {
  static let caa = RecordFormat(.caa, "CAA", "RFC 8659 §4.1", [.u8, .tag, .text])
}

/// Who may issue certificates (RFC 8659 §4.1).
public struct CAA: Hashable, Sendable {
  /// 128 is critical.
  public var flags: UInt8
  /// As it was written; compared without case.
  public var tag: [UInt8]
  public var value: [UInt8]

  public init(flags: UInt8, tag: [UInt8], value: [UInt8]) {
    (self.flags, self.tag, self.value) = (flags, tag, value)
  }

  /// `nil` for data of another type or that does not fit the format.
  public init?(_ rdata: RData) {
    guard rdata.type == .caa, let values = rdata.values else { return nil }
    flags = values[0].u8
    tag = values[1].octets
    value = values[2].octets
  }

  public var rdata: RData {
    RData(.caa, .number(UInt64(flags)), .octets(tag), .octets(value))
  }
}
