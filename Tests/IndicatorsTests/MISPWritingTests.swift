import Foundation
import Indicators
import Names
import Notation
import Testing

private let header = MISPEventHeader(
  uuid: "00000000-0000-4000-8000-000000000000", info: "Indicators", time: Timestamp(seconds: 1_700_000_000),
  organisation: "CERT", organisationUUID: "00000000-0000-4000-8000-000000000001")

private func written(_ indicators: [Indicator]) throws -> (text: String, event: [String: Any], attributes: [[String: Any]]) {
  let text = MISP.document(of: indicators, header: header) { indicator, value in "\(indicator.id)/\(value)" }.text
  let document = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  let event = try #require(document["Event"] as? [String: Any])
  return (text, event, event["Attribute"] as? [[String: Any]] ?? [])
}

private func indicator(_ comparison: ComparisonExpression, id: String = "row 1") -> Indicator {
  Indicator(id: id, place: .start, criterion: .pattern(Pattern(comparison)))
}

@Suite("MISP events as they are written") struct MISPWritingTests {
  static let values: [(Observable, String, String)] = [
    (.name(named("evil.example"), .whole), "domain", "evil.example"),
    (.name(named("a.evil.example"), .whole), "hostname", "a.evil.example"),
    (.url("http://evil.example/x"), "url", "http://evil.example/x"), (.emailAddress("a@evil.example"), "email", "a@evil.example"),
    (.fileHash(.md5, String(repeating: "a", count: 32)), "md5", String(repeating: "a", count: 32)),
    (.fileHash(.sha1, String(repeating: "a", count: 40)), "sha1", String(repeating: "a", count: 40)),
    (.fileHash(.sha256, String(repeating: "a", count: 64)), "sha256", String(repeating: "a", count: 64)),
    (.fileHash(.sha3512, String(repeating: "a", count: 128)), "sha3-512", String(repeating: "a", count: 128)),
    (.certificateHash(.sha1, String(repeating: "a", count: 40)), "x509-fingerprint-sha1", String(repeating: "a", count: 40)),
    (.other(ObjectPath("mutex", ["name"]), value: "M"), "mutex", "M"),
    (.other(ObjectPath("file", ["name"]), value: "a.exe"), "filename", "a.exe"),
    (.other(ObjectPath("windows-registry-key", ["key"]), value: #"HKLM\a.b"#), "regkey", #"HKLM\a.b"#),
  ]

  private static func named(_ text: String) -> DomainName { (try? DomainName(text)) ?? .root }

  @Test(arguments: values) func `a value has the type that MISP gives it, and comes back`(
    observable: Observable, type: String, value: String
  ) throws {
    let result = try written([indicator(observable.comparison)])
    #expect(result.attributes.map { $0["type"] as? String } == [type])
    #expect(result.attributes.map { $0["value"] as? String } == [value])
    #expect(result.attributes.map { $0["to_ids"] as? Bool } == [true])
    #expect(try MISP.read(json(result.text)).indicators.compactMap(\.pattern) == [Pattern(observable.comparison)])
  }

  @Test(arguments: ["192.0.2.1", "2001:db8::1", "192.0.2.0/24"]) func `addresses are those that are talked to`(value: String)
    throws
  {
    let observable = try #require(Observable.detect(value))
    let result = try written([indicator(observable.comparison)])
    #expect(result.attributes.map { $0["type"] as? String } == ["ip-dst"])
    #expect(try MISP.read(json(result.text)).indicators.compactMap(\.pattern) == [Pattern(observable.comparison)])
  }

  @Test func `what is told about an indicator comes back`() throws {
    var indicator = indicator(
      .equal(ObjectPath("domain-name", ["value"]), "evil.example"), id: "indicator--4bb235a7-7d25-4aef-802f-2c6b45c5eceb")
    indicator.title = "T"
    indicator.description = "D \"quoted\""
    indicator.labels = ["C2"]
    indicator.context = ["Sea Turtle"]
    indicator.marking = .amberStrict
    indicator.confidence = 80
    indicator.firstSeen = Timestamp("2020-01-01T00:00:00.5Z")
    indicator.lastSeen = Timestamp("2020-01-02T00:00:00Z")
    indicator.modified = Timestamp("2020-01-03T00:00:00Z")
    let read = try #require(try MISP.read(json(written([indicator]).text)).indicators.first)
    #expect(read.id == "4bb235a7-7d25-4aef-802f-2c6b45c5eceb")
    #expect(read.description == "T: D \"quoted\"")
    #expect(read.labels == ["Network activity", "C2", "Sea Turtle"])
    #expect(read.marking == .amberStrict)
    #expect(read.confidence == 75)
    #expect(read.firstSeen == indicator.firstSeen)
    #expect(read.lastSeen == indicator.lastSeen)
    #expect(read.modified == indicator.modified)
    #expect(!read.isBenign)
    #expect(read.context == ["Indicators"])
  }

  @Test(
    arguments: [
      (".evil.example\n", ["evil.example"], 0, 1), ("*.evil.example\n", [], 1, 0), ("evil.example\n", ["evil.example"], 0, 0),
    ] as [(String, [String], Int, Int)])
  func `all below a name is no attribute: it would alert on the name itself`(
    line: String, values: [String], omitted: Int, inPart: Int
  ) throws {
    let indicators = PlainList.read(Array(line.utf8)).indicators
    #expect(try written(indicators).attributes.map { $0["value"] as? String } == values)
    let result = MISP.document(of: indicators, header: header) { _, _ in "U" }
    #expect(result.omitted.count == omitted && result.inPart == inPart)
  }

  @Test func `several values of one pattern are several attributes`() throws {
    let any = indicator(
      .or([.equal(ObjectPath("domain-name", ["value"]), "evil.example"), .equal(ObjectPath("ipv4-addr", ["value"]), "192.0.2.1")]
      ),
      id: "4bb235a7-7d25-4aef-802f-2c6b45c5eceb")
    let result = try written([any])
    #expect(result.attributes.map { $0["value"] as? String } == ["evil.example", "192.0.2.1"])
    #expect(result.attributes.map { $0["to_ids"] as? Bool } == [true, true])
    #expect(
      result.attributes.map { $0["uuid"] as? String } == [
        "4bb235a7-7d25-4aef-802f-2c6b45c5eceb/evil.example", "4bb235a7-7d25-4aef-802f-2c6b45c5eceb/192.0.2.1",
      ])
  }

  @Test func `a value that does not tell it alone is context, as is what is benign`() throws {
    let both = indicator(
      .and([
        .equal(ObjectPath("file", ["name"]), "a.exe"),
        .equal(ObjectPath("file", ["hashes", "MD5"]), String(repeating: "a", count: 32)),
      ]))
    #expect(try written([both]).attributes.map { $0["to_ids"] as? Bool } == [false, false])
    var benign = indicator(.equal(ObjectPath("domain-name", ["value"]), "example.org"))
    benign.isBenign = true
    #expect(try written([benign]).attributes.map { $0["to_ids"] as? Bool } == [false])
  }

  @Test func `what is revoked is deleted`() throws {
    var revoked = indicator(.equal(ObjectPath("domain-name", ["value"]), "evil.example"))
    revoked.isRevoked = true
    let result = try written([revoked])
    #expect(result.attributes.map { $0["deleted"] as? Bool } == [true])
    #expect(try MISP.read(json(result.text)).indicators.isEmpty)
  }

  @Test func `an event is marked as the strictest that it holds`() throws {
    var (one, two) = (
      indicator(.equal(ObjectPath("domain-name", ["value"]), "a.example")),
      indicator(.equal(ObjectPath("domain-name", ["value"]), "b.example"))
    )
    (one.marking, two.marking) = (.clear, .amber)
    let result = try written([one, two])
    #expect((result.event["Tag"] as? [[String: String]])?.compactMap { $0["name"] } == ["tlp:amber"])
    #expect(try MISP.read(json(result.text)).marking == .amber)
    #expect(try written([indicator(.equal(ObjectPath("domain-name", ["value"]), "a.example"))]).event["Tag"] == nil)
  }

  @Test func `rules are attributes of their language, and what MISP has no type for is given back`() throws {
    let rule = Indicator(id: "r", place: .start, criterion: .foreign(language: "yara", text: "rule x {}"))
    let other = Indicator(id: "o", place: .start, criterion: .foreign(language: "openioc", text: "<ioc/>"))
    let process = indicator(.equal(ObjectPath("process", ["command_line"]), "x"))
    let result = MISP.document(of: [rule, other, process], header: header) { _, _ in "U" }
    #expect(result.omitted == [other, process])
    #expect(try MISP.read(json(result.text)).indicators.map(\.criterion) == [rule.criterion])
  }

  @Test func `the event says who made it and when`() throws {
    let event = try written([]).event
    #expect(event["date"] as? String == "2023-11-14")
    #expect(event["timestamp"] as? String == "1700000000")
    #expect(event["Orgc"] as? [String: String] == ["name": "CERT", "uuid": "00000000-0000-4000-8000-000000000001"])
  }
}
