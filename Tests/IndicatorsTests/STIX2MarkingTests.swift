import Indicators
import Notation
import Testing

private let white = "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9"
private let green = "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da"
private let amber = "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82"
private let red = "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"
private let amberStrict2 = "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"
private let own = "marking-definition--00000000-0000-4000-8000-000000000001"

@Suite("STIX 2.1 §7.2 Data markings") struct STIX2MarkingTests {
  private func read(_ members: String, known: [String: TLP?] = [:], with others: String...) throws -> Publication {
    let indicator = """
      {"type": "indicator", "id": "indicator--00000000-0000-4000-8000-000000000009",
       "pattern": "[domain-name:value = 'evil.example']"
      \(members.isEmpty ? "" : ", " + members)}
      """
    return try STIX2.read(
      json("{\"type\": \"bundle\", \"objects\": [\(([indicator] + others).joined(separator: ","))]}"), knownMarkings: known)
  }

  private func definition(_ members: String, id: String = own) -> String {
    "{\"type\": \"marking-definition\", \"id\": \"\(id)\", \(members)}"
  }

  /// The identifiers of STIX 2.1 §7.2.1.4, and those that OASIS publishes for TLP 2.0.
  static let fixed: [(String, TLP)] = [
    (white, .clear), (green, .green), (amber, .amber), (red, .red),
    ("marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487", .clear),
    ("marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb", .green),
    ("marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421", .amber), (amberStrict2, .amberStrict),
    ("marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1", .red),
  ]

  @Test(arguments: fixed) func `fixed identifiers are known without their object`(id: String, tlp: TLP) throws {
    let publication = try read("\"object_marking_refs\": [\"\(id)\"]")
    #expect(publication.indicators.map(\.marking) == [tlp])
    #expect(publication.remarkCount == 0)
  }

