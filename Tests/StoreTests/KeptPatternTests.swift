import GRDB
import Indicators
import Notation
import Testing

@testable import Store

private func misp(_ text: String) throws -> Publication { try MISP.read(JSONValue(Array(text.utf8))) }

/// An attribute of MISP; what stands in its value is written as in JSON.
private func attribute(_ type: String, _ value: String) -> String {
  #"{"uuid":"u","type":"\#(type)","value":"\#(value)","to_ids":true}"#
}

/// A name of which 20,000 make a pattern of more than a mebibyte.
private func host(_ number: Int) -> String { String(repeating: "a", count: 30) + "\(number).example" }

private func digits(_ number: Int) -> String {
  let digits = String(number, radix: 16)
  return String(repeating: "0", count: 64 - digits.count) + digits
}

@Suite("What a reader makes of a file is looked for after it was kept") struct KeptPatternTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// How many values the file leads to.
    let count: Int
    let publication: @Sendable () throws -> Publication

    init(_ what: String, _ count: Int, _ publication: @escaping @Sendable () throws -> Publication) {
      (testDescription, self.count, self.publication) = (what, count, publication)
    }
  }

  static let fuzzy: [Case] = [
    Case("ssdeep with the name of its file: MISP", 1) {
      try misp("[" + attribute("ssdeep", #"96:abc:def,\"a.exe\""#) + "]")
    },
    Case("ssdeep with the name of its file: US-CERT", 1) {
      try published("INDICATOR_VALUE,TYPE\n\"96:abc:def,\"\"a.exe\"\"\",SSDEEP")
    },
    Case("ssdeep with the name of its file: STIX 1", 1) {
      try published(
        """
        <stix:STIX_Package xmlns:stix="http://stix.mitre.org/stix-1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="p">
        <Indicator id="a:i"><Observable><Object><Properties xsi:type="x:FileObjectType"><Hashes><Hash><Type>SSDEEP</Type>
        <Fuzzy_Hash_Value>96:abc:def,"a.exe"</Fuzzy_Hash_Value></Hash></Hashes></Properties></Object></Observable></Indicator>
        </stix:STIX_Package>
        """)
    },
  ]

  static let long: [Case] = [
    Case("20,000 names: MISP", 20_000) {
      let attributes = (0..<20_000).map { attribute("domain", host($0)) }
      return try misp(#"{"Object":[{"name":"domain-ip","Attribute":["# + attributes.joined(separator: ",") + "]}]}")
    },
    Case("20,000 names: OpenIOC", 20_000) {
      let items = (0..<20_000).map {
        #"<IndicatorItem condition="is"><Context document="N" search="Network/DNS" type="mir"/><Content type="string">"#
          + host($0)
          + "</Content></IndicatorItem>"
      }
      return try published(
        #"<ioc xmlns="http://schemas.mandiant.com/2010/ioc" id="i"><definition><Indicator operator="OR">"# + items.joined()
          + "</Indicator></definition></ioc>")
    },
    // It is as long as a pattern may be that others write; with the blanks of our form it is longer.
    Case("100,000 names without a blank: STIX 2", 100_000) {
      let names = (0..<100_000).map { "'\($0).a'" }
      return try published(
        #"{"type":"indicator","id":"indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f","pattern_type":"stix","#
          + #""pattern":"[domain-name:value IN("# + names.joined(separator: ",") + #")]"}"#)
    },
    Case("12,000 hashes in a comment: US-CERT", 12_001) {
      let others = (1...12_000).map { "SHA256:" + digits($0) }
      return try published("INDICATOR_VALUE,TYPE,COMMENT\n\(digits(0)),SHA256," + others.joined(separator: "|"))
    },
  ]

  /// Of algorithms whose form is known, what has another form is not looked for.
  static let nonsense: [Case] = [
    "authentihash": 1, "cdhash": 1, "imphash": 1, "impfuzzy": 1, "pehash": 1, "sha3-224": 0, "sha3-384": 0, "sha512/224": 1,
    "sha512/256": 1, "telfhash": 1, "vhash": 1, "tlsh": 0, "ssdeep": 0, "md5": 0, "sha3-512": 0,
  ].sorted { $0.key < $1.key }.map { type, count in
    Case("nonsense as \(type): MISP", count) { try misp("[" + attribute(type, "z'z") + "]") }
  }

  @Test(arguments: fuzzy + long + nonsense) func `as the publication has it`(one: Case) throws {
    let publication = try one.publication()
    #expect(publication.indicators.reduce(0) { $0 + $1.observables.count } == one.count)
    #expect(publication.remarkCount == (one.count == 0 ? 1 : 0))
    let scratch = try Scratch()
    let store = try Store(folder: scratch.state)
    try store.take(publication, minute: 1)
    // A failure would print millions of characters.
    let isSame = try store.told() == publication.indicators
    #expect(isSame)
    for indicator in publication.indicators {
      guard case .pattern(let pattern) = indicator.criterion else { continue }
      let text = "\(pattern)"
      let isKept = try Pattern(kept: text) == pattern
      #expect(isKept)
      guard text.utf8.count <= Pattern.mostOctets else { continue }
      let isRead = try Pattern(text) == pattern
      #expect(isRead)
    }
  }

  private static let patternKind: UInt8 = 8

  @Test func `a pattern is what it was, also where nobody would take it now`() throws {
    let octets = [Self.patternKind] + Array("[file:hashes.'SHA3-224' = 'zz']".utf8)
    let expected = Pattern(.equal(ObjectPath("file", ["hashes", "SHA3-224"]), "zz"))
    #expect(try CriterionOctets.read(octets[...]) == .pattern(expected))
    #expect(throws: PatternFault.self) { try Pattern("\(expected)") }
  }

  @Test func `a text that is none, in the place of a pattern, is damage`() throws {
    let octets = [Self.patternKind] + Array("[domain-name:value = ".utf8)
    #expect(throws: DatabaseError.self) { try CriterionOctets.read(octets[...]) }
  }
}
