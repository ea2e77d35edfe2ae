public import Names

extension RRType {
  /// A pointer to another name (RFC 1035 §3.3.12).
  public static let ptr = RRType(12)
}

extension RecordFormat {
  static let ptr = RecordFormat(.ptr, "PTR", "RFC 1035 §3.3.12", [.name(.compressed)])
}

/// A pointer to another name (RFC 1035 §3.3.12).
public struct PTR: Hashable, Sendable {
  public var target: DomainName

  public init(target: DomainName) {
    self.target = target
  }

  /// `nil` for data of another type or that does not fit the format.
  public init?(_ rdata: RData) {
    guard rdata.type == .ptr, let values = rdata.values else { return nil }
    target = values[0].name
  }

  public var rdata: RData {
    RData(.ptr, .name(target))
  }
}
