extension RRType {
  /// What certificate a TLS server has (RFC 6698 §2.1).
  public static let tlsa = RRType(52)
}

extension RecordFormat {
  static let tlsa = RecordFormat(.tlsa, "TLSA", "RFC 6698 §2.1", [.u8, .u8, .u8, .hex(mayBeEmpty: false)])
}

/// What certificate a TLS server has (RFC 6698 §2.1).
public struct TLSA: Hashable, Sendable {
  /// Which of the types that share this form.
  public var type: RRType
  public var usage: UInt8
  public var selector: UInt8
  public var matchingType: UInt8
  public var association: [UInt8]

  public init(type: RRType = .tlsa, usage: UInt8, selector: UInt8, matchingType: UInt8, association: [UInt8]) {
    (self.type, self.usage, self.selector, self.matchingType) = (type, usage, selector, matchingType)
    self.association = association
  }

  /// A TLSA or SMIMEA; `nil` for data of another type or that does not fit the format.
  public init?(_ rdata: RData) {
    let types: [RRType] = [.tlsa, .smimea]
    guard types.contains(rdata.type), let values = rdata.values else { return nil }
    type = rdata.type
    usage = values[0].u8
    selector = values[1].u8
    matchingType = values[2].u8
    association = values[3].octets
  }

  public var rdata: RData {
    RData(type, .number(UInt64(usage)), .number(UInt64(selector)), .number(UInt64(matchingType)), .octets(association))
  }
}
