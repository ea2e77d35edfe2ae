import GRDB
import Indicators
import Names
import Testing

@testable import Store

@Suite("Indicators that others are given") struct SharedIndicatorTests {
  let scratch: Scratch
  let store: Store
  private let other = IndicatorSource("https://other.example/bundle", .http)

  init() throws {
    scratch = try Scratch()
    store = try Store(folder: scratch.state)
  }

  private func shared(
    after number: Int64 = 0, addedAfter: Int64? = nil, _ markings: [TLP] = [.clear], unmarked: Bool = true, limit: Int = 1000
  ) throws -> [SharedIndicator] {
    try StoreReader(folder: scratch.state).sharedIndicators(
      after: number, addedAfter: addedAfter, markings: markings, includesUnmarked: unmarked, limit: limit)
  }

  @Test func `are those that stand, and what changed comes again`() throws {
    try store.take(bundle([("a", "a.example", "1"), ("b", "b.example", "1"), ("c", "c.example", "1")]), minute: 1)
    let first = try shared()
    #expect(first.map(\.key) == ["a", "b", "c"])
    #expect(first.map(\.added) == [60_000_000, 60_000_001, 60_000_002])
    try store.take(bundle([("a", "a.example", "2"), ("b", "b.example", "1")]), minute: 2)
    #expect(try shared().map(\.key) == ["b", "a"])
    #expect(try shared(addedAfter: 60_000_000).map(\.indicator.title) == ["1", "2"])
    #expect(try shared(addedAfter: 60_000_002).map(\.indicator.title) == ["2"])
    #expect(try shared(addedAfter: 120_000_000).isEmpty)
    #expect(try shared(after: try #require(first.last).number).map(\.key) == ["a"])
  }

  @Test func `are told when they came, each revision later than all before, whatever the clock says`() throws {
    try store.take(list(1...2), minute: 5)
    try store.take(list(1...3), other, minute: 5)
    try store.take(list(1...4), minute: 3)
    #expect(try shared().map { $0.added - 300_000_000 } == [0, 1, 1000, 1001, 1002, 2000, 2001])
    // Also later than the last of very many.
    try store.take(list(1...4004), minute: 2)
    try store.take(list(1...4005), minute: 1)
    #expect(try shared(limit: 5000).suffix(2).map { $0.added - 300_000_000 } == [3000 + 3999, 7000])
  }

  @Test func `go on after the time of any of them, as after its number`() throws {
    try store.take(list(1...5), minute: 1)
    try store.take(list(1...3), other, minute: 1)
    try store.take(list(3...7), minute: 2)
    try store.forget(source: other.name)
    try store.take(list(2...3), other, minute: 2)
    let all = try shared()
    #expect(all.count == 5 + 2 + 2)
    #expect(all.map(\.added) == all.map(\.added).sorted() && Set(all.map(\.added)).count == all.count)
    for (index, one) in all.enumerated() {
      #expect(try shared(addedAfter: one.added) == Array(all[(index + 1)...]), "\(index)")
      #expect(try shared(after: one.number) == Array(all[(index + 1)...]), "\(index)")
    }
    #expect(try shared(addedAfter: .max).isEmpty)
    #expect(try shared(addedAfter: .min) == all)
  }

