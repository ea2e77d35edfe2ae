import Indicators
import Names
import Notation
import Testing

private func event(_ members: String) throws -> Publication { try MISP.read(json("{\"Event\": {\"info\": \"I\", \(members)}}")) }

private func attribute(_ members: String) throws -> Publication {
  try event(
    #""Attribute": [{"uuid": "U", "type": "domain", "value": "evil.example"\#(members.isEmpty ? "" : ", " + members)}]"#
  )
}

@Suite("MISP core format: events and attributes") struct MISPEventTests {
  @Test func `every member has its place`() throws {
    let publication = try event(
      """
      "uuid": "E", "date": "2019-02-18", "timestamp": "1550500000", "publish_timestamp": "1550600000", "threat_level_id": "1",
      "Tag": [{"name": "tlp:green"}, {"name": "osint:source-type=\\"blog-post\\""}, {"name": "misp-galaxy:tool=\\"Drovorub\\""}],
      "Galaxy": [{"GalaxyCluster": [{"value": "Sea Turtle"}]}],
      "Attribute": [
        {"uuid": "A", "type": "domain", "category": "Network activity", "value": "evil.example", "comment": "C", "to_ids": true,
         "timestamp": "1550400000", "first_seen": "2019-01-01T00:00:00.000000+00:00", "last_seen": "2019-01-02T00:00:00+01:00",
         "Tag": [{"name": "tlp:amber"}, {"name": "misp:confidence-level=\\"usually-confident\\""}],
         "Galaxy": [{"GalaxyCluster": [{"value": "Drovorub"}, {"value": "Other"}]}]},
        {"uuid": "B", "type": "campaign-name", "value": "DNSpionage"}]
      """)
    var expected = Indicator(
      id: "A", place: try #require(publication.indicators.first?.place), criterion: .pattern(pattern(name: "evil.example")))
    expected.description = "C"
    expected.labels = ["Network activity", "osint:source-type=\"blog-post\"", "threat-level:high"]
    expected.marking = .amber
    expected.confidence = 75
    expected.firstSeen = Timestamp("2019-01-01T00:00:00Z")
    expected.lastSeen = Timestamp("2019-01-01T23:00:00Z")
    expected.modified = Timestamp(seconds: 1_550_400_000)
    expected.context = ["I", "Drovorub", "Sea Turtle", "DNSpionage", "Other"]
    #expect(publication.indicators == [expected])
    #expect(publication.id == "E")
    #expect(publication.title == "I")
    #expect(publication.marking == .green)
    #expect(publication.produced == Timestamp(seconds: 1_550_600_000))
    #expect(publication.remarkCount == 0)
  }

  @Test(arguments: [
    (#""to_ids": true"#, false), (#""to_ids": false"#, true), ("", true), (#""to_ids": "1""#, false), (#""to_ids": 1"#, false),
    (#""to_ids": "0""#, true), (#""to_ids": null"#, true),
  ])
  func `what is not for detection is context and never alerts`(members: String, isBenign: Bool) throws {
    #expect(try attribute(members).indicators.map(\.isBenign) == [isBenign])
  }

  @Test(arguments: [(#""deleted": true"#, 0), (#""deleted": "1""#, 0), (#""deleted": false"#, 1), (#""deleted": "0""#, 1)])
  func `what is deleted is passed over`(members: String, count: Int) throws {
    let publication = try attribute(members)
    #expect(publication.indicators.count == count)
    #expect(publication.remarkCount == 0)
  }

  @Test(
    arguments: [
      ("tlp:white", .clear), ("tlp:clear", .clear), ("TLP:GREEN", .green), ("tlp:amber+strict", .amberStrict), ("tlp:red", .red),
      ("osint:source-type=\\\"blog-post\\\"", nil),
    ] as [(String, TLP?)])
  func `tags of the TLP taxonomy are markings, all others labels`(tag: String, marking: TLP?) throws {
    let publication = try attribute("\"Tag\": [{\"name\": \"\(tag)\"}]")
    #expect(publication.indicators.map(\.marking) == [marking])
    #expect(publication.indicators.map(\.labels) == [marking == nil ? [tag.replacing("\\", with: "")] : []])
  }

  @Test(arguments: ["tlp:ex:chr", "tlp:unclear", "TLP:PURPLE", "tlp-purple", "TLP for partners"])
  func `a tag of TLP that says no colour counts as the strictest, and is told`(tag: String) throws {
    let publication = try attribute("\"Tag\": [{\"name\": \"\(tag)\"}]")
    #expect(publication.indicators.map(\.marking) == [.red])
    #expect(publication.indicators.map(\.labels) == [[tag]])
    #expect(publication.remarks.map(\.cause) == [.unreadableMarking(tag)])
  }

  @Test(arguments: [("green", "amber", TLP.amber), ("amber", "green", .amber), ("clear", "red", .red)])
  func `of the event's and the attribute's marking the stricter counts`(event: String, own: String, marking: TLP) throws {
    let tag = "\"Tag\": [{\"name\": \"tlp:\(own)\"}]"
    let publication = try MISP.read(
      json(
        """
        {"Event": {"info": "I", "Tag": [{"name": "tlp:\(event)"}],
          "Attribute": [{"uuid": "U", "type": "domain", "value": "evil.example", \(tag)}]}}
        """))
    #expect(publication.indicators.map(\.marking) == [marking])
  }

  @Test func `sightings are told, false positives are a label, expiry ends the validity`() throws {
    let publication = try attribute(
      """
      "Sighting": [{"type": "0", "date_sighting": "1550400000", "Organisation": {"name": "CERT"}},
        {"type": "0", "date_sighting": "1550500000", "source": "sensor"}, {"type": "1", "date_sighting": "1550600000"},
        {"type": "2", "date_sighting": "1550700000"}, {"type": "9"}, 7]
      """)
    var first = Sighting(indicator: "U")
    (first.firstSeen, first.lastSeen, first.count) = (Timestamp(seconds: 1_550_400_000), Timestamp(seconds: 1_550_400_000), 1)
    first.whereSighted = ["CERT"]
    var second = first
    (second.firstSeen, second.lastSeen) = (Timestamp(seconds: 1_550_500_000), Timestamp(seconds: 1_550_500_000))
    second.whereSighted = ["sensor"]
    #expect(publication.sightings == [first, second])
    #expect(publication.indicators.map(\.labels) == [["false-positive"]])
    #expect(publication.indicators.map(\.validUntil) == [Timestamp(seconds: 1_550_700_000)])
  }

  @Test(arguments: ["0", "-5", "999999999999999999", "soon", ""])
  func `a time that is none is left out`(seconds: String) throws {
    let publication = try attribute("\"timestamp\": \"\(seconds)\", \"first_seen\": \"\(seconds)\"")
    #expect(publication.indicators.map(\.modified) == [nil])
    #expect(publication.indicators.map(\.firstSeen) == [nil])
  }

  @Test(
    arguments: [
      ("domain", "192.0.2.1", .readAs(type: "domain", written: "192.0.2.1", value: "192.0.2.1")),
      ("ip-dst", "not an address", .notOfType(type: "ip-dst", value: "not an address")),
      ("md5", "1234", .notOfType(type: "md5", value: "1234")), ("AS", "ASX", .notOfType(type: "as", value: "ASX")),
      ("domain|ip", "evil.example", .notOfType(type: "domain|ip", value: "evil.example")),
      (
        "filename|md5", "|b2a5abfeef9e36964281a31e17b57c97",
        .notOfType(type: "filename|md5", value: "|b2a5abfeef9e36964281a31e17b57c97")
      ),
      ("ip-dst|port", "192.0.2.1", .notOfType(type: "ip-dst", value: "192.0.2.1")), ("domain", "", .noValue),
      ("domain", " ", .noValue),
      ("btc", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", .unknownType("btc")),
    ] as [(String, String, Publication.Remark.Cause)])
  func `what is wrong with a value is told`(type: String, value: String, cause: Publication.Remark.Cause) throws {
    let publication = try event("\"Attribute\": [{\"type\": \"\(type)\", \"value\": \"\(value)\", \"to_ids\": true}]")
    #expect(publication.remarks.map(\.cause) == [cause])
    if case .readAs = cause {
      #expect(publication.indicators.compactMap(\.pattern) == [Pattern(.equal(ObjectPath("ipv4-addr", ["value"]), value))])
    } else {
      #expect(publication.indicators.isEmpty)
    }
  }

  @Test(
    arguments: [
      ("filename|md5", "a|b.exe|B2A5ABFEEF9E36964281A31E17B57C97", ["b2a5abfeef9e36964281a31e17b57c97"]),
      ("malware-sample", "a|b|b2a5abfeef9e36964281a31e17b57c97", ["b2a5abfeef9e36964281a31e17b57c97"]),
      ("ip-dst|port", "2001:db8::1|443", ["2001:db8::1"]), ("hostname|port", "evil.example|443", ["evil.example"]),
      ("domain|ip", "evil.example|192.0.2.1", ["evil.example", "192.0.2.1"]),
      ("regkey|value", "HKLM\\\\a|b|c", ["HKLM\\a", "b|c"]),
    ] as [(String, String, Set<String>)])
  func `a composite value is split where its type says, and is the title as it was written`(
    type: String, value: String, parts: Set<String>
  ) throws {
    let publication = try event("\"Attribute\": [{\"type\": \"\(type)\", \"value\": \"\(value)\"}]")
    #expect(publication.indicators.compactMap(\.pattern).map(comparedValues) == [parts])
    #expect(publication.indicators.map(\.title) == [value.replacing("\\\\", with: "\\")])
    #expect(publication.remarkCount == 0)
  }

  @Test func `text that nobody wants to be alerted of is passed over in silence`() throws {
    let publication = try event(
      #""Attribute": [{"type": "comment", "value": "x", "to_ids": false}, {"type": "text", "value": "y"}]"#)
    #expect(publication.indicators.isEmpty)
    #expect(publication.remarkCount == 0)
  }
}

@Suite("MISP core format: objects") struct MISPObjectTests {
  private func object(_ name: String, _ attributes: String...) throws -> Publication {
    try event("\"Object\": [{\"uuid\": \"O\", \"name\": \"\(name)\", \"Attribute\": [\(attributes.joined(separator: ","))]}]")
  }

  private func member(_ type: String, _ value: String, _ toIDs: Bool, _ more: String = "") -> String {
    "{\"uuid\": \"A\", \"type\": \"\(type)\", \"value\": \"\(value)\", \"to_ids\": \(toIDs)\(more)}"
  }

  @Test func `its values are one indicator, and each of them alone tells it`() throws {
    let publication = try object(
      "domain-ip", member("domain", "evil.example", true), member("ip-dst", "192.0.2.1", true),
      member("domain", "evil.example", true))
    #expect(publication.indicators.map(\.id) == ["O"])
    #expect(
      publication.indicators.compactMap(\.pattern) == [
        Pattern(
          .or([
            .equal(ObjectPath("domain-name", ["value"]), "evil.example"), .equal(ObjectPath("ipv4-addr", ["value"]), "192.0.2.1"),
          ]))
      ])
    #expect(publication.indicators.map(\.isBenign) == [false])
    #expect(publication.indicators.map(\.title) == ["domain-ip"])
  }

  @Test func `only what is for detection is sought where anything is`() throws {
    let publication = try object("domain-ip", member("domain", "evil.example", true), member("ip-dst", "192.0.2.1", false))
    #expect(publication.indicators.compactMap(\.pattern) == [pattern(name: "evil.example")])
  }

  @Test func `an object of which nothing is for detection is context`() throws {
    let publication = try object("domain-ip", member("domain", "evil.example", false))
    #expect(publication.indicators.map(\.isBenign) == [true])
  }

  @Test func `a file's hash is sought without its name, which is the title`() throws {
    let hash = "b2a5abfeef9e36964281a31e17b57c97"
    let publication = try object(
      "file", member("filename", "a.exe", true), member("md5", hash, true), member("size-in-bytes", "5", true))
    #expect(publication.indicators.compactMap(\.pattern) == [Pattern(.equal(ObjectPath("file", ["hashes", "MD5"]), hash))])
    #expect(publication.indicators.map(\.title) == ["a.exe"])
  }

  @Test func `where nothing identifies all that describes it is sought together, object type by object type`() throws {
    let publication = try object(
      "file", member("filename", "a.exe", true), member("size-in-bytes", "5", true), member("email-subject", "S", true))
    let size = Comparison(
      path: ObjectPath("file", ["size"]), isNegated: false, operator: .equal, operand: .constant(.integer(5)))
    #expect(
      publication.indicators.compactMap(\.pattern) == [
        Pattern(
          .and([
            .observation(.and([.equal(ObjectPath("file", ["name"]), "a.exe"), .comparison(size)])),
            .observation(.equal(ObjectPath("email-message", ["subject"]), "S")),
          ]))
      ])
  }

  @Test func `text is explained by its relation`() throws {
    let path = member("text", "/tmp/x", true, #", "object_relation": "path""#)
    #expect(
      try object("directory", path).indicators.compactMap(\.pattern) == [
        Pattern(.equal(ObjectPath("directory", ["path"]), "/tmp/x"))
      ])
    #expect(try object("credential", path).remarks.map(\.cause) == [.unknownType("text")])
  }

  @Test func `the strictest marking of its attributes is its own, and their sightings are of it`() throws {
    let publication = try object(
      "domain-ip", member("domain", "evil.example", true, #", "Sighting": [{"type": "0", "date_sighting": "1550400000"}]"#),
      member("text", "x", false, #", "Tag": [{"name": "tlp:red"}]"#))
    #expect(publication.indicators.map(\.marking) == [.red])
    #expect(publication.sightings.map(\.indicator) == ["O"])
  }

  @Test func `a rule in an object is an indicator of its own`() throws {
    let publication = try object("yara", member("yara", "rule x {}", true))
    #expect(publication.indicators.map(\.criterion) == [.foreign(language: "yara", text: "rule x {}")])
    #expect(publication.indicators.map(\.id) == ["A"])
  }

  @Test(
    arguments: [
      ("green", "red", "", .red, nil), ("red", "green", "", .red, nil), ("green", "amber", "red", .red, nil),
      ("green", "purple", "", .red, "tlp:purple"),
    ] as [(String, String, String, TLP, String?)])
  func `a rule in an object is as strict as its event, its object and itself`(
    event: String, object: String, own: String, marking: TLP, told: String?
  ) throws {
    let tag = own.isEmpty ? "" : ", \"Tag\": [{\"name\": \"tlp:\(own)\"}]"
    func read(_ attributes: String...) throws -> Publication {
      try MISP.read(
        json(
          """
          {"Event": {"info": "I", "Tag": [{"name": "tlp:\(event)"}], "Object": [{"uuid": "O", "name": "file",
            "Tag": [{"name": "tlp:\(object)"}], "Attribute": [\(attributes.joined(separator: ","))]}]}}
          """))
    }
    let rule = member("yara", "rule x {}", true, tag)
    let hash = member("md5", "b2a5abfeef9e36964281a31e17b57c97", true)
    let remarks = told.map { [Publication.Remark.Cause.unreadableMarking($0)] } ?? []
    for publication in try [read(rule), read(rule, hash)] {
      #expect(publication.indicators.first?.criterion == .foreign(language: "yara", text: "rule x {}"))
      #expect(publication.indicators.allSatisfy { $0.marking == marking })
      #expect(publication.remarks.map(\.cause) == remarks)
    }
  }
}

private let notMISP = """
  This is JSON, but not of MISP: an Event, a response with events or attributes, or a warninglist belongs here. \
  Name a file that MISP exported.
  """

@Suite("MISP documents") struct MISPDocumentTests {
  private static let attribute = #"{"uuid": "U", "type": "domain", "value": "evil.example"}"#

  @Test(arguments: [
    "{\"Event\": {\"info\": \"I\", \"Attribute\": [\(attribute)]}}",
    "{\"response\": [{\"Event\": {\"Attribute\": [\(attribute)]}}]}",
    "[{\"Event\": {\"Attribute\": [\(attribute)]}}]", "{\"info\": \"I\", \"Attribute\": [\(attribute)]}",
    "{\"response\": {\"Attribute\": [\(attribute)]}}", "{\"Attribute\": \(attribute)}", "[\(attribute)]",
    "{\"response\": [{\"Object\": {\"uuid\": \"U\", \"Attribute\": [\(attribute)]}}]}",
    "{\"name\": \"domain-ip\", \"uuid\": \"U\", \"Attribute\": [\(attribute)]}",
  ])
  func `an event, a response, attributes and objects say the same`(text: String) throws {
    let publication = try MISP.read(json(text))
    #expect(publication.indicators.map(\.pattern) == [pattern(name: "evil.example")])
    #expect(publication.indicators.map(\.id) == ["U"])
    #expect(MISP.recognizes(try json(text)))
    #expect(!STIX2.recognizes(try json(text)))
  }

  @Test func `of several events none names the file`() throws {
    let publication = try MISP.read(
      json(
        """
        [{"Event": {"uuid": "1", "info": "A", "date": "2020-01-01"}}, {"Event": {"uuid": "2", "info": "B", "date": "2019-01-01"}}]
        """
      ))
    #expect(publication.title == nil)
    #expect(publication.id == nil)
    #expect(publication.produced == Timestamp("2020-01-01T00:00:00Z"))
  }

  @Test(arguments: ["[]", #"{"response": []}"#]) func `an answer that holds nothing is read as nothing`(text: String) throws {
    #expect(try MISP.read(json(text)).indicators.isEmpty)
  }

  @Test(arguments: [
    (
      "7",
      notMISP
    ),
    (
      #"{"errors": "no"}"#,
      notMISP
    ),
    (
      #"{"Event": 1}"#,
      notMISP
    ),
    (#"{"Event": {"info": "a", "info": "b"}}"#, #""info" stands twice in one object, first at 1:12. Remove one of the two."#),
    (
      #"{"name": "n", "type": "fuzzy", "list": []}"#,
      #""fuzzy" is no type of a warninglist. Write hostname, string, substring, regex or cidr."#
    ),
    (
      #"{"name": "n", "type": "cidr", "list": 1}"#,
      "This is no warninglist of MISP: it has no list, or no type. Name the list.json of one."
    ),
  ])
  func `what is no such document is refused in words`(text: String, sentence: String) throws {
    #expect(#expect(throws: MISPFault.self) { try MISP.read(json(text)) }?.sentence == sentence)
  }
}
