import Fixtures
import Foundation
import Names
import Notation
import Testing

@testable import Indicators

@Suite("STIX 1.x files of other generators") struct STIX1FilesTests {
  static func publication(_ below: String) throws -> Publication { try STIX1PairsTests.publication("ioc/" + below) }

  /// The elements of a file that are indicators, counted by their name alone.
  static func indicatorIDs(_ below: String) throws -> Set<String> {
    let root = try XMLElement(Fixture.octets("ioc/" + below))
    var (ids, open) = (Set<String>(), [root])
    while let element = open.popLast() {
      if element.name == "Indicator", let id = element.attributes["id"] { ids.insert(id) }
      open += element.children
    }
    return ids
  }

  @Test(arguments: [
    "attributes_collection_stix11", "attributes_collection_stix12", "event1_stix11", "event1_stix12", "event2_stix11",
    "event2_stix12", "events_collection_stix11", "events_collection_stix12",
  ]) func `what MISP writes is imported`(name: String) throws {
    let file = "misp-stix/test_\(name).xml"
    let publication = try Self.publication(file)
    #expect(Set(publication.indicators.map(\.id)) == (try Self.indicatorIDs(file)))
    #expect(publication.indicators.allSatisfy { $0.pattern != nil })
  }

  @Test func `MISP's events give names, and only what is marked for detection`() throws {
    let publication = try Self.publication("misp-stix/test_event1_stix11.xml")
    let values = publication.indicators.flatMap { $0.pattern?.expression.comparedValues.map(\.description) ?? [] }
    #expect(values.contains("domain-name:value = circl.lu"))
    let circl = try #require(publication.indicators.first { $0.title == "Network activity: circl.lu (MISP Attribute)" })
    #expect(circl.confidence == 85)
    #expect(circl.labels == ["Domain Watchlist"])
    #expect(circl.context == ["MISP-STIX-Converter test event with domain attribute"])
    #expect(circl.modified == Timestamp("2020-10-25T16:22:00Z"))
    // The autonomous system stands as an observable alone.
    #expect(!publication.indicators.contains { $0.pattern?.expression.comparedValues.first?.description.contains("174") == true })
  }

  @Test func `US-CERT's report is imported whole`() throws {
    let file = "us-cert/TA-17-164A_stix.excerpt.xml"
    let publication = try Self.publication(file)
    #expect(publication.title == "TA-17-165A")
    #expect(publication.marking == .clear)
    #expect(publication.produced == Timestamp("2017-06-09T00:00:00Z"))
    #expect(publication.id?.contains("TA-17-165A") == true)
    #expect(Set(publication.indicators.map(\.id)) == (try Self.indicatorIDs(file)))
    #expect(publication.indicators.allSatisfy { $0.marking == .clear && $0.pattern != nil })
    let first = try #require(publication.indicators.first)
    #expect(first.pattern == Pattern(.equal(ObjectPath("ipv4-addr", ["value"]), "103.15.232.168")))
    #expect(first.title == "Malicious IPv4 Indicator")
    #expect(first.labels == ["IP Watchlist"])
    #expect(publication.remarkCount == 0)
  }

  @Test(arguments: [("g", TLP.green), ("a", .amber), ("w", .clear)]) func `AIS colours are TLP colours`(
    letter: String, marking: TLP
  ) throws {
    for end in ["e-f", "e-t", "n-f", "n-t", "u-f", "u-t"] {
      let publication = try Self.publication("stix1-elevator/xml/ais-marking-\(letter)-\(end).xml")
      #expect(publication.marking == marking)
      #expect(publication.indicators.map(\.marking) == [marking])
    }
  }

  @Test(
    arguments: [
      ("<Statement>TLP:AMBER</Statement>", .amber, nil), ("<Statement>GREEN</Statement>", .green, nil),
      ("<Statement>TLP:AMBER - partners only</Statement>", .amber, nil), ("<Statement>Copyright</Statement>", nil, nil),
      ("<Statement>TLP - ask us</Statement>", .red, "TLP - ask us"),
      (#"<Is_Proprietary><TLPMarking color="PURPLE"/></Is_Proprietary>"#, .red, "PURPLE"),
    ] as [(String, TLP?, String?)])
  func `a statement that begins with TLP is a label, or counts as the strictest and is told`(
    structure: String, marking: TLP?, told: String?
  ) throws {
    let handling = "<Handling><Marking><Marking_Structure>\(structure)</Marking_Structure></Marking></Handling>"
    let body = STIX1Sample.indicator(STIX1IndicatorTests.address + handling)
    let publication = try STIX1Sample.package(body)
    #expect(publication.indicators.map(\.marking) == [marking])
    let remarks = told.map { [Publication.Remark.Cause.unreadableMarking($0)] } ?? []
    #expect(publication.remarks.map(\.cause) == remarks)
  }

  @Test func `each indicator has its own marking`() throws {
    let publication = try Self.publication("stix1-elevator/xml/141-TLP-marking-structures.xml")
    #expect(publication.indicators.map(\.marking) == [.clear, .green, .amber, .red])
  }

  @Test(arguments: [("11", TLP.amber), ("11-not-all", .amber), ("13", .clear), ("14", .clear)])
  func `access control of the US Government is amber unless released`(name: String, marking: TLP) throws {
    let publication = try Self.publication("stix1-elevator/xml/taxii-regression-test-\(name).xml")
    #expect(Set(publication.indicators.map(\.marking)) == [marking])
  }

  @Test func `sightings have their time, source and count`() throws {
    let publication = try Self.publication("stix1-elevator/xml/sighting.xml")
    func of(_ title: String) -> [Sighting] {
      let id = publication.indicators.first { $0.title == title }?.id
      return publication.sightings.filter { $0.indicator == id }
    }
    let one = of("no sightings_count, 1 sightings")
    #expect(one.map(\.firstSeen) == [Timestamp("2020-03-12T15:49:11.516Z")])
    #expect(one.map(\.whereSighted) == [["Charlie Tango"]])
    #expect(of("no sightings_count, multiple sightings").count == 2)
    #expect(of("sightings_count > 1, 1 sighting").map(\.count) == [10])
    #expect(of("sightings_count > 1 (4), more than 1 sighting (4)").map(\.count) == [nil, nil, nil, nil])
    let four = try #require(publication.indicators.first { $0.title == "sightings_count > 1 (4), more than 1 sighting (4)" })
    #expect(four.firstSeen == Timestamp("2020-02-28T10:49:11.516Z"))
    #expect(four.lastSeen == Timestamp("2020-02-28T18:49:11.516Z"))
  }

  @Test func `phases and techniques are told by their names`() throws {
    let phase = try Self.publication("stix1-elevator/xml/coa_ind_malicious_file.xml")
    #expect(phase.indicators.map(\.labels) == [["Actions on Objectives"]])
    let mail = try Self.publication("stix1-elevator/xml/malicious-email-indicator-with-attachment.xml")
    #expect(Set(mail.indicators.map(\.context)) == [["Phishing"]])
  }
}
