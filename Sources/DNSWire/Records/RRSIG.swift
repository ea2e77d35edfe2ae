public import Names

extension RRType {
  /// A signature of an RRset (RFC 4034 §3).
  public static let rrsig = RRType(46)
}

extension RecordFormat {
  static let rrsig = RecordFormat(
    .rrsig, "RRSIG", "RFC 4034 §3",
    [.type, .algorithm, .u8, .u32, .time, .time, .u16, .name(.whole), .base64(mayBeEmpty: false)])
}

/// A signature of an RRset (RFC 4034 §3).
public struct RRSIG: Hashable, Sendable {
  public var covered: RRType
  public var algorithm: UInt8
  /// Labels of the owner, a wildcard and the root not counted.
  public var labels: UInt8
  /// Seconds.
  public var originalTTL: UInt32
  /// Seconds of 1970, by the arithmetic of RFC 1982.
  public var expiration: UInt32
  /// Seconds of 1970, by the arithmetic of RFC 1982.
  public var inception: UInt32
  public var keyTag: UInt16
  public var signer: DomainName
  public var signature: [UInt8]

  public init(
    covered: RRType, algorithm: UInt8, labels: UInt8, originalTTL: UInt32,
    expiration: UInt32, inception: UInt32, keyTag: UInt16, signer: DomainName, signature: [UInt8]
  ) {
    (self.covered, self.algorithm, self.labels, self.originalTTL) = (covered, algorithm, labels, originalTTL)
    (self.expiration, self.inception, self.keyTag, self.signer) = (expiration, inception, keyTag, signer)
    self.signature = signature
  }

  /// `nil` for data of another type or that does not fit the format.
  public init?(_ rdata: RData) {
    guard rdata.type == .rrsig, let values = rdata.values else { return nil }
    covered = values[0].type
    algorithm = values[1].u8
    labels = values[2].u8
    originalTTL = values[3].u32
    expiration = values[4].u32
    inception = values[5].u32
    keyTag = values[6].u16
    signer = values[7].name
    signature = values[8].octets
  }

  public var rdata: RData {
    RData(
      .rrsig, .number(UInt64(covered.rawValue)), .number(UInt64(algorithm)), .number(UInt64(labels)),
      .number(UInt64(originalTTL)), .number(UInt64(expiration)),
      .number(UInt64(inception)), .number(UInt64(keyTag)), .name(signer), .octets(signature))
  }
}
