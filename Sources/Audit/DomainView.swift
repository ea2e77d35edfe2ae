import DNSWire
public import Estate
public import Names

/// One declared domain with who answers for it: what all checks of one run look at.
public struct DomainView: Sendable {
  public let domain: Domain
  public let network: Network
  public let resolvers: Resolvers
  public let now: Timestamp
  public let scope: AuditScope
  let declaration: Declaration
  /// Only names at or below one of these are judged; empty: all.
  public let names: NameSet
  /// Hosts that the domain's own records send mail or questions to.
  let keyHosts: Set<DomainName>
  /// Where names lead of which that was told before.
  let redirected: [DomainName: Set<RData>]
  /// Every server of the parent zone; nil while it is being looked for, or where nobody is to be asked.
  let parent: ParentView?
  /// Why the parent zone's servers cannot be had.
  let noParent: DeadEnd?
  /// Every address of every server, declared or delegated.
  private(set) var servers: [AuthoritativeServer]
  /// Servers that are declared or delegated and whose address nobody gives.
  let unlocated: [(name: DomainName, why: DeadEnd)]
  /// What is asked of each server, worked out once.
  let questions: [RecordQuestion]
  /// Name servers that come or go by an announced change that is under way.
  let movingHosts: Set<DomainName>
  /// When the last of the parent's and the domain's servers was asked: later than ``now`` in a pass that takes long.
  let seen: Timestamp
  /// Nil where only given servers are asked.
  let walk: Walk?

  var isWalked: Bool { walk != nil }

  /// Does not wait for what the parent says, so that no server is asked twice for the same.
  /// Where nothing is walked there is no chain of trust to judge.
  var asksForSignatures: Bool { isWalked && domain.ds != .unsigned }

  /// Whether signatures are wanted: the chain is declared, or the parent holds a DS.
  var isSigned: Bool {
    if case .exactly = domain.ds { return true }
    return parent?.holdsDS ?? false
  }

  func isInScope(_ name: DomainName) -> Bool {
    names.isEmpty || names.covers(name)
  }

  /// Whether no way leads from the roots to the domain: the parent's servers cannot be had, or none of them says anything.
  var isCutOff: Bool { noParent != nil || parent?.replies.allSatisfy { $0.delegation?.message == nil } ?? false }

  /// Whether the domain itself was asked for, so that its delegation, servers and chain of trust are judged.
  var isApexInScope: Bool { isInScope(domain.name) }
}

/// What each server of the parent zone says of the delegation.
struct ParentView {
  var zone: DomainName
  /// Whose delegation it is.
  var domain: DomainName
  var replies: [ParentReply]

  var holdsDS: Bool {
    replies.contains { reply in
      guard let ds = reply.ds, case .data(let records, _) = ds else { return false }
      return !records.isEmpty
    }
  }
}

extension ParentView {
  /// Every host to which one of the servers sends resolvers.
  fileprivate var hosts: Set<DomainName> {
    let messages = replies.compactMap { $0.delegation?.message }
    return Set(messages.flatMap { $0.delegation(of: domain) }.compactMap { NS($0.rdata)?.nameServer })
  }
}

struct ParentReply {
  var place: Place
  var delegationQuery: Query
  var dsQuery: Query
  /// What it says of the NS RRset; nil while that is not known.
  var delegation: Observation?
  var ds: Reading?
}

/// One address of one server that should answer for the domain.
struct AuthoritativeServer {
  var place: Place
  /// The owner names it, or nothing is declared of the delegation. What a stranger says of records is told; its silence is not.
  var isDeclared: Bool
  /// The parent sends resolvers here.
  var isDelegated = false

  var server: Server? { place.server }
}

extension DomainView {
  /// Looks for who answers: walks to the parent, reads its delegation, finds addresses.
  init(
    _ task: DomainTask, in declaration: Declaration, now: Timestamp, scope: AuditScope, walk: Walk?, _ knowledge: inout Knowledge
  ) {
    let domain = task.domain
    (self.domain, names, questions, keyHosts) = (domain, task.names, task.questions, task.keyHosts)
    redirected = task.redirected
    self.now = now
    (self.scope, self.declaration) = (scope, declaration)
    network = declaration.network
    resolvers = scope.resolvers ?? declaration.resolvers
    self.walk = walk

    var parent: ParentView?
    var noParent: DeadEnd?
    if let walk {
      switch walk.servers(above: domain.name, &knowledge) {
      case .pending: break
      case .failed(let why): noParent = why
      case .found(let zone): parent = ParentView(zone, of: domain, walk, &knowledge)
      }
    }
    (self.parent, self.noParent) = (parent, noParent)

    var located = Located(domain: domain, network: declaration.network)
    located.addDeclared(walk, &knowledge)
    if let walk, let parent { located.addDelegated(parent, walk, &knowledge) }
    let asked = located.servers.filter {
      scope.servers.isEmpty || $0.server.map { scope.servers.contains($0.address.address) } ?? false
    }
    // A host whose own zone gives no address can still be found by its glue.
    let found = Set(located.servers.compactMap(\.place.nameServer))
    let times =
      (parent?.replies ?? []).compactMap { $0.delegation?.at }
      + asked.compactMap { server in
        server.server.flatMap { knowledge.known(Query(domain.name, .soa, at: $0, dnssecOK: domain.ds != .unsigned))?.at }
      }
    seen = times.max() ?? now
    let moving = domain.movingHosts(at: now, seen: seen)
    let movingAddresses = domain.movingAddresses(at: now, seen: seen)
    movingHosts = moving
    let delegated = parent?.hosts ?? []
    unlocated = located.unlocated.filter {
      !found.contains($0.name) && (!moving.contains($0.name) || delegated.contains($0.name))
    }
    servers = asked
    guard !moving.isEmpty || !movingAddresses.isEmpty else { return }
    // Who is to come, or has gone, need not answer for the zone while nobody is sent there.
    servers = asked.filter { server in
      let isMoving =
        server.place.nameServer.map(moving.contains) ?? false
        || server.server.map { movingAddresses.contains($0.address.address) } ?? false
      guard isMoving, !server.isDelegated, let authority = authority(of: server, &knowledge) else { return true }
      return authority.obstacle == nil
    }
  }

