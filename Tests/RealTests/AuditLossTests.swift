import RealServers
import Testing

/// The relays lose datagrams of both ways between the audit and every server, resolvers included. A lost datagram is never a
/// record that is missing: with enough attempts the findings are those of a network that loses nothing.
@Suite("An audit of real servers, with loss", .serialized) struct AuditLossTests {
  private static let fifth = Stage(.init(signed: false, bindResolver: true, loss: 0.2))
  private static let half = Stage(.init(signed: false, bindResolver: true, loss: 0.5))

  /// An attempt fails with 0.36. All 16 fail once in ten million questions.
  static let patient = ["retries": "15", "timeout": "200ms"]

  private static let representative: [Planted] =
    [.asIntended]
    + [RecordChange.replacesA, .addsAAAA, .replacesMX, .removesNS, .addsTXT, .removesCAA].map(\.atPrimary)
    + [RecordChange.replacesMX.at(.nsd), RecordChange.addsA.at(.bind)]
    + Planted.parent.filter { ["the parent's NS RRset has one less", "a glue address removed"].contains($0.says) }
    + Planted.parent.filter { $0.says.hasPrefix("a glue address replaced") }
    + Planted.servers.filter { ["NSD is lame", "NSD is down", "PowerDNS serves another MX"].contains($0.says) }
    + [.poisoned]

  @Test(arguments: representative)
  func `at 20 % it finds what was planted and no more`(planted: Planted) async throws {
    let hierarchy = try await Self.fifth.hierarchy
    var planted = planted
    planted.intentions.network.merge(Self.patient) { $1 }
    let before = hierarchy.lostDatagrams
    try await planted.audit(in: hierarchy)
    #expect(hierarchy.lostDatagrams > before)
  }

  @Test(arguments: [nil, RecordChange.replacesMX])
  func `at 50 % it never takes a lost answer for a departure`(change: RecordChange?) async throws {
    let hierarchy = try await Self.half.hierarchy
    if let change { try await hierarchy.editChild { change.apply(to: &$0) } }
    let owner = try Owner(hierarchy, .init(network: ["retries": "20", "timeout": "250ms"]))
    let ending = try await owner.audit()
    try await hierarchy.restore()
    let document = try AuditDocument(ending.output)
    document.addUp()
    #expect(hierarchy.lostDatagrams > 100)
    let expected = try (change?.atPrimary.expected ?? []).map { try $0.row(in: hierarchy) }
    let departures = document.findings.filter { $0.verdict == "mismatch" }.map(\.row)
    #expect(Set(departures).isSubset(of: expected))
    // All 21 attempts are lost once in 420 questions; about 200 are asked. Each is could not tell, and told as such.
    #expect(document.totals.couldNotTell <= 5, "\(document.totals)")
    #expect(departures.count >= expected.count - document.totals.couldNotTell)
    #expect(ending.status == (change != nil ? 3 : document.totals.couldNotTell > 0 ? 4 : 0))
  }
}
