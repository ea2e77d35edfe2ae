extension RRType {
  /// The next hashed name of a zone, and the types of this one (RFC 5155 §3).
  public static let nsec3 = RRType(50)
}

extension RecordFormat {
  static let nsec3 = RecordFormat(.nsec3, "NSEC3", "RFC 5155 §3", [.u8, .u8, .u16, .hexString, .base32String, .types])
}

/// The next hashed name of a zone, and the types of this one (RFC 5155 §3).
public struct NSEC3: Hashable, Sendable {
  public var hashAlgorithm: UInt8
  /// 1 is opt-out.
  public var flags: UInt8
  public var iterations: UInt16
  public var salt: [UInt8]
  public var nextHashed: [UInt8]
  public var types: [RRType]

  public init(hashAlgorithm: UInt8, flags: UInt8, iterations: UInt16, salt: [UInt8], nextHashed: [UInt8], types: [RRType]) {
    (self.hashAlgorithm, self.flags, self.iterations, self.salt) = (hashAlgorithm, flags, iterations, salt)
    (self.nextHashed, self.types) = (nextHashed, types)
  }

  /// `nil` for data of another type or that does not fit the format.
  public init?(_ rdata: RData) {
    guard rdata.type == .nsec3, let values = rdata.values else { return nil }
    hashAlgorithm = values[0].u8
    flags = values[1].u8
    iterations = values[2].u16
    salt = values[3].octets
    nextHashed = values[4].octets
    types = values[5].types
  }

  public var rdata: RData {
    RData(
      .nsec3, .number(UInt64(hashAlgorithm)), .number(UInt64(flags)), .number(UInt64(iterations)),
      .octets(salt), .octets(nextHashed), .types(types))
  }
}
