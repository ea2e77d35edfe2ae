import Fixtures
import Foundation
import Indicators
import Notation
import Testing

/// The values that indicators compare with; those that never alert have none.
private func compared(_ publication: Publication) -> Set<String> {
  publication.indicators.reduce(into: []) { values, indicator in
    if !indicator.isBenign, let pattern = indicator.pattern { values.formUnion(comparedValues(pattern)) }
  }
}

/// Texts in other languages of indicators that alert: rules.
private func rules(_ publication: Publication, _ languages: Set<String>) -> [String] {
  publication.indicators.compactMap { indicator in
    if case .foreign(let language, let text) = indicator.criterion, languages.contains(language) { text } else { nil }
  }
}

/// What MISP's own conversion to STIX 1 compares for a type of attribute, and where ours differs, with the reason.
@Suite("MISP's mapping of attributes to STIX 1") struct MISPMappingToSTIX1Tests {
  struct Difference {
    var onlyTheirs: Set<String> = []
    var onlyOurs: Set<String> = []
    var reason: String
  }

  static let mapping: JSONValue? = try? json(fixture: "ioc/misp-stix-mapping/misp_attributes_to_stix1.json")
  static let types = mapping?.members?.map(\.name) ?? []

  private static let (impfuzzy, tlsh) = (
    "96:oO0b1atxHn63OxfUvDaSf5tKN2Sm68BXTCljAwhmapACiONvR83sn:oO41atxHn63OxfUvDaSfvJ52ljD",
    "b73df03d9a5fb42c11952fc3d570de6aa5f2358618897eb20e18e2fad611b34ecf14d"
  )

  static let others: [String: Difference] = [
    "impfuzzy": Difference(onlyOurs: [impfuzzy], reason: "theirs calls the hash \"Other\", so nobody can compare it"),
    "filename|impfuzzy": Difference(onlyOurs: [impfuzzy], reason: "as of impfuzzy; the name alone would be any such file"),
    "tlsh": Difference(
      onlyOurs: ["1b14cf6a6e934907e8133934b2cec5e01fbc5dafabc3156fdb51bd2c48d410986869f1"], reason: "as of impfuzzy"),
    "filename|tlsh": Difference(onlyOurs: ["5" + tlsh], reason: "as of filename|impfuzzy"),
    "hostname|port": Difference(onlyTheirs: ["8443"], reason: "a log of answers has no ports: the name is sought alone"),
    "ip-dst|port": Difference(onlyTheirs: ["5678"], reason: "as of hostname|port"),
    "ip-src|port": Difference(onlyTheirs: ["1234"], reason: "as of hostname|port"),
  ]

  /// Of a type: what theirs compares and ours does not.
  private static func difference(_ type: String, _ attribute: JSONValue) -> Difference? {
    if let other = others[type] { return other }
    if type.hasPrefix("filename|") {
      return Difference(onlyTheirs: ["test_file_name"], reason: "a hash tells the file under any name")
    }
    if type == "malware-sample", let data = attribute["data"]?.string {
      return Difference(onlyTheirs: [data], reason: "a file's whole content is nothing that a log holds")
    }
    return nil
  }

  @Test func `the table names types of the mapping alone`() {
    #expect(Self.types.count == 90)
    #expect(Set(Self.others.keys).isSubset(of: Self.types))
  }

  @Test(arguments: types) func `the same values alert`(type: String) throws {
    let entry = try #require(Self.mapping?[type])
    let (attribute, element) = (try #require(entry["MISP"]), try #require(entry["STIX"]?.string))
    let package = "<stix:STIX_Package xmlns:stix=\"http://stix.mitre.org/stix-1\">\(element)</stix:STIX_Package>"
    let (ours, theirs) = (try MISP.read(attribute), try STIX1.read(XMLElement(Array(package.utf8))))
    let difference = Self.difference(type, attribute)
    #expect(compared(theirs).subtracting(compared(ours)) == difference?.onlyTheirs ?? [])
    #expect(compared(ours).subtracting(compared(theirs)) == difference?.onlyOurs ?? [])
    // Theirs writes a rule as Python shows it in a dictionary.
    let (own, written) = (rules(ours, ["snort", "yara"]), rules(theirs, ["snort", "yara"]))
    #expect(own.count == written.count && zip(own, written).allSatisfy { $1.contains($0) })
  }

  @Test func `all types for detection alert, but rules and what a file holds`() throws {
    let attributes = try Self.types.map { ($0, try #require(Self.mapping?[$0]?["MISP"])) }
    let alerting = try attributes.filter { try !compared(MISP.read($1)).isEmpty }.map(\.0)
    let forDetection = attributes.filter { $1["to_ids"]?.boolean == true }.map(\.0)
    #expect(forDetection.count == 55)
    #expect(Set(forDetection).subtracting(["snort", "yara", "pattern-in-file"]) == Set(alerting))
  }
}

@Suite("MISP events and their STIX 1 forms") struct MISPAgainstSTIX1Tests {
  /// The MISP files, and the STIX files that MISP's conversion made of them.
  static let pairs: [(misp: [String], stix: String)] = [
    (["test_attributes_collection_1", "test_attributes_collection_2"], "test_attributes_collection"),
    (["test_events_collection_1"], "test_event1"), (["test_events_collection_2"], "test_event2"),
    (["test_events_collection_1", "test_events_collection_2"], "test_events_collection"),
  ]

  /// Of the indicators that alert, by the UUID that both have.
  private func values(_ publication: Publication) throws -> [String: Set<String>] {
    try publication.indicators.filter { !$0.isBenign }.reduce(into: [:]) { values, indicator in
      values[String(indicator.id.suffix(36))] = comparedValues(try #require(indicator.pattern))
    }
  }

  @Test(arguments: pairs, ["stix11", "stix12"])
  func `what alerts is the same, and compares the same values`(pair: (misp: [String], stix: String), version: String) throws {
    let ours = try pair.misp.map { try values(MISP.read(json(fixture: "ioc/misp-stix/\($0).json"))) }
    let file = URL(filePath: Fixture.path("ioc/misp-stix/\(pair.stix)_\(version).xml"))
    let theirs = try values(STIX1.read(XMLElement([UInt8](Data(contentsOf: file)))))
    #expect(ours.reduce(into: [:]) { $0.merge($1) { one, _ in one } } == theirs)
    #expect(!theirs.isEmpty)
  }
}
