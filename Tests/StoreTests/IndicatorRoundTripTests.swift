import Fixtures
import Indicators
import Names
import Notation
import Testing

@testable import Store

@Suite("An indicator comes back as its reader gave it") struct IndicatorRoundTripTests {
  /// Every file of the fixtures, some of which hold no indicators.
  static let files = Fixture.files(below: "ioc").filter { name in
    [".csv", ".xml", ".json", ".ioc", ".txt"].contains { name.hasSuffix($0) }
  }

  @Test func `from every file of others, with its place`() throws {
    let scratch = try Scratch()
    let store = try Store(folder: scratch.state)
    var (files, indicators, sightings) = (0, 0, 0)
    var expected: [String: Publication] = [:]
    for file in Self.files {
      let octets = try Fixture.octets("ioc/" + file)
      guard let publication = try? Publication(octets) else { continue }
      try store.take(publication, IndicatorSource(file, .file), minute: 1)
      expected[file] = publication
      files += 1
      indicators += publication.indicators.count
      sightings += publication.sightings.count
    }
    // From another connection, as another process would read.
    let history = try StoreReader(folder: scratch.state).indicators
    for known in try history.sources() {
      let publication = try #require(expected[known.source.name])
      expected[known.source.name] = nil
      let stored = try history.indicators(of: known.source.name).all()
      #expect(stored.map(\.indicator) == publication.indicators, "\(known.source.name)")
      #expect(try history.sightings(of: known.source.name) == publication.sightings)
      #expect(known.format == publication.format)
      #expect(known.title == publication.title)
      #expect(known.publicationID == publication.id)
      #expect(known.marking == publication.marking)
      #expect(known.produced == publication.produced)
      #expect(known.revision.total == publication.indicators.count)
    }
    #expect(expected.isEmpty)
    #expect(try history.indicators().all().count == indicators)
    #expect(files > 250 && indicators > 4000 && sightings > 30)
    // Read once more, all of them are what they were.
    let before = try store.rowCounts()
    for file in Self.files {
      let octets = try Fixture.octets("ioc/" + file)
      guard let publication = try? Publication(octets) else { continue }
      #expect(try !store.take(publication, IndicatorSource(file, .file), minute: 2).isNew, "\(file)")
    }
    #expect(try store.rowCounts() == before)
  }

  static let criteria: [Indicator.Criterion] = {
    let name = try? DomainName("a\\.b.\\001\\255.example")
    let names = [Observable.Reach.whole, .below, .wholeAndBelow].compactMap { reach in name.map { Observable.name($0, reach) } }
    let addresses = ["192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1", "::"].compactMap(IPAddress.init).map(Observable.address)
    let prefixes = ["192.0.2.0/24", "2001:db8::/32", "0.0.0.0/0"].compactMap { IPPrefix($0) }.map(Observable.prefix)
    let hashes = HashAlgorithm.allCases.flatMap { [Observable.fileHash($0, "ab:c d"), .certificateHash($0, "")] }
    let paths = [
      ObjectPath("file", ["name"]), ObjectPath("x y", steps: [.property("\u{301}'\"\\"), .index(3), .any, .property("*")]),
      ObjectPath("", steps: [.property("#3"), .index(-1)]),
    ].map { Observable.other($0, value: "C:\\a b\n") }
    let texts: [Observable] = [.url("http://evil.example/a b?c='d'"), .emailAddress("a b@evil.example")]
    let patterns = [
      "[domain-name:value = 'a']",
      "[file:hashes.MD5 = '79054025255fb1a26e4bc422aef54eb4' AND file:size > 3.5]"
        + " FOLLOWEDBY [url:value LIKE '%\\'\\\\'] WITHIN 5 SECONDS",
    ].compactMap { try? Pattern($0) }.map(Indicator.Criterion.pattern)
    return (names + addresses + prefixes + hashes + paths + texts).map(Indicator.Criterion.value) + patterns + [
      .foreign(language: "snort", text: "alert tcp\tany"), .foreign(language: "", text: ""),
      .foreign(language: "\u{301} two words", text: "e\u{301} 😀"),
    ]
  }()

  @Test func `whatever it looks for`() throws {
    #expect(Self.criteria.count == 3 + 4 + 3 + 20 + 3 + 2 + 2 + 3)
    for criterion in Self.criteria {
      var octets: [UInt8] = []
      CriterionOctets.append(criterion, to: &octets)
      #expect(try CriterionOctets.read(octets[...]) == criterion)
    }
  }

  @Test func `with every field`() throws {
    let scratch = try Scratch()
    let store = try Store(folder: scratch.state)
    var publication = Publication(.misp)
    for (row, criterion) in Self.criteria.enumerated() {
      var indicator = Indicator(
        id: row == 0 ? "attribute 1" : "uuid \(row)", place: TextPlace(line: Int.max, column: row), criterion: criterion)
      indicator.title = row % 2 == 0 ? "" : "title \(row)"
      indicator.description = "\u{202E}line\nline"
      indicator.labels = Array(repeating: "a/\"b\"", count: row % 3)
      indicator.marking = TLP.allCases[row % 5]
      indicator.confidence = row
      // The first and the last moment that RFC 3339 can write.
      indicator.firstSeen = Timestamp(milliseconds: -62_167_219_200_000)
      indicator.lastSeen = Timestamp(milliseconds: 253_402_300_799_999)
      indicator.validFrom = Timestamp(milliseconds: -1)
      indicator.validUntil = Timestamp(milliseconds: 0)
      indicator.modified = Timestamp(milliseconds: 1)
      indicator.isRevoked = row % 2 == 0
      indicator.isBenign = row % 3 == 0
      indicator.context = Array(repeating: "", count: row % 4)
      publication.indicators.append(indicator)
    }
    var sighting = Sighting(indicator: "uuid 3")
    (sighting.firstSeen, sighting.lastSeen, sighting.count) = (Timestamp(seconds: 1), Timestamp(seconds: 2), 7)
    sighting.whereSighted = ["a", "b"]
    publication.sightings = [sighting, sighting, Sighting(indicator: "nobody")]
    try store.take(publication, minute: 1)
    #expect(try store.told() == publication.indicators)
    #expect(try store.indicators.sightings(of: feed.name) == publication.sightings)
    #expect(try !store.take(publication, minute: 2).isNew)
  }

  @Test func `a NUL, at which texts end in SQLite, ends nothing and makes no change`() throws {
    let scratch = try Scratch()
    let store = try Store(folder: scratch.state)
    var publication = Publication(.stix2)
    var indicator = Indicator(id: "a\0b", place: .start, criterion: .foreign(language: "x\0y", text: "c\0d"))
    (indicator.title, indicator.labels) = ("e\0f", ["g\0h"])
    publication.indicators = [indicator]
    publication.sightings = [Sighting(indicator: "a\0b")]
    try store.take(publication, minute: 1)
    let stored = try #require(try store.told().first)
    // Its id is a text of the database, since sightings name it.
    indicator.id = "a\u{FFFD}b"
    #expect(stored == indicator)
    #expect(try store.indicators.sightings(of: feed.name).map(\.indicator) == [indicator.id])
    #expect(try !store.take(publication, minute: 2).isNew)
  }
}
