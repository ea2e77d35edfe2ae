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

  /// All 21 attempts of a question are lost once in 420 questions, and about 200 are asked. The server is then taken for silent, and what
  /// else it should have answered is not asked: how much cannot be told is luck, so a pass that could tell nearly all may be the third.
  @Test(arguments: [nil, RecordChange.replacesMX])
  func `at 50 % it never takes a lost answer for a departure`(change: RecordChange?) async throws {
    let hierarchy = try await Self.half.hierarchy
    if let change { try await hierarchy.editChild { change.apply(to: &$0) } }
    let expected = try Set((change?.atPrimary.expected ?? []).map { try $0.row(in: hierarchy) })
    let owner = try Owner(hierarchy, .init(network: ["retries": "20", "timeout": "250ms"]))
    var (untold, departures) = (Int.max, Set<Row>())
    for _ in 0..<3 where untold > 5 {
      let ending = try await owner.audit()
      let document = try AuditDocument(ending.output)
      document.addUp()
      departures = Set(document.findings.filter { $0.verdict == "mismatch" }.map(\.row))
      #expect(departures.isSubset(of: expected))
      for unknown in document.findings where unknown.verdict == "couldNotTell" {
        #expect(["no answer to", "not asked", "resolvers answered"].contains { unknown.reason.contains($0) }, "\(unknown)")
      }
      untold = document.totals.couldNotTell
      #expect(ending.status == (!departures.isEmpty ? 3 : untold > 0 ? 4 : 0))
    }
    try await hierarchy.restore()
    #expect(hierarchy.lostDatagrams > 100)
    #expect(untold <= 5)
    #expect(departures.count >= expected.count - untold)
  }
}
