import DNSWire
import Estate
import Names

/// A server of a zone: the name that a delegation gives it, and one address.
struct NamedServer: Hashable {
  var name: DomainName?
  var address: IPAddress
}

/// A zone and the servers that answer for it, as its parent's referral says.
struct ZoneServers {
  var zone: DomainName
  var servers: [NamedServer]
}

/// Finds servers from the roots down, a label at a time (RFC 9156), trusting nobody's cache.
///
/// A delegation may be hostile: ``Walk/Errand`` says how far it is followed.
struct Walk {
  /// Addresses asked of one zone.
  static let mostServers = 32
  /// Aliases followed from one name.
  static let mostAliases = 8

  let network: Network
  let roots: [NamedServer]

  /// From the network's roots, those of IPv6 where it is asked.
  init(_ network: Network) {
    self.network = network
    roots = network.roots.filter { root in
      if case .v6 = root.address { network.ipv6 } else { true }
    }.map { NamedServer(name: $0.name, address: $0.address) }
  }

  /// What the zone above says of a name.
  enum Cut {
    case zone([NamedServer])
    case none
    /// RFC 8020: nothing exists below a name that does not exist.
    case noSuchName
  }

  func server(_ address: IPAddress) -> Server {
    Server(address: SocketAddress(address: address, port: network.port))
  }

  /// The zone that delegates, or would delegate, `domain`, with every address of every one of its servers.
  func servers(above domain: DomainName, _ knowledge: inout Knowledge) -> Found<ZoneServers> {
    descend(towards: domain, labels: domain.labelCount - 1, begin(domain, &knowledge), &knowledge)
  }

  /// The addresses of a host, as the servers of its zone give them. Families that do not answer are left out.
  func addresses(of host: DomainName, _ knowledge: inout Knowledge) -> Found<[IPAddress]> {
    addresses(of: host, begin(host, &knowledge), &knowledge)
  }

  /// Whether a name exists, as the servers of its zone say: true also where it has no record of the type asked for.
  ///
  /// - Parameter goal: What the lookup is counted for, as for ``records(of:_:for:_:)``.
  func exists(_ name: DomainName, for goal: DomainName? = nil, _ knowledge: inout Knowledge) -> Found<Bool> {
    let errand = begin(goal ?? name, &knowledge)
    switch descend(towards: name, labels: name.labelCount, errand, &knowledge) {
    case .pending: return .pending
    case .failed(let why): return .failed(why)
    case .found(let zone):
      switch askAny(of: zone, name, .a, errand, &knowledge) {
      case .pending: return .pending
      case .failed(let why): return .failed(why)
      case .found(let reply): return .found(reply.header.responseCode != .nameError || !reply.answers.isEmpty)
      }
    }
  }

  /// What the servers of a name's zone hold of one type, aliases followed from zone to zone.
  ///
  /// - Parameter goal: What the lookup is counted for, where it is one of many that whoever wrote a record can ask for.
  func records(of name: DomainName, _ type: RRType, for goal: DomainName? = nil, _ knowledge: inout Knowledge) -> Found<[RData]> {
    let errand = begin(goal ?? name, &knowledge)
    var here = name
    for _ in 0...Self.mostAliases {
      switch descend(towards: here, labels: here.labelCount, errand, &knowledge) {
      case .pending: return .pending
      case .failed(let why): return .failed(why)
      case .found(let zone):
        switch askAny(of: zone, here, type, errand, &knowledge) {
        case .pending: return .pending
        case .failed(let why): return .failed(why)
        case .found(let reply):
          // It sends the asker to a zone that the question for NS records did not find.
          guard reply.header.authoritative else { return .failed(.noServer(zone: zone.zone)) }
          let records = reply.answers.filter { $0.name == here && $0.recordClass == .in }
          guard type != .cname, let alias = records.lazy.compactMap({ CNAME($0.rdata) }).first else {
            return .found(records.filter { $0.type == type }.map(\.rdata))
          }
          here = alias.target
        }
      }
    }
    return .failed(.circular(host: name))
  }

