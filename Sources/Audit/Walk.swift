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
/// A delegation may be hostile: of one zone at most ``mostServers`` addresses are asked, and names of servers are followed
/// at most ``mostDepth`` zones sideways.
struct Walk {
  static let mostServers = 32
  static let mostDepth = 6

  let network: Network
  let roots: [NamedServer]

  func server(_ address: IPAddress) -> Server {
    Server(address: SocketAddress(address: address, port: network.port))
  }

  /// The zone that delegates, or would delegate, `domain`, with every address of every one of its servers.
  func servers(above domain: DomainName, _ knowledge: inout Knowledge) -> Found<ZoneServers> {
    descend(towards: domain, labels: domain.labelCount - 1, depth: 0, &knowledge)
  }

  /// The deepest zone that holds `name`.
  func servers(enclosing name: DomainName, depth: Int = 0, _ knowledge: inout Knowledge) -> Found<ZoneServers> {
    descend(towards: name, labels: name.labelCount, depth: depth, &knowledge)
  }

  /// The addresses of a host, as the servers of its zone give them. Families that do not answer are left out.
  func addresses(of host: DomainName, depth: Int = 0, _ knowledge: inout Knowledge) -> Found<[IPAddress]> {
    var addresses: [IPAddress] = []
    var failure: DeadEnd?
    var isPending = false
    for type in network.ipv6 ? [RRType.a, .aaaa] : [.a] {
      switch self.addresses(of: host, type, depth: depth, &knowledge) {
      case .pending: isPending = true
      case .failed(let why): failure = why
      case .found(let found): addresses += found
      }
    }
    if isPending { return .pending }
    if addresses.isEmpty, let failure { return .failed(failure) }
    return .found(addresses)
  }

  /// The addresses of one family that the servers of the host's zone give.
  func addresses(of host: DomainName, _ type: RRType, depth: Int = 0, _ knowledge: inout Knowledge) -> Found<[IPAddress]> {
    guard depth < Self.mostDepth else { return .failed(.circular(host: host)) }
    switch servers(enclosing: host, depth: depth + 1, &knowledge) {
    case .pending: return .pending
    case .failed(let why): return .failed(why)
    case .found(let enclosing):
      switch askAny(of: enclosing, host, type, &knowledge) {
      case .pending: return .pending
      case .failed(let why): return .failed(why)
      case .found(let reply):
        let records = reply.answers.filter { $0.name == host && $0.type == type }
        return .found(records.compactMap { IPAddress(octets: $0.rdata.octets.span) })
      }
    }
  }

  /// Whether a name exists, as the servers of its zone say: true also where it has no record of the type asked for.
  func exists(_ name: DomainName, _ knowledge: inout Knowledge) -> Found<Bool> {
    switch servers(enclosing: name, &knowledge) {
    case .pending: .pending
    case .failed(let why): .failed(why)
    case .found(let zone):
      switch askAny(of: zone, name, .a, &knowledge) {
      case .pending: .pending
      case .failed(let why): .failed(why)
      case .found(let reply): .found(reply.header.responseCode != .nameError || !reply.answers.isEmpty)
      }
    }
  }

  private func descend(towards name: DomainName, labels last: Int, depth: Int, _ knowledge: inout Knowledge) -> Found<ZoneServers> {
    var here = ZoneServers(zone: .root, servers: roots)
    knowledge.note(roots.map { server($0.address).address }, of: .root)
    var labels = 1
    while labels <= last {
      let candidate = name.ancestor(labels: labels)
      labels += 1
      let reply: Message
      switch askAny(of: here, candidate, .ns, &knowledge) {
      case .pending: return .pending
      case .failed(let why): return .failed(why)
      case .found(let message): reply = message
      }
      let delegation = reply.delegation(of: candidate)
      if delegation.isEmpty {
        // RFC 8020: nothing exists below a name that does not exist.
        if reply.header.responseCode == .nameError { return .found(here) }
        continue
      }
      switch servers(of: candidate, delegation, reply, from: here.zone, depth: depth, &knowledge) {
      case .pending: return .pending
      case .failed(let why): return .failed(why)
      case .found(let servers):
        here = ZoneServers(zone: candidate, servers: servers)
        knowledge.note(servers.map { server($0.address).address }, of: candidate)
      }
    }
    return .found(here)
  }

  /// The addresses behind a delegation: glue where the delegating server may know it, looked up elsewhere.
  private func servers(
    of zone: DomainName, _ delegation: [ResourceRecord], _ reply: Message, from parent: DomainName, depth: Int,
    _ knowledge: inout Knowledge
  ) -> Found<[NamedServer]> {
    var servers: [NamedServer] = []
    var failure = DeadEnd.noServer(zone: zone)
    var isPending = false
    for host in delegation.compactMap({ NS($0.rdata)?.nameServer }) where servers.count < Self.mostServers {
      var addresses: [IPAddress] = []
      if host.isAtOrBelow(parent) {
        let glue = reply.glue(of: host, .a) + (network.ipv6 ? reply.glue(of: host, .aaaa) : [])
        addresses = glue.compactMap { IPAddress(octets: $0.octets.span) }
      }
      // A server whose name lies inside the zone can be found by glue only.
      if addresses.isEmpty, !host.isAtOrBelow(zone) {
        switch self.addresses(of: host, depth: depth + 1, &knowledge) {
        case .pending: isPending = true
        case .failed(let why): failure = why
        case .found(let found): addresses = found
        }
      }
      servers += addresses.map { NamedServer(name: host, address: $0) }
    }
    if isPending { return .pending }
    return servers.isEmpty ? .failed(failure) : .found(servers)
  }

  /// The first usable reply of a zone's servers, each asked when those before it were of no use.
  func askAny(of zone: ZoneServers, _ name: DomainName, _ type: RRType, _ knowledge: inout Knowledge) -> Found<Message> {
    var last = DeadEnd.noServer(zone: zone.zone)
    // Another server is asked before the same one is asked again; only when all were silent does each get all its attempts.
    let hasty = zone.servers.map { Query(name, type, at: self.server($0.address), isHasty: true) }
    let patient = zone.servers.map { Query(name, type, at: self.server($0.address)) }
    for query in hasty + patient {
      guard let observation = knowledge.ask(query) else { return .pending }
      switch observation.outcome {
      case .silent(let silence):
        last = .silent(zone: zone.zone, last: query.server, silence)
      case .replied(let message):
        if Self.isUsable(message, from: zone.zone, name) { return .found(message) }
        last = .useless(zone: zone.zone, last: query.server, message.header.responseCode)
      }
    }
    return .failed(last)
  }

  /// Whether a reply comes from a server that answers for `zone`: with authority, or by sending the asker down, never up.
  private static func isUsable(_ message: Message, from zone: DomainName, _ name: DomainName) -> Bool {
    guard message.header.responseCode == .noError || message.header.responseCode == .nameError else { return false }
    if message.header.authoritative { return true }
    return message.authorities.contains { $0.type == .ns && $0.name.isBelow(zone) && name.isAtOrBelow($0.name) }
  }
}
