import Foundation
import GRDB
import Indicators
import Names
import Notation
import Testing

@testable import Store

@Suite("A source is kept by revisions") struct IndicatorRevisionTests {
  let scratch: Scratch
  let store: Store

  init() throws {
    scratch = try Scratch()
    store = try Store(folder: scratch.state)
  }

  @Test func `a first publication is all new`() throws {
    let taken = try store.take(list(1...3), minute: 5)
    let at = Timestamp(seconds: 300)
    let revision = IndicatorRevision(number: 1, at: at, digest: "digest 5", added: 3, changed: 0, withdrawn: 0, total: 3)
    #expect(taken == TakenPublication(revision: revision, isNew: true))
    #expect(try store.indicators.revisions(of: feed.name) == [revision])
    let known = try #require(try store.indicators.source(feed.name))
    #expect(known.source == feed)
    #expect(known.format == .plainList)
    #expect((known.firstRead, known.lastRead) == (at, at))
    #expect(known.marks == PollingMarks())
  }

  @Test func `reading it again adds no row, by its digest and by its content`() throws {
    let first = try store.take(list(1...100), minute: 1)
    let before = try store.rowCounts()
    for minute in [1, 2, 3] as [Int64] {
      #expect(try store.take(list(1...100), minute: minute) == TakenPublication(revision: first.revision, isNew: false))
    }
    #expect(try store.rowCounts() == before)
    let known = try #require(try store.indicators.source(feed.name))
    #expect(known.lastRead == Timestamp(seconds: 180))
    #expect(known.digest == "digest 3")
    // The same digest is believed, unless it is forced.
    #expect(try !store.take(list(1...101), minute: 3).isNew)
    #expect(try store.take(list(1...101), minute: 3, force: true).revision.added == 1)
  }

  @Test(
    arguments: [
      (.amber, .clear, .amber), (.amber, nil, .amber), (.clear, .red, .red), (nil, .green, .green), (nil, nil, nil),
    ] as [(TLP?, TLP?, TLP?)])
  func `what is added to a source lowers no marking, and what is read whole does`(before: TLP?, now: TLP?, kept: TLP?) throws {
    func told(_ title: String, _ marking: TLP?) throws -> Publication {
      var publication = try bundle([("indicator--1", "a.example", title), ("indicator--2", "b.example", title)])
      publication.indicators[0].marking = marking
      return publication
    }
    try store.take(told("1", before), minute: 1)
    try store.take(told("2", now), minute: 2, isWhole: false)
    #expect(try store.told().map(\.marking) == [kept, nil])
    #expect(try store.told().map(\.title) == ["2", "2"])
    try store.take(told("3", now), minute: 3)
    #expect(try store.told().map(\.marking) == [now, nil])
  }

  /// An indicator that one definition marks.
  private func marked(_ title: String, by definition: String) -> String {
    #"{"type":"indicator","id":"indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f","name":"\#(title)","#
      + #""pattern":"[domain-name:value = '\#(title).example']","pattern_type":"stix","object_marking_refs":["\#(definition)"]}"#
  }

  private func read(_ objects: String..., known: [String: TLP?] = [:]) throws -> Publication {
    try STIX2.read(JSONValue(Array("[\(objects.joined(separator: ","))]".utf8)), knownMarkings: known)
  }

  @Test func `a marking that nobody defined is the strictest, whatever another said before`() throws {
    let own = "marking-definition--00000000-0000-4000-8000-000000000001"
    try store.take(read(marked("a", by: TLP.green.markingDefinition)), minute: 1)
    #expect(try store.told().map(\.marking) == [.green])
    let known = try store.indicators.markingDefinitions(of: feed.name)
    #expect(known.isEmpty)
    try store.take(read(marked("b", by: own), known: known), minute: 2, isWhole: false)
    #expect(try store.told().map(\.marking) == [.red])
    #expect(try store.told().map(\.title) == ["b"])
  }

