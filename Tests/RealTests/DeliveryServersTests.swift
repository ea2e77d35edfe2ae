import Names
import RealServers
import Testing

/// The names whose answers vary, as the servers give them: what the tests of tolerance stand on.
@Suite("Names on loopback whose answers vary", .serialized) struct DeliveryServersTests {
  private static let stage = Stage(.init(signed: false, delivery: true))

  /// The first address of each of so many answers.
  private func first(_ count: Int, _ server: any RealServer, _ name: String, from asker: String = "127.0.0.1") async throws
    -> [String]
  {
    var firsts: [String] = []
    for _ in 0..<count {
      firsts.append(String(try await dig(server.address, name, "A", "-b", asker).split(separator: "\n").first ?? "none"))
    }
    return firsts
  }

  @Test func `a name is steered by chance at the primary, and nowhere else`() async throws {
    let hierarchy = try await Self.stage.hierarchy
    #expect(try await Set(first(40, hierarchy.primary, "geo.agency.gov.")).count > 1)
    #expect(try await Set(first(10, hierarchy.nsd, "geo.agency.gov.")) == ["198.51.100.1"])
  }

  @Test func `a name is steered by who asks`() async throws {
    let hierarchy = try await Self.stage.hierarchy
    let unbound = try #require(hierarchy.unbound).address.address
    #expect(try await first(1, hierarchy.primary, "near.agency.gov.") == ["192.0.2.91"])
    #expect(try await first(1, hierarchy.primary, "near.agency.gov.", from: "\(unbound)") == ["192.0.2.92"])
  }

  @Test func `a name of six addresses rotates`() async throws {
    let hierarchy = try await Self.stage.hierarchy
    #expect(try await Set(first(30, hierarchy.nsd, "pool.agency.gov.")).count > 1)
    #expect(try await Set(first(30, hierarchy.bind, "pool.agency.gov.")).count > 1)
  }

  @Test func `an alias leads through the network to its addresses`() async throws {
    let hierarchy = try await Self.stage.hierarchy
    let unbound = try #require(hierarchy.unbound)
    func chain() async throws -> [String] {
      try await dig(unbound.address, "shop.agency.gov.", "A").split(separator: "\n").map(String.init)
    }
    let found = try await chain()
    #expect(found.prefix(2) == ["shop.edge.cdn.test.", "node7.pop.cdn.test."])
    #expect(found.dropFirst(2).sorted() == ["198.51.100.7", "198.51.100.8"])
    try await hierarchy.editNetwork { $0.replace("shop.edge.cdn.test.", "CNAME", with: ["node7.pop.evil.test."]) }
    #expect(try await chain().prefix(2) == ["shop.edge.cdn.test.", "node7.pop.evil.test."])
    try await hierarchy.restore()
    #expect(try await chain().count == 4)
  }

  @Test func `what is steered can be changed, and is put back`() async throws {
    let hierarchy = try await Self.stage.hierarchy
    try await hierarchy.steer(SteeredName("geo.agency.gov.", [.weight(1, ["203.0.113.66"])]))
    #expect(try await first(3, hierarchy.primary, "geo.agency.gov.") == Array(repeating: "203.0.113.66", count: 3))
    #expect(try await first(1, hierarchy.primary, "near.agency.gov.") == ["192.0.2.91"])
    try await hierarchy.restore()
    #expect(try await !first(20, hierarchy.primary, "geo.agency.gov.").contains("203.0.113.66"))
  }
}
