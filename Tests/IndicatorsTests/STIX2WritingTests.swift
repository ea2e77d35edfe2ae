import Foundation
import Indicators
import Names
import Notation
import Testing

private let bundleID = "bundle--00000000-0000-4000-8000-000000000000"
private let now = Timestamp(seconds: 1_700_000_000)  // 2023-11-14T22:13:20Z

private func sample(_ number: Int) -> Indicator {
  Indicator(
    id: "indicator--00000000-0000-4000-8000-00000000000\(number)", place: .start,
    criterion: .pattern(pattern(name: "evil\(number).example")))
}

private func written(_ indicators: Indicator...) throws -> (text: String, objects: [[String: Any]]) {
  let text = STIX2.bundle(of: indicators, id: bundleID, at: now) { _ in "indicator--99999999-9999-4999-8999-999999999999" }.text
  let bundle = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  #expect(bundle["type"] as? String == "bundle")
  #expect(bundle["id"] as? String == bundleID)
  return (text, bundle["objects"] as? [[String: Any]] ?? [])
}

@Suite("STIX 2.1 as it is written") struct STIX2WritingTests {
  @Test func `what is written says the same when it is read`() throws {
    var indicator = sample(1)
    indicator.title = "A \"title\""
    indicator.description = "Line\nbreak \\ \u{1F600}"
    indicator.labels = ["malicious-activity", "c2", "compromised"]
    indicator.marking = .amberStrict
    indicator.confidence = 70
    indicator.validFrom = Timestamp("2020-01-01T00:00:00.5Z")
    indicator.validUntil = Timestamp("2021-01-01T00:00:00Z")
    indicator.created = Timestamp("2019-05-01T12:00:00Z")
    indicator.modified = Timestamp("2019-06-01T12:00:00Z")
    indicator.isRevoked = true
    var other = Indicator(
      id: "indicator--00000000-0000-4000-8000-000000000002", place: .start,
      criterion: .foreign(language: "yara", text: "rule x { condition: \"\\\" }"))
    other.isBenign = true
    other.marking = .clear
    let publication = try STIX2.read(json(written(indicator, other).text))
    var expected = [indicator, other]
    try #require(publication.indicators.count == 2)
    for index in expected.indices { expected[index].place = publication.indicators[index].place }
    expected[0].labels = ["malicious-activity", "compromised", "c2"]
    expected[1].labels = ["benign"]
    expected[1].validFrom = now
    expected[1].created = now
    expected[1].modified = now
    #expect(publication.indicators == expected)
    #expect(publication.remarkCount == 0)
  }

  @Test func `the same indicators give the same text`() throws {
    var one = sample(1)
    one.labels = ["b", "a", "benign", "unknown"]
    one.marking = .red
    var two = sample(2)
    two.marking = .green
    #expect(try written(one, two).text == written(one, two).text)
  }

  @Test func `only words of the open vocabulary are indicator types`() throws {
    var indicator = sample(1)
    indicator.labels = ["C2", "malicious-activity", "C2", "malicious-activity"]
    indicator.context = ["Sea Turtle"]
    let object = try #require(try written(indicator).objects.first)
    #expect(object["indicator_types"] as? [String] == ["malicious-activity"])
    #expect(object["labels"] as? [String] == ["C2", "Sea Turtle"])
  }

  @Test func `a marking of TLP 2 is the object that OASIS publishes`() throws {
    var indicator = sample(1)
    indicator.marking = .amber
    let objects = try written(indicator).objects
    let published = try #require(
      (foundation("ioc/stix2-validator-examples/v21_tlp-amber.json") as? [String: Any])?["objects"] as? [NSDictionary])
    #expect(objects.count == 2)
    #expect(objects.first.map { $0 as NSDictionary } == published.first)
    #expect(objects.last?["object_marking_refs"] as? [String] == published.first.flatMap { $0["id"] as? String }.map { [$0] })
  }

  @Test(
    arguments: [
      (nil, nil, nil, "2023-11-14T22:13:20.000Z", "2023-11-14T22:13:20.000Z"),
      (nil, nil, "2020-01-02T00:00:00Z", "2020-01-02T00:00:00.000Z", "2020-01-02T00:00:00.000Z"),
      (nil, "2020-01-01T00:00:00Z", "2020-01-02T00:00:00Z", "2020-01-01T00:00:00.000Z", "2020-01-02T00:00:00.000Z"),
      ("2019-01-01T00:00:00.25Z", "2020-01-01T00:00:00Z", nil, "2019-01-01T00:00:00.250Z", "2023-11-14T22:13:20.000Z"),
    ] as [(String?, String?, String?, String, String)])
  func `a time that is missing is taken from what is known`(
    validFrom: String?, firstSeen: String?, modified: String?, start: String, changed: String
  ) throws {
    var indicator = sample(1)
    indicator.validFrom = validFrom.flatMap { Timestamp($0) }
    indicator.firstSeen = firstSeen.flatMap { Timestamp($0) }
    indicator.modified = modified.flatMap { Timestamp($0) }
    let object = try #require(try written(indicator).objects.first)
    #expect(object["valid_from"] as? String == start)
    #expect(object["modified"] as? String == changed)
    #expect(object["created"] as? String == changed)
  }

  @Test func `times that cannot be written and ends before the start stay out`() throws {
    var indicator = sample(1)
    indicator.validFrom = Timestamp(milliseconds: .max)
    indicator.modified = Timestamp(milliseconds: .min)
    indicator.validUntil = now
    let object = try #require(try written(indicator).objects.first)
    #expect(object["valid_from"] as? String == "2023-11-14T22:13:20.000Z")
    #expect(object["valid_until"] == nil)
  }

  @Test(arguments: [
    ("indicator--00000000-0000-4000-8000-00000000000a", "indicator--00000000-0000-4000-8000-00000000000a"),
    ("4BB235A7-7d25-4aef-802f-2c6b45c5eceb", "indicator--4bb235a7-7d25-4aef-802f-2c6b45c5eceb"),
    ("row 14", "indicator--99999999-9999-4999-8999-999999999999"),
    ("malware--00000000-0000-4000-8000-00000000000a", "indicator--99999999-9999-4999-8999-999999999999"),
    ("indicator--00000000-0000-0000-0000-000000000000", "indicator--99999999-9999-4999-8999-999999999999"),
    ("example:indicator-00000000-0000-4000-8000-00000000000a", "indicator--99999999-9999-4999-8999-999999999999"),
  ])
  func `an id that STIX takes stays, another is asked for`(id: String, expected: String) throws {
    var indicator = sample(1)
    indicator.id = id
    #expect(try written(indicator).objects.map { $0["id"] as? String } == [expected])
  }

  @Test func `what cannot be written is given back`() {
    let broken = Indicator(id: "row 1", place: .start, criterion: .foreign(language: "stix", text: "[domain"))
    let result = STIX2.bundle(of: [sample(1), broken, sample(1)], id: bundleID, at: now) { _ in "indicator--x" }
    #expect(result.omitted == [broken, sample(1)])
    #expect(!result.text.contains("[domain\""))
  }

  @Test func `a bundle of nothing has no list`() throws {
    #expect(try written().objects.isEmpty)
    #expect(try !written().text.contains("objects"))
  }
}
