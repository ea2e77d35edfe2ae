extension RRType {
  /// A digest of a key of the child, in the parent (RFC 4034 §5).
  public static let ds = RRType(43)
}

extension RecordFormat {
  static let ds = RecordFormat(.ds, "DS", "RFC 4034 §5", [.u16, .algorithm, .u8, .hex(mayBeEmpty: false)])
}

/// A digest of a key of the child, in the parent (RFC 4034 §5).
public struct DS: Hashable, Sendable {
  /// Which of the types that share this form.
  public var type: RRType
  public var keyTag: UInt16
  public var algorithm: UInt8
  public var digestType: UInt8
  public var digest: [UInt8]

  public init(type: RRType = .ds, keyTag: UInt16, algorithm: UInt8, digestType: UInt8, digest: [UInt8]) {
    (self.type, self.keyTag, self.algorithm, self.digestType) = (type, keyTag, algorithm, digestType)
    self.digest = digest
  }

  /// A DS, CDS, DLV or TA; `nil` for data of another type or that does not fit the format.
  public init?(_ rdata: RData) {
    let types: [RRType] = [.ds, .cds, .dlv, .ta]
    guard types.contains(rdata.type), let values = rdata.values else { return nil }
    type = rdata.type
    keyTag = values[0].u16
    algorithm = values[1].u8
    digestType = values[2].u8
    digest = values[3].octets
  }

  public var rdata: RData {
    RData(type, .number(UInt64(keyTag)), .number(UInt64(algorithm)), .number(UInt64(digestType)), .octets(digest))
  }
}
