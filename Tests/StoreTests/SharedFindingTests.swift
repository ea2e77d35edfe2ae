import DNSWire
import Estate
import GRDB
import Names
import Testing

@testable import Store

@Suite("Findings that others are given") struct SharedFindingTests {
  let findings: Findings

  init() throws { findings = try Findings() }

  private func shared(after added: Int64 = 0, limit: Int = 1000, of declaration: String? = nil) throws -> [SharedEntry] {
    try StoreReader(folder: findings.scratch.state).sharedFindings(
      declaration: declaration ?? findings.all.declaration, after: added, limit: limit)
  }

  private func told(after added: Int64 = 0) throws -> [SharedFinding] {
    try shared(after: added).compactMap { if case .finding(let finding) = $0 { finding } else { nil } }
  }

  private func observables() throws -> [String] {
    try shared().compactMap { if case .observable(let one, _) = $0 { "\(one.type) \(one.value)" } else { nil } }
  }

  @Test func `come with the names and addresses that they are about, each once and before them`() throws {
    _ = try findings.pass(1, [findings.replaced("www.example.gov"), findings.replaced("ftp.example.gov")])
    let entries = try shared()
    #expect(
      try observables() == ["domain-name www.example.gov", "ipv4-addr 203.0.113.66", "domain-name ftp.example.gov"])
    #expect(entries.map(\.added) == entries.map(\.added).sorted())
    #expect(Set(entries.map(\.added)).count == 5)
    // The microsecond after a finding is its own.
    for (one, next) in zip(entries, entries.dropFirst()) { if case .finding = one { #expect(next.added > one.added + 1) } }
    #expect(try told().map(\.lastObserved) == [findings.at(1), findings.at(1)])
  }

  @Test func `are a new version when they change or are gone, and once a day while they go on`() throws {
    let www = try findings.replaced("www.example.gov")
    _ = try findings.pass(1, [www])
    let first = try #require(try told().first)
    for minute in 2...1440 as ClosedRange<Int64> where minute % 360 == 0 { _ = try findings.pass(minute, [www]) }
    #expect(try told() == [SharedFinding(first, lastSeen: findings.at(1440))])
    _ = try findings.pass(1441, [www])
    let again = try #require(try told(after: first.added).first)
    #expect((again.id, again.modified, again.finding.since) == (first.id, findings.at(1441), findings.at(1)))
    _ = try findings.pass(1442, [findings.replaced("www.example.gov", by: "203.0.113.67")])
    let changed = try #require(try told(after: again.added).first)
    #expect((changed.id, changed.modified, changed.finding.observed) == (first.id, findings.at(1442), ["203.0.113.67"]))
    _ = try findings.pass(1443, [])
    let gone = try #require(try told(after: changed.added).first)
    #expect((gone.id, gone.goneAt, gone.lastObserved) == (first.id, findings.at(1443), findings.at(1442)))
    #expect(try told().count == 1)
    _ = try findings.pass(1444, [www])
    #expect(try told().map(\.id).last != first.id)
    #expect(try observables().count == 3)
  }

  @Test func `are told in their order also where the clock goes back`() throws {
    let (www, ftp) = (try findings.replaced("www.example.gov"), try findings.replaced("ftp.example.gov"))
    _ = try findings.pass(100, [www])
    let last = try #require(try shared().last)
    _ = try findings.pass(50, [www, ftp])
    let later = try shared(after: last.added)
    #expect(later.count == 2)
    _ = try findings.pass(50, [ftp])
    let end = try #require(later.last)
    let gone = try #require(try told(after: end.added).first)
    #expect(gone.goneAt == findings.at(50))
    #expect(gone.modified > findings.at(100))
  }

  @Test func `are none that could not be told, and none of another declaration`() throws {
    _ = try findings.pass(1, [findings.untold("www.example.gov")])
    #expect(try shared().isEmpty)
    _ = try findings.pass(2, [findings.replaced("www.example.gov")])
    #expect(try shared().count == 3)
    #expect(try shared(of: "another.yaml").isEmpty)
  }

  @Test func `go on from anywhere, however few are asked for`() throws {
    _ = try findings.pass(1, try (0..<20).map { try findings.replaced("w\($0).example.gov", by: "203.0.113.\($0)") })
    let all = try shared()
    var (seen, place): ([SharedEntry], Int64) = ([], 0)
    while let page = try Optional(shared(after: place, limit: 7)), let last = page.last {
      seen += page
      place = last.added
    }
    #expect(seen == all)
    #expect(all.count == 60)
  }

  // RFC 1035 §3.3, RFC 2782, RFC 3596: the last field of each is the name or the address.
  @Test(
    arguments: [
      (.a, "203.0.113.66", "ipv4-addr 203.0.113.66"), (.aaaa, "2001:db8::66", "ipv6-addr 2001:db8::66"),
      (.mx, "10 mx.evil.example.", "domain-name mx.evil.example"), (.ns, "ns.evil.example.", "domain-name ns.evil.example"),
      (.cname, "Evil.example.", "domain-name evil.example"), (.srv, "0 5 443 evil.example.", "domain-name evil.example"),
      (.mx, "0 .", nil), (.cname, "_x.evil.example.", nil), (.txt, "\"v=spf1 -all\"", nil), (.a, "TTL 5", nil),
      (.ns, "looks like ns.example.gov", nil),
      (.a, "192.0.2.80", nil),
    ] as [(RRType, String, String?)])
  func `are about what was observed and not intended`(type: RRType, observed: String, expected: String?) throws {
    var finding = try findings.finding("www.example.gov", .mismatch(.replaced([])), [observed, observed], of: nil)
    finding.type = type
    let about = StoredFinding(finding, since: findings.at(0), seen: findings.at(0)).observables
    #expect(about.map { "\($0.type) \($0.value)" } == ["domain-name www.example.gov"] + [expected].compactMap(\.self))
  }

  @Test(arguments: [
    ("_443._tcp.www.example.gov", ["www.example.gov"]), ("*.example.gov", ["example.gov"]), ("a-b.example", ["a-b.example"]),
    ("ab--cd.example", ["example"]), ("xn--bcher-kva.example", ["xn--bcher-kva.example"]), ("_dmarc", []), (".", []),
  ])
  func `are about a host, for STIX has no other names`(owner: String, expected: [String]) throws {
    let finding = try findings.finding(owner, .mismatch(.removed([])), [], of: nil)
    let stored = StoredFinding(finding, since: findings.at(0), seen: findings.at(0))
    #expect(stored.observables.map(\.value) == expected)
    _ = try findings.pass(1, [finding])
    #expect(try told().count == (expected.isEmpty ? 0 : 1))
  }

  @Test func `of a database that was made before there was sharing are told when they are found again`() throws {
    let scratch = try Scratch()
    try Version1.create(at: scratch.state)
    let store = try Store(folder: scratch.state)
    let open = try #require(try store.openFindings(declaration: "nameward.yaml").first)
    func entries() throws -> [SharedEntry] {
      try StoreReader(folder: scratch.state).sharedFindings(declaration: "nameward.yaml", after: 0, limit: 10)
    }
    #expect(try entries().isEmpty)
    let verdict = Verdict.mismatch(.replaced([]))
    let again = Finding(
      open.check, open.severity, verdict, open.name, open.type, at: open.place, intended: open.intended, observed: open.observed,
      since: open.since)
    _ = try store.record(
      [again], scope: Scope(declaration: "nameward.yaml"), totals: Totals(match: 0, mismatch: 1, couldNotTell: 0),
      at: open.lastSeen.advanced(by: .seconds(1)))
    #expect(try entries().count > 1)
  }
}

extension SharedFinding {
  /// The same with the time that passes change without making a version.
  fileprivate init(_ other: SharedFinding, lastSeen: Timestamp) {
    self = other
    finding.lastSeen = lastSeen
  }
}
