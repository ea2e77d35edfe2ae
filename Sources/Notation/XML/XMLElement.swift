/// An element of an XML document (XML 1.0, Namespaces in XML 1.0), with what is in it.
public struct XMLElement: Sendable {
  /// Local name and namespace; the namespace is empty where there is none.
  public var name: String
  public var namespace: String
  /// By the name that is written, its prefix too: `id`, `stix:version`. What an element is by XML Schema (Structures §2.6.1) is
  /// `xsi:type` whatever the prefix of that namespace is in the file.
  public var attributes: [String: String]
  /// The character data that stands directly in it, in one piece.
  public var text: String
  public var children: [XMLElement]
  /// Just past its start tag.
  public var place: TextPlace
}

extension XMLElement {
  /// The first child of a local name, in any namespace.
  public subscript(name: String) -> XMLElement? { children.first { $0.name == name } }

  public func children(_ name: String) -> some Sequence<XMLElement> { children.lazy.filter { $0.name == name } }

  /// The element at the end of a path of local names, the first one at each step.
  public func first(_ path: String...) -> XMLElement? {
    var element = self
    for name in path {
      guard let next = element[name] else { return nil }
      element = next
    }
    return element
  }

  /// The character data without blanks around it; `nil` where nothing is left.
  public var content: String? {
    let trimmed = text.drop { $0.isWhitespace }
    guard let last = trimmed.lastIndex(where: { !$0.isWhitespace }) else { return nil }
    return String(trimmed[...last])
  }
}

/// Why octets are not an XML document that is read here, and where.
public struct XMLFault: Error, Hashable, Sendable {
  public enum Cause: Hashable, Sendable {
    case empty
    /// The first thing in the file is not markup.
    case notXML
    case tooLarge(octets: Int, limit: Int)
    case tooDeep(limit: Int)
    case tooManyElements(limit: Int)
    /// Of one element.
    case tooManyAttributes(limit: Int)
    /// Declared by one element and those that it stands in.
    case tooManyNamespaces(limit: Int)
    /// A document type declaration: what could name files, or multiply text without bound.
    case documentType
    case utf16
    /// The octet that does not belong, and how many precede it in the file.
    case notUTF8(octet: UInt8, offset: Int)
    /// The file says that it is in an encoding that is not read here.
    case encoding(String)
    /// In the words of the parser.
    case malformed(String)
  }

  public var place: TextPlace
  public var cause: Cause

  init(_ place: TextPlace, _ cause: Cause) { (self.place, self.cause) = (place, cause) }

  /// What is wrong and what to do, without the place.
  public var sentence: String {
    switch cause {
    case .empty: "The file is empty where XML belongs. Fetch it again."
    case .notXML: "This is not XML: it does not start with markup. Fetch the file again, or name the format that it has."
    case .tooLarge(let octets, let limit): "The file has \(octets) octets; at most \(limit) are read. Split it."
    case .tooDeep(let limit): "Elements are nested deeper than \(limit) levels. No published report is; do not trust the file."
    case .tooManyElements(let limit): "The file has more than \(limit) elements. Split it."
    case .tooManyAttributes(let limit):
      "An element has more than \(limit) attributes. No published report has; do not trust the file."
    case .tooManyNamespaces(let limit):
      "More than \(limit) namespaces are declared for one element. No published report has as many; do not trust the file."
    case .documentType:
      "A document type declaration (<!DOCTYPE …>) stands here; it is not read, since it can name other files and multiply text. "
        + "Remove it if you trust the rest."
    case .utf16: "The file is UTF-16. Save it as UTF-8."
    case .notUTF8(let octet, let offset):
      "Octet \(offset) of the file is \(hexadecimal(UInt32(octet), digits: 2)), which is not UTF-8 here. Save the file as UTF-8."
    case .encoding(let name): "The file says that it is in \(quoted(name)), which is not read. Save it as UTF-8."
    case .malformed(let reason): "This is not well-formed XML: \(reason). Fetch the file again; it may be cut short."
    }
  }
}
