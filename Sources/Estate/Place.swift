public import DNSWire
public import Names

/// Who answers for a name: one server in one role.
public struct Place: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable, CaseIterable, Comparable {
    case declaration, registry, parent, authoritative, resolver, endpoint, log

    /// From what is written and the registry outwards, as a change travels.
    public static func < (left: Kind, right: Kind) -> Bool {
      (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
    }
  }

  public var kind: Kind
  /// Absent where the place is a set of servers that decide together (resolvers of which k must agree).
  public var server: Server?
  /// The zone that the server answers for in this role.
  public var zone: DomainName
  /// The host name under which the server is known, where it has one.
  public var nameServer: DomainName?

  public init(_ kind: Kind, _ server: Server?, zone: DomainName, nameServer: DomainName? = nil) {
    (self.kind, self.server, self.zone, self.nameServer) = (kind, server, zone, nameServer)
  }
}

/// One declared thing at one place. Every expectation ends in exactly one ``Verdict``, so that counts add up.
public struct Expectation: Hashable, Sendable {
  public enum Intended: Hashable, Sendable {
    /// This RRset and no other record of its type, in any order, with at most this TTL in seconds.
    case exactly([RData], ttl: UInt32?)
    /// What this accepts, with at most this TTL in seconds.
    case tolerated(Tolerance, ttl: UInt32?)
    /// No record of this type.
    case absent
    /// As the check's rule says; its page has the rule.
    case proper
    /// The server answers with authority for the zone.
    case authority
    /// The chain of trust reaches the record (`true`), or must not exist (`false`).
    case signed(Bool)
    /// The target of an alias exists.
    case exists
  }

  public var check: CheckID
  public var name: DomainName
  public var type: RRType
  public var place: Place
  public var intended: Intended
  /// Where the owner declared it.
  public var declaredAt: SourcePosition?

  public init(
    _ check: CheckID, _ name: DomainName, _ type: RRType, at place: Place, _ intended: Intended, declaredAt: SourcePosition? = nil
  ) {
    (self.check, self.name, self.type) = (check, name, type)
    (self.place, self.intended, self.declaredAt) = (place, intended, declaredAt)
  }
}

/// The stable kebab-case name of a check: `record-differs`. Each has a documentation page.
public struct CheckID: RawRepresentable, Hashable, Sendable, Comparable, CustomStringConvertible, ExpressibleByStringLiteral {
  public var rawValue: String
  public init(rawValue: String) { self.rawValue = rawValue }
  public init(stringLiteral value: String) { rawValue = value }
  public var description: String { rawValue }
  public static func < (left: CheckID, right: CheckID) -> Bool { left.rawValue < right.rawValue }
}

extension CheckID {
  /// Names under which checks were announced before they were built; declarations may hold them.
  private static let earlier: [CheckID: CheckID] = ["dnssec-unsigned": "dnssec-missing"]

  /// The name that the check has now.
  public var current: CheckID { Self.earlier[self] ?? self }
}
