public import DNSWire
public import Names

/// The TTL that a server gave with one RRset for some time, until an earlier pass.
public struct SteadyTTL: Hashable, Sendable {
  public var name: DomainName
  public var type: RRType
  public var server: Server
  /// In seconds.
  public var ttl: UInt32
  public var from: Timestamp
  public var until: Timestamp

  public init(_ name: DomainName, _ type: RRType, at server: Server, ttl: UInt32, from: Timestamp, until: Timestamp) {
    (self.name, self.type, self.server, self.ttl, self.from, self.until) = (name, type, server, ttl, from, until)
  }
}
