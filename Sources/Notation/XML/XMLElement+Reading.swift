internal import Foundation
internal import FoundationXML

extension XMLElement {
  /// How much is read. The tree takes some ten times the octets.
  public struct Bounds: Sendable {
    public var octets: Int
    public var levels: Int
    public var elements: Int

    public init(octets: Int = 64 << 20, levels: Int = 100, elements: Int = 2 << 20) {
      (self.octets, self.levels, self.elements) = (octets, levels, elements)
    }
  }

  /// Reads a document. Nothing outside of it is fetched, and a document type declaration is refused, so there are no entities but
  /// the five that XML has.
  public init(_ octets: [UInt8], bounds: Bounds = Bounds()) throws(XMLFault) {
    guard octets.count <= bounds.octets else {
      throw XMLFault(.start, .tooLarge(octets: octets.count, limit: bounds.octets))
    }
    if octets.starts(with: [0xFE, 0xFF]) || octets.starts(with: [0xFF, 0xFE]) || octets.prefix(2).contains(0) {
      throw XMLFault(.start, .utf16)
    }
    try Self.checkEncoding(octets)
    try Self.checkProlog(octets)
    try Self.checkAttributes(octets)
    let parser = XMLParser(data: Data(octets))
    let builder = Builder(bounds)
    parser.shouldProcessNamespaces = true
    parser.shouldReportNamespacePrefixes = true
    parser.shouldResolveExternalEntities = false
    parser.delegate = builder
    let isWhole = parser.parse()
    if let fault = builder.fault { throw fault }
    let isFollowed = (parser.parserError as NSError?)?.code == Self.followed
    guard isWhole, !isFollowed, let root = builder.root else {
      let reason = (parser.parserError as NSError?).map(Self.words) ?? "no element is closed"
      throw XMLFault(TextPlace(line: max(1, parser.lineNumber), column: max(1, parser.columnNumber)), .malformed(reason))
    }
    self = root
  }

  /// Foundation's parser ends the process at a name that is not UTF-8, and goes on where an encoding is not known to it. So no octet
  /// comes to it that is not UTF-8, and none that would be something else than ASCII says.
  private static func checkEncoding(_ octets: [UInt8]) throws(XMLFault) {
    do { _ = try UTF8Span(validating: octets.span) } catch {
      let offset = error.byteOffsets.lowerBound
      throw XMLFault(TextPlace(of: offset, in: octets), .notUTF8(octet: octets[offset], offset: offset))
    }
    // XML 1.0 §2.8: the declaration is the first thing in the file.
    let start = octets.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let text = String(decoding: octets[start...].prefix(longestDeclaration), as: UTF8.self).lowercased()
    guard text.hasPrefix("<?xml") else { return }
    guard let end = text.firstRange(of: "?>") else {
      if octets.count - start <= longestDeclaration { return }
      throw XMLFault(.start, .malformed("its declaration is longer than \(longestDeclaration) octets"))
    }
    let declaration = text[..<end.lowerBound].filter { !$0.isWhitespace }
    for mark in declaration.ranges(of: "encoding=") {
      let name = declaration[mark.upperBound...].dropFirst().prefix { $0 != "\"" && $0 != "'" }
      guard asciiBased.contains(String(name)) else { throw XMLFault(.start, .encoding(String(name))) }
    }
  }

  private static let longestDeclaration = 1024