  @Test func `definitions are kept as long as their source says them, and become no milder`() throws {
    func definition(_ label: String, _ id: String) -> String {
      #"{"type":"marking-definition","id":"\#(id)","definition":{"\#(label)":"\#(label == "tlp" ? "green" : "C")"}}"#
    }
    let told: [String: TLP?] = ["m--1": .green, "m--2": nil]
    try store.take(read(marked("a", by: "m--1"), definition("tlp", "m--1"), definition("statement", "m--2")), minute: 1)
    #expect(try store.indicators.markingDefinitions(of: feed.name) == told)
    #expect(try store.indicators.markingDefinitions(of: feed.name, ids: ["m--2", "m--3"]).keys.sorted() == ["m--2"])
    #expect(try store.indicators.markingDefinitions(of: "none").isEmpty)
    // An answer that tells what was added names them alone.
    try store.take(read(marked("b", by: "m--1"), known: told), minute: 2, isWhole: false)
    #expect(try store.told().map(\.marking) == [.green])
    try store.take(read(definition("statement", "m--1"), marked("c", by: "m--1")), minute: 3, isWhole: false)
    #expect(try store.indicators.markingDefinitions(of: feed.name) == told)
    try store.take(read(definition("tlp", "m--2"), marked("d", by: "m--2")), minute: 4)
    let last: [String: TLP?] = ["m--2": .green]
    #expect(try store.indicators.markingDefinitions(of: feed.name) == last)
    try store.forget(source: feed.name)
    #expect(try store.rowCounts()["indicator_marking"] == 0)
  }

  @Test(arguments: [1, 999, 1000, 1001, 2000, 2001]) func `blocks begin and end anywhere`(count: Int) throws {
    #expect(try store.take(list(1...count), minute: 1).revision.counts == [count, 0, 0, count])
    #expect(try store.take(list(2...count + 2), minute: 2).revision.counts == [2, 0, 1, count + 1])
    #expect(try store.values() == (2...count + 2).map { "host\($0).example" })
    #expect(try store.values(at: 1) == (1...count).map { "host\($0).example" })
    var pages = try store.indicators.indicators(of: feed.name)
    var seen = 0
    while let page = try pages.next() {
      #expect(page.count <= 1000)
      seen += page.count
    }
    #expect(seen == count + 1)
  }

  @Test func `what takes much room is kept in shorter blocks`() throws {
    var publication = try bundle((0..<30).map { ("id \($0)", "a.example", "title") })
    for index in publication.indicators.indices {
      publication.indicators[index].description = String(repeating: "x", count: 100_000)
    }
    try store.take(publication, minute: 1)
    #expect(try store.told() == publication.indicators)
    let longest = try scratch.sqlite { try Int.fetchOne($0, sql: "SELECT max(length(said)) FROM indicator_block") }
    #expect(try #require(longest) < 1_200_000)
  }

