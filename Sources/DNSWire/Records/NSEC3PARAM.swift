extension RRType {
  /// How the names of a zone are hashed (RFC 5155 §4).
  public static let nsec3param = RRType(51)
}

extension RecordFormat {
  static let nsec3param = RecordFormat(.nsec3param, "NSEC3PARAM", "RFC 5155 §4", [.u8, .u8, .u16, .hexString])
}

/// How the names of a zone are hashed (RFC 5155 §4).
public struct NSEC3PARAM: Hashable, Sendable {
  public var hashAlgorithm: UInt8
  public var flags: UInt8
  public var iterations: UInt16
  public var salt: [UInt8]

  public init(hashAlgorithm: UInt8, flags: UInt8, iterations: UInt16, salt: [UInt8]) {
    (self.hashAlgorithm, self.flags, self.iterations, self.salt) = (hashAlgorithm, flags, iterations, salt)
  }

  /// `nil` for data of another type or that does not fit the format.
  public init?(_ rdata: RData) {
    guard rdata.type == .nsec3param, let values = rdata.values else { return nil }
    hashAlgorithm = values[0].u8
    flags = values[1].u8
    iterations = values[2].u16
    salt = values[3].octets
  }

  public var rdata: RData {
    RData(.nsec3param, .number(UInt64(hashAlgorithm)), .number(UInt64(flags)), .number(UInt64(iterations)), .octets(salt))
  }
}
