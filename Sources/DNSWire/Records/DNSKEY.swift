extension RRType {
  /// A public key of a zone (RFC 4034 §2).
  public static let dnskey = RRType(48)
}

extension RecordFormat {
  static let dnskey = RecordFormat(.dnskey, "DNSKEY", "RFC 4034 §2", [.u16, .u8, .algorithm, .base64(mayBeEmpty: true)])
}

/// A public key of a zone (RFC 4034 §2).
public struct DNSKEY: Hashable, Sendable {
  /// Which of the types that share this form.
  public var type: RRType
  /// 256 zone key, 128 revoked (RFC 5011), 1 secure entry point.
  public var flags: UInt16
  /// Always 3.
  public var protocolNumber: UInt8
  public var algorithm: UInt8
  /// Empty in a CDNSKEY of RFC 8078 §4 only.
  public var publicKey: [UInt8]

  public init(type: RRType = .dnskey, flags: UInt16, protocolNumber: UInt8, algorithm: UInt8, publicKey: [UInt8]) {
    (self.type, self.flags, self.protocolNumber, self.algorithm) = (type, flags, protocolNumber, algorithm)
    self.publicKey = publicKey
  }

  /// A DNSKEY or CDNSKEY; `nil` for data of another type or that does not fit the format.
  public init?(_ rdata: RData) {
    let types: [RRType] = [.dnskey, .cdnskey]
    guard types.contains(rdata.type), let values = rdata.values else { return nil }
    type = rdata.type
    flags = values[0].u16
    protocolNumber = values[1].u8
    algorithm = values[2].u8
    publicKey = values[3].octets
  }

  public var rdata: RData {
    RData(type, .number(UInt64(flags)), .number(UInt64(protocolNumber)), .number(UInt64(algorithm)), .octets(publicKey))
  }
}
