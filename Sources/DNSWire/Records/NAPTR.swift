public import Names

extension RRType {
  /// A rule that rewrites a name (RFC 3403 §4.1).
  public static let naptr = RRType(35)
}

extension RecordFormat {
  static let naptr = RecordFormat(.naptr, "NAPTR", "RFC 3403 §4.1", [.u16, .u16, .string, .string, .string, .name(.accepted)])
}

/// A rule that rewrites a name (RFC 3403 §4.1).
public struct NAPTR: Hashable, Sendable {
  public var order: UInt16
  public var preference: UInt16
  public var flags: [UInt8]
  public var services: [UInt8]
  /// A substitution expression (REGEXP).
  public var rule: [UInt8]
  public var replacement: DomainName

  public init(order: UInt16, preference: UInt16, flags: [UInt8], services: [UInt8], rule: [UInt8], replacement: DomainName) {
    (self.order, self.preference, self.flags, self.services) = (order, preference, flags, services)
    (self.rule, self.replacement) = (rule, replacement)
  }

  /// `nil` for data of another type or that does not fit the format.
  public init?(_ rdata: RData) {
    guard rdata.type == .naptr, let values = rdata.values else { return nil }
    order = values[0].u16
    preference = values[1].u16
    flags = values[2].octets
    services = values[3].octets
    rule = values[4].octets
    replacement = values[5].name
  }

  public var rdata: RData {
    RData(
      .naptr, .number(UInt64(order)), .number(UInt64(preference)), .octets(flags),
      .octets(services), .octets(rule), .name(replacement))
  }
}
