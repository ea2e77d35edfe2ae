public import Names

extension RRType {
  /// A name server of a zone (RFC 1035 §3.3.11).
  public static let ns = RRType(2)
}

extension RecordFormat {
  static let ns = RecordFormat(.ns, "NS", "RFC 1035 §3.3.11", [.name(.compressed)])
}

/// A name server of a zone (RFC 1035 §3.3.11).
public struct NS: Hashable, Sendable {
  public var nameServer: DomainName

  public init(nameServer: DomainName) {
    self.nameServer = nameServer
  }

  /// `nil` for data of another type or that does not fit the format.
  public init?(_ rdata: RData) {
    guard rdata.type == .ns, let values = rdata.values else { return nil }
    nameServer = values[0].name
  }

  public var rdata: RData {
    RData(.ns, .name(nameServer))
  }
}
