import Indicators
import Names
import Notation
import Testing

/// Reads a bundle of objects, each written as the members that it has beside `type` and `id`.
private func bundle(_ objects: String...) throws -> Publication {
  try STIX2.read(json("{\"type\": \"bundle\", \"id\": \"bundle--\(uuid(0))\", \"objects\": [\(objects.joined(separator: ","))]}"))
}

private func uuid(_ number: Int) -> String { "00000000-0000-4000-8000-00000000000\(number)" }

private func object(_ type: String, _ number: Int, _ members: String = "") -> String {
  "{\"type\": \"\(type)\", \"id\": \"\(type)--\(uuid(number))\"\(members.isEmpty ? "" : ", " + members)}"
}

private let pattern = #""pattern": "[domain-name:value = 'evil.example']""#

@Suite("STIX 2.1 §4.7 Indicator") struct STIX2IndicatorTests {
  @Test func `every property has its place`() throws {
    let members = """
      \(pattern), "pattern_type": "stix", "name": "N", "description": "D", "indicator_types": ["malicious-activity"],
      "labels": ["x"],
      "kill_chain_phases": [{"kill_chain_name": "k", "phase_name": "delivery"}], "created": "2020-01-01T00:00:00.000Z",
      "modified": "2021-01-01T00:00:00.000Z", "valid_from": "2022-01-01T00:00:00Z", "valid_until": "2023-01-01T00:00:00.5Z",
      "confidence": 85, "revoked": true
      """
    let publication = try bundle(object("indicator", 1, members))
    var expected = Indicator(
      id: "indicator--" + uuid(1), place: try #require(publication.indicators.first?.place),
      criterion: .pattern(pattern(name: "evil.example")))
    expected.title = "N"
    expected.description = "D"
    expected.labels = ["malicious-activity", "x", "delivery"]
    expected.confidence = 85
    expected.created = Timestamp("2020-01-01T00:00:00Z")
    expected.modified = Timestamp("2021-01-01T00:00:00Z")
    expected.validFrom = Timestamp("2022-01-01T00:00:00Z")
    expected.validUntil = Timestamp("2023-01-01T00:00:00.500Z")
    expected.isRevoked = true
    #expect(publication.indicators == [expected])
    #expect(publication.id == "bundle--" + uuid(0))
    #expect(publication.remarkCount == 0)
  }

