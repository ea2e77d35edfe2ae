import RealServers
import Testing

/// One zone file against its servers. Everything that an audit of a declaration finds at the authoritative servers it finds too:
/// there the records were compared one by one, here they were only counted where they are as declared.
@Suite("nameward audit --zone, at real servers", .serialized) struct ZoneAuditTests {
  private static let stage = Stage(.init(signed: false, unbound: false))
  private static let lossy = Stage(.init(signed: false, unbound: false, loss: 0.05))

  private static let all: [Planted] =
    RecordChange.allCases.map(\.atPrimary)
    + RecordChange.allCases.enumerated().map { $1.at($0 % 2 == 0 ? .nsd : .bind) }
    + Planted.servers.filter { ["NSD is lame", "BIND is lame"].contains($0.says) }

  private static func audit(_ hierarchy: Hierarchy, _ more: [String] = []) async throws -> Executable.Ending {
    let place = try Scratch()
    try place.write(hierarchy.initial.child.text, to: "zone")
    let servers = try Spot.authoritative.map { try $0.address(in: hierarchy) }
    return try await Executable.run(
      ["audit", "--zone", "zone", "--origin", "agency.gov", "--server"] + servers + ["--no-limits", "--format", "json"] + more,
      in: place.path)
  }

  private static func check(_ planted: Planted, in hierarchy: Hierarchy) async throws {
    try await planted.change(hierarchy)
    let outcome: Result<Executable.Ending, any Error>
    do { outcome = .success(try await audit(hierarchy)) } catch { outcome = .failure(error) }
    try await planted.undo(hierarchy)
    try await hierarchy.restore()
    let ending = try outcome.get()
    let document = try AuditDocument(ending.output)
    document.addUp()
    // Who stands in the delegation, and what resolvers say, is not asked.
    let expected = try planted.expected.filter {
      ["record-differs", "servers-disagree", "server-lame", "name-server-unreachable"].contains($0.check)
    }
    .map { try $0.row(in: hierarchy) }.sorted()
    let found = document.findings.map(\.row).sorted()
    #expect(found == expected, "\(Planted.difference(found, expected))\n\(Planted.words(document))")
    #expect(ending.status == planted.code, "\(ending.talk)")
    #expect((document.totals.mismatch > 0) == (planted.code == 3))
  }

  @Test(arguments: all) func `finds what was planted and no more`(planted: Planted) async throws {
    try await Self.check(planted, in: Self.stage.hierarchy)
  }

  @Test(arguments: [RecordChange.replacesMX, .addsA, .removesTXT].map(\.atPrimary))
  func `finds the same where one in twenty datagrams is lost, each way`(planted: Planted) async throws {
    let hierarchy = try await Self.lossy.hierarchy
    let before = hierarchy.lostDatagrams
    try await Self.check(planted, in: hierarchy)
    #expect(hierarchy.lostDatagrams > before)
  }

  @Test func `as intended: all is counted, whatever the number of threads, and without absences it is less`() async throws {
    let hierarchy = try await Self.stage.hierarchy
    var expected: Set<Int> = []
    for threads in ["1", "2", "3"] {
      let ending = try await Self.audit(hierarchy, ["--threads", threads])
      #expect(ending.status == 0 && ending.talk.isEmpty, "\(ending.talk)")
      let document = try AuditDocument(ending.output)
      document.addUp()
      #expect(document.findings.isEmpty)
      #expect(document.totals.match == document.totals.expected)
      expected.insert(document.totals.expected)
    }
    #expect(expected.count == 1)
    let less = try AuditDocument(try await Self.audit(hierarchy, ["--no-absences"]).output)
    #expect(less.totals.match == less.totals.expected)
    #expect(less.totals.expected < expected.min() ?? 0)
  }

  @Test func `with a name, only what is at it or below it is asked for`() async throws {
    let hierarchy = try await Self.stage.hierarchy
    let planted = RecordChange.replacesMX.atPrimary
    try await planted.change(hierarchy)
    let (whole, narrow) = (try await Self.audit(hierarchy), try await Self.audit(hierarchy, ["www.agency.gov"]))
    try await hierarchy.restore()
    #expect(whole.status == 3)
    #expect(narrow.status == 0, "\(narrow.talk)")
    let (all, few) = (try AuditDocument(whole.output).totals, try AuditDocument(narrow.output).totals)
    #expect(few.expected > 0 && few.expected < all.expected / 3)
  }
}