  /// Whether a server of the parent zone names this host.
  func isDelegated(to host: DomainName) -> Bool { parent?.hosts.contains(host) ?? false }
}

extension ParentView {
  fileprivate init(_ zone: ZoneServers, of domain: Domain, _ walk: Walk, _ knowledge: inout Knowledge) {
    (self.zone, self.domain) = (zone.zone, domain.name)
    replies = zone.servers.map { named in
      let server = walk.server(named.address)
      let delegationQuery = Query(domain.name, .ns, at: server)
      let dsQuery = Query(domain.name, .ds, at: server)
      let place = Place(.parent, server, zone: zone.zone, nameServer: named.name)
      return ParentReply(
        place: place, delegationQuery: delegationQuery, dsQuery: dsQuery,
        delegation: knowledge.ask(delegationQuery, of: place),
        ds: knowledge.ask(dsQuery, of: place).map { Reading($0, domain.name, .ds) })
    }
  }
}

/// Gathers servers, each address once: declared ones first, so that a stranger at a declared address is not a stranger.
private struct Located {
  let domain: Domain
  let network: Network
  var servers: [AuthoritativeServer] = []
  var unlocated: [(name: DomainName, why: DeadEnd)] = []
  private var seen: Set<SocketAddress> = []

  init(domain: Domain, network: Network) { (self.domain, self.network) = (domain, network) }

  mutating func add(_ address: SocketAddress, name: DomainName?, isDeclared: Bool) {
    if case .v6 = address.address, !network.ipv6 { return }
    guard seen.insert(address).inserted else { return }
    let place = Place(.authoritative, Server(address: address), zone: domain.name, nameServer: name)
    servers.append(AuthoritativeServer(place: place, isDeclared: isDeclared))
  }

  mutating func addDeclared(_ walk: Walk?, _ knowledge: inout Knowledge) {
    for declared in domain.nameServers {
      switch declared.addresses {
      case .exactly(let addresses):
        for address in addresses {
          add(SocketAddress(address: address, port: network.port), name: declared.name, isDeclared: true)
        }
      case .any:
        guard let walk else { continue }
        look(for: declared.name, isDeclared: true, walk, &knowledge)
      }
    }
    for secondary in domain.secondaries { add(secondary, name: nil, isDeclared: true) }
  }

  mutating func addDelegated(_ parent: ParentView, _ walk: Walk, _ knowledge: inout Knowledge) {
    let most = servers.count + Walk.mostServers
    var looked: Set<DomainName> = []
    for reply in parent.replies {
      guard let message = reply.delegation?.message else { continue }
      for host in message.delegation(of: domain.name).compactMap({ NS($0.rdata)?.nameServer }).prefix(Walk.mostServers) {
        // Hosts without address are counted too: each costs a lookup.
        guard servers.count < most, looked.count < Walk.mostServers || looked.contains(host) else { return }
        let declared = domain.nameServers.first { $0.name == host }
        let isDeclared = domain.nameServers.isEmpty || declared?.addresses == .any
        // Resolvers believe glue only of hosts in the zone of who gives it.
        let glue = host.isAtOrBelow(parent.zone) ? message.glue(of: host, .a) + message.glue(of: host, .aaaa) : []
        let addresses = glue.compactMap { IPAddress(octets: $0.octets.span) }
        for address in addresses where servers.count < most {
          add(SocketAddress(address: address, port: network.port), name: host, isDeclared: isDeclared)
        }
        // Declared addresses below the domain are glue or nothing; elsewhere the host's own zone may lead to a stranger at its name.
        let isLocated = declared.map { $0.addresses == .any || host.isAtOrBelow(domain.name) } ?? false
        if looked.insert(host).inserted, glue.isEmpty, !isLocated { look(for: host, isDeclared: isDeclared, walk, &knowledge) }
        markDelegated(host, addresses)
      }
    }
  }

  /// Resolvers go to the glue where there is any, else to every address of the host.
  private mutating func markDelegated(_ host: DomainName, _ glue: [IPAddress]) {
    for index in servers.indices {
      guard let address = servers[index].server?.address.address else { continue }
      if glue.isEmpty ? servers[index].place.nameServer == host : glue.contains(address) { servers[index].isDelegated = true }
    }
  }

  private mutating func look(for host: DomainName, isDeclared: Bool, _ walk: Walk, _ knowledge: inout Knowledge) {
    switch walk.addresses(of: host, &knowledge) {
    case .pending: break
    case .failed(let why): if isDeclared { unlocated.append((host, why)) }
    case .found(let addresses):
      for address in addresses.prefix(Walk.mostServers) {
        add(SocketAddress(address: address, port: network.port), name: host, isDeclared: isDeclared)
      }
      if addresses.isEmpty, isDeclared { unlocated.append((host, .noAddressRecord(host: host))) }
    }
  }
}
