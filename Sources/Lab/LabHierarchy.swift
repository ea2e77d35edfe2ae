public import DNSWire
public import Names

/// A small Internet on loopback: a root, a top-level domain, a victim with two name servers, a hijacker's server, and perhaps a
/// resolver; one port, an address each. What an attacker changes is changed here, and put back.
///
/// A class because it owns servers; it must be stopped.
public final class LabHierarchy: Sendable {
  /// Who sits at which address.
  public enum Seat: Int, Hashable, Sendable, CaseIterable {
    case root = 1
    case topLevel, first, second, hijacker, resolver

    /// 127.83.0.1 and on. Hierarchies that run at the same time differ by port.
    public var address: IPAddress { .v4(0x7F53_0000 + UInt32(rawValue)) }
  }

  /// Why a hierarchy cannot be made or changed.
  public enum Refusal: Error, Equatable {
    /// The victim's zone must stand two labels or more below the root, so that a parent has room between.
    case tooHigh(DomainName)
    /// None of the servers meant holds such a zone.
    case noSuchZone(DomainName)
  }

  public let victim: DomainName
  /// The zone that delegates the victim's.
  public let parent: DomainName
  public let port: UInt16
  private let servers: [Seat: LabServer]
  private let intended: [Seat: [Zone]]

  private init(_ plan: Plan, _ servers: [Seat: LabServer], port: UInt16) {
    (victim, parent, intended) = (plan.victim, plan.parent, plan.zones)
    (self.servers, self.port) = (servers, port)
  }

  /// Starts the servers.
  ///
  /// - Parameters:
  ///   - zone: The victim's zone. Its name servers' addresses must be those of ``Seat/first`` and ``Seat/second``; the parent delegates
  ///     as the zone itself says. ``sampleZone(_:)`` is one.
  ///   - ds: The victim's DS records at the parent.
  /// - Throws: ``Refusal``, or what ``LabServer/start(on:port:_:)`` throws.
  public static func start(_ zone: Zone, ds: [RData] = [], port: UInt16 = 0, resolver: Bool = true) async throws -> LabHierarchy {
    let plan = try Plan(zone, ds: ds)
    let seats = Seat.allCases.filter { $0 != .resolver }
    var started = try await LabServer.start(on: seats.map(\.address), port: port) { address in
      let seat = seats.first { $0.address == address }
      var authority = Authority(zones: seat.flatMap { plan.zones[$0] } ?? [], identifier: "\(address)")
      // As a well-kept agency's.
      authority.allowsTransfer = false
      return authority
    }
    let port = started[0].address.port
    var servers = Dictionary(uniqueKeysWithValues: zip(seats, started))
    if resolver {
      let role = LabResolver(roots: [Seat.root.address], servers: started)
      do {
        let server = try await LabServer.start(
          on: SocketAddress(address: Seat.resolver.address, port: port), .resolver(role))
        servers[.resolver] = server
        started.append(server)
      } catch {
        for server in started { await server.stop() }
        throw error
      }
    }
    return LabHierarchy(plan, servers, port: port)
  }

  public func stop() async {
    for server in servers.values { await server.stop() }
  }

  /// The server of a seat; `nil` for a resolver that was not asked for.
  public subscript(_ seat: Seat) -> LabServer? { servers[seat] }

  /// Where a seat listens.
  public func address(of seat: Seat) -> SocketAddress { SocketAddress(address: seat.address, port: port) }

  /// Puts an RRset in the place of another in every copy of a zone, or in those of some seats; none removes it.
  ///
  /// - Parameter advancesSerial: Whether the SOA moves on, as it does when a change goes through the owner's own account.
  /// - Throws: ``Refusal/noSuchZone(_:)``, or ``Zone/Fault`` for a name outside the zone.
  public func replace(
    _ name: DomainName, _ type: RRType, with rdata: [RData], ttl: UInt32? = nil, in apex: DomainName,
    at seats: [Seat] = Seat.allCases, advancesSerial: Bool = true
  ) throws {
    let holders = seats.filter { servers[$0]?.authority.zones[apex] != nil }
    guard !holders.isEmpty else { throw Refusal.noSuchZone(apex) }
    for seat in holders {
      try servers[seat]?.change { authority in
        guard var zone = authority.zones[apex] else { return }
        try zone.replace(name, type, with: rdata, ttl: ttl)
        if advancesSerial { zone.advanceSerial() }
        authority.put(zone)
      }
    }
  }

  /// Delegates the victim to other name servers, as a change at the registry does: NS and glue at the parent. An address of a host
  /// outside the parent's zone goes into the root's, so that everybody finds it.
  public func delegate(to hosts: [(name: DomainName, addresses: [IPAddress])]) throws {
    try replace(victim, .ns, with: hosts.map { NS(nameServer: $0.name).rdata }, in: parent)
    for host in hosts {
      let zone = host.name.isAtOrBelow(parent) ? parent : .root
      for (type, isV6) in [(RRType.a, false), (.aaaa, true)] {
        let rdata = host.addresses.filter { $0.isV6 == isV6 }.map { RData.address($0) }
        try replace(host.name, type, with: rdata, in: zone)
      }
    }
  }

  /// Serves a zone at a seat: the hijacker's copy of the victim's, a stale secondary.
  public func serve(_ zone: Zone, at seat: Seat) { servers[seat]?.put(zone) }

  /// Puts everything back as it was at the start, and ends all faults.
  public func restore() async throws {
    for (seat, server) in servers {
      server.put(only: intended[seat] ?? [])
      try await server.setFaults([])
    }
  }
}
