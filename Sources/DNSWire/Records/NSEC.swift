public import Names

extension RRType {
  /// The next name of a zone, and the types of this one (RFC 4034 §4).
  public static let nsec = RRType(47)
}

extension RecordFormat {
  static let nsec = RecordFormat(.nsec, "NSEC", "RFC 4034 §4", [.name(.whole), .types])
}

/// The next name of a zone, and the types of this one (RFC 4034 §4).
public struct NSEC: Hashable, Sendable {
  public var next: DomainName
  public var types: [RRType]

  public init(next: DomainName, types: [RRType]) {
    (self.next, self.types) = (next, types)
  }

  /// `nil` for data of another type or that does not fit the format.
  public init?(_ rdata: RData) {
    guard rdata.type == .nsec, let values = rdata.values else { return nil }
    next = values[0].name
    types = values[1].types
  }

  public var rdata: RData {
    RData(.nsec, .name(next), .types(types))
  }
}