  /// The addresses behind a host name, as a client of the host finds them: aliases are followed.
  func addresses(behind host: DomainName, _ knowledge: inout Knowledge) -> Found<[IPAddress]> {
    var addresses: [IPAddress] = []
    var failure: DeadEnd?
    var isPending = false
    for type in network.ipv6 ? [RRType.a, .aaaa] : [.a] {
      switch records(of: host, type, &knowledge) {
      case .pending: isPending = true
      case .failed(let why): failure = why
      case .found(let found): addresses += found.compactMap { IPAddress(octets: $0.octets.span) }
      }
    }
    if isPending { return .pending }
    if addresses.isEmpty, let failure { return .failed(failure) }
    return .found(Set(addresses).sorted())
  }

  /// Those of one family.
  func addresses(of host: DomainName, _ type: RRType, _ knowledge: inout Knowledge) -> Found<[IPAddress]> {
    addresses(of: host, type, begin(host, &knowledge), &knowledge)
  }

  private func addresses(of host: DomainName, _ errand: Errand, _ knowledge: inout Knowledge) -> Found<[IPAddress]> {
    var addresses: [IPAddress] = []
    var failure: DeadEnd?
    var isPending = false
    for type in network.ipv6 ? [RRType.a, .aaaa] : [.a] {
      switch self.addresses(of: host, type, errand, &knowledge) {
      case .pending: isPending = true
      case .failed(let why): failure = why
      case .found(let found): addresses += found
      }
    }
    if isPending { return .pending }
    if addresses.isEmpty, let failure { return .failed(failure) }
    return .found(addresses)
  }

  private func addresses(of host: DomainName, _ type: RRType, _ errand: Errand, _ knowledge: inout Knowledge) -> Found<
    [IPAddress]
  > {
    guard let errand = errand.towards(host) else { return .failed(.circular(host: host)) }
    switch descend(towards: host, labels: host.labelCount, errand, &knowledge) {
    case .pending: return .pending
    case .failed(let why): return .failed(why)
    case .found(let enclosing):
      switch askAny(of: enclosing, host, type, errand, &knowledge) {
      case .pending: return .pending
      case .failed(let why): return .failed(why)
      case .found(let reply):
        let records = reply.answers.filter { $0.name == host && $0.type == type }
        return .found(records.compactMap { IPAddress(octets: $0.rdata.octets.span) })
      }
    }
  }

  func descend(towards name: DomainName, labels last: Int, _ errand: Errand, _ knowledge: inout Knowledge) -> Found<
    ZoneServers
  > {
    var here = ZoneServers(zone: .root, servers: roots)
    if knowledge.zones[.root] == nil { knowledge.note(roots.map { server($0.address).address }, of: .root) }
    var labels = 1
    while labels <= last {
      let candidate = name.ancestor(labels: labels)
      labels += 1
      switch cut(at: candidate, from: here, errand, &knowledge) {
      case .pending: return .pending
      case .failed(let why): return .failed(why)
      case .found(.none): continue
      case .found(.noSuchName): return .found(here)
      case .found(.zone(let servers)): here = ZoneServers(zone: candidate, servers: servers)
      }
    }
    return .found(here)
  }

  private func cut(at candidate: DomainName, from here: ZoneServers, _ errand: Errand, _ knowledge: inout Knowledge) -> Found<Cut>
  {
    if let known = knowledge.cuts[candidate] { return .found(known) }
    let reply: Message
    switch askAny(of: here, candidate, .ns, errand, &knowledge) {
    case .pending: return .pending
    case .failed(let why): return .failed(why)
    case .found(let message): reply = message
    }
    // Sorted: servers rotate their answers, and what is told of the last one that failed should not rotate with them.
    let hosts = Set(reply.delegation(of: candidate).compactMap { NS($0.rdata)?.nameServer }).sorted()
    guard !hosts.isEmpty else {
      let cut: Cut = reply.header.responseCode == .nameError ? .noSuchName : .none
      knowledge.cuts[candidate] = cut
      return .found(cut)
    }
    return servers(of: candidate, hosts, reply, from: here.zone, errand, &knowledge)
  }

