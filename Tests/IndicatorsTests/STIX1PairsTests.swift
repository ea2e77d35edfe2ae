import Fixtures
import Foundation
import Names
import Notation
import Testing

@testable import Indicators

/// OASIS's elevator is the second reader: what it made of the same files stands beside them.
@Suite("STIX 1.x files and what OASIS's elevator makes of them") struct STIX1PairsTests {
  /// The name of an XML file, and that of its pair.
  struct Pair: Sendable, CustomTestStringConvertible {
    var xml: String
    var json: String
    var testDescription: String { xml }
  }

  static let folder = "ioc/stix1-elevator/"

  static let files: [String] = Fixture.files(below: folder + "xml")

  /// Names of pairs differ in hyphens; one differs in a word.
  static let pairs: [Pair] = {
    func plain(_ name: Substring) -> String { name.lowercased().replacing("_", with: "-") }
    let results = Dictionary(
      uniqueKeysWithValues: Fixture.files(below: folder + "stix21").map { (plain($0.dropLast(".json".count)), $0) })
    return files.compactMap { file in
      let name = plain(file.dropLast(".xml".count))
      return results[name == "x509-observable" ? "x509-certificate" : name].map { Pair(xml: file, json: $0) }
    }
  }()

  static func publication(_ file: String, _ relations: STIX1.Relations = .required) throws -> Publication {
    try STIX1.read(XMLElement(Fixture.octets(file)), relations: relations)
  }

  /// The elevator's indicators, in their order.
  static func elevated(_ file: String) throws -> [JSONValue] {
    let bundle = try JSONValue(Fixture.octets(folder + "stix21/" + file))
    return (bundle["objects"]?.items ?? []).filter { $0["type"]?.string == "indicator" }
  }

  /// Each of ours beside the elevator's: by the UUID that the elevator takes over, and by order where an id has none.
  static func matched(_ pair: Pair) throws -> (publication: Publication, rows: [(ours: Indicator?, theirs: JSONValue)]) {
    let publication = try publication(folder + "xml/" + pair.xml)
    let theirs = try elevated(pair.json)
    func tail(_ id: String) -> String { String(id.lowercased().suffix(36)) }
    let byID = Dictionary(publication.indicators.map { (tail($0.id), $0) }) { first, _ in first }
    let rows = theirs.enumerated().map { number, indicator -> (Indicator?, JSONValue) in
      if let ours = byID[tail(indicator["id"]?.string ?? "")] { return (ours, indicator) }
      let isOrdered = publication.indicators.count == theirs.count && !pair.json.contains("Appendix")
      let candidate = isOrdered ? publication.indicators[number] : nil
      // An id that has a UUID belongs to a row of its own.
      return (candidate.flatMap { UUID(uuidString: tail($0.id)) == nil ? $0 : nil }, indicator)
    }
    return (publication, rows)
  }

  /// Without what does not matter: the elevator marks properties that are not of STIX with its own name, writes the name of one hash
  /// in lower case, and leaves the letters of names as they are, which DNS does not tell apart (RFC 4343).
  static func normal(_ values: [ComparedValue]) -> Set<String> {
    Set(
      values.map(\.description).map { text in
        text.hasPrefix("domain-name:")
          ? text.lowercased()
          : text.replacing(":x_elevator_", with: ":x_").replacing("hashes.ssdeep", with: "hashes.SSDEEP")
      })
  }

  @Test func `there are 94 files, and each has a pair`() {
    #expect(Self.files.count == 94)
    #expect(Self.pairs.count == 94)
  }

  @Test(arguments: pairs) func `the indicators are the same, and compare the same values`(pair: Pair) throws {
    let (publication, rows) = try Self.matched(pair)
    let differences = STIX1Differences.of(pair.xml)
    #expect(publication.indicators.count == rows.count - (differences?.withoutPattern ?? 0))
    var (missing, extra) = (Set<String>(), Set<String>())
    for (ours, theirs) in rows {
      guard let ours else { continue }
      let text = theirs["pattern"]?.string ?? ""
      let wanted = Self.normal(theirs["pattern_type"]?.string == "stix" ? ComparedValueScanner.comparedValues(text) : [])
      let have = Self.normal(ours.pattern?.expression.comparedValues ?? [])
      missing.formUnion(wanted.subtracting(have))
      extra.formUnion(have.subtracting(wanted))
      guard case .foreign(let language, let rules) = ours.criterion else { continue }
      // Where nothing can be said as a pattern, the elevator has nothing but its `unconverted_term` either.
      guard language != "cybox" else { continue }
      #expect(theirs["pattern_type"]?.string == language)
      // The elevator joins rules with a comma, and keeps their blanks.
      let words = text.replacing(";), alert", with: ";) alert").split(whereSeparator: \.isWhitespace)
      #expect(rules.split(whereSeparator: \.isWhitespace) == words)
    }
    #expect(rows.count { $0.ours == nil } == differences?.withoutPattern ?? 0)
    #expect(missing.sorted() == differences?.theirs.sorted() ?? [])
    #expect(extra.sorted() == differences?.ours.sorted() ?? [])
  }

  @Test func `every difference is of a file that there is`() {
    #expect(Set(STIX1Differences.rows.map(\.file)).subtracting(Self.files) == [])
  }

  @Test(arguments: pairs) func `title, confidence, validity and time are the same`(pair: Pair) throws {
    for case (let ours?, let theirs) in try Self.matched(pair).rows {
      if let title = theirs["name"]?.string { #expect(ours.title == title.trimmed) }
      #expect(ours.confidence.map(Int64.init) == theirs["confidence"]?.integer)
      #expect(ours.validUntil == theirs["valid_until"]?.string.flatMap { Timestamp($0) })
      // STIX 2.1 wants a start, so the elevator takes another time where none is told.
      if let start = ours.validFrom { #expect(start == theirs["valid_from"]?.string.flatMap { Timestamp($0) }) }
      if let modified = ours.modified { #expect(modified == theirs["modified"]?.string.flatMap { Timestamp($0) }) }
      #expect(!ours.isRevoked && !ours.isBenign)
    }
  }

  @Test func `values that 1029 indicators of the largest file compare are told in full`() throws {
    let pair = try #require(Self.pairs.first { $0.xml == "fireeye-pivy-report-with-indicators.xml" })
    let (publication, rows) = try Self.matched(pair)
    #expect(publication.indicators.count == 1029)
    #expect(rows.count == 1029)
    // Ten are of code by the name of a class, which STIX 2.1 has no object for.
    #expect(
      publication.indicators.filter { $0.pattern == nil }.map { $0.title?.hasPrefix("Launcher: ") }
        == Array(repeating: true, count: 10))
    let compared = rows.reduce(0) { $0 + ComparedValueScanner.comparedValues($1.theirs["pattern"]?.string ?? "").count }
    #expect(publication.indicators.reduce(0) { $0 + ($1.pattern?.expression.comparedValues.count ?? 0) } == compared)
  }

  @Test func `what a name resolved to is no condition where relations are only told`() throws {
    let publication = try Self.publication(Self.folder + "xml/resolve_to.xml", .told)
    #expect(
      publication.indicators.map { $0.pattern?.expression.comparedValues.map(\.description) } == [
        ["domain-name:value = microsoftb.byinter.net"], ["domain-name:value = www.dhcpserver.ns01.us"],
      ])
  }
}