  /// Encodings in which the octets of ASCII are ASCII.
  private static let asciiBased: Set<String> = ["utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "windows-1252"]

  /// Passes over what may stand before the root element (XML 1.0 §2.8). Encodings that do not write `<` as ASCII does end here.
  private static func checkProlog(_ octets: [UInt8]) throws(XMLFault) {
    var place = octets.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    func stands(_ text: StaticString) -> Bool { octets[place...].starts(with: Array("\(text)".utf8)) }
    func skip(past end: StaticString) {
      let end = Array("\(end)".utf8)
      while place < octets.count, !octets[place...].starts(with: end) { place += 1 }
      place = min(octets.count, place + end.count)
    }
    while true {
      while place < octets.count, [0x20, 0x09, 0x0A, 0x0D].contains(octets[place]) { place += 1 }
      guard place < octets.count else { throw XMLFault(.start, .empty) }
      if stands("<?") {
        skip(past: "?>")
      } else if stands("<!--") {
        skip(past: "-->")
      } else if stands("<!") {
        throw XMLFault(TextPlace(of: place, in: octets), .documentType)
      } else if stands("<") {
        return
      } else {
        throw XMLFault(.start, .notXML)
      }
    }
  }

  private static let mostAttributes = 1000

  /// Counts what looks like an attribute between one `<` and the next, which stands in no attribute: libxml2 compares each with all
  /// before it, which would take hours for those of a large file.
  private static func checkAttributes(_ octets: [UInt8]) throws(XMLFault) {
    var (count, tag) = (0, 0)
    var (isTag, isAfterEqual) = (false, false)
    for place in octets.indices {
      switch octets[place] {
      case UInt8(ascii: "<"):
        // Sections, comments and instructions have no attributes.
        let next = place + 1 < octets.count ? octets[place + 1] : 0
        isTag = next != UInt8(ascii: "!") && next != UInt8(ascii: "?")
        (count, tag, isAfterEqual) = (0, place, false)
      case UInt8(ascii: "="): isAfterEqual = isTag
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        if isAfterEqual { count += 1 }
        isAfterEqual = false
        if count > mostAttributes { throw XMLFault(TextPlace(of: tag, in: octets), .tooManyAttributes(limit: mostAttributes)) }
      case 0x20, 0x09, 0x0A, 0x0D: break
      default: isAfterEqual = false
      }
    }
  }

  /// Something follows the root element: XMLParser tells it and goes on (XML_ERR_DOCUMENT_END).
  private static let followed = 5

  /// The codes of libxml2 (xmlerror.h) that people meet; others by their number.
  private static func words(_ error: NSError) -> String {
    switch error.code {
    case 4: "it ends in the middle"
    case followed: "something follows the root element, or it is never closed"
    case 9: "an octet is not of its encoding"
    case 26, 27: "an entity is used that XML does not have"
    case 38, 39, 41, 42: "an attribute is not written as XML wants it"
    case 68: "a name belongs here"
    case 73: "a tag is not closed with >"
    case 76: "an end tag does not close the element that is open"
    case 77: "an element is not closed"
    case 81: "the encoding that it names is not its own"
    case 201: "a prefix has no namespace"
    default: "libxml2 says \(error.code)"
    }
  }
}

/// What XMLParser tells becomes a tree. A class, because XMLParser keeps its delegate by reference.
private final class Builder: NSObject, XMLParserDelegate {
  private let bounds: XMLElement.Bounds
  private var open: [XMLElement] = []
  private var elements = 0
  /// Namespaces that are declared for the element that is read.
  private var namespaces = 0
  /// Of each prefix, the innermost declaration last: whether it stands for ``schemaInstances``.
  private var prefixes: [String: [Bool]] = [:]
  /// What `xsi:type` is called under other prefixes. XMLParser tells no namespaces of attributes.
  private var typeNames: Set<String> = []
  var root: XMLElement?
  var fault: XMLFault?

  private static let schemaInstances = "http://www.w3.org/2001/XMLSchema-instance"
  private static let usualPrefix = "xsi"

  /// libxml2 looks through all of them for the prefix of each element and attribute: minutes, for those of a large file.
  private static let mostNamespaces = 1000

  init(_ bounds: XMLElement.Bounds) { self.bounds = bounds }

  /// Comes before the element that declares it.
  func parser(_ parser: XMLParser, didStartMappingPrefix prefix: String, toURI namespace: String) {
    namespaces += 1
    if namespaces > Self.mostNamespaces, fault == nil {
      let place = TextPlace(line: max(1, parser.lineNumber), column: max(1, parser.columnNumber))
      fault = XMLFault(place, .tooManyNamespaces(limit: Self.mostNamespaces))
      parser.abortParsing()
    }
    prefixes[prefix, default: []].append(namespace == Self.schemaInstances)
    setTypeName(prefix)
  }

  /// Comes after the element that declared it.
  func parser(_ parser: XMLParser, didEndMappingPrefix prefix: String) {
    namespaces -= 1
    _ = prefixes[prefix]?.popLast()
    setTypeName(prefix)
  }

  private func setTypeName(_ prefix: String) {
    guard prefix != Self.usualPrefix else { return }
    if prefixes[prefix]?.last == true { typeNames.insert(prefix + ":type") } else { typeNames.remove(prefix + ":type") }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    let place = TextPlace(line: max(1, parser.lineNumber), column: max(1, parser.columnNumber))
    elements += 1
    guard fault == nil else { return }
    guard open.count < bounds.levels, elements <= bounds.elements else {
      fault = XMLFault(
        place, open.count < bounds.levels ? .tooManyElements(limit: bounds.elements) : .tooDeep(limit: bounds.levels))
      parser.abortParsing()
      return
    }
    var attributes = attributes
    // In nearly all files the prefix is the usual one. No element has two of them (Namespaces in XML 1.0 §6.3).
    if !typeNames.isEmpty, let name = attributes.keys.first(where: { typeNames.contains($0) }) {
      attributes[Self.usualPrefix + ":type"] = attributes.removeValue(forKey: name)
    }
    open.append(
      XMLElement(name: name, namespace: namespaceURI ?? "", attributes: attributes, text: "", children: [], place: place))
  }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    guard let element = open.popLast() else { return }
    if open.isEmpty { root = element } else { open[open.count - 1].children.append(element) }
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    if !open.isEmpty { open[open.count - 1].text += text }
  }

  func parser(_ parser: XMLParser, foundCDATA block: Data) {
    if !open.isEmpty { open[open.count - 1].text += String(decoding: block, as: UTF8.self) }
  }
}
