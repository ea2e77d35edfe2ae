private import Glibc
public import Notation

extension Publication {
  /// Why a file gives no indicators, and where.
  public struct Fault: Error, Hashable, Sendable {
    public var place: TextPlace
    /// What is wrong and what to do.
    public var sentence: String

    init(_ place: TextPlace, _ sentence: String) { (self.place, self.sentence) = (place, sentence) }
  }

  /// Reads a file, whose form its content tells.
  public init(_ octets: [UInt8]) throws(Fault) {
    let body = Self.body(octets)
    guard let first = body.first(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) else {
      throw Fault(.start, "The file is empty. Fetch it again; what was taken in before stays.")
    }
    switch first {
    case UInt8(ascii: "<"): self = try Self.xml(octets)
    case UInt8(ascii: "{"): self = try Self.json(octets)
    case UInt8(ascii: "["): self = Self.isJSON(body) ? try Self.json(octets) : try Self.lines(octets)
    default: self = try Self.lines(octets)
    }
  }

  /// Whether nothing stands in a file: no octet, or blanks alone.
  public static func isBlank(_ octets: [UInt8]) -> Bool { body(octets).allSatisfy { [0x20, 0x09, 0x0A, 0x0D].contains($0) } }

  /// All but a byte order mark.
  private static func body(_ octets: [UInt8]) -> ArraySlice<UInt8> {
    octets.starts(with: [0xEF, 0xBB, 0xBF]) ? octets[3...] : octets[...]
  }

  /// A list may begin with a bracket too: an IPv6 address, a defanged name.
  private static func isJSON(_ body: ArraySlice<UInt8>) -> Bool {
    let next = body.drop { $0 != UInt8(ascii: "[") }.dropFirst().first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    return next.map { [UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "\"")].contains($0) } ?? false
  }

  private static func xml(_ octets: [UInt8]) throws(Fault) -> Publication {
    let page = "This is a web page, not a file of indicators. Look at what the address gives."
    let root: XMLElement
    do { root = try XMLElement(octets) } catch {
      if isWebPage(octets) { throw Fault(error.place, page) }
      throw Fault(error.place, error.sentence)
    }
    if root.name.lowercased() == "html" { throw Fault(root.place, page) }
    if OpenIOC.isHeld(by: root) {
      do { return try OpenIOC.read(root) } catch { throw Fault(error.place, error.sentence) }
    }
    do { return try STIX1.read(root) } catch { throw Fault(error.place, error.sentence) }
  }

  /// Whether what is no XML begins as HTML does. Few pages are XML, and their document type would be refused.
  private static func isWebPage(_ octets: [UInt8]) -> Bool {
    let head = String(decoding: octets.prefix(1024), as: UTF8.self).lowercased()
    return head.contains("<!doctype html") || head.contains("<html")
  }

  private static func json(_ octets: [UInt8]) throws(Fault) -> Publication {
    if MISP.isManifest(octets) {
      throw Fault(
        .start,
        "This is the manifest of a MISP feed; its indicators stand in the events' files. Take the feed in with `nameward indicators "
          + "import`, or name these files.")
    }
    let value: JSONValue
    do { value = try JSONValue(octets) } catch { throw Fault(error.place, sentence(error.cause)) }
    // To a poll of a server this is an answer; as a file it may be what a broken source gives.
    if value.members?.isEmpty ?? value.items?.isEmpty ?? false {
      throw Fault(value.place, "This is JSON that holds nothing. Fetch it again; what was taken in before stays.")
    }
    if MISP.recognizes(value) {
      do { return try MISP.read(value) } catch { throw Fault(error.place, error.sentence) }
    }
    do { return try STIX2.read(value) } catch {
      let isNeither = error.cause == .notSTIX
      throw Fault(
        error.place,
        isNeither
          ? "This is JSON, but neither STIX 2 (a bundle, or objects with a type) nor MISP (an event, a response, a warninglist). "
            + "Name a file that its source calls STIX 2.0 or 2.1, or MISP; or take its CSV or its list."
          : error.sentence)
    }
  }

  /// Why a file is no JSON text that is read, where a person is better told than by the reader of JSON.
  static func sentence(_ cause: JSONFault.Cause) -> String {
    switch cause {
    case .unexpected(0x7B, .end):
      "This is JSON lines, one object behind another, which is not read as indicators. Write objects of STIX into one bundle; "
        + "of another source take the CSV or the list."
    case .tooManyValues(let limit):
      "The file holds more than \(limit) values of JSON. Split it into several, or take it as CSV or a list, which may hold more."
    default: cause.sentence
    }
  }

  /// memchr looks at many octets at a time, and files have a hundred millions of them.
  private static func firstNUL(in octets: [UInt8]) -> Int? {
    unsafe octets.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress, let found = unsafe memchr(start, 0, bytes.count) else { return nil }
      return unsafe UnsafeRawPointer(found) - start
    }
  }

  /// Whether NUL stands in every other place alone, as in UTF-16 of mostly ASCII.
  private static func alternates(_ octets: [UInt8]) -> Bool {
    let head = octets.prefix(64)
    let zeros = head.enumerated().filter { $0.element == 0 }.map { $0.offset % 2 }
    return 4 * zeros.count >= head.count && !(zeros.contains(0) && zeros.contains(1))
  }

  private static func lines(_ octets: [UInt8]) throws(Fault) -> Publication {
    if let offset = firstNUL(in: octets) {
      if octets.starts(with: [0xFF, 0xFE]) || octets.starts(with: [0xFE, 0xFF]) || offset < 2 && alternates(octets) {
        throw Fault(.start, "The file is UTF-16. Save it as UTF-8.")
      }
      throw Fault(
        TextPlace(of: offset, in: octets),
        "Octet \(offset) is NUL: this is no text. Indicators come as CSV, STIX, MISP, OpenIOC or a list.")
    }
    var publication: Publication
    if USCERT.begins(octets) {
      do { publication = try USCERT.read(octets) } catch { throw Fault(error.place, error.sentence) }
    } else {
      publication = PlainList.read(octets)
    }
    // With comments alone it may be a list from which all was taken; prose and other tables are none.
    if publication.indicators.isEmpty, let remark = publication.remarks.first {
      if publication.format == .plainList, USCERT.isTable(octets) { throw Fault(remark.place, USCERT.unknownColumns) }
      throw Fault(
        remark.place,
        "No line holds a value to look for: a name, an address, a URL, a hash or an e-mail address. Name a file of indicators; what was "
          + "taken in before stays.")
    }
    // One word in another encoding, often in a comment, is no reason to look for nothing.
    do { _ = try UTF8Span(validating: octets.span) } catch {
      let offset = error.byteOffsets.lowerBound
      publication.remark(TextPlace(of: offset, in: octets), .notUTF8(octet: octets[offset], offset: offset))
    }
    return publication
  }
}
