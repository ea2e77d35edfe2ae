import Fixtures
import Foundation
import Indicators
import Names
import Notation
import Testing

/// A bundle as Foundation's JSON reader and a few lines see it: the second implementation.
private struct Expected {
  var indicators: [String: [String: Any]] = [:]
  var objects: [String: [String: Any]] = [:]
  var sightings = 0
  /// The names of what each indicator indicates, and what its markings say in words.
  var contexts: [String: Set<String>] = [:]

  init(_ document: Any) {
    let bundle = document as? [String: Any] ?? [:]
    for object in bundle["objects"] as? [[String: Any]] ?? [bundle] {
      guard let id = object["id"] as? String, let type = object["type"] as? String else { continue }
      objects[id] = object
      if type == "indicator", object["pattern"] != nil { indicators[id] = object }
      if type == "sighting", (object["sighting_of_ref"] as? String)?.hasPrefix("indicator--") == true { sightings += 1 }
    }
    for object in objects.values where object["relationship_type"] as? String == "indicates" {
      guard let source = object["source_ref"] as? String, let target = object["target_ref"] as? String else { continue }
      if let name = objects[target]?["name"] as? String { contexts[source, default: []].insert(name) }
    }
    for (id, object) in indicators {
      let parts = (object["granular_markings"] as? [[String: Any]] ?? []).compactMap { $0["marking_ref"] as? String }
      for marking in (object["object_marking_refs"] as? [String] ?? []) + parts {
        let definition = objects[marking]?["definition"] as? [String: Any]
        if let statement = definition?["statement"] as? String { contexts[id, default: []].insert(statement) }
      }
    }
  }

  /// The strictest of the four fixed markings of version 1; what an extension of the definition says is not read.
  func marking(_ object: [String: Any]) -> TLP? {
    let order = [
      "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9", "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da",
      "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82", "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed",
    ]
    let references = object["object_marking_refs"] as? [String] ?? []
    if references.contains(where: { objects[$0]?["extensions"] != nil }) { return .red }
    return references.compactMap { order.firstIndex(of: $0) }.max().map { [TLP.clear, .green, .amber, .red][$0] }
  }
}

private let folders = ["ioc/stix2-oasis", "ioc/stix1-elevator/stix21"]

@Suite("STIX 2 files of others") struct STIX2FixtureTests {
  static let files = folders.flatMap(fixtureFiles)

  @Test func `all files are here`() { #expect(Self.files.count == 103) }

  @Test(arguments: files) func `its indicators are those that another reader finds`(file: String) throws {
    let expected = try Expected(foundation(file))
    let document = try json(fixture: file)
    let publication = try STIX2.read(document)
    #expect(STIX2.recognizes(document))
    #expect(!MISP.recognizes(document))
    #expect(Set(publication.indicators.map(\.id)) == Set(expected.indicators.keys))
    #expect(publication.indicators.count == expected.indicators.count)
    #expect(publication.sightings.count == expected.sightings)
    for indicator in publication.indicators {
      let object = try #require(expected.indicators[indicator.id])
      #expect(indicator.title == object["name"] as? String)
      #expect(indicator.description == object["description"] as? String)
      #expect(indicator.confidence == object["confidence"] as? Int)
      #expect(indicator.validUntil == (object["valid_until"] as? String).flatMap { Timestamp($0) })
      #expect(indicator.validFrom == (object["valid_from"] as? String).flatMap { Timestamp($0) })
      #expect(indicator.validFrom != nil)
      #expect(indicator.marking == expected.marking(object))
      #expect(Set(indicator.labels).isSuperset(of: object["indicator_types"] as? [String] ?? []))
      #expect(Set(indicator.context) == expected.contexts[indicator.id] ?? [])
    }
  }

  /// Files with a pattern in another language, which no STIX reader reads.
  static let foreign = [
    "snort-test-mechanism.json": "snort", "yara-test-mechanism.json": "yara", "ioc-indicator.json": "openioc",
  ]

  /// How many patterns of a file hold what its maker could not convert, and so are none; stix2-patterns 2.1.2 refuses the same 143.
  static let unconverted = [
    "Appendix_G_IOCs_Full.json": 45, "custom_object.json": 1, "fireeye-pivy-report-with-indicators.json": 94, "issue62.json": 2,
    "observable-with-networkconnection-pattern.json": 1,
  ]

  @Test(arguments: files) func `every STIX pattern is read that is one`(file: String) throws {
    let publication = try STIX2.read(json(fixture: file))
    let name = String(file.split(separator: "/").last ?? "")
    var refused = 0
    for indicator in publication.indicators {
      switch indicator.criterion {
      case .value, .pattern: break
      case .foreign("stix", let text):
        refused += 1
        #expect(text.contains("unconverted_term:") || text.contains("INVALID-CONDITION"))
      case .foreign(let language, _): #expect(language == Self.foreign[name])
      }
    }
    #expect(refused == Self.unconverted[name] ?? 0)
    let told = publication.remarks.count { if case .badPattern = $0.cause { true } else { false } }
    #expect(told == refused)
  }
}

@Suite("TAXII 2.1 envelopes of medallion's default data") struct STIX2EnvelopeTests {
  @Test func `of three versions the last one is the indicator, with what it indicates`() throws {
    let server = try json(fixture: "ioc/taxii/medallion_default_data.json")
    let collections = try #require(server["trustgroup1"]?["collections"]?.items)
    let collection = try #require(collections.first { $0["id"]?.string == "91a7b528-80eb-42ed-a74d-c6fbd5a26116" })
    let publication = try STIX2.read(try #require(collection["objects"]))
    #expect(
      publication.indicators.map(\.id) == [
        "indicator--cd981c25-8042-4166-8945-51178443bdac", "indicator--6770298f-0fd8-471a-ab8c-1c658a46574e",
      ])
    #expect(publication.indicators.map(\.context) == [["Poison Ivy"], []])
    #expect(publication.indicators.map(\.modified) == [Timestamp("2014-05-08T09:00:00Z"), Timestamp("2017-01-27T13:49:53.935Z")])
    #expect(
      publication.indicators.compactMap(\.pattern).map(comparedValues) == [
        ["ef537f25c895bfa782526529a9b63d97aa631564d5d789c2b765448c8635fb6c"], ["http://x4z9arb.cn/4712"],
      ])
    for collection in collections {
      #expect(throws: Never.self) { try STIX2.read(try #require(collection["objects"])) }
    }
  }
}