  /// The addresses behind a delegation: glue where the delegating server may know it, looked up elsewhere.
  private func servers(
    of zone: DomainName, _ hosts: [DomainName], _ reply: Message, from parent: DomainName, _ errand: Errand,
    _ knowledge: inout Knowledge
  ) -> Found<Cut> {
    var servers: [NamedServer] = []
    var failure: DeadEnd?
    var isPending = false
    for host in hosts.prefix(Self.mostServers) {
      var addresses: [IPAddress] = []
      if host.isAtOrBelow(parent) {
        let glue = reply.glue(of: host, .a) + (network.ipv6 ? reply.glue(of: host, .aaaa) : [])
        addresses = Set(glue.compactMap { IPAddress(octets: $0.octets.span) }).sorted()
      }
      // A server whose name lies inside the zone can be found by glue only.
      if addresses.isEmpty, !host.isAtOrBelow(zone) {
        switch self.addresses(of: host, errand, &knowledge) {
        case .pending: isPending = true
        case .failed(let why): failure = why
        case .found(let found): addresses = found
        }
      }
      servers += addresses.prefix(Self.mostServers - servers.count).map { NamedServer(name: host, address: $0) }
    }
    if isPending { return .pending }
    if servers.isEmpty { return .failed(failure ?? .noServer(zone: zone)) }
    knowledge.note(servers.map { server($0.address).address }, of: zone)
    // A host that could not be found on this way may be found on another.
    if failure == nil { knowledge.cuts[zone] = .zone(servers) }
    return .found(.zone(servers))
  }

  /// The first usable reply of a zone's servers, in their order.
  ///
  /// One is asked first, and where it was of no use two more, then four, each once only; when all were, each gets all its attempts.
  /// So an honest zone is asked one question, and a dead one holds nobody up for long.
  func observeAny(
    of zone: ZoneServers, _ name: DomainName, _ type: RRType, _ errand: Errand, _ knowledge: inout Knowledge
  ) -> Found<Observation> {
    guard knowledge.costs[errand.goal, default: Cost()].takeStep() else { return .failed(.circular(host: errand.goal)) }
    var last = DeadEnd.noServer(zone: zone.zone)
    for batch in Self.batches(of: zone.servers) {
      let queries = batch.servers.map { Query(name, type, at: server($0.address), isHasty: batch.isHasty) }
      var observations: [Observation] = []
      for query in queries {
        if knowledge.isNew(query), !knowledge.costs[errand.goal, default: Cost()].takeQuestion() {
          return .failed(.circular(host: errand.goal))
        }
        if let observation = knowledge.ask(query) { observations.append(observation) }
      }
      guard observations.count == queries.count else { return .pending }
      for observation in observations {
        switch observation.outcome {
        case .silent(let silence): last = .silent(zone: zone.zone, last: observation.query.server, silence)
        case .replied(let message):
          if Self.isUsable(message, from: zone.zone, name) { return .found(observation) }
          last = .useless(zone: zone.zone, last: observation.query.server, message.header.responseCode)
        }
      }
    }
    return .failed(last)
  }

  private func askAny(
    of zone: ZoneServers, _ name: DomainName, _ type: RRType, _ errand: Errand, _ knowledge: inout Knowledge
  ) -> Found<Message> {
    switch observeAny(of: zone, name, type, errand, &knowledge) {
    case .pending: .pending
    case .failed(let why): .failed(why)
    case .found(let observation): observation.message.map(Found.found) ?? .failed(.noServer(zone: zone.zone))
    }
  }

  private static func batches(of servers: [NamedServer]) -> [(servers: ArraySlice<NamedServer>, isHasty: Bool)] {
    var batches: [(servers: ArraySlice<NamedServer>, isHasty: Bool)] = []
    if servers.count > 1 {
      var rest = servers[...]
      var width = 1
      while !rest.isEmpty {
        batches.append((rest.prefix(width), true))
        rest = rest.dropFirst(width)
        width *= 2
      }
    }
    return batches + [(servers[...], false)]
  }

  /// Whether a reply comes from a server that answers for `zone`: with authority, or by sending the asker down, never up.
  private static func isUsable(_ message: Message, from zone: DomainName, _ name: DomainName) -> Bool {
    guard message.obstacleToReading == nil else { return false }
    if message.header.authoritative { return true }
    return message.authorities.contains { $0.type == .ns && $0.name.isBelow(zone) && name.isAtOrBelow($0.name) }
  }
}
