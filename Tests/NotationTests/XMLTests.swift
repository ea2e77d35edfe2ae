import Foundation
import Notation
import Testing

@Suite("XML 1.0, as a tree") struct XMLTests {
  static func read(_ text: String, bounds: XMLElement.Bounds = .init()) throws(XMLFault) -> XMLElement {
    try XMLElement(Array(text.utf8), bounds: bounds)
  }

  @Test func `names, namespaces, attributes, text and children`() throws {
    let root = try Self.read(
      """
      <?xml version="1.0"?><!-- <!DOCTYPE in a comment> -->
      <s:a xmlns:s="urn:s" xmlns:xsi="urn:xsi" id="1"><b xsi:type="s:T">x&amp;<![CDATA[<y>]]>z</b>
      <b/> t </s:a>
      """)
    #expect(root.name == "a" && root.namespace == "urn:s" && root.attributes["id"] == "1" && root.content == "t")
    #expect(root.children.map(\.name) == ["b", "b"] && root["b"]?.text == "x&<y>z")
    #expect(root["b"]?.attributes["xsi:type"] == "s:T")
    #expect(root.place.line == 2 && root.children[1].place.line == 3)
    #expect(root.first("b")?.content == "x&<y>z" && root.first("b", "c") == nil)
  }

  @Test(
    arguments: [
      ("", .empty), ("  \n", .empty), ("plain", .notXML), ("{}", .notXML),
      ("<!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol2 \"&lol;&lol;\">]><lolz>&lol2;</lolz>", .documentType),
      ("<?xml version=\"1.0\"?>\n<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>", .documentType),
      ("<?xml version=\"1.0\" encoding=\"UTF-7\"?>+ADw-!DOCTYPE a+AD4-", .encoding("utf-7")),
      ("<?xml version='1.0' encoding = 'EBCDIC-US'?><?a +AD8APg-<!DOCTYPE a>?><a/>", .encoding("ebcdic-us")),
      ("<?xml version='1.0' encoding='utf-8' encoding='UTF-16'?><a/>", .encoding("utf-16")),
    ] as [(String, XMLFault.Cause)])
  func `refuses what is no document, and every document type declaration`(text: String, cause: XMLFault.Cause) {
    let fault = #expect(throws: XMLFault.self) { try Self.read(text) }
    #expect(fault?.cause == cause)
  }

