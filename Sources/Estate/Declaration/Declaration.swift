public import DNSWire
public import Names

/// Everything the owner intends, parsed and checked; every value knows where it was written.
public struct Declaration: Sendable {
  public var organisation: String?
  public var resolvers: Resolvers
  public var network: Network
  /// In the order in which they are declared.
  public var domains: [Domain]
  public var exceptions: [DeclaredException]
  /// Addresses that are the organisation's own, also in a cloud provider's prefixes.
  public var inventory: [IPPrefix]
  /// Whose customers get and give back addresses in which prefixes.
  public var clouds: [CloudPrefix]

  public init(
    organisation: String? = nil, resolvers: Resolvers = Resolvers(), network: Network = Network(), domains: [Domain] = [],
    exceptions: [DeclaredException] = [], inventory: [IPPrefix] = [], clouds: [CloudPrefix] = []
  ) {
    (self.organisation, self.resolvers, self.network, self.domains) = (organisation, resolvers, network, domains)
    (self.exceptions, self.inventory, self.clouds) = (exceptions, inventory, clouds)
  }
}

/// A prefix of addresses that a cloud provider lends to its customers.
public struct CloudPrefix: Hashable, Sendable {
  public var prefix: IPPrefix
  /// As the owner calls the provider.
  public var cloud: String

  public init(_ prefix: IPPrefix, cloud: String) { (self.prefix, self.cloud) = (prefix, cloud) }
}

/// Who else is asked, and how many of them must see the intended value.
public struct Resolvers: Hashable, Sendable {
  public var servers: [Server]
  /// k of n; all of them where nothing is declared.
  public var agree: Int

  public init(_ servers: [Server] = [], agree: Int? = nil) {
    (self.servers, self.agree) = (servers, agree ?? servers.count)
  }
}

/// Where the hierarchy begins and how it is asked. The defaults are the public Internet's.
public struct Network: Hashable, Sendable {
  public struct Root: Hashable, Sendable {
    public var name: DomainName?
    public var address: IPAddress

    public init(name: DomainName? = nil, address: IPAddress) { (self.name, self.address) = (name, address) }
  }

  /// Empty: the built-in root hints.
  public var roots: [Root]
  /// The port of every authoritative server.
  public var port: UInt16
  public var ipv6: Bool
  /// How long one attempt waits for its reply.
  public var timeout: Duration
  /// How often a question is sent again after the first time.
  public var retries: Int
  /// Questions per second to one server.
  public var perServerRate: Double
  /// Questions under way at once, to all servers together.
  public var width: Int
  /// The root's DS or DNSKEY records in presentation form; empty: the system's root key.
  public var trustAnchors: [ResourceRecord]
  /// A PEM file of certificate authorities for TLS; absent: the system's.
  public var tlsAuthorities: String?
  /// A MaxMind DB or a pfx2as file that says which autonomous system announces an address.
  public var originDatabase: String?
  /// Where web and mail servers listen.
  public var ports = Ports()

  public struct Ports: Hashable, Sendable {
    public var https: UInt16 = 443
    public var http: UInt16 = 80
    public var smtp: UInt16 = 25

    public init() {}
  }

  public init(
    roots: [Root] = [], port: UInt16 = 53, ipv6: Bool = true, timeout: Duration = .seconds(2), retries: Int = 3,
    perServerRate: Double = 100, width: Int = 8192, trustAnchors: [ResourceRecord] = [], tlsAuthorities: String? = nil
  ) {
    (self.roots, self.port, self.ipv6, self.timeout, self.retries) = (roots, port, ipv6, timeout, retries)
    (self.perServerRate, self.width, self.trustAnchors, self.tlsAuthorities) = (
      perServerRate, width, trustAnchors, tlsAuthorities
    )
  }
}

/// One declared domain: a delegation from its parent, and what its servers are to say.
public struct Domain: Sendable {
  public enum DS: Hashable, Sendable {
    /// Nothing declared: what the parent has is neither asked for nor judged.
    case undeclared
    /// The parent has no DS.
    case unsigned
    case exactly([RData])
  }

  public var name: DomainName
  /// The delegation: which servers, at which addresses. Empty: not declared, taken from the zone's own NS RRset.
  public var nameServers: [NameServer]
  /// Asked too, though no delegation names them.
  public var secondaries: [SocketAddress]
  public var ds: DS
  public var records: [DeclaredRRset]
  /// What is announced to become of the delegation (NS) and the DS records.
  public var delegationChange: PlannedChange?
  public var dsChange: PlannedChange?
  /// Absent: nothing of mail or certificates is intended beside the records.
  public var mail: MailPosture?
  public var issuers: IssuerPolicy?
  /// Whether `records` is the whole zone, so that a type of record that it lacks at a name is intended to be absent there.
  public var isWholeZone: Bool
  public var declaredAt: SourcePosition?

  public init(
    _ name: DomainName, nameServers: [NameServer] = [], secondaries: [SocketAddress] = [], ds: DS = .undeclared,
    records: [DeclaredRRset] = [], isWholeZone: Bool = false, declaredAt: SourcePosition? = nil
  ) {
    (self.name, self.nameServers, self.secondaries, self.ds) = (name, nameServers, secondaries, ds)
    (self.records, self.isWholeZone, self.declaredAt) = (records, isWholeZone, declaredAt)
  }
}

/// A name server that the parent is to name.
public struct NameServer: Hashable, Sendable {
  public enum Addresses: Hashable, Sendable {
    /// Whatever its own zone says; glue is not compared.
    case any
    case exactly([IPAddress])
  }

  public var name: DomainName
  public var addresses: Addresses
  public var declaredAt: SourcePosition?

  public init(_ name: DomainName, _ addresses: Addresses = .any, declaredAt: SourcePosition? = nil) {
    (self.name, self.addresses, self.declaredAt) = (name, addresses, declaredAt)
  }
}

/// What the owner intends for one name and type.
public struct DeclaredRRset: Hashable, Sendable {
  public enum Intended: Hashable, Sendable {
    /// These values, in any order, and no other.
    case exactly([RData])
    case tolerant(Tolerance)
    case absent
  }

  public var name: DomainName
  public var type: RRType
  public var intended: Intended
  /// In seconds; absent where the owner does not say.
  public var ttl: UInt32?
  public var declaredAt: SourcePosition?
  /// What the owner announces to become of it; `intended` is what the sources say without it.
  public var change: PlannedChange?

  public init(_ name: DomainName, _ type: RRType, _ intended: Intended, ttl: UInt32? = nil, declaredAt: SourcePosition? = nil) {
    (self.name, self.type, self.intended, self.ttl, self.declaredAt) = (name, type, intended, ttl, declaredAt)
  }
}
