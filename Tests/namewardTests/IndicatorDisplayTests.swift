import Foundation
import Hunt
import Indicators
import Names
import Notation
import Testing

@testable import nameward

/// Whatever a source says, nothing that a person is shown of it becomes a link; JSON says it as it is.
@Suite("Indicators for a person") struct IndicatorDisplayTests {
  private static let now = Timestamp(seconds: 1_800_000_000)
  private static let beacons = "Beacons to http://evil.example/gate.php and 198.51.100.9 via mail bad@evil.example"
  private static let shownBeacons =
    "Beacons to hxxp://evil[.]example/gate[.]php and 198[.]51[.]100[.]9 via mail bad[@]evil[.]example"

  private static func source(_ text: String) throws -> IndicatorFiles.Source {
    IndicatorFiles.Source(name: "in", publication: try Publication(Array(text.utf8)), digest: "")
  }

  private static func row(_ row: String) throws -> IndicatorFiles.Source {
    try source("INDICATOR_VALUE,TYPE,DESCRIPTION,ROLE,ATTACK_PHASE\n\(row)\n")
  }

  private static func pattern(_ pattern: String) throws -> Indicator {
    Indicator(id: "a", place: .start, criterion: .pattern(try Pattern(pattern)))
  }

  /// What is told beside a sighting of the only value.
  private static func mention(_ indicator: Indicator) throws -> IndicatorMention {
    var watchlist = Watchlist()
    watchlist.add([indicator], source: 0, at: now)
    return IndicatorMention(try #require(watchlist.entries.first), indicator, source: "in", now: now)
  }

  @Test(
    arguments: [
      (".tree.example", "tree[.]example and below"), ("*.star.example", "below star[.]example"),
      ("evil.example", "evil[.]example"), ("198.51.100.0/24", "198[.]51[.]100[.]0/24"),
      ("http://a.example/?u=http://b.example", "hxxp://a[.]example/?u=http[:]//b[.]example"),
      ("bad@evil.example", "bad[@]evil[.]example"),
    ])
  func `a value of a list is shown once, and with what is below it where that is meant`(value: String, shown: String) throws {
    let indicator = try #require(try Self.source(value + "\n").publication.indicators.first)
    #expect(IndicatorLine.text(indicator) == "\(indicator.id)  \(shown)")
  }

  @Test(
    arguments: [
      ("[domain-name:value = 'tree.example' OR domain-name:value LIKE '%.tree.example']", "tree[.]example and below"),
      ("[domain-name:value LIKE '%.tree.example']", "below tree[.]example"),
      ("[domain-name:value NOT = 'not.example']", "[domain-name:value NOT = 'not[.]example']"),
      (
        #"[network-traffic:src_ref.value != 'it\'s, HTTP://evil1.example/' AND network-traffic:dst_ref.value != 'b.example']"#,
        #"[network-traffic:src_ref.value != 'it\'s, hxxp://evil1[.]example/' AND network-traffic:dst_ref.value != 'b[.]example']"#
      ),
      (#"[mutex:name = 'http:\\\\evil8.example\\x']"#, #"hxxp:\\evil8[.]example\x"#),
    ])
  func `of a pattern its values are shown, and where it has none what stands in quotes is broken`(pattern: String, shown: String)
    throws
  {
    #expect(IndicatorLine.text(try Self.pattern(pattern)) == "a  \(shown)")
  }

  @Test(
    arguments: [
      (["role.evil.example", "C2", "C2"], false, "role[.]evil[.]example, C2"),
      (["benign"], true, "benign: never alerts"), (["Benign", "C2"], true, "C2, benign: never alerts"),
      (["benign"], false, "benign"),
    ])
  func `labels are shown once each`(labels: [String], isBenign: Bool, shown: String) throws {
    var indicator = try Self.pattern("[domain-name:value = 'a.example']")
    (indicator.labels, indicator.isBenign) = (labels, isBenign)
    #expect(IndicatorLine.text(indicator) == "a  a[.]example  [\(shown)]")
  }

  @Test func `beside a sighting, title, labels and id are broken, and labels stand once`() throws {
    var indicator = try #require(try Self.row("evil.example,FQDN,\(Self.beacons),C2,C2").publication.indicators.first)
    indicator.id = "http://evil.example/1"
    let mention = try Self.mention(indicator)
    #expect(mention.about(.whole) == "evil[.]example: \(Self.shownBeacons) (C2)")
    #expect(mention.facts(names: nil) == ["in, hxxp://evil[.]example/1"])
    let sighted = SightedIndicator(value: "evil.example", manner: .whole, namesAtAddress: nil, mention: mention)
    #expect(sighted.words == "evil[.]example is a known indicator: \(Self.shownBeacons) (C2) · in, hxxp://evil[.]example/1")
    #expect(try JSON.line(sighted).contains("\"title\":\"\(Self.beacons)\""))
  }

  @Test func `what changed is told broken to a person, and as it is in JSON`() throws {
    let before = try Self.pattern("[domain-name:value = 'a.example']")
    var after = before
    after.description = Self.beacons
    let change = try #require(IndicatorChange.all(from: before, to: after).first)
    #expect(change.text == "description: (nothing) → \(Self.shownBeacons)")
    #expect(change.json == "{\"field\":\"description\",\"before\":null,\"after\":\"\(Self.beacons)\"}")
  }

  @Test func `a remark that quotes a value is told broken to a person, and as it is in JSON`() throws {
    let page = PublicationPage(try Self.row("evil3.example,IPV4ADDR,,,"))
    #expect(page.remarks.count == 1 && page.remarks[0].contains("\"evil3[.]example\" is no \"IPV4ADDR\""), "\(page.remarks)")
    #expect(page.summary?.contains("evil3.example") == false)
    #expect(page.remarkObjects[0].contains("evil3.example"), "\(page.remarkObjects)")
  }

  @Test(arguments: [(".tree.example", ["whole", "below"]), ("*.star.example", ["below"]), ("evil.example", ["whole"])])
  func `in JSON a value says its reach where that is not the name itself`(value: String, reaches: [String]) throws {
    let indicator = try #require(try Self.source(value + "\n").publication.indicators.first)
    let json = IndicatorLine.json(indicator, of: "in")
    let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
    let values = try #require(object?["values"] as? [[String: Any]])
    #expect(values.map { $0["reach"] as? String ?? "whole" } == reaches, "\(json)")
    #expect(values.allSatisfy { $0["type"] as? String == "domain-name" && $0["sufficient"] as? Bool == true })
  }

  @Test(arguments: [(1, "in: 1 indicator (list)\n"), (2, "in: 2 indicators (list)\n")])
  func `one is no plural`(count: Int, head: String) throws {
    let values = (0..<count).map { "host\($0).example\n" }.joined()
    #expect(PublicationPage(try Self.source(values)).head == head)
    #expect(PublicationPage.count(count, .warninglist) == (count == 1 ? "1 value" : "2 values"))
  }

  @Test(
    arguments: [
      ([0, 0], ["no indicators are in s0, s1"]), ([0, 0, 0, 0], ["no indicators are in s0, s1, s2 and 1 more"]),
      ([1, 0], ["1 of 2 sources has no indicators: s1"]), ([1, 0, 0], ["2 of 3 sources have no indicators, such as s1"]),
      ([1, 1], []),
    ])
  func `sources without indicators are told in short, unless they are all`(counts: [Int], notes: [String]) throws {
    var watchlist = Watchlist()
    for (source, count) in counts.enumerated() {
      let indicators = try (0..<count).map { _ in try Self.pattern("[domain-name:value = 'a.example']") }
      watchlist.add(indicators, source: source, at: Self.now)
    }
    let page = SightingPage(
      sources: counts.indices.map { "s\($0)" }, watchlist: watchlist, now: Self.now, isColoured: false)
    #expect(page.notes == notes)
  }
}