  @Test func `that were withdrawn are told as revoked, once, until they stand again`() throws {
    func told(after number: Int64 = 0, limit: Int = 1000) throws -> [String] {
      try shared(after: number, limit: limit).map {
        "\($0.key) \($0.added / 60_000_000)\($0.indicator.isRevoked ? " revoked" : "")"
      }
    }
    let rows = try list(1...3)
    try store.take(rows, minute: 1)
    let keys = try shared().map(\.key)
    let last = try #require(try shared().last).number
    try store.take(list(3...3), minute: 2)
    #expect(try told() == ["\(keys[2]) 1", "\(keys[0]) 2 revoked", "\(keys[1]) 2 revoked"])
    #expect(try told(after: last) == ["\(keys[0]) 2 revoked", "\(keys[1]) 2 revoked"])
    #expect(try told(after: last, limit: 1) == ["\(keys[0]) 2 revoked"])
    // Page by page as at once, with what came later between.
    try store.take(list(1...1), other, minute: 3)
    try store.take(list(2...4), minute: 4)
    #expect(
      try told() == [
        "\(keys[2]) 1", "\(keys[0]) 2 revoked", "\(keys[0]) 3", "\(keys[1]) 4", try #require(try shared().last).key + " 4",
      ])
    var (seen, place): ([SharedIndicator], Int64) = ([], 0)
    while let one = try shared(after: place, limit: 1).first {
      seen.append(one)
      place = one.number
    }
    #expect(try seen == shared())
    // Of one that went twice, the last time counts.
    try store.take(list(3...4), minute: 5)
    #expect(try told().suffix(1) == ["\(keys[1]) 5 revoked"])
    // A forgotten source says nothing any more.
    try store.forget(source: feed.name)
    #expect(try told() == ["\(keys[0]) 3"])
  }

  @Test func `that were withdrawn are told to those who were told of them`() throws {
    var rows = try list(1...3)
    (rows.indicators[0].marking, rows.indicators[1].isBenign) = (.red, true)
    try store.take(rows, minute: 1)
    try store.take(list(3...3), minute: 2)
    #expect(try shared().map(\.indicator.isRevoked) == [false])
    #expect(try shared([.clear, .red]).map(\.indicator.isRevoked) == [false, true])
    // Only who made an object may say that it is revoked (STIX 2.1 §3.6).
    try store.take(bundle([("a", "a.example", "1"), ("b", "b.example", "1")]), other, minute: 3)
    try store.take(bundle([("b", "b.example", "1")]), other, minute: 4)
    #expect(try shared().map(\.key).suffix(1) == ["b"])
    #expect(try shared().allSatisfy { !$0.indicator.isRevoked })
  }

  @Test func `have numbers that are never used again, also when their source is forgotten`() throws {
    try store.take(list(1...3), minute: 1)
    try store.take(list(4...6), other, minute: 1)
    let before = try shared()
    try store.forget(source: other.name)
    try store.take(list(4...6), other, minute: 1)
    let after = try shared()
    #expect(after.map(\.number).dropFirst(3).allSatisfy { $0 > before.map(\.number).max() ?? 0 })
    #expect(after.map(\.added).dropFirst(3).allSatisfy { $0 > before.map(\.added).max() ?? 0 })
  }

  @Test func `of one identity are one, and the newest decides what it is marked with`() throws {
    func published(_ time: Int64, _ marking: TLP) throws -> Publication {
      var publication = try bundle([("indicator--1", "a.example", "\(time)")])
      publication.indicators[0].modified = Timestamp(seconds: time)
      publication.indicators[0].marking = marking
      return publication
    }
    try store.take(published(20, .clear), minute: 1)
    try store.take(published(10, .clear), other, minute: 2)
    #expect(try shared().map(\.indicator.title) == ["20"])
    try store.take(published(30, .red), other, minute: 3)
    #expect(try shared().isEmpty)
    #expect(try shared([.clear, .red]).map(\.indicator.title) == ["30"])
    // The same row of two lists is two things that two sources say.
    try store.take(list(1...1), IndicatorSource("one", .file), minute: 4)
    try store.take(list(1...1), IndicatorSource("two", .file), minute: 4)
    #expect(try shared().map(\.source) == ["one", "two"])
  }

  @Test func `are superseded where another source has a newer version, and by nothing else`() throws {
    func published(_ rows: [(id: String, time: Int64)]) throws -> Publication {
      var publication = try bundle(rows.map { ($0.id, "a.example", "") })
      for (index, row) in rows.enumerated() { publication.indicators[index].modified = Timestamp(seconds: row.time) }
      return publication
    }
    let (one, two) = ("8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f", "00000000-0000-4000-8000-000000000000")
    try store.take(published([("indicator--\(one)", 10), ("indicator--\(two)", 10), ("x", 1)]), minute: 1)
    #expect(try store.indicators.superseded().isEmpty)
    // The same version elsewhere, and a newer one that is written as MISP does.
    try store.take(published([(one.uppercased(), 20), ("indicator--\(two)", 10), ("y", 1)]), other, minute: 2)
    try store.take(list(1...3), IndicatorSource("list", .file), minute: 3)
    #expect(try store.indicators.superseded() == [feed.name: ["indicator--\(one)"]])
    // What others sent hides nothing.
    try store.take(published([(two, 99)]), IndicatorSource("received by TAXII", .received), minute: 4)
    #expect(try store.indicators.superseded() == [feed.name: ["indicator--\(one)"]])
    try store.forget(source: other.name)
    #expect(try store.indicators.superseded().isEmpty)
  }

  @Test(arguments: [
    // As STIX writes it, and as MISP does.
    "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f", "8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
    "indicator--8E2E2D2B-17D4-4CBF-938F-98EE46B3CD3F",
  ])
  func `are never those that others sent, where another source has one of the id`(id: String) throws {
    let received = IndicatorSource("received by TAXII", .received)
    var sent = try bundle([("indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f", "a.example", "sent")])
    (sent.indicators[0].modified, sent.indicators[0].isRevoked) = (Timestamp(seconds: 30), true)
    try store.take(sent, received, minute: 1)
    #expect(try shared().map(\.indicator.title) == ["sent"])
    var own = try bundle([(id, "a.example", "own")])
    own.indicators[0].modified = Timestamp(seconds: 10)
    try store.take(own, minute: 2)
    #expect(try shared().map(\.indicator.title) == ["own"])
    // Also where that one may not be given.
    own.indicators[0].marking = .red
    try store.take(own, minute: 3)
    #expect(try shared().isEmpty)
    let sentIDs = sent.indicators.map(\.id) + ["indicator--00000000-0000-4000-8000-000000000000"]
    #expect(try store.indicators.ids(sentIDs, ofOthersThan: received.name) == [sent.indicators[0].id])
    #expect(try store.indicators.ids(sentIDs, ofOthersThan: feed.name) == [sent.indicators[0].id])
    try store.forget(source: feed.name)
    #expect(try shared().map(\.indicator.title) == ["sent"])
    #expect(try store.indicators.ids(sentIDs, ofOthersThan: received.name).isEmpty)
  }

  @Test func `and those that are chosen of what stands are the same, one of each identity`() throws {
    let id = "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"
    typealias Row = (id: String, value: String, title: String)
    func said(_ title: String, _ time: Int64, _ more: [Row] = []) throws -> Publication {
      var rows = more
      rows.insert((id: id, value: "\(title).example", title: title), at: 0)
      var publication = try bundle(rows)
      publication.indicators[0].modified = Timestamp(seconds: time)
      return publication
    }
    // Names of sources say nothing of what they have.
    try store.take(said("sent", 40), IndicatorSource("a: received by TAXII", .received), minute: 1)
    let gone: Row = (id: "b", value: "b.example", title: "gone")
    let stays: Row = (id: "c", value: "c.example", title: "stays")
    try store.take(said("old", 20, [gone, stays]), IndicatorSource("b", .file), minute: 2)
    try store.take(said("new", 30), IndicatorSource("c", .file), minute: 3)
    try store.take(list(1...1), IndicatorSource("one", .file), minute: 4)
    try store.take(list(1...1), IndicatorSource("two", .file), minute: 5)
    try store.take(said("old", 20, [stays]), IndicatorSource("b", .file), minute: 6)
    let chosen = try StoreReader(folder: scratch.state).indicators.chosen()
    #expect(chosen.indicators.map { $0.indicator.title ?? $0.source } == ["stays", "new", "one", "two"])
    #expect(chosen.passedOver == 2)
    #expect(try shared().filter { !$0.indicator.isRevoked }.map(\.indicator) == chosen.indicators.map(\.indicator))
    // What others sent is chosen where nobody else has it.
    try store.forget(source: "b")
    try store.forget(source: "c")
    #expect(try store.indicators.chosen().indicators.first?.indicator.title == "sent")
  }

  @Test func `are found by the id that their source gave them, and by what is asked of them`() throws {
    let ids = (0..<3).map { "indicator--00000000-0000-4000-8000-00000000000\($0)" }
    try store.take(bundle(ids.map { ($0, "a.example", $0) }), minute: 1)
    let reader = try StoreReader(folder: scratch.state)
    func found(_ ids: [String]?, _ isWanted: (SharedIndicator) -> Bool = { _ in true }) throws -> [String] {
      try reader.sharedIndicators(
        after: 0, markings: [], includesUnmarked: true, limit: 2, ids: ids, where: isWanted
      ).map(\.key)
    }
    #expect(try found([ids[2], ids[0]]) == [ids[0], ids[2]])
    #expect(try found([String(ids[1].dropFirst("indicator--".count))]) == [ids[1]])
    #expect(try found(["indicator--00000000-0000-4000-8000-0000000000ff"]).isEmpty)
    #expect(try found(nil) { $0.key == ids[2] } == [ids[2]])
  }

  @Test(.timeLimit(.minutes(5))) func `of thousands with one id are one, and take no square of time`() throws {
    var publication = try bundle((0..<20_000).map { ("indicator--1", "a.example", "\($0)") })
    publication.indicators[12_345].modified = Timestamp(seconds: 1)
    try store.take(publication, minute: 1)
    #expect(try shared().map(\.indicator.title) == ["12345"])
  }

  @Test func `are marked no more strictly than was asked, and not benign`() throws {
    var publication = try bundle(["clear", "green", "red", "unmarked", "benign", "revoked"].map { ($0, "a.example", "") })
    for (index, marking) in [TLP.clear, .green, .red].enumerated() { publication.indicators[index].marking = marking }
    publication.indicators[4].isBenign = true
    publication.indicators[5].isRevoked = true
    try store.take(publication, minute: 1)
    #expect(try shared([.clear, .green], unmarked: false).map(\.key) == ["clear", "green"])
    #expect(try shared([.clear]).map(\.key) == ["clear", "unmarked", "revoked"])
  }

  @Test func `go on from anywhere, however few are asked for`() throws {
    try store.take(list(1...50), minute: 1)
    var (seen, place): ([SharedIndicator], Int64) = ([], 0)
    while let page = try Optional(shared(after: place, limit: 7)), let last = page.last {
      seen += page
      place = last.number
    }
    #expect(seen == (try shared()))
    #expect(seen.count == 50)
  }

  @Test(arguments: [
    ("indicator_source", "name"), ("indicator_source", "first_read"), ("indicator_source", "digest"),
    ("indicator_source", "marking"), ("indicator_revision", "added_at"), ("indicator_revision", "digest"),
    ("indicator_revision", "total"), ("indicator_block", "first_id"), ("indicator_block", "source"),
    ("indicator_block", "first_revision"), ("indicator_block", "count"), ("indicator_block", "said"),
    ("indicator_end", "last_revision"), ("indicator_sighting", "indicator"), ("indicator_sighting", "first_seen"),
    ("indicator_marking", "tlp"),
  ])
  func `of a database whose columns are not what they are called are refused`(table: String, column: String) throws {
    try store.take(list(1...4), minute: 1)
    var rows = try list(1...3)
    rows.sightings = [Sighting(indicator: "line 1")]
    try store.take(rows, minute: 2)
    try scratch.sqlite { try $0.execute(sql: "INSERT INTO indicator_marking SELECT id, 'm--1', 'green' FROM indicator_source") }
    try scratch.sqlite { database in
      // As a file that another program made: the same columns, of any type.
      try database.execute(
        sql: """
          PRAGMA foreign_keys = OFF;
          CREATE TABLE copy AS SELECT * FROM \(table);
          UPDATE copy SET \(column) = x'FF00';
          DROP TABLE \(table);
          ALTER TABLE copy RENAME TO \(table);
          """)
    }
    #expect {
      _ = try shared()
      _ = try store.indicators.sources()
      _ = try store.indicators.indicators().all()
      _ = try store.indicators.sightings(of: feed.name)
      _ = try store.indicators.markingDefinitions(of: feed.name)
    } throws: { error in
      if case .damaged(scratch.database, _) = error as? StoreFault { true } else { false }
    }
  }
}

