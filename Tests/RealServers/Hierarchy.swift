public import Names

/// A root, a TLD and zones below it, with the resolvers that ask them: all on loopback, each authoritative server at an address
/// of its own, all at one port.
///
/// ```
/// .              Knot, signed
/// ├ gov.         Knot, signed
/// │ ├ agency.gov.    Knot, signs by itself; NSD and BIND follow it
/// │ ├ unsigned.gov.  PowerDNS with SQLite
/// │ └ expired.gov.   NSD, signatures of January 2020 (on demand)
/// └ test.        the Knot of gov. (on demand)
///   └ cdn.test.      the PowerDNS of unsigned.gov.
/// ```
///
/// The servers end with ``stop()``, with the last reference to them, or with the test run, whatever ends that.
public struct Hierarchy: Sendable {
  public struct Options: Sendable {
    /// Whether root, TLD and child are signed. Unsigned starts faster.
    public var signed = true
    /// Whether PowerDNS serves `unsigned.gov.`
    public var powerDNS = true
    /// Whether NSD serves `expired.gov.`, whose signatures have expired. Asks for `signed`.
    public var expired = false
    /// Unbound, which validates and can be poisoned, but is told where each zone is.
    public var unbound = true
    /// BIND, which validates and follows delegations as they are.
    public var bindResolver = false
    /// Whether `agency.gov.` has names whose answers vary: two that its Knot steers, and one that goes to `cdn.test.` Asks for
    /// `powerDNS` and not for `signed`.
    public var delivery = false
    /// The chance that a datagram between the test and a server is lost, each way. Among themselves the servers lose none.
    public var loss = 0.0

    public init(
      signed: Bool = true, powerDNS: Bool = true, expired: Bool = false, unbound: Bool = true, bindResolver: Bool = false,
      delivery: Bool = false, loss: Double = 0
    ) {
      (self.signed, self.powerDNS, self.expired) = (signed, powerDNS, expired)
      (self.unbound, self.bindResolver, self.delivery, self.loss) = (unbound, bindResolver, delivery, loss)
    }
  }

  /// The servers that follow the child's primary.
  public enum Secondary: CaseIterable, Sendable {
    case nsd, bind
  }

  public static let tld = "gov."
  public static let child = "agency.gov."
  public static let unsignedChild = "unsigned.gov."
  public static let expiredChild = "expired.gov."
  public static let network = "cdn.test."

  /// With what zones are transferred: nobody else gets them.
  public static let key = SharedKey("transfer.agency.gov.", "hmac-sha256", "c2VjcmV0IG9mIHRoZSBtb2RlbCBhZ2VuY3kgMzIh")

  /// The port that all servers share, but for BIND as a resolver.
  public let port: UInt16
  /// The data of the root's DS record: the trust anchor. nil when nothing is signed.
  public let rootSigner: String?

  public let root: KnotServer
  public let tld: KnotServer
  public let primary: KnotServer
  public let nsd: NSDServer
  public let bind: BINDServer
  public let powerDNS: PowerDNSServer?
  public let expired: NSDServer?
  public let unbound: UnboundServer?
  public let bindResolver: BINDResolver?

  let loopback: Loopback
  /// Where the servers themselves listen: ``port``, unless a relay is there.
  let serverPort: UInt16
  /// What loses datagrams, by the server behind it.
  let relays: [SocketAddress: LossyRelay]
  /// The zones as they were at the start, without signatures.
  public let initial: (root: Zone, tld: Zone, child: Zone, unsigned: Zone, network: Zone)
  /// What the primary steers at the start.
  public let steered: [SteeredName]

  /// Every server that was started.
  public var servers: [any RealServer] {
    let always: [any RealServer] = [root, tld, primary, nsd, bind]
    let onDemand: [(any RealServer)?] = [powerDNS, expired, unbound, bindResolver]
    return always + onDemand.compactMap { $0 }
  }

  public var resolvers: [any RealResolver] {
    let onDemand: [(any RealResolver)?] = [unbound, bindResolver]
    return onDemand.compactMap { $0 }
  }

  /// A place on the hierarchy's port where no server is, for one of the test's own; no relay is before it. `number` from 0 to 9.
  public func vacancy(_ number: UInt8) throws -> Endpoint {
    guard number < 10 else { throw ServerFault.notInHierarchy("vacancy \(number)") }
    return try Endpoint(loopback[Host.vacancies + number], port)
  }

  /// Starts a hierarchy, hands it over, and stops it, also when the body throws.
  public static func with<Result: Sendable>(
    _ options: Options = Options(), _ body: (Hierarchy) async throws -> Result
  ) async throws -> Result {
    let hierarchy = try await Hierarchy(options)
    do {
      let result = try await body(hierarchy)
      await hierarchy.stop()
      return result
    } catch {
      await hierarchy.stop()
      throw error
    }
  }

