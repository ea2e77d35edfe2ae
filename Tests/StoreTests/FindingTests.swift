import DNSWire
import Estate
import Foundation
import GRDB
import Names
import Testing

@testable import Store

@Suite("What changed since the last pass") struct Findings {
  let scratch: Scratch
  let store: Store
  let all = Scope(declaration: "nameward.yaml")

  init() throws {
    scratch = try Scratch()
    store = try Store(folder: scratch.state)
  }

  func at(_ minutes: Int64) -> Timestamp { Timestamp(seconds: 60 * minutes) }

  /// A record that was replaced; `owner` is at 192.0.2.53 unless told otherwise.
  func replaced(_ owner: String, by observed: String = "203.0.113.66", of place: Place? = nil) throws -> Finding {
    try finding(owner, .mismatch(.replaced([RData(type: .a, text: observed, origin: nil)])), [observed], of: place)
  }

  func untold(_ owner: String, of place: Place? = nil) throws -> Finding {
    try finding(owner, .couldNotTell(.silent(.timedOut(attempts: 3))), [], of: place)
  }

  func finding(_ owner: String, _ verdict: Verdict, _ observed: [String], of there: Place?) throws -> Finding {
    try Finding(
      "record-differs", .high, verdict, name(owner), .a, at: there ?? place(), intended: ["192.0.2.80"], observed: observed,
      since: Timestamp(seconds: 0))
  }

  func totals(_ findings: [Finding]) -> Totals {
    var totals = Totals(match: 10, mismatch: 0, couldNotTell: 0)
    for finding in findings { totals.count(finding.verdict) }
    return totals
  }

  func pass(_ minute: Int64, _ findings: [Finding], scope: Scope? = nil, unsettled: [Estate.Expectation] = []) throws
    -> PassChanges
  {
    try store.record(findings, unsettled: unsettled, scope: scope ?? all, totals: totals(findings), at: at(minute))
  }

