import Fixtures
import Foundation
import RealServers
import Testing

/// What is exported is valid by stix2-validator, OASIS's own, with no property or type beside the specification's and with all that
/// is referred to in the bundle.
@Suite("nameward indicators export: STIX 2.1 by stix2-validator", .serialized, .timeLimit(.minutes(5)))
struct STIX2ValidatorTests {
  private struct Verdict: Decodable {
    var isValid: Bool
    var errors: [String]
    var warnings: [String]
    /// Indicators in the bundle.
    var count: Int
  }

  private static func verdict(_ path: String) async throws -> Verdict {
    let program = """
      import json, sys
      from stix2validator import ValidationOptions, validate_file

      options = ValidationOptions(version="2.1", strict_types=True, strict_properties=True, enforce_refs=True)
      result = validate_file(sys.argv[1], options)
      found = result.object_results
      print(json.dumps({
          "isValid": result.is_valid,
          "errors": [str(result.fatal)] * bool(result.fatal) + [str(e) for one in found for e in one.errors or []],
          "warnings": [str(w) for one in found for w in one.warnings or []],
          "count": sum(each["type"] == "indicator" for each in json.load(open(sys.argv[1]))["objects"])}))
      """
    return try JSONDecoder().decode(Verdict.self, from: Data(try await PythonPackages.run(program, [path]).utf8))
  }

  /// What the specification says should be, and why it is not.
  static let departures = [
    "{103}": "an identifier that is not random is the same in the next export, so its readers see the same indicator",
    "{303}": "where the source gives no name or no description, none is made up",
    "{245}": "what can be said in CybOX alone is given in CybOX",
    "Pattern failed to validate: 'x": "a term of CybOX or OpenIOC that STIX has no property for keeps its name",
  ]

  /// Files, and how many indicators they have: rows of CSV, those of one value once, elements of XML, attributes and objects of MISP for
  /// detection, counted by their text. The elevator's files use some of 61 ids for different things; the largest would take as long as
  /// all others.
  static let sources: [([String], Int?)] = [
    (["us-cert/JAR-16-20296A.defanged.csv"], 911), (["us-cert/TA-17-164A_csv.excerpt.csv"], 29),
    (["campaign/campaign_iocs_verified.csv"], 27), (["us-cert/TA-17-164A_stix.excerpt.xml"], 5),
    (names("stix1-elevator/xml", ".xml").filter { !$0.contains("fireeye-pivy-report") }, nil), (names("openioc", ".ioc"), 24),
    (
      ["attributes_collection_1", "attributes_collection_2", "objects_collection_1", "objects_collection_2"]
        .map { "misp-stix/test_\($0).json" }, 6
    ),
  ]

  /// Large ones may be compressed.
  private static func names(_ folder: String, _ suffix: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: Fixture.path("ioc/" + folder))) ?? []
    return names.filter { $0.hasSuffix(suffix) || $0.hasSuffix(suffix + ".gz") }.sorted().map { folder + "/" + $0 }
  }

  @Test(arguments: sources) func `what was read from another form is written without an error`(
    files: [String], count: Int?
  ) async throws {
    let place = try Scratch()
    let ending = try await Executable.run(
      [
        "indicators", "export", "--format", "stix", "--tlp", "red", "--assume", "clear", "--now", "2026-11-27T00:00:00Z",
      ] + files.map { Fixture.path("ioc/" + $0) }, in: place.path)
    #expect(ending.status == 0)
    try place.write(ending.output, to: "bundle.json")
    let verdict = try await Self.verdict(place("bundle.json"))
    #expect(verdict.isValid && verdict.errors.isEmpty, "\(verdict.errors.prefix(5))")
    let warnings = verdict.warnings.filter { warning in !Self.departures.keys.contains(where: warning.contains) }
    #expect(warnings.isEmpty, "\(warnings.prefix(5))")
    if let count { #expect(verdict.count == count, "\(ending.talk)") } else { #expect(verdict.count >= 61) }
  }

  @Test func `the validator finds what is wrong`() async throws {
    let place = try Scratch()
    try place.write(
      """
      {"type": "bundle", "id": "bundle--00000000-0000-4000-8000-000000000001", "objects": [
        {"type": "indicator", "spec_version": "2.1", "id": "indicator--00000000-0000-4000-8000-000000000002",
         "created": "2026-11-27T00:00:00Z", "modified": "2026-11-27T00:00:00Z", "valid_from": "2026-11-27T00:00:00Z",
         "pattern": "[domain-name:value = ]", "pattern_type": "stix"}]}
      """, to: "bundle.json")
    #expect(try await !Self.verdict(place("bundle.json")).errors.isEmpty)
  }
}