  @Test(
    arguments: [
      (#""definition_type": "tlp", "definition": {"tlp": "amber"}"#, .amber),
      (#""definition_type": "statement", "definition": {"statement": "Copyright"}"#, nil),
      (
        #""extensions": {"extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d": {"tlp_2_0": "amber+strict"}}"#,
        .amberStrict
      ),
      (#""name": "TLP:GREEN""#, .green), (#""definition": {"tlp": "amber"}, "name": "TLP:RED""#, .red),
      (#""definition_type": "statement", "definition": {"statement": "Copyright"}, "name": "red""#, nil),
    ] as [(String, TLP?)])
  func `a marking-definition says it in version 1, in the extension for version 2, or in its name`(members: String, tlp: TLP?)
    throws
  {
    let publication = try read("\"object_marking_refs\": [\"\(own)\"]", with: definition(members))
    #expect(publication.indicators.map(\.marking) == [tlp])
    #expect(publication.remarkCount == 0)
  }

  /// The ACS data marking of AIS 2.0, a type of others, and a definition that defines nothing.
  @Test(arguments: [
    #""extensions": {"extension-definition--3a65884d-005a-4290-8335-cb2d778a83ce": {"identifier": "isa:guide.19001.1"}}"#,
    #""name": "TLP:CLEAR", "extensions": {"extension-definition--3a65884d-005a-4290-8335-cb2d778a83ce": {}}"#,
    #""definition_type": "statement", "definition": {"statement": "FOUO"}, "extensions": {"extension-definition--1": {}}"#,
    #""definition_type": "x-own", "definition": {"level": "secret"}"#, #""definition_type": "tlp", "definition": {}"#,
    #""name": "red""#,
  ])
  func `a definition that cannot be read counts as the strictest beside any other, and is told`(members: String) throws {
    for beside in [[], [white]] {
      let ids = (beside + [own]).map { "\"\($0)\"" }.joined(separator: ",")
      let publication = try read("\"object_marking_refs\": [\(ids)]", with: definition(members))
      #expect(publication.indicators.map(\.marking) == [.red])
      #expect(publication.remarks.map(\.cause) == [.unreadableMarking(own)])
      // Nothing that is known of it makes it milder.
      #expect(publication.markingDefinitions[own] == .some(.red))
    }
  }

  @Test(
    arguments: [
      (#""name": "TLP:AMBER - partners only""#, .amber, nil), (#""name": "TLP:PURPLE""#, .red, "TLP:PURPLE"),
      (#""definition": {"tlp": "purple"}"#, .red, "purple"),
      (#""definition_type": "statement", "definition": {"statement": "TLP:AMBER - partners only"}"#, .amber, nil),
      (#""definition_type": "statement", "definition": {"statement": "TLP for partners"}"#, .red, "TLP for partners"),
      (#""definition_type": "statement", "definition": {"statement": "Red"}"#, nil, nil),
    ] as [(String, TLP?, String?)])
  func `what begins with TLP is a label, or counts as the strictest and is told`(members: String, tlp: TLP?, told: String?)
    throws
  {
    let publication = try read("\"object_marking_refs\": [\"\(own)\"]", with: definition(members))
    #expect(publication.indicators.map(\.marking) == [tlp])
    let remarks = told.map { [Publication.Remark.Cause.unreadableMarking($0)] } ?? []
    #expect(publication.remarks.map(\.cause) == remarks)
  }

  @Test(
    arguments: [
      ([own], .green, .green), ([own, amber], .green, .amber), ([own], nil, nil), ([own, green], nil, .green),
    ] as [([String], TLP?, TLP?)])
  func `a marking that was defined before says what it said then`(ids: [String], before: TLP?, tlp: TLP?) throws {
    let list = ids.map { "\"\($0)\"" }.joined(separator: ",")
    let publication = try read("\"object_marking_refs\": [\(list)]", known: [own: before])
    #expect(publication.indicators.map(\.marking) == [tlp])
    #expect(publication.remarkCount == 0)
    #expect(publication.markingDefinitions.isEmpty)
  }

  // STIX 2.1 §7.2.1: marking definitions cannot be versioned.
  @Test(arguments: [(.red, "white", .red), (.clear, "amber", .amber), (nil, "green", .green)] as [(TLP?, String, TLP)])
  func `a definition that was told before becomes no milder`(before: TLP?, now: String, tlp: TLP) throws {
    let publication = try read(
      "\"object_marking_refs\": [\"\(own)\"]", known: [own: before],
      with: definition("\"definition\": {\"tlp\": \"\(now)\"}"))
    #expect(publication.indicators.map(\.marking) == [tlp])
    let told: [String: TLP?] = [own: tlp]
    #expect(publication.markingDefinitions == told)
  }

  @Test func `definitions are told, also those that are no TLP`() throws {
    let publication = try read(
      "", with: definition(#""definition": {"tlp": "amber"}"#), definition(#""definition": {"statement": "C"}"#, id: "marking--2")
    )
    let told: [String: TLP?] = [own: .amber, "marking--2": nil]
    #expect(publication.markingDefinitions == told)
  }

  @Test func `a definition cannot make a fixed identifier milder`() throws {
    let publication = try read(
      "\"object_marking_refs\": [\"\(red)\"]", with: definition(#""definition": {"tlp": "white"}"#, id: red))
    #expect(publication.indicators.map(\.marking) == [.red])
  }

  @Test(
    arguments: [
      (#""object_marking_refs": ["\#(white)", "\#(amber)", "\#(green)"]"#, .amber),
      (
        #""object_marking_refs": ["\#(white)"], "granular_markings": [{"marking_ref": "\#(red)", "selectors": ["description"]}]"#,
        .red
      ),
      (#""granular_markings": [{"marking_ref": "\#(green)"}, {"lang": "de"}, 7]"#, .green), ("", nil),
      (#""object_marking_refs": ["\#(amber)", "\#(amberStrict2)"]"#, .amberStrict),
    ] as [(String, TLP?)])
  func `of all markings of the whole and of parts the strictest counts`(members: String, tlp: TLP?) throws {
    #expect(try read(members).indicators.map(\.marking) == [tlp])
  }

  @Test func `a marking that is not there may say anything: it counts as the strictest, and is told once`() throws {
    let publication = try read("\"object_marking_refs\": [\"\(own)\", \"\(own)\", \"\(green)\"]")
    #expect(publication.indicators.map(\.marking) == [.red])
    #expect(publication.remarks.map(\.cause) == [.unreadableMarking(own)])
  }

  @Test(arguments: [(green, .amber), (red, .red)] as [(String, TLP)])
  func `the marking of a report covers what it holds, and is the file's`(id: String, tlp: TLP) throws {
    let report = """
      {"type": "report", "id": "report--1", "name": "R", "published": "2020-01-01T00:00:00Z", "object_marking_refs": ["\(amber)"],
       "object_refs": ["indicator--00000000-0000-4000-8000-000000000009"]}
      """
    let publication = try read("\"object_marking_refs\": [\"\(id)\"]", with: report)
    #expect(publication.indicators.map(\.marking) == [tlp])
    #expect(publication.marking == .amber)
    #expect(publication.title == "R")
  }

  @Test func `the marking of a report does not cover what it does not hold`() throws {
    let report = "{\"type\": \"report\", \"id\": \"report--1\", \"object_marking_refs\": [\"\(red)\"], \"object_refs\": []}"
    #expect(try read("", with: report).indicators.map(\.marking) == [nil])
  }
}