  @Test func `a document type declaration is told with its place`() {
    let fault = #expect(throws: XMLFault.self) { try Self.read("<?xml version=\"1.0\"?>\n <!DOCTYPE a><a/>") }
    #expect(fault?.place == TextPlace(line: 2, column: 2))
    #expect(
      fault?.sentence
        == "A document type declaration (<!DOCTYPE …>) stands here; it is not read, since it can name other files and multiply text. "
        + "Remove it if you trust the rest.")
  }

  @Test(arguments: [
    "<a>", "<a><b></a>", "<a", "<a x=1/>", "<a>&nbsp;</a>", "<a/><b/>", "<a/>text", "<a>\u{1}</a>", "<a><![CDATA[x</a>",
  ])
  func `what is not well-formed is a sentence with a place`(text: String) {
    let fault = #expect(throws: XMLFault.self) { try Self.read(text) }
    guard case .malformed? = fault?.cause else { return #expect(Bool(false), "\(text): \(String(describing: fault))") }
    #expect(fault?.place.line == 1)
  }

  @Test func `depth, elements and octets have bounds`() {
    func cause(_ text: String, _ bounds: XMLElement.Bounds) -> XMLFault.Cause? {
      do { _ = try Self.read(text, bounds: bounds) } catch { return error.cause }
      return nil
    }
    let deep = String(repeating: "<a>", count: 100_000)
    #expect(cause(deep, .init()) == .tooDeep(limit: 100))
    #expect(cause("<a><b/><b/></a>", .init(elements: 2)) == .tooManyElements(limit: 2))
    #expect(cause("<a><b/><b/></a>", .init(elements: 3)) == nil)
    #expect(cause("<a/>", .init(octets: 3)) == .tooLarge(octets: 4, limit: 3))
  }

  @Test func `UTF-16 and octets of no encoding are refused`() {
    #expect(throws: XMLFault.self) { try XMLElement([0xFF, 0xFE, 0x3C, 0x00]) }
    #expect(throws: XMLFault.self) { try XMLElement(Array("<a>".utf8) + [0x00] + Array("</a>".utf8)) }
  }

  @Test(.timeLimit(.minutes(5))) func `an element has at most a thousand attributes, however they are written`() throws {
    func element(_ count: Int, _ attribute: (Int) -> String) -> String {
      "<a>\n<b" + (0..<count).map(attribute).joined() + "/></a>"
    }
    for attribute in [{ " a\($0)='<>'" }, { " a\($0)=\"x>\"" }, { "\na\($0) =\n'\"'" }] as [(Int) -> String] {
      let fault = #expect(throws: XMLFault.self) { try Self.read(element(200_000, attribute)) }
      guard attribute(0) != " a0='<>'" else { continue }
      #expect(fault?.cause == .tooManyAttributes(limit: 1000) && fault?.place == TextPlace(line: 2, column: 1))
      #expect(try Self.read(element(1000, attribute))["b"]?.attributes.count == 1000)
    }
    // What only looks like attributes, in text that is marked as such.
    let rules = String(repeating: "$a = \"x\" ", count: 2000)
    #expect(try Self.read("<a><![CDATA[\(rules)]]><!-- \(rules) --></a>").text.count == rules.count)
  }

  static let schema = "http://www.w3.org/2001/XMLSchema-instance"

  @Test(
    arguments: [
      ("xmlns:a='urn:a' xmlns:b='\(schema)'", "B"), ("xmlns:a='\(schema)' xmlns:b='urn:b'", "A"),
      ("xmlns:a='urn:a' xmlns:b='urn:b'", nil),
    ] as [(String, String?)])
  func `of several attributes that are called type, that of XML Schema is xsi:type`(declared: String, type: String?) throws {
    #expect(try Self.read("<r \(declared)><e type='T' a:type='A' b:type='B'/></r>")["e"]?.attributes["xsi:type"] == type)
    #expect(try Self.read("<e \(declared) b:type='B' a:type='A' type='T'/>").attributes["xsi:type"] == type)
  }

  @Test func `a prefix means what its innermost declaration says`() throws {
    let root = try Self.read(
      "<r xmlns:a='\(Self.schema)'><e xmlns:a='urn:a' a:type='x:N'><e a:type='x:N'/></e><f a:type='x:T'/></r>")
    #expect(root["e"]?.attributes == ["a:type": "x:N"] && root.first("e", "e")?.attributes == ["a:type": "x:N"])
    #expect(root["f"]?.attributes == ["xsi:type": "x:T"])
  }

  /// Each name with a prefix is looked for among all of them, and a large file has a million names.
  @Test func `at most a thousand namespaces are declared for one element`() throws {
    func declarations(_ count: Int, _ level: Int = 0) -> String {
      (0..<count).map { " xmlns:p\(level)x\($0)='urn:n'" }.joined()
    }
    let deep = (0..<98).map { "<a\(declarations(1000, $0))>" }.joined() + "<p0x0:b/>" + String(repeating: "</a>", count: 98)
    let fault = #expect(throws: XMLFault.self) { try Self.read(deep) }
    #expect(fault?.cause == .tooManyNamespaces(limit: 1000))
    // Those of an element that is closed count no more.
    let one = "<a\(declarations(999))/>"
    #expect(try Self.read("<r xmlns='urn:r'>\(one)\(one)</r>").children.count == 2)
    #expect(throws: XMLFault.self) { try Self.read("<r xmlns='urn:r'><a\(declarations(1000))/></r>") }
  }

  /// Foundation's parser takes names and comments for UTF-8 without asking.
  @Test(arguments: [
    "<a>\n?</a>", "<a>\n<?/></a>", "<a>\n<b?/></a>", "<a \n?=''/>", "<a>\n<!-- ? --></a>", "<a>\n<!--?--></a>", "<a\n>&?;</a>",
  ])
  func `an octet that is not UTF-8 is told where it stands, wherever that is`(text: String) throws {
    let offset = try #require(
      text.utf8.firstIndex(of: UInt8(ascii: "?")).map { text.utf8.distance(from: text.startIndex, to: $0) })
    for octet in [0xFF, 0xC3, 0xE9, 0x80] as [UInt8] {
      var octets = Array(text.utf8)
      octets[offset] = octet
      let fault = #expect(throws: XMLFault.self) { try XMLElement(octets) }
      #expect(fault?.cause == .notUTF8(octet: octet, offset: offset) && fault?.place == TextPlace(of: offset, in: octets))
    }
  }

  @Test func `an encoding that is said and not used changes nothing`() throws {
    for name in ["UTF-8", "us-ascii", "ISO-8859-1"] {
      #expect(try Self.read("<?xml version=\"1.0\" encoding=\"\(name)\"?><a>b</a>").text == "b")
    }
  }
}