@Suite("Collections that others find") struct SharedCollectionTests {
  // RFC 9562 §5.4: version 4, variant 10.
  @Test func `have identifiers of their own in every store, drawn at random`() throws {
    var ids: Set<String> = []
    for _ in 0..<8 {
      let scratch = try Scratch()
      _ = try Store(folder: scratch.state)
      let collections = try StoreReader(folder: scratch.state).sharedCollections
      for id in [collections.indicators, collections.findings, collections.received] {
        #expect(try /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/.wholeMatch(in: id) != nil, "\(id)")
        ids.insert(id)
      }
      #expect(try StoreReader(folder: scratch.state).sharedCollections == collections)
    }
    #expect(ids.count == 24)
  }

  @Test func `remember for a week what became of what was sent`() throws {
    let scratch = try Scratch()
    let store = try Store(folder: scratch.state)
    try store.record(receivedStatus: "{}", id: "a", at: Timestamp(seconds: 0))
    try store.record(receivedStatus: "{1}", id: "b", at: Timestamp(seconds: 86_400 * 7))
    let reader = try StoreReader(folder: scratch.state)
    #expect(try reader.receivedStatus("a") == "{}")
    try store.record(receivedStatus: "{2}", id: "c", at: Timestamp(seconds: 86_400 * 7 + 1))
    #expect(try (reader.receivedStatus("a"), reader.receivedStatus("b")) == (nil, "{1}"))
  }
}
