public import DNSWire
public import Names

/// A change that the owner announces: before its window the values are as they were, inside it both are intended, after it only
/// the new ones are, and caches have the old TTL's time to forget.
public struct PlannedChange: Hashable, Sendable {
  public var name: DomainName
  public var type: RRType
  /// What is intended before; filled in from the other sources where the owner does not write it.
  public var was: DeclaredRRset.Intended
  public var to: DeclaredRRset.Intended
  public var from: Timestamp
  public var until: Timestamp
  public var ticket: String
  /// The longest time in seconds for which caches may hold what was, from ``until`` on.
  public var oldTTL: UInt32?
  public var declaredAt: SourcePosition?

  public init(
    _ name: DomainName, _ type: RRType, was: DeclaredRRset.Intended, to: DeclaredRRset.Intended, from: Timestamp,
    until: Timestamp, ticket: String, oldTTL: UInt32? = nil, declaredAt: SourcePosition? = nil
  ) {
    (self.name, self.type, self.was, self.to, self.from, self.until) = (name, type, was, to, from, until)
    (self.ticket, self.oldTTL, self.declaredAt) = (ticket, oldTTL, declaredAt)
  }

  public enum Phase: Sendable { case before, inside, after }

  public func phase(at now: Timestamp) -> Phase { now < from ? .before : now <= until ? .inside : .after }
}

/// A departure that the owner accepts for a time: counted apart, never as a match.
public struct DeclaredException: Hashable, Sendable {
  /// The longest time that an exception may be given in advance.
  public static let mostDays = 366

  public var check: CheckID
  /// A declared domain, with everything of it.
  public var domain: DomainName?
  /// One name; and one type of it, where that is written.
  public var name: DomainName?
  public var type: RRType?
  public var reason: String
  public var owner: String
  public var expires: Timestamp
  public var declaredAt: SourcePosition?

  public init(
    _ check: CheckID, domain: DomainName? = nil, name: DomainName? = nil, type: RRType? = nil, reason: String, owner: String,
    expires: Timestamp, declaredAt: SourcePosition? = nil
  ) {
    (self.check, self.domain, self.name, self.type) = (check, domain, name, type)
    (self.reason, self.owner, self.expires, self.declaredAt) = (reason, owner, expires, declaredAt)
  }
}