  /// Starts a hierarchy. Returns when every server answers and the secondaries have followed.
  public init(_ options: Options = Options()) async throws {
    let loopback = try Loopback(hosts: Host.all)
    let port = options.loss > 0 ? loopback.back : loopback.port
    func at(_ host: UInt8) throws -> Endpoint { try Endpoint(loopback[host], port) }
    (self.loopback, self.port, serverPort) = (loopback, loopback.port, port)

    var zones = HierarchyZones(loopback, options)
    root = try KnotServer("Knot, root", at: at(Host.root), zones: [zones.root], signed: options.signed, key: Self.key)
    let tlds = [zones.tld] + (options.delivery ? [zones.test] : [])
    tld = try KnotServer("Knot, TLD", at: at(Host.tld), zones: tlds, signed: options.signed, key: Self.key)
    steered = options.delivery ? HierarchyZones.steered(loopback) : []
    primary = try KnotServer(
      "Knot, primary", at: at(Host.primary), zones: [zones.child], signed: options.signed,
      secondaries: [at(Host.nsd), Endpoint(Loopback.interface, port)], key: Self.key, steered: steered)
    let source = ZoneSource.transfer(origin: Hierarchy.child, from: try at(Host.primary))
    nsd = try NSDServer("NSD, secondary", at: at(Host.nsd), serving: [source], key: Self.key)
    bind = try BINDServer("BIND, secondary", at: Endpoint(Loopback.interface, port), serving: [source], key: Self.key)
    let others = [zones.unsigned] + (options.delivery ? [zones.network] : [])
    powerDNS = options.powerDNS ? try PowerDNSServer(at: at(Host.powerDNS), zones: others) : nil

    // The parent's zone holds the child's DS, so the keys come first.
    if options.signed {
      let (root, tld, primary) = (root, tld, primary)
      async let rootKey = root.delegationSigner(of: ".")
      async let tldKey = tld.delegationSigner(of: Hierarchy.tld)
      async let childKey = primary.delegationSigner(of: Hierarchy.child)
      if options.expired {
        let signed = try await OfflineSigner.sign(zones.expired, from: "20200101000000", until: "20200201000000")
        expired = try NSDServer("NSD, expired", at: at(Host.expired), serving: [.file(signed.zone)], key: Self.key)
        zones.tld.add(Hierarchy.expiredChild, "DS", signed.signer)
      } else {
        expired = nil
      }
      try await zones.tld.add(Hierarchy.child, "DS", childKey)
      try await zones.root.add(Hierarchy.tld, "DS", tldKey)
      rootSigner = try await rootKey
      try await tld.reload(zones.tld)
      try await root.reload(zones.root)
    } else {
      (expired, rootSigner) = (nil, nil)
    }
    initial = (zones.root, zones.tld, zones.child, zones.unsigned, zones.network)

    var stubs: [(zone: String, servers: [Endpoint])] = [
      (".", [try at(Host.root)]), (Hierarchy.tld, [try at(Host.tld)]),
      (Hierarchy.child, [try at(Host.primary), try at(Host.nsd), try Endpoint(Loopback.interface, port)]),
    ]
    if options.powerDNS { stubs.append((Hierarchy.unsignedChild, [try at(Host.powerDNS)])) }
    if options.delivery {
      stubs += [(zones.test.origin, [try at(Host.tld)]), (Hierarchy.network, [try at(Host.powerDNS)])]
    }
    if expired != nil { stubs.append((Hierarchy.expiredChild, [try at(Host.expired)])) }
    unbound = options.unbound ? try UnboundServer(at: at(Host.unbound), stubs: stubs, rootSigner: rootSigner) : nil
    bindResolver =
      options.bindResolver
      ? try BINDResolver(at: .vacant(), control: .vacant(), root: at(Host.root), rootSigner: rootSigner) : nil

    var relays: [SocketAddress: LossyRelay] = [:]
    let everyone: [(any RealServer)?] = [root, tld, primary, nsd, bind, powerDNS, expired, unbound, bindResolver]
    for server in everyone.compactMap({ $0 }) where options.loss > 0 {
      let back = try Endpoint("\(server.address.address)", server.address.port)
      let front = back.port == serverPort ? try Endpoint(back.host, loopback.port) : try Endpoint.vacant()
      relays[server.address] = try LossyRelay(front, before: back, loss: options.loss)
    }
    self.relays = relays
    try await startAll()
  }

  /// Where a test asks a server: its address, or that of the relay before it.
  public func address(of server: any RealServer) -> SocketAddress {
    relays[server.address]?.front.address ?? server.address
  }

  /// Datagrams that were lost between the test and the servers.
  public var lostDatagrams: Int { relays.values.reduce(0) { $0 + $1.datagrams.lost } }

  private func startAll() async throws {
    do {
      try await withThrowingTaskGroup(of: Void.self) { group in
        let alone: [(any RealServer)?] = [root, tld, powerDNS, expired]
        for server in alone.compactMap({ $0 }) { group.addTask { try await server.start() } }
        group.addTask {
          // A secondary whose first transfer fails waits long before the next.
          try await primary.start()
          async let first: Void = nsd.start()
          async let second: Void = bind.start()
          _ = try await (first, second)
        }
        try await group.waitForAll()
      }
      // A resolver that finds nobody remembers it.
      try await withThrowingTaskGroup(of: Void.self) { group in
        for resolver in resolvers { group.addTask { try await resolver.start() } }
        try await group.waitForAll()
      }
    } catch {
      await stop()
      throw error
    }
  }

  /// Stops all servers and returns when their processes are gone.
  public func stop() async {
    await withTaskGroup(of: Void.self) { group in
      for server in servers { group.addTask { await server.stop() } }
      for relay in relays.values { group.addTask { await relay.stop() } }
    }
  }
}

/// The last octet of each server's address, but for BIND's (``Loopback/interface``).
enum Host {
  static let root: UInt8 = 1
  static let tld: UInt8 = 2
  static let primary: UInt8 = 11
  static let nsd: UInt8 = 12
  static let powerDNS: UInt8 = 21
  static let expired: UInt8 = 22
  static let unbound: UInt8 = 53
  static let vacancies: UInt8 = 100  // and the nine after it
  static let all = [root, tld, primary, nsd, powerDNS, expired, unbound] + (vacancies..<vacancies + 10)
}
