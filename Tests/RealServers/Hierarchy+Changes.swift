/// What tests do to a running hierarchy. Each returns when the change is served where it was made; caches are emptied then, as
/// if every TTL had run out, unless told otherwise.
extension Hierarchy {
  /// Changes the root zone.
  public func editRoot(flushing: Bool = true, _ change: (inout Zone) throws -> Void) async throws {
    try await edit(root, ".", change)
    if flushing { try await flush() }
  }

  /// Changes the TLD: delegations, glue, DS records.
  public func editTLD(flushing: Bool = true, _ change: (inout Zone) throws -> Void) async throws {
    try await edit(tld, Hierarchy.tld, change)
    if flushing { try await flush() }
  }

  /// Changes `agency.gov.` at its primary, which signs it anew, and waits until the secondaries that follow it have it.
  ///
  /// - Parameter awaitingSecondaries: False returns when the primary serves the change.
  public func editChild(
    awaitingSecondaries: Bool = true, flushing: Bool = true, _ change: (inout Zone) throws -> Void
  ) async throws {
    try await edit(primary, Hierarchy.child, change)
    if awaitingSecondaries { try await follow() }
    if flushing { try await flush() }
  }

  /// Changes `unsigned.gov.` at PowerDNS.
  public func editUnsignedChild(flushing: Bool = true, _ change: (inout Zone) throws -> Void) async throws {
    try await editPowerDNS(Hierarchy.unsignedChild, change)
    if flushing { try await flush() }
  }

  /// Changes `cdn.test.` at PowerDNS.
  public func editNetwork(flushing: Bool = true, _ change: (inout Zone) throws -> Void) async throws {
    try await editPowerDNS(Hierarchy.network, change)
    if flushing { try await flush() }
  }

  /// Steers one name otherwise.
  public func steer(_ name: SteeredName, flushing: Bool = true) async throws {
    try await primary.steer(steered.filter { $0.name != name.name } + [name])
    if flushing { try await flush() }
  }

  /// Changes `agency.gov.` at one secondary only, which follows the primary no longer. The serial stays, so that only a look
  /// at the data shows it; signatures are as they were.
  public func edit(only secondary: Secondary, flushing: Bool = true, _ change: (inout Zone) throws -> Void) async throws {
    let server = server(secondary)
    var zone = try await server.transfer(Hierarchy.child)
    try change(&zone)
    try await server.reload(zone)
    if flushing { try await flush() }
  }

  /// Makes a secondary stale from now on: it keeps serving what it has and follows no change.
  public func freeze(_ secondary: Secondary) async throws {
    try await edit(only: secondary) { _ in }
  }

  /// Makes a secondary follow the primary again, and waits until it has.
  public func thaw(_ secondary: Secondary) async throws {
    try await server(secondary).serve([followed])
    try await follow()
  }

  /// Makes a secondary lame: it runs and serves no zone.
  public func makeLame(_ secondary: Secondary) async throws {
    try await server(secondary).serve([])
    try await flush()
  }

  /// Puts everything back as it was at the start: zones, secondaries that follow, servers that were stopped, caches.
  ///
  /// Serials go on. What a resolver was poisoned with stays until ``UnboundServer/cure(_:)``.
  public func restore() async throws {
    for server in servers { try await server.start() }
    try await editRoot(flushing: false) { $0 = initial.root }
    try await editTLD(flushing: false) { $0 = initial.tld }
    try await edit(primary, Hierarchy.child) { $0 = initial.child }
    if powerDNS != nil { try await editPowerDNS(Hierarchy.unsignedChild) { $0 = initial.unsigned } }
    if !steered.isEmpty {
      try await primary.steer(steered)
      try await editPowerDNS(Hierarchy.network) { $0 = initial.network }
    }
    for secondary in Secondary.allCases where try await !isFollowing(secondary) {
      try await server(secondary).serve([followed])
    }
    try await follow()
    try await flush()
  }

  /// Empties the resolvers' caches.
  public func flush() async throws {
    for resolver in resolvers { try await resolver.flush() }
  }

  public func server(_ secondary: Secondary) -> any SecondaryServer {
    switch secondary {
    case .nsd: nsd
    case .bind: bind
    }
  }

  /// Where secondaries take the zone from.
  private var followed: ZoneSource {
    get throws { .transfer(origin: Hierarchy.child, from: try Endpoint(loopback[Host.primary], serverPort)) }
  }

  private func edit(_ server: KnotServer, _ origin: String, _ change: (inout Zone) throws -> Void) async throws {
    var zone = try await server.contents(of: origin)
    try change(&zone)
    try await server.reload(zone)
  }

  private func editPowerDNS(_ origin: String, _ change: (inout Zone) throws -> Void) async throws {
    guard let powerDNS else { throw ServerFault.notInHierarchy("PowerDNS") }
    var zone = try await powerDNS.contents(of: origin)
    let serial = zone.serial
    try change(&zone)
    zone.serial = serial &+ 1
    try await powerDNS.reload(zone)
  }

  private func isFollowing(_ secondary: Secondary) async throws -> Bool {
    let server = server(secondary)
    guard await server.processIdentifier != nil else { return false }
    return await server.sources.contains { if case .transfer = $0 { true } else { false } }
  }

  /// Waits until the secondaries that follow the primary have its serial.
  private func follow() async throws {
    guard let serial = try await primary.serial(of: Hierarchy.child) else { return }
    for secondary in Secondary.allCases where try await isFollowing(secondary) {
      try await server(secondary).follow(Hierarchy.child, to: serial)
    }
  }
}
