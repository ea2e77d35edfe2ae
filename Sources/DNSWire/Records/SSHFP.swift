extension RRType {
  /// A fingerprint of a host key (RFC 4255 §3.1).
  public static let sshfp = RRType(44)
}

extension RecordFormat {
  static let sshfp = RecordFormat(.sshfp, "SSHFP", "RFC 4255 §3.1", [.u8, .u8, .hex(mayBeEmpty: false)])
}

/// A fingerprint of a host key (RFC 4255 §3.1).
public struct SSHFP: Hashable, Sendable {
  public var algorithm: UInt8
  public var fingerprintType: UInt8
  public var fingerprint: [UInt8]

  public init(algorithm: UInt8, fingerprintType: UInt8, fingerprint: [UInt8]) {
    (self.algorithm, self.fingerprintType, self.fingerprint) = (algorithm, fingerprintType, fingerprint)
  }

  /// `nil` for data of another type or that does not fit the format.
  public init?(_ rdata: RData) {
    guard rdata.type == .sshfp, let values = rdata.values else { return nil }
    algorithm = values[0].u8
    fingerprintType = values[1].u8
    fingerprint = values[2].octets
  }

  public var rdata: RData {
    RData(.sshfp, .number(UInt64(algorithm)), .number(UInt64(fingerprintType)), .octets(fingerprint))
  }
}
