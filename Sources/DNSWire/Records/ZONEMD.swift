extension RRType {
  /// A digest of a whole zone (RFC 8976 §2).
  public static let zonemd = RRType(63)
}

extension RecordFormat {
  static let zonemd = RecordFormat(.zonemd, "ZONEMD", "RFC 8976 §2", [.u32, .u8, .u8, .hex(mayBeEmpty: false)])
}

/// A digest of a whole zone (RFC 8976 §2).
public struct ZONEMD: Hashable, Sendable {
  public var serial: UInt32
  public var scheme: UInt8
  public var hashAlgorithm: UInt8
  public var digest: [UInt8]

  public init(serial: UInt32, scheme: UInt8, hashAlgorithm: UInt8, digest: [UInt8]) {
    (self.serial, self.scheme, self.hashAlgorithm, self.digest) = (serial, scheme, hashAlgorithm, digest)
  }

  /// `nil` for data of another type or that does not fit the format.
  public init?(_ rdata: RData) {
    guard rdata.type == .zonemd, let values = rdata.values else { return nil }
    serial = values[0].u32
    scheme = values[1].u8
    hashAlgorithm = values[2].u8
    digest = values[3].octets
  }

  public var rdata: RData {
    RData(.zonemd, .number(UInt64(serial)), .number(UInt64(scheme)), .number(UInt64(hashAlgorithm)), .octets(digest))
  }
}