  @Test func `what is added, changed and withdrawn is told, and history stays`() throws {
    let first = try bundle([("a", "a.example", "A"), ("b", "b.example", "B"), ("c", "c.example", "C")])
    let second = try bundle([("a", "a.example", "A"), ("b", "b2.example", "B"), ("d", "d.example", "D"), ("e", "e.example", "E")])
    try store.take(first, minute: 1)
    let taken = try store.take(second, minute: 2)
    #expect(taken.isNew)
    #expect(
      taken.revision
        == IndicatorRevision(
          number: 2, at: Timestamp(seconds: 120), digest: "digest 2", added: 2, changed: 1, withdrawn: 1, total: 4))
    #expect(try store.told(at: 1) == first.indicators)
    #expect(Set(try store.told()) == Set(second.indicators))
    #expect(try store.told(at: 2) == store.told())
    let difference = try store.indicators.difference(of: feed.name, from: 1)
    #expect(difference.added == Array(second.indicators[2...]))
    #expect(difference.changed == [.init(before: first.indicators[1], after: second.indicators[1])])
    #expect(difference.withdrawn == [first.indicators[2]])
    // The other way round, the other way round.
    let back = try store.indicators.difference(of: feed.name, from: 2, to: 1)
    #expect(back.added == difference.withdrawn)
    #expect(back.withdrawn == difference.added)
    #expect(back.changed == [.init(before: second.indicators[1], after: first.indicators[1])])
    #expect(try store.indicators.difference(of: feed.name, from: 0, to: 1).added == first.indicators)
    // What comes back is added, and there is no difference to when it was there.
    let third = try store.take(first, minute: 3).revision
    #expect(third.counts == [1, 1, 2, 3])
    #expect(try store.indicators.difference(of: feed.name, from: 1, to: 3) == IndicatorDifference())
    #expect(try store.indicatorCount() == 3 + 3 + 2)
    let pages = try store.indicators.indicators().all()
    #expect(pages.map(\.firstRevision).sorted() == [1, 3, 3])
    #expect(pages.allSatisfy { $0.lastRevision == nil && $0.source == feed.name })
  }

  @Test(arguments: ["title", "revoked", "label"]) func `whatever a source says of an indicator is its content`(what: String)
    throws
  {
    var publication = try bundle([("a", "a.example", "A"), ("b", "b.example", "B")])
    try store.take(publication, minute: 1)
    switch what {
    case "title": publication.indicators[1].title = nil
    case "revoked": publication.indicators[1].isRevoked = true
    default: publication.indicators[1].labels = ["c2"]
    }
    let revision = try store.take(publication, minute: 2).revision
    #expect(revision.counts == [0, 1, 0, 2])
  }

  @Test func `rows that moved are no change, and their places follow`() throws {
    try store.take(published("a.example\nb.example\nc.example"), minute: 1)
    #expect(try !store.take(published("# note\nc.example\nb.example\na.example"), minute: 2).isNew)
    #expect(try store.told().map(\.id) == ["line 4", "line 3", "line 2"])
    #expect(try store.told().map(\.place.line) == [4, 3, 2])
    let revision = try store.take(published("new.example\na.example\nb.example\nc.example"), minute: 3).revision
    #expect(revision.counts == [1, 0, 0, 4])
    #expect(try store.told().map(\.place.line) == [2, 3, 4, 1])
  }

  @Test func `two rows with one value are two, in any order`() throws {
    let rows = ["a.example,FQDN,one", "a.example,FQDN,two", "b.example,FQDN,three"]
    func csv(_ rows: [String]) throws -> Publication {
      try published((["INDICATOR_VALUE,TYPE,COMMENT"] + rows).joined(separator: "\n"))
    }
    #expect(try csv(rows).indicators.count == 3)
    try store.take(csv(rows), minute: 1)
    #expect(try !store.take(csv(rows.reversed()), minute: 2).isNew)
    let fewer = try store.take(csv(Array(rows[1...])), minute: 3).revision
    #expect(fewer.counts == [0, 0, 1, 2])
    let more = try store.take(csv(rows + ["a.example,FQDN,four"]), minute: 4).revision
    #expect(more.counts == [2, 0, 0, 4])
    let other = try store.take(csv(rows + ["a.example,FQDN,five"]), minute: 5).revision
    #expect(other.counts == [0, 1, 0, 4])
  }

  @Test(.timeLimit(.minutes(5))) func `thousands with one id take no square of time`() throws {
    func same(_ count: Int, _ word: String) throws -> Publication {
      try bundle((0..<count).map { ("a", "a.example", "\(word) \($0)") })
    }
    try store.take(same(20_000, "one"), minute: 1)
    var turned = try same(20_000, "one")
    turned.indicators.reverse()
    #expect(try !store.take(turned, minute: 2).isNew)
    #expect(try store.take(same(20_000, "two"), minute: 3).revision.changed == 20_000)
    #expect(try store.indicators.difference(of: feed.name, from: 1).changed.count == 20_000)
  }

  @Test(
    arguments: [
      (1, 0, true), (3, 0, true), (0, 50, false), (9, 90, false), (9, 1, false), (10, 99, false), (10, 100, true), (10, 1, true),
      (19, 2, false), (20, 2, true), (50, 0, true), (50, 499, false), (50, 6, false), (50, 5, true),
    ] as [(Int, Int, Bool)])
  func `a source that is suddenly empty, or ten times as large or small, is refused`(
    before: Int, now: Int, isRefused: Bool
  ) throws {
    try store.take(list(0..<before), minute: 1)
    let (told, rows) = (try store.told(), try store.rowCounts())
    let next = try list(0..<now)
    if isRefused {
      #expect(throws: StoreFault.implausible(source: feed.name, before: before, now: now)) { try store.take(next, minute: 2) }
      #expect(try store.told() == told)
      #expect(try store.rowCounts() == rows)
      #expect(try store.indicators.source(feed.name)?.lastRead == Timestamp(seconds: 60))
    }
    #expect(try store.take(next, minute: 3, force: isRefused).revision.total == now)
    #expect(try store.told().count == now)
  }

  @Test func `the answer to a poll for what was added withdraws nothing`() throws {
    try store.take(bundle([("a", "a.example", "A"), ("b", "b.example", "B")]), minute: 1)
    #expect(try !store.take(bundle([]), minute: 2, isWhole: false).isNew)
    let revision = try store.take(bundle([("b", "b.example", "B2"), ("c", "c.example", "C")]), minute: 3, isWhole: false).revision
    #expect(revision.counts == [1, 1, 0, 3])
    #expect(Set(try store.values()) == ["a.example", "b.example", "c.example"])
  }

  @Test func `sightings are kept as indicators are`() throws {
    var publication = try bundle([("a", "a.example", "A")])
    publication.sightings = [Sighting(indicator: "a")]
    try store.take(publication, minute: 1)
    var counted = Sighting(indicator: "a")
    counted.count = 2
    publication.sightings = [counted]
    let taken = try store.take(publication, minute: 2)
    #expect(taken.isNew)
    #expect(taken.revision.counts == [0, 0, 0, 1])
    #expect(try store.indicators.sightings(of: feed.name) == [counted])
    #expect(try store.indicators.sightings(of: feed.name, at: 1) == [Sighting(indicator: "a")])
    #expect(try !store.take(publication, minute: 3).isNew)
  }

  @Test func `sightings that are added are held against those of their indicators`() throws {
    var publication = try bundle([("a", "a.example", "A")])
    publication.sightings = ["a", "b", "\"c\0"].map { Sighting(indicator: $0) }
    try store.take(publication, minute: 1)
    func added(_ ids: [String], minute: Int64) throws -> Bool {
      var publication = Publication(.stix2)
      publication.sightings = ids.map { Sighting(indicator: $0) }
      return try store.take(publication, minute: minute, isWhole: false).isNew
    }
    #expect(try !added(["a", "\"c\0"], minute: 2))
    #expect(try !added([], minute: 3))
    #expect(try added(["b", "b", "d"], minute: 4))
    let ids = try store.indicators.sightings(of: feed.name).map(\.indicator)
    #expect(ids == ["a", "b", "\"c\u{FFFD}", "b", "d"])
  }

  @Test func `each source has revisions of its own, and one is forgotten whole`() throws {
    let file = IndicatorSource("iocs.csv", .file)
    try store.take(list(1...5), minute: 1)
    try store.take(list(1...7), minute: 2)
    var publication = try list(4...6)
    publication.sightings = [Sighting(indicator: "line 1")]
    #expect(try store.take(publication, file, minute: 3).revision.number == 1)
    #expect(try store.indicators.sources().map(\.source) == [feed, file])
    #expect(try store.indicators.indicators().all().count == 7 + 3)
    try store.forget(source: file.name)
    #expect(try store.indicators.sources().map(\.source) == [feed])
    #expect(try store.indicators.indicators().all().count == 7)
    let rows = try store.rowCounts()
    let tables = ["indicator_source", "indicator_revision", "indicator_block", "indicator_sighting"]
    #expect(tables.map { rows[$0] ?? -1 } == [1, 2, 2, 0] as [Int])
    #expect(try store.indicatorCount() == 7)
    #expect(try scratch.sqlite { try Row.fetchAll($0, sql: "PRAGMA foreign_key_check").count } == 0)
  }

  @Test func `what the next poll tells the source is kept`() throws {
    let marks = PollingMarks(
      etag: "\"a\"", lastModified: "Fri, 27 Nov 2026 08:00:00 GMT", addedAfter: "2026-11-27T08:00:00.123456Z")
    #expect(throws: StoreFault.unknownSource(feed.name)) { try store.record(marks, of: feed.name, readAt: Timestamp(seconds: 1)) }
    try store.take(list(1...2), minute: 1)
    try store.record(marks, of: feed.name, readAt: Timestamp(seconds: 600))
    try store.take(list(1...3), minute: 2)
    let known = try #require(try store.indicators.source(feed.name))
    #expect(known.marks == marks)
    #expect(known.lastRead == Timestamp(seconds: 600))
  }

  @Test func `what is not there is a fault`() throws {
    try store.take(list(1...2), minute: 1)
    for fault in [StoreFault.unknownSource("none")] {
      #expect(throws: fault) { try store.told("none") }
      #expect(throws: fault) { try store.indicators.revisions(of: "none") }
      #expect(throws: fault) { try store.indicators.sightings(of: "none") }
      #expect(throws: fault) { try store.indicators.difference(of: "none", from: 1) }
      #expect(throws: fault) { try store.forget(source: "none") }
    }
    for number in [0, 2, -1, Int.max] {
      let fault = StoreFault.unknownRevision(source: feed.name, number, last: 1)
      #expect(throws: fault) { try store.told(at: number) }
      #expect(throws: fault) { try store.indicators.sightings(of: feed.name, at: number) }
      #expect(throws: fault) { try store.indicators.difference(of: feed.name, from: 1, to: number) }
    }
  }

  @Test func `a full disk leaves what was there`() throws {
    let other = try Scratch()
    let store = try Store(folder: other.state, schema: .current, mostPages: 100)
    try store.take(list(1...500), minute: 1)
    let (told, rows) = (try store.told(), try store.rowCounts())
    #expect(throws: StoreFault.diskFull(path: other.database)) { try store.take(list(1...20_000), minute: 2, force: true) }
    #expect(try store.told() == told)
    #expect(try store.rowCounts() == rows)
  }

  @Test(arguments: ["hashes", "identities", "criteria", "said"], [-1, 0, 3, 7])
  func `octets that are no indicators are damage, not silence`(column: String, length: Int) throws {
    try store.take(list(1...2), minute: 1)
    let other = length < 0 ? "\(column) || x'00'" : "substr(\(column), 1, \(length))"
    let isShorter = try scratch.sqlite { database in
      try database.execute(
        sql: "UPDATE indicator_block SET \(column) = CAST(\(other) AS BLOB) WHERE length(\(column)) != \(length)")
      return database.changesCount == 1
    }
    try #require(isShorter)
    #expect(throws: StoreFault.damaged(path: scratch.database, "an indicator cannot be read")) { try store.told() }
  }

  @Test(arguments: [
    "count = 1 << 61", "count = 0", "count = -1", "count = 1001", "first_id = -1", "first_id = 9223372036854775807",
  ])
  func `a block that cannot be is damage`(change: String) throws {
    try store.take(list(1...2), minute: 1)
    try scratch.sqlite { try $0.execute(sql: "PRAGMA ignore_check_constraints = 1; UPDATE indicator_block SET \(change)") }
    #expect(throws: StoreFault.self) { try store.told() }
  }

  // The years 0000 to 9999 are what RFC 3339 can write.
  @Test(arguments: [Int64.min, -62_167_219_200_001, 253_402_300_800_000, Int64.max])
  func `a time that no reader gives is damage`(milliseconds: Int64) throws {
    var publication = try bundle([("a", "a.example", "A")])
    publication.indicators[0].validFrom = Timestamp(milliseconds: milliseconds)
    try store.take(publication, minute: 1)
    #expect(throws: StoreFault.damaged(path: scratch.database, "an indicator cannot be read")) { try store.told() }
  }

  @Test func `octets that were changed are damage or another indicator, and end nothing`() throws {
    try store.take(published("INDICATOR_VALUE,TYPE,COMMENT,ROLE\na.example,FQDN,one,C2\n192.0.2.1,IPV4ADDR,two,C2"), minute: 1)
    for column in ["identities", "criteria", "said"] {
      let octets = try scratch.sqlite { try Data.fetchOne($0, sql: "SELECT \(column) FROM indicator_block") ?? Data() }
      for (place, value) in octets.indices.flatMap({ place in [0, 1, 0x7F, 0x80, 0xFF].map { (place, $0 as UInt8) } }) {
        var changed = octets
        changed[place] = value
        try scratch.sqlite { try $0.execute(sql: "UPDATE indicator_block SET \(column) = ?", arguments: [changed]) }
        do { #expect(try store.told().count == 2) } catch StoreFault.damaged {}
      }
      try scratch.sqlite { try $0.execute(sql: "UPDATE indicator_block SET \(column) = ?", arguments: [octets]) }
    }
    #expect(try store.values() == ["a.example", "192.0.2.1"])
  }

  @Test func `a hundred thousand are taken, read in pages, and taken again without a new row`() throws {
    let publication = try list(0..<100_000)
    #expect(try store.take(publication, minute: 1).revision.added == 100_000)
    var pages = try store.indicators.indicators(of: feed.name)
    var (count, most) = (0, 0)
    while let page = try pages.next() { (count, most) = (count + page.count, max(most, page.count)) }
    #expect((count, most) == (100_000, 1000))
    let rows = try store.rowCounts()
    #expect(try !store.take(publication, minute: 2).isNew)
    #expect(try store.rowCounts() == rows)
    let revision = try store.take(list(10..<100_010), minute: 3).revision
    #expect(revision.counts == [10, 0, 10, 100_000])
    #expect(try store.indicatorCount() == 100_010)
  }
}
