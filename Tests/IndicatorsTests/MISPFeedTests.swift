import Foundation
import Indicators
import Names
import Notation
import Testing

@Suite("MISP feeds: manifest") struct MISPManifestTests {
  @Test func `every event of the feed is told, in the order of the text`() throws {
    let manifest = try MISP.manifest(
      json(
        """
        {"AA0B1C2D-1111-4222-8333-444455556666": {"info": "I", "date": "2019-02-18", "timestamp": "1550500000",
          "Tag": [{"name": "tlp:amber"}], "Orgc": {"name": "CERT"}},
         "00000000-1111-4222-8333-444455556666": {"timestamp": 1550600000}}
        """))
    #expect(
      manifest.entries.map(\.uuid) == ["aa0b1c2d-1111-4222-8333-444455556666", "00000000-1111-4222-8333-444455556666"])
    #expect(manifest.entries.map(\.timestamp) == [Timestamp(seconds: 1_550_500_000), Timestamp(seconds: 1_550_600_000)])
    #expect(manifest.entries.map(\.marking) == [.amber, nil])
  }

  @Test(arguments: [
    "../../etc/passwd", "00000000-1111-4222-8333-44445555666", "00000000-1111-4222-8333-44445555666g",
    "00000000-1111-4222-8333-444455556666/x", "00000000_1111_4222_8333_444455556666", "０0000000-1111-4222-8333-4444555566", "",
  ])
  func `a name that is no UUID leads nowhere`(name: String) throws {
    let manifest = try MISP.manifest(json("{\"\(name)\": {}, \"00000000-1111-4222-8333-444455556666\": {}}"))
    #expect(manifest.entries.map(\.uuid) == ["00000000-1111-4222-8333-444455556666"])
  }

  @Test(arguments: [
    ("[]", "This is no manifest of a MISP feed: events by their UUID belong here. Name the feed's manifest.json."),
    (#"{"Event": {}}"#, "This is no manifest of a MISP feed: events by their UUID belong here. Name the feed's manifest.json."),
    (#"{"a": {}, "a": {}}"#, #""a" stands twice in one object, first at 1:2. Remove one of the two."#),
  ])
  func `what is no manifest is refused in words`(text: String, sentence: String) throws {
    #expect(#expect(throws: MISPFault.self) { try MISP.manifest(json(text)) }?.sentence == sentence)
  }

  @Test(
    arguments: [
      ("green", "red", .red, nil), ("red", "green", .red, nil), ("green", nil, .green, nil), (nil, "amber", .amber, nil),
      (nil, nil, nil, nil), ("green", "purple", .red, "tlp:purple"), ("purple", "purple", .red, "tlp:purple"),
    ] as [(String?, String?, TLP?, String?)])
  func `an event is no milder than its manifest says`(own: String?, manifest: String?, marking: TLP?, told: String?) throws {
    func tags(_ word: String?) -> String { word.map { "{\"name\": \"tlp:\($0)\"}" } ?? "" }
    let entries = try MISP.manifest(
      json("{\"00000000-1111-4222-8333-444455556666\": {\"Tag\": [\(tags(manifest))]}}")
    ).entries
    let event = try MISP.read(
      json(
        """
        {"Event": {"info": "I", "Tag": [\(tags(own))],
          "Attribute": [{"uuid": "U", "type": "domain", "value": "evil.example", "to_ids": true}]}}
        """))
    var feed = Publication(.misp)
    feed.add(event, of: try #require(entries.first))
    #expect(feed.indicators.map(\.marking) == [marking])
    #expect(feed.marking == marking)
    let remarks = told.map { [Publication.Remark.Cause.unreadableMarking($0)] } ?? []
    #expect(feed.remarks.map(\.cause) == remarks)
  }

  @Test func `a feed of nothing has no events`() throws { #expect(try MISP.manifest(json("{}")).entries.isEmpty) }
}

@Suite("MISP warninglists") struct MISPWarninglistTests {
  @Test(arguments: ["hostname", "string", "substring", "regex", "cidr"]) func `every type is read`(type: String) throws {
    let text = """
      {"name": "N", "version": 20240101, "description": "D", "type": "\(type)", "list": ["a.example", " b.example ", "", 7],
       "matching_attributes": ["domain"]}
      """
    let kind = try #require(Warninglist.Kind(rawValue: type))
    let expected = Warninglist(name: "N", description: "D", kind: kind, values: ["a.example", "b.example", "7"])
    #expect(try MISP.warninglist(json(text)) == expected)
    let publication = try MISP.read(json(text))
    #expect(publication.warninglists == [expected])
    #expect(publication.title == "N")
    #expect(publication.indicators.isEmpty)
    #expect(MISP.recognizes(try json(text)))
  }

  @Test func `values with comments are read`() throws {
    let list = try MISP.warninglist(json(#"{"name": "N", "type": "string", "list": {"a": "why", "b": null}}"#))
    #expect(list.values == ["a", "b"])
  }

  @Test func `what is written is what MISP wants, and says the same when it is read`() throws {
    let list = Warninglist(
      name: "Own \"names\"", description: "D", kind: .hostname, values: ["example.gov", "example.gov", "mail.example.gov"])
    let text = MISP.document(of: list, version: 20_240_101)
    var expected = list
    expected.values = ["example.gov", "mail.example.gov"]
    #expect(try MISP.warninglist(json(text)) == expected)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    // The members that misp-warninglists' schema.json requires.
    #expect(Set(object.keys) == ["name", "version", "description", "type", "list", "matching_attributes"])
    #expect(object["version"] as? Int == 20_240_101)
    #expect((object["matching_attributes"] as? [String])?.contains("hostname") == true)
  }
}