  @Test func `new, then the same since then, then gone`() throws {
    let found = [try replaced("www.example.gov"), try untold("ftp.example.gov")]
    let first = try pass(1, found)
    #expect(first.standings == [.init(since: at(1), change: .new), .init(since: at(1), change: .new)])
    #expect(first.before == nil)
    let second = try pass(2, found)
    #expect(second.standings == [.init(since: at(1), change: .same), .init(since: at(1), change: .same)])
    #expect(second.gone.isEmpty)
    let third = try pass(3, [found[1]])
    #expect(third.standings == [.init(since: at(1), change: .same)])
    let gone = try #require(third.gone.first)
    #expect(third.gone.count == 1)
    #expect(
      gone
        == StoredFinding(
          check: "record-differs", severity: .high, name: try name("www.example.gov"), type: .a, place: try place(),
          how: .replaced,
          intended: ["192.0.2.80"], observed: ["203.0.113.66"], evidence: nil, since: at(1), lastSeen: at(2)))
    #expect(try store.openFindings(declaration: all.declaration).map(\.name) == [name("ftp.example.gov")])
    #expect(try pass(4, []).gone.map(\.how) == [nil])
    #expect(try pass(5, []).gone.isEmpty)
    // What comes back begins anew.
    #expect(try pass(6, [found[0]]).standings == [.init(since: at(6), change: .new)])
  }

  @Test func `a pass that found the same adds no row to any table`() throws {
    let found = try (0..<20).map { try $0 < 10 ? replaced("w\($0).example.gov") : untold("w\($0).example.gov") }
    _ = try pass(1, found)
    let before = try store.rowCounts()
    #expect(before["finding"] == 20)
    #expect(before["pass"] == 1)
    for minute in 2...10 { _ = try pass(Int64(minute), found.shuffled()) }
    #expect(try store.rowCounts() == before)
    #expect(try store.lastPass(all) == Pass(totals: totals(found), first: at(1), last: at(10), times: 10))
    #expect(try store.openFindings(declaration: all.declaration).allSatisfy { $0.since == at(1) && $0.lastSeen == at(10) })
  }

  @Test func `other totals or other findings are another pass`() throws {
    _ = try pass(1, [try replaced("www.example.gov")])
    _ = try pass(2, [try replaced("ftp.example.gov")])
    #expect(try store.rowCounts()["pass"] == 2)
    let more = try store.record(
      [replaced("ftp.example.gov")], scope: all, totals: Totals(match: 11, mismatch: 1, couldNotTell: 0), at: at(3))
    #expect(more.before?.last == at(2))
    #expect(try store.rowCounts()["pass"] == 3)
    #expect(try store.lastPass(all)?.totals.expected == 12)
    #expect(try store.lastPass(Scope(declaration: "another.yaml")) == nil)
  }

  @Test func `other values are the same finding, changed`() throws {
    _ = try pass(1, [try replaced("www.example.gov")])
    let changed = try pass(2, [try replaced("www.example.gov", by: "203.0.113.67")])
    #expect(changed.standings == [.init(since: at(1), change: .changed)])
    #expect(changed.gone.isEmpty)
    #expect(try store.openFindings(declaration: all.declaration).map(\.observed) == [["203.0.113.67"]])
    #expect(try store.rowCounts()["finding"] == 1)
    #expect(try pass(3, [try replaced("www.example.gov", by: "203.0.113.67")]).standings[0].change == .same)
  }

  @Test func `another manner is another finding`() throws {
    _ = try pass(1, [try replaced("www.example.gov")])
    let removed = try finding("www.example.gov", .mismatch(.removed([])), [], of: nil)
    let changes = try pass(2, [removed])
    #expect(changes.standings == [.init(since: at(2), change: .new)])
    #expect(changes.gone.map(\.how) == [.replaced])
  }

  @Test func `silence does not close a mismatch`() throws {
    _ = try pass(1, [try replaced("www.example.gov")])
    let silent = try pass(2, [try untold("www.example.gov")])
    #expect(silent.standings == [.init(since: at(2), change: .new)])
    #expect(silent.gone.isEmpty)
    #expect(silent.unconfirmed.map(\.how) == [.replaced])
    let back = try pass(3, [try replaced("www.example.gov")])
    #expect(back.standings == [.init(since: at(1), change: .same)])
    #expect(back.gone.map(\.how) == [nil])
  }

  @Test func `an unsettled expectation without a finding does not close a mismatch either`() throws {
    _ = try pass(1, [try replaced("www.example.gov"), try replaced("ftp.example.gov")])
    let unsettled = Estate.Expectation("record-differs", try name("www.example.gov"), .a, at: try place(), .absent)
    let changes = try pass(2, [], unsettled: [unsettled])
    #expect(changes.unconfirmed.map(\.name) == [try name("www.example.gov")])
    #expect(changes.gone.map(\.name) == [try name("ftp.example.gov")])
  }

  @Test func `when no server could be asked, none has recovered`() throws {
    let parent = try place(.parent, "192.0.2.1", zone: "gov")
    _ = try pass(1, [try replaced("www.example.gov", of: parent), try replaced("www.example.gov")])
    let nobody = Estate.Expectation(
      "record-differs", try name("www.example.gov"), .a, at: Place(.parent, nil, zone: .root), .absent)
    let changes = try pass(2, [], unsettled: [nobody])
    #expect(changes.unconfirmed.map(\.place) == [parent])
    #expect(changes.gone.map(\.place) == [try place()])
  }

  @Test func `what a pass did not look at is not gone`() throws {
    let elsewhere = try place(.authoritative, "192.0.2.54")
    let found = [
      try replaced("www.example.gov"), try replaced("www.example.gov", of: elsewhere), try replaced("www.notexample.gov"),
      try replaced("www.example.gov", of: Place(.resolver, nil, zone: .root)),
    ]
    _ = try pass(1, found)
    let domain = Scope(declaration: all.declaration, domains: [try name("other.gov")])
    #expect(try pass(2, [], scope: domain).gone.isEmpty)
    let server = Scope(declaration: all.declaration, domains: [try name("example.gov")], servers: [try server("192.0.2.54")])
    #expect(try pass(3, [], scope: server).gone.map(\.place) == [elsewhere])
    let example = Scope(declaration: all.declaration, domains: [try name("example.gov")])
    #expect(try pass(4, [], scope: example).gone.map(\.place) == [try place(), Place(.resolver, nil, zone: .root)])
    #expect(try pass(5, [], scope: Scope(declaration: "another.yaml")).gone.isEmpty)
    #expect(try pass(6, []).gone.map(\.name) == [try name("www.notexample.gov")])
  }

  @Test func `each declaration has its own findings`() throws {
    _ = try pass(1, [try replaced("www.example.gov")])
    let other = Scope(declaration: "another.yaml")
    #expect(try pass(2, [try replaced("www.example.gov")], scope: other).standings == [.init(since: at(2), change: .new)])
    #expect(try pass(3, [try replaced("www.example.gov")]).standings == [.init(since: at(1), change: .same)])
  }

  @Test func `the same finding twice in one pass is one`() throws {
    let twice = [try replaced("www.example.gov"), try replaced("www.example.gov")]
    #expect(try pass(1, twice).standings.map(\.since) == [at(1), at(1)])
    #expect(try store.rowCounts()["finding"] == 1)
  }

  @Test func `a finding points at its evidence if the store has it`() throws {
    let standing = try store.record(
      [answer(name("www.example.gov"), .a, ["www.example.gov 300 A 203.0.113.66"], of: place())], at: at(1))[0]
    var (known, unknown) = (try replaced("www.example.gov"), try replaced("ftp.example.gov"))
    known.evidence = standing.evidence
    unknown.evidence = EvidenceID(Exchange(question: [1], reply: [2]))
    _ = try pass(1, [known, unknown])
    #expect(try store.openFindings(declaration: all.declaration).map(\.evidence) == [standing.evidence, nil])
    // The same again changes nothing, though its evidence is still not there.
    #expect(try pass(2, [known, unknown]).standings.map(\.change) == [.same, .same])
  }

  @Test func `text of every kind comes back as it was`() throws {
    let texts = ["\"a\\\"b\"", "'); DROP TABLE finding; --", "line\nfeed\u{0}", "grüße 🏛", ""]
    let finding = try finding("www.example.gov", .mismatch(.added([])), texts, of: nil)
    _ = try pass(1, [finding])
    #expect(try store.openFindings(declaration: all.declaration).map(\.observed) == [texts])
    #expect(try pass(2, [finding]).standings.map(\.change) == [.same])
  }

  @Test func `a finding without a type is no finding of type 0`() throws {
    var whole = try replaced("example.gov")
    whole.type = nil
    var zero = whole
    zero.type = RRType(0)
    _ = try pass(1, [whole, zero])
    #expect(try store.openFindings(declaration: all.declaration).map(\.type) == [nil, RRType(0)])
  }
}