  @Test(arguments: [
    ("", false), (#""labels": ["benign"]"#, true), (#""indicator_types": ["benign"]"#, true), (#""labels": ["Benign"]"#, true),
    (#""indicator_types": ["anomalous-activity"]"#, false), (#""labels": ["malicious-activity"]"#, false),
  ])
  func `benign is said by an indicator type, or in version 2.0 by a label`(members: String, isBenign: Bool) throws {
    let publication = try bundle(object("indicator", 1, pattern + (members.isEmpty ? "" : ", " + members)))
    #expect(publication.indicators.map(\.isBenign) == [isBenign])
  }

  @Test func `another language is kept and never matched`() throws {
    let publication = try bundle(object("indicator", 1, #""pattern": "alert tcp any any", "pattern_type": "snort""#))
    #expect(publication.indicators.map(\.criterion) == [.foreign(language: "snort", text: "alert tcp any any")])
    #expect(publication.remarkCount == 0)
  }

  @Test func `text that is no pattern is kept, and a remark says why in the words of the pattern's reader`() throws {
    let text = "[domain-name:value = "
    let sentence = #expect(throws: PatternFault.self) { try Pattern(text) }?.sentence
    let publication = try bundle(object("indicator", 1, "\"pattern\": \"\(text)\""))
    #expect(publication.indicators.map(\.criterion) == [.foreign(language: "stix", text: text)])
    #expect(publication.remarks.map(\.cause) == [.badPattern(try #require(sentence))])
  }

  @Test(arguments: ["", #""pattern": """#, #""pattern": null"#, #""pattern": 7"#])
  func `without a pattern it is none`(members: String) throws {
    let publication = try bundle(object("indicator", 1, members))
    #expect(publication.indicators.isEmpty)
    #expect(publication.remarks.map(\.cause) == [.noValue])
  }

  @Test(arguments: [
    (#""confidence": 101"#, "confidence", "confidence"), (#""confidence": "high""#, "confidence", "high"),
    (#""valid_from": "yesterday""#, "timestamp", "yesterday"), (#""valid_until": 5"#, "timestamp", "valid_until"),
  ])
  func `a property that is not what it must be is left out and told`(members: String, type: String, value: String) throws {
    let publication = try bundle(object("indicator", 1, pattern + ", " + members))
    #expect(publication.indicators.count == 1)
    #expect(publication.indicators.first.map { [$0.validFrom, $0.validUntil] } == [nil, nil])
    #expect(publication.indicators.first?.confidence == nil)
    #expect(publication.remarks.map(\.cause) == [.notOfType(type: type, value: value)])
  }

  @Test func `an id that is none is told, and one that is missing is made of the place`() throws {
    let publication = try bundle(
      object("malware", 1), #"{"type": "indicator", "id": "indicator--7", \#(pattern)}"#, #"{"type": "indicator", \#(pattern)}"#)
    #expect(publication.indicators.map(\.id) == ["indicator--7", "object 3"])
    #expect(
      publication.remarks.map(\.cause) == [
        .notOfType(type: "identifier", value: "indicator--7"), .notOfType(type: "identifier", value: ""),
      ])
  }
}

@Suite("STIX 2.1 §3.6 Versioning") struct STIX2VersionTests {
  private func version(_ name: String, _ members: String) -> String {
    object("indicator", 1, "\"name\": \"\(name)\", \(pattern)" + (members.isEmpty ? "" : ", " + members))
  }

  @Test func `of several versions the newest counts, wherever it stands`() throws {
    let new = version("new", #""modified": "2021-01-01T00:00:00.001Z""#)
    let old = version("old", #""modified": "2021-01-01T00:00:00.000Z""#)
    for objects in [[new, old], [old, new], [old, new, old]] {
      let publication = try STIX2.read(json("[\(objects.joined(separator: ","))]"))
      #expect(publication.indicators.map(\.title) == ["new"])
    }
  }

  @Test func `created is the version where modified is missing, and one without both is the oldest`() throws {
    let publication = try bundle(
      version("created", #""created": "2021-01-01T00:00:00Z""#), version("none", ""),
      version("older", #""created": "2019-01-01T00:00:00Z", "modified": "2020-01-01T00:00:00Z""#))
    #expect(publication.indicators.map(\.title) == ["created"])
  }

  @Test func `of two with the same time the later in the text counts`() throws {
    let time = #""modified": "2021-01-01T00:00:00Z""#
    let publication = try bundle(version("first", time), version("second", time + ", \"revoked\": true"))
    #expect(publication.indicators.map(\.title) == ["second"])
    #expect(publication.indicators.map(\.isRevoked) == [true])
  }

  @Test func `also what is named by others counts in its newest version`() throws {
    let publication = try bundle(
      object("malware", 2, #""name": "New", "modified": "2022-01-01T00:00:00Z""#),
      object("malware", 2, #""name": "Old", "modified": "2021-01-01T00:00:00Z""#), object("indicator", 1, pattern),
      object("relationship", 3, indicates(1, "malware", 2)))
    #expect(publication.indicators.map(\.context) == [["New"]])
  }
}

private func indicates(_ source: Int, _ type: String, _ target: Int) -> String {
  """
  "relationship_type": "indicates", "source_ref": "indicator--\(uuid(source))", "target_ref": "\(type)--\(uuid(target))"
  """
}

@Suite("STIX 2.1 §5 Relationships and sightings") struct STIX2RelationshipTests {
  @Test func `what an indicator indicates is its context, by name and once`() throws {
    let publication = try bundle(
      object("relationship", 5, indicates(1, "malware", 2)), object("relationship", 6, indicates(1, "campaign", 3)),
      object("relationship", 7, indicates(1, "malware", 2)), object("indicator", 1, pattern),
      object("malware", 2, #""name": "Poison Ivy""#), object("campaign", 3, #""name": "Sea Turtle""#))
    #expect(publication.indicators.map(\.context) == [["Poison Ivy", "Sea Turtle"]])
    #expect(publication.remarkCount == 0)
  }

  @Test(arguments: [
    #""relationship_type": "based-on", "source_ref": "indicator--1", "target_ref": "malware--\#(uuid(2))""#,
    indicates(1, "malware", 2) + #", "revoked": true"#, indicates(4, "malware", 2),
  ])
  func `other relationships, withdrawn ones and those of others say nothing`(members: String) throws {
    let publication = try bundle(
      object("indicator", 1, pattern), object("malware", 2, #""name": "Poison Ivy""#), object("relationship", 3, members))
    #expect(publication.indicators.map(\.context) == [[]])
  }

  @Test func `what a relationship names must be there`() throws {
    let publication = try bundle(object("indicator", 1, pattern), object("relationship", 3, indicates(1, "malware", 2)))
    #expect(publication.remarks.map(\.cause) == [.danglingReference("malware--" + uuid(2))])
  }

  @Test func `a sighting says what was seen, when, how often and by whom`() throws {
    let publication = try bundle(
      object("indicator", 1, pattern), object("identity", 2, #""name": "CERT""#),
      object(
        "sighting", 3,
        """
        "sighting_of_ref": "indicator--\(uuid(1))", "first_seen": "2020-01-01T00:00:00Z", "last_seen": "2020-01-02T00:00:00Z",
        "count": 50, "where_sighted_refs": ["identity--\(uuid(2))", "identity--\(uuid(9))"]
        """))
    var expected = Sighting(indicator: "indicator--" + uuid(1))
    expected.firstSeen = Timestamp("2020-01-01T00:00:00Z")
    expected.lastSeen = Timestamp("2020-01-02T00:00:00Z")
    expected.count = 50
    expected.whereSighted = ["CERT", "identity--" + uuid(9)]
    #expect(publication.sightings == [expected])
  }

  @Test(arguments: [
    (#""sighting_of_ref": "indicator--\#(uuid(7))""#, 1), (#""sighting_of_ref": "malware--\#(uuid(7))""#, 0), ("", 0),
    (#""sighting_of_ref": "indicator--\#(uuid(7))", "revoked": true"#, 0),
  ])
  func `of indicators of other files too, but of nothing else`(members: String, count: Int) throws {
    #expect(try bundle(object("sighting", 1, members)).sightings.count == count)
  }
}

private let notSTIX = """
  This is JSON, but not STIX 2: a bundle, an object with a type, or a list of such objects belongs here. \
  Name a file that its source calls STIX 2.0 or 2.1.
  """

@Suite("STIX 2 documents") struct STIX2DocumentTests {
  @Test(arguments: [
    object("indicator", 1, pattern), "[\(object("indicator", 1, pattern))]",
    "{\"objects\": [\(object("indicator", 1, pattern))]}",
    "{\"more\": false, \"objects\": [\(object("indicator", 1, pattern))]}",
    "{\"type\": \"bundle\", \"spec_version\": \"2.0\", \"objects\": [\(object("indicator", 1, pattern))]}",
    "[{\"type\": \"bundle\", \"objects\": [\(object("indicator", 1, pattern))]}]",
  ])
  func `a bundle, an envelope, a list and an object alone say the same`(text: String) throws {
    let publication = try STIX2.read(json(text))
    #expect(publication.indicators.map(\.pattern) == [pattern(name: "evil.example")])
    #expect(publication.format == .stix2)
    #expect(STIX2.recognizes(try json(text)))
    #expect(!MISP.recognizes(try json(text)))
  }

  @Test(arguments: ["{}", "[]", #"{"more": false}"#, #"{"type": "bundle"}"#, #"{"objects": []}"#])
  func `what holds nothing is read as nothing`(text: String) throws {
    #expect(try STIX2.read(json(text)).indicators.isEmpty)
  }

  @Test func `observations and what is not known are passed over`() throws {
    let publication = try bundle(
      object("observed-data", 1, #""objects": {"0": {"type": "domain-name", "value": "evil.example"}}"#),
      object("domain-name", 2, #""value": "evil.example""#), object("x-own-thing", 3, pattern))
    #expect(publication.indicators.isEmpty)
    #expect(publication.remarkCount == 0)
  }

  @Test func `what stands among objects and is none is told`() throws {
    let publication = try bundle("7", object("indicator", 1, pattern), "null", "{}")
    #expect(publication.indicators.count == 1)
    #expect(publication.remarks.map(\.cause) == [.noValue, .noValue, .noValue])
  }

  @Test(arguments: [
    (
      "7",
      notSTIX
    ),
    (
      "[7]",
      notSTIX
    ),
    (
      #"{"a": 1}"#,
      notSTIX
    ),
    (
      #"{"type": 1}"#,
      notSTIX
    ),
    (#"{"type": "bundle", "objects": {}}"#, "objects is not a list. Write [ ] around the objects."),
    (#"{"type": "bundle", "id": "a", "id": "b"}"#, #""id" stands twice in one object, first at 1:20. Remove one of the two."#),
  ])
  func `what is no such document is refused in words`(text: String, sentence: String) throws {
    #expect(#expect(throws: STIX2Fault.self) { try STIX2.read(json(text)) }?.sentence == sentence)
  }
}
