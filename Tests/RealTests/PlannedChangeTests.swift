import RealServers
import Testing

/// A migration of www.agency.gov from two addresses to another, announced for four minutes from ten o'clock, replayed with
/// servers that change when they do: NSD and BIND follow the primary, Unbound remembers for the old TTL of five minutes.
@Suite("A planned migration, minute by minute", .serialized) struct PlannedMigrationTests {
  private static let stage = Stage(.init(signed: false, powerDNS: false))
  private static let (name, new) = ("www.agency.gov.", "198.51.100.80")
  private static let changes = """
    changes:
      - name: www.agency.gov
        type: A
        to: \(new)
        from: 2026-12-01T10:00Z
        until: 2026-12-01T10:04Z
        ticket: CHG-1042

    """

  /// Minutes from ten o'clock on.
  private static func time(_ minute: Int) -> String {
    let (hour, rest) = minute < 0 ? (9, 60 + minute) : (10, minute)
    return "2026-12-01T\(hour < 10 ? "0" : "")\(hour):\(rest < 10 ? "0" : "")\(rest):00Z"
  }

  private func owner(_ hierarchy: Hierarchy, resolvers: Bool = true, planned: Bool = true) throws -> Owner {
    try Owner(hierarchy, Owner.Intentions(resolvers: resolvers, further: planned ? Self.changes : ""))
  }

  private func migrate(_ hierarchy: Hierarchy) async throws {
    try await hierarchy.editChild(flushing: false) { $0.replace(Self.name, "A", with: [Self.new]) }
  }

  private func restoring(_ body: (Hierarchy) async throws -> Void) async throws {
    let hierarchy = try await Self.stage.hierarchy
    let outcome: Result<Void, any Error>
    do { outcome = .success(try await body(hierarchy)) } catch { outcome = .failure(error) }
    try await hierarchy.restore()
    try outcome.get()
  }

  private func expected(_ check: String, _ resolvers: [Spot] = []) -> [Expected] {
    each(Spot.authoritative + resolvers, check, Self.name, "A", "replaced")
  }

  @Test func `it is silent from before its window until the last cache has forgotten`() async throws {
    try await restoring { hierarchy in
      let owner = try owner(hierarchy)
      for minute in -3...12 {
        switch minute {
        case 1:
          // One server alone begins.
          try await hierarchy.edit(only: .nsd, flushing: false) { $0.replace(Self.name, "A", with: [Self.new]) }
          #expect(try await dig(hierarchy.bind.address, Self.name, "A") != Self.new)
        case 3:
          try await migrate(hierarchy)
          try await hierarchy.thaw(.nsd)
        // Until 10:09 a cache may hold what was.
        case 9: try await hierarchy.flush()
        default: break
        }
        let unbound = try #require(hierarchy.unbound)
        let cached = try await dig(unbound.address, Self.name, "A")
        #expect(cached.contains(Self.new) == (minute >= 9), "Unbound remembers at minute \(minute): \(cached)")
        try await owner.finds([], "--now", Self.time(minute), when: "minute \(minute)")
      }
    }
  }

  @Test func `without the plan it is told at once`() async throws {
    try await restoring { hierarchy in
      let owner = try owner(hierarchy, planned: false)
      try await owner.finds([], "--now", Self.time(0))
      try await hierarchy.editChild { $0.replace(Self.name, "A", with: [Self.new]) }
      let found = expected("record-differs") + each([.unbound], "resolver-differs", Self.name, "A", "replaced")
      try await owner.finds(found, "--now", Self.time(1))
    }
  }

  @Test func `a change before its window is told as early, with its ticket`() async throws {
    try await restoring { hierarchy in
      let owner = try owner(hierarchy)
      try await hierarchy.editChild { $0.replace(Self.name, "A", with: [Self.new]) }
      let document = try await owner.finds(expected("change-early", [.unbound]), "--now", Self.time(-1))
      #expect(document.findings.allSatisfy { $0.intended.contains { $0.contains("CHG-1042") } }, "\(document.findings)")
      try await owner.finds([], "--now", Self.time(0))
    }
  }

  @Test func `another value than the announced one is told inside the window, too`() async throws {
    try await restoring { hierarchy in
      let owner = try owner(hierarchy, resolvers: false)
      try await hierarchy.edit(only: .bind) { $0.replace(Self.name, "A", with: ["203.0.113.66"]) }
      try await owner.finds([Expected("record-differs", Self.name, "A", "replaced", at: .bind)], "--now", Self.time(2))
    }
  }

  @Test func `who still serves the old value after the window is named`() async throws {
    try await restoring { hierarchy in
      let owner = try owner(hierarchy, resolvers: false)
      try await hierarchy.freeze(.nsd)
      try await migrate(hierarchy)
      try await owner.finds([], "--now", Self.time(4), when: "at the end of the window")
      let stale = Expected("servers-disagree", Hierarchy.child, "SOA", "replaced", at: .nsd)
      let overdue = Expected("change-overdue", Self.name, "A", "replaced", at: .nsd)
      try await owner.finds([overdue, stale], "--now", Self.time(5), when: "after the window")
    }
  }

  @Test func `a resolver that remembers for longer than the old TTL is named`() async throws {
    try await restoring { hierarchy in
      let owner = try owner(hierarchy)
      let unbound = try #require(hierarchy.unbound)
      try await hierarchy.flush()
      #expect(try await dig(unbound.address, Self.name, "A").contains("192.0.2.80"))
      try await migrate(hierarchy)
      try await owner.finds([], "--now", Self.time(9), when: "as the old TTL ends")
      try await owner.finds(
        [Expected("change-overdue", Self.name, "A", "replaced", at: .unbound)], "--now", Self.time(10), when: "after the old TTL")
    }
  }
}
