import RealServers
import Testing

/// Declarations for a hierarchy whose answers vary: as narrow as an owner would write them.
enum Proper {
  static let geo = Owner.Said("geo", "A", "{within: [198.51.100.0/24]}")
  static let near = Owner.Said("near", "A", "{anyOf: [192.0.2.91, 192.0.2.92], atMost: 1}")
  static let pool = Owner.Said("pool", "A", "{anyOf: $pool, atLeast: 2}")
  static let shop = Owner.Said("shop", "CNAME", "{endsIn: [cdn.test]}")
  static let groups = "groups: {pool: [\((101...106).map { "192.0.2.\($0)" }.joined(separator: ", "))]}\n"

  /// What is proper for every name, with these in the place of those of the same name.
  static func intentions(_ other: Owner.Said..., resolvers: Bool = false) -> Owner.Intentions {
    var intentions = Owner.Intentions(resolvers: resolvers, unsignedChild: false, further: groups)
    let names = Set(other.map(\.name))
    // A group that nobody uses is told.
    intentions.said = [geo, near, pool, shop].filter { !names.contains($0.name) } + other
    if names.contains("pool") { intentions.further = "" }
    return intentions
  }

  /// The pool as each server gives another part of it.
  static func divide(_ hierarchy: Hierarchy) async throws {
    try await hierarchy.edit(only: .nsd) { $0.replace("pool.agency.gov.", "A", with: ["192.0.2.101", "192.0.2.103"]) }
    try await hierarchy.edit(only: .bind) { zone in
      zone.replace("pool.agency.gov.", "A", with: ["192.0.2.102", "192.0.2.104", "192.0.2.106"])
    }
  }
}

extension Planted {
  static let foreign = "203.0.113.66"

  /// A foreign value in the mix at one server; answers vary meanwhile.
  static let mixedIn: [Planted] = [
    Planted(
      says: "a foreign address beside each that the primary steers to", intentions: Proper.intentions(),
      change: { hierarchy in
        try await Proper.divide(hierarchy)
        try await hierarchy.steer(
          SteeredName("geo.agency.gov.", (1...3).map { .weight(1, ["198.51.100.\($0)", foreign]) }))
      }, expected: alone("geo.agency.gov.", "A", "added", at: .primary)),
    Planted(
      says: "a foreign address in the place of what the primary gives to whom is near", intentions: Proper.intentions(),
      change: { try await $0.steer(SteeredName("near.agency.gov.", [.from(prefix: "127.0.0.0/8", [foreign])])) },
      expected: alone("near.agency.gov.", "A", "replaced", at: .primary)),
    Planted(
      says: "a foreign address at a secondary of the steered name", intentions: Proper.intentions(),
      change: { try await $0.edit(only: .nsd) { $0.add("geo.agency.gov.", "A", foreign) } },
      expected: alone("geo.agency.gov.", "A", "added", at: .nsd)),
    Planted(
      says: "a foreign address in the pool of one server", intentions: Proper.intentions(),
      change: { hierarchy in
        try await Proper.divide(hierarchy)
        try await hierarchy.edit(only: .bind) { $0.add("pool.agency.gov.", "A", foreign) }
      }, expected: alone("pool.agency.gov.", "A", "added", at: .bind)),
    Planted(
      says: "a resolver is poisoned with a foreign address", intentions: Proper.intentions(resolvers: true),
      change: { try await $0.unbound?.poison("geo.agency.gov.", with: ["geo.agency.gov. 60 IN A \(foreign)"]) },
      undo: { try await $0.unbound?.cure("geo.agency.gov.") },
      expected: [Expected("resolver-differs", "geo.agency.gov.", "A", "replaced", at: .unbound)]),
    Planted(
      says: "a foreign link at the beginning of a chain, at one server", intentions: Proper.intentions(),
      change: { try await $0.edit(only: .nsd) { $0.replace("shop.agency.gov.", "CNAME", with: ["www.foreign.test."]) } },
      expected: alone("shop.agency.gov.", "CNAME", "replaced", at: .nsd)),
    Planted(
      says: "a foreign link in the middle of a chain", intentions: Proper.intentions(resolvers: true),
      change: { try await $0.editNetwork { $0.replace("shop.edge.cdn.test.", "CNAME", with: ["www.foreign.test."]) } },
      expected: [
        Expected("alias-chain-differs", "shop.agency.gov.", "CNAME", "replaced", at: .powerDNS),
        Expected("resolver-differs", "shop.agency.gov.", "CNAME", "replaced", at: .unbound),
      ]),
    Planted(
      says: "a foreign link in the middle of a chain that comes back to the network", intentions: Proper.intentions(),
      change: { hierarchy in
        try await hierarchy.editNetwork { $0.replace("shop.edge.cdn.test.", "CNAME", with: ["loop.foreign.test."]) }
      }, expected: [Expected("alias-chain-differs", "shop.agency.gov.", "CNAME", "replaced", at: .powerDNS)]),
    Planted(
      says: "a foreign address at the end of a chain whose addresses are declared",
      intentions: Proper.intentions(Owner.Said("shop", "A", "{endsIn: [cdn.test], within: [198.51.100.0/24]}"), resolvers: true),
      change: { try await $0.editNetwork { $0.add("node7.pop.cdn.test.", "A", foreign) } },
      expected: [
        Expected("alias-chain-differs", "shop.agency.gov.", "A", "added", at: .powerDNS),
        Expected("resolver-differs", "shop.agency.gov.", "A", "added", at: .unbound),
      ]),
  ]
}

@Suite("Names whose answers vary, with a proper declaration", .serialized) struct ToleranceTests {
  private static let stage = Stage(.init(signed: false, delivery: true))

  @Test func `a proper declaration gives no finding, however often it is asked`() async throws {
    let hierarchy = try await Self.stage.hierarchy
    try await Proper.divide(hierarchy)
    let owner = try Owner(hierarchy, Proper.intentions(resolvers: true))
    for run in 1...20 {
      try await owner.finds([], when: "run \(run)")
      // As if the short TTLs had run out.
      try await hierarchy.flush()
    }
    try await hierarchy.restore()
  }

  @Test func `exact sets of the same names are findings, so the answers do vary`() async throws {
    let hierarchy = try await Self.stage.hierarchy
    try await Proper.divide(hierarchy)
    let owner = try Owner(hierarchy, Owner.Intentions(resolvers: false, unsignedChild: false))
    let ending = try await owner.audit("--no-state")
    #expect(ending.status == 3)
    let found = Set(try AuditDocument(ending.output).findings.map(\.name))
    #expect(found.isSuperset(of: ["pool.agency.gov."]))
    #expect(found.isSubset(of: ["pool.agency.gov.", "geo.agency.gov."]))
    try await hierarchy.restore()
  }

  @Test(arguments: Planted.mixedIn) func `what is foreign is found where it is, and nothing else`(planted: Planted) async throws {
    try await planted.audit(in: Self.stage.hierarchy)
  }
}
