import Indicators
import Notation
import Testing

private let markings: [TLP: String] = [
  .clear: "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9",
  .green: "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da",
  .amber: "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82",
  .red: "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed",
]

/// Markings of an indicator, of what names it and of what they are joined by, and whether the name may go with the indicator (TLP 2.0:
/// what is red is for those alone who were given it).
private let rows: [(indicator: TLP?, named: TLP?, relation: TLP?, isTold: Bool)] = [
  (.clear, .red, .red, false), (.clear, .red, nil, false), (.clear, nil, .red, false), (.clear, .green, .clear, false),
  (.clear, .clear, .clear, true), (.clear, nil, nil, true), (.red, .red, .amber, true), (.amber, .red, nil, false),
  (.amber, .green, .amber, true), (nil, .green, nil, false), (nil, .clear, nil, true), (nil, nil, nil, true),
]

@Suite("TLP 2.0: a name goes no further than it is marked") struct ContextMarkingTests {
  @Test(arguments: rows) func `in STIX 2`(indicator: TLP?, named: TLP?, relation: TLP?, isTold: Bool) throws {
    func object(_ type: String, _ marking: TLP?, _ members: String) -> String {
      let reference = marking.flatMap { markings[$0] }.map { ", \"object_marking_refs\": [\"\($0)\"]" } ?? ""
      return "{\"type\": \"\(type)\", \"id\": \"\(type)--1\"\(reference), \(members)}"
    }
    let objects = [
      object("indicator", indicator, #""pattern": "[domain-name:value = 'evil.example']""#),
      object("malware", named, #""name": "Poison Ivy""#),
      object(
        "relationship", relation, #""relationship_type": "indicates", "source_ref": "indicator--1", "target_ref": "malware--1""#),
    ]
    let publication = try STIX2.read(json("[\(objects.joined(separator: ","))]"))
    #expect(publication.indicators.map(\.marking) == [indicator])
    #expect(publication.indicators.map(\.context) == [isTold ? ["Poison Ivy"] : []])
  }

  @Test(arguments: ["malware--1", "relationship--1"]) func `what a stricter report holds is as strict`(held: String) throws {
    let text = """
      [{"type": "indicator", "id": "indicator--1", "pattern": "[domain-name:value = 'evil.example']"},
       {"type": "malware", "id": "malware--1", "name": "Poison Ivy"},
       {"type": "relationship", "id": "relationship--1", "relationship_type": "indicates", "source_ref": "indicator--1",
        "target_ref": "malware--1"},
       {"type": "report", "id": "report--1", "object_refs": ["\(held)"], "object_marking_refs": ["\(markings[.red] ?? "")"]}]
      """
    #expect(try STIX2.read(json(text)).indicators.map(\.context) == [[]])
  }

  @Test func `what a marking says in words goes with what it marks`() throws {
    let text = """
      [{"type": "marking-definition", "id": "marking-definition--1", "definition": {"statement": "INTERNAL USE ONLY"}},
       {"type": "indicator", "id": "indicator--1", "pattern": "[domain-name:value = 'evil.example']",
        "object_marking_refs": ["\(markings[.clear] ?? "")", "marking-definition--1"]}]
      """
    let indicator = try #require(try STIX2.read(json(text)).indicators.first)
    #expect(indicator.marking == .clear && indicator.context == ["INTERNAL USE ONLY"])
    #expect(USCERT.file(of: [indicator]).text.contains("INTERNAL USE ONLY"))
  }

  @Test(arguments: rows.filter { $0.relation == nil }) func `in MISP, where an attribute names what its event is about`(
    indicator: TLP?, named: TLP?, relation: TLP?, isTold: Bool
  ) throws {
    func tag(_ marking: TLP?) -> String { marking.map { "{\"name\": \"\($0.label.lowercased())\"}" } ?? "" }
    let text = """
      {"Event": {"info": "I", "Attribute": [
        {"uuid": "a", "type": "domain", "value": "evil.example", "to_ids": true, "Tag": [\(tag(indicator))]},
        {"uuid": "b", "type": "campaign-name", "value": "Sea Turtle", "Tag": [\(tag(named))]},
        {"uuid": "c", "type": "threat-actor", "value": "Actor", "Tag": [\(tag(named))]}]}}
      """
    let publication = try MISP.read(json(text))
    #expect(publication.indicators.map(\.context) == [["I"] + (isTold ? ["Sea Turtle", "Actor"] : [])])
  }

  @Test(arguments: rows.filter { $0.relation == nil }) func `in STIX 1, where a campaign or a TTP is referred to`(
    indicator: TLP?, named: TLP?, relation: TLP?, isTold: Bool
  ) throws {
    func handling(_ marking: TLP?) -> String {
      marking.map {
        "<Handling><Marking><Marking_Structure color=\"\($0 == .clear ? "WHITE" : $0.rawValue)\"/></Marking></Handling>"
      } ?? ""
    }
    let body = """
      <Indicators><Indicator id="i"><Observable><Object><Properties xsi:type="x:DomainNameObjectType"><Value>evil.example</Value>
      </Properties></Object></Observable><Indicated_TTP><TTP idref="t"/></Indicated_TTP>
      <Related_Campaigns><Related_Campaign><Campaign idref="c"/></Related_Campaign></Related_Campaigns>
      \(handling(indicator))</Indicator></Indicators>
      <TTPs><TTP id="t"><Title>T</Title>\(handling(named))</TTP></TTPs>
      <Campaigns><Campaign id="c"><Title>C</Title><Related_Indicators><Related_Indicator><Indicator idref="i"/></Related_Indicator>
      </Related_Indicators>\(handling(named))</Campaign></Campaigns>
      """
    let publication = try STIX1Sample.package(body)
    #expect(publication.indicators.map(\.marking) == [indicator])
    #expect(publication.indicators.map(\.context) == [isTold ? ["C", "T"] : []])
  }

  @Test func `in STIX 1, where the package of a title is marked`() throws {
    let inner = """
      <Related_Packages><Related_Package><Package id="p"><STIX_Header><Handling><Marking><Marking_Structure color="RED"/></Marking>
      </Handling></STIX_Header><TTPs><TTP id="t"><Title>T</Title></TTP></TTPs></Package></Related_Package></Related_Packages>
      <Indicators><Indicator id="i"><Observable><Object><Properties xsi:type="x:DomainNameObjectType"><Value>evil.example</Value>
      </Properties></Object></Observable><Indicated_TTP><TTP idref="t"/></Indicated_TTP></Indicator></Indicators>
      """
    #expect(try STIX1Sample.package(inner).indicators.map(\.context) == [[]])
  }
}

@Suite("MISP: what an event says of all that it holds") struct MISPSharedWordsTests {
  @Test(.timeLimit(.minutes(5))) func `is bounded, so that a small file becomes no large one`() throws {
    let names = (0..<5000).map { "{\"type\": \"threat-actor\", \"value\": \"actor \($0)\", \"uuid\": \"n\"}" }
    let values = (0..<5000).map {
      "{\"type\": \"domain\", \"value\": \"n\($0).example\", \"to_ids\": true, \"uuid\": \"v\($0)\"}"
    }
    let tags = (0..<5000).map { "{\"name\": \"tag \($0)\"}" }
    let publication = try MISP.read(
      json(
        "{\"Event\": {\"info\": \"I\", \"Tag\": [\(tags.joined(separator: ","))], "
          + "\"Attribute\": [\((names + values).joined(separator: ","))]}}"))
    #expect(publication.indicators.count == 5000)
    #expect(publication.indicators.allSatisfy { $0.context.count == 100 && $0.context.prefix(2) == ["I", "actor 0"] })
    #expect(publication.indicators.allSatisfy { $0.labels.count == 100 })
  }
}
