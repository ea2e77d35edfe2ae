public import Names

extension RRType {
  /// An alias of another name (RFC 1035 §3.3.1).
  public static let cname = RRType(5)
}

extension RecordFormat {
  static let cname = RecordFormat(.cname, "CNAME", "RFC 1035 §3.3.1", [.name(.compressed)])
}

/// An alias of another name (RFC 1035 §3.3.1).
public struct CNAME: Hashable, Sendable {
  public var target: DomainName

  public init(target: DomainName) {
    self.target = target
  }

  /// `nil` for data of another type or that does not fit the format.
  public init?(_ rdata: RData) {
    guard rdata.type == .cname, let values = rdata.values else { return nil }
    target = values[0].name
  }

  public var rdata: RData {
    RData(.cname, .name(target))
  }
}
