import Fixtures
import Notation
import Testing

@testable import Indicators

@Suite("STIX 1.x and OpenIOC that nobody meant to write") struct STIX1HostileTests {
  static let texts = [
    "", " ", "\0", "##comma##", "a##comma##", "-1", "9223372036854775808", "1e999", "nan", "0.0.0.0/33", "255.255.255.255/0",
    "::/129",
    "999.1.1.1", "h'", "\\", "'", "[", "%_%", "\u{202E}evil", "9999-99-99T99:99:99Z", String(repeating: "a", count: 5000),
    "InclusiveBetween",
    "BitwiseXor", "AND", "NONE", "e-mail", "asn", "a:FileObjectType",
  ]

  /// A file with many elements changed: texts and attributes exchanged, children lost, doubled or moved.
  static func changed(_ element: XMLElement, _ generator: inout SplitMix64) -> XMLElement {
    var element = element
    if Int.random(in: 0..<12, using: &generator) == 0 { element.text = texts.randomElement(using: &generator) ?? "" }
    for name in element.attributes.keys.sorted() where Int.random(in: 0..<12, using: &generator) == 0 {
      element.attributes[name] = Bool.random(using: &generator) ? nil : texts.randomElement(using: &generator)
    }
    if Int.random(in: 0..<30, using: &generator) == 0 {
      element.attributes["condition"] = ["InclusiveBetween", "FitsPattern", "Contains"].randomElement(using: &generator)
    }
    element.children = element.children.map { changed($0, &generator) }
    if !element.children.isEmpty {
      switch Int.random(in: 0..<30, using: &generator) {
      case 0: element.children.removeLast()
      case 1: element.children.append(element.children[0])
      case 2: element.children.shuffle(using: &generator)
      case 3: element.children = element.children.flatMap(\.children)
      default: break
      }
    }
    return element
  }

  static let files = [
    "stix1-elevator/xml/issue62.xml", "stix1-elevator/xml/observable_composition.xml", "stix1-elevator/xml/x509-pattern.xml",
    "stix1-elevator/xml/malicious-email-indicator-with-attachment.xml", "stix1-elevator/xml/sighting.xml",
    "stix1-elevator/xml/composite.xml",
    "stix1-elevator/xml/observable-with-networkconnection-pattern-advanced.xml", "stix1-elevator/xml/resolve_to.xml",
    "stix1-elevator/xml/file-hash-reputation-pattern.xml", "openioc/APT18_0ae061d7-c624-4a84-8adf-00281b97797b.ioc",
  ]

  @Test(arguments: files) func `never traps, and what becomes a pattern can be written and read`(file: String) throws {
    let root = try XMLElement(Fixture.octets("ioc/" + file))
    var generator = SplitMix64(state: 1)
    for _ in 0..<40 {
      let element = Self.changed(root, &generator)
      let publication = OpenIOC.isHeld(by: element) ? try? OpenIOC.read(element) : try? STIX1.read(element)
      for indicator in publication?.indicators ?? [] {
        guard let pattern = indicator.pattern else { continue }
        // A regular expression is taken as it is written, and told by who runs it.
        #expect(throws: Never.self) { try Pattern("\(pattern)") }
      }
    }
  }
}
