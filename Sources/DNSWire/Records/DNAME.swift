public import Names

extension RRType {
  /// An alias of everything below a name (RFC 6672 §2.1).
  public static let dname = RRType(39)
}

extension RecordFormat {
  static let dname = RecordFormat(.dname, "DNAME", "RFC 6672 §2.1", [.name(.whole)])
}

/// An alias of everything below a name (RFC 6672 §2.1).
public struct DNAME: Hashable, Sendable {
  public var target: DomainName

  public init(target: DomainName) {
    self.target = target
  }

  /// `nil` for data of another type or that does not fit the format.
  public init?(_ rdata: RData) {
    guard rdata.type == .dname, let values = rdata.values else { return nil }
    target = values[0].name
  }

  public var rdata: RData {
    RData(.dname, .name(target))
  }
}
