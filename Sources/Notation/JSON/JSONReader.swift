/// Reads a JSON text (RFC 8259), every value with its place.
///
/// Departures from the RFC: numbers stay text, a byte order mark is passed over (§8.1 allows it), and depth, octets and values are
/// bounded (§9 allows it). Line breaks are LF, CR LF, and CR alone; columns count characters.
struct JSONReader {
  private let octets: [UInt8]
  private var offset = 0
  private var line = 1
  private var lineStart = 0
  /// Octets of this line, before `offset`, that continue a character of UTF-8.
  private var continuations = 0
  private var values = 0
  private let bounds: JSONValue.Bounds

  init(_ octets: [UInt8], _ bounds: JSONValue.Bounds) {
    (self.octets, self.bounds) = (octets, bounds)
    if octets.starts(with: [0xEF, 0xBB, 0xBF]) { (offset, lineStart) = (3, 3) }
  }

  // MARK: Structure

  /// An array or object whose end is not read yet.
  private struct Open {
    var place: TextPlace
    var isObject: Bool
    var items: [JSONValue] = []
    var members: [JSONValue.Member] = []
    var name: (text: String, place: TextPlace)?

    mutating func take(_ value: JSONValue) {
      if let name {
        members.append(JSONValue.Member(name: name.text, place: name.place, value: value))
      } else {
        items.append(value)
      }
    }

    var value: JSONValue { JSONValue(content: isObject ? .object(members) : .array(items), place: place) }
  }

  mutating func document() throws(JSONFault) -> JSONValue {
    skipBlanks()
    if offset == octets.count { throw JSONFault(place, .empty) }
    var open: [Open] = []
    while true {
      var value: JSONValue
      let place = place
      values += 1
      if values > bounds.values { throw JSONFault(place, .tooManyValues(limit: bounds.values)) }
      guard let first = next else { throw unexpected(.value) }
      switch first {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        let isObject = first == UInt8(ascii: "{")
        if open.count == bounds.levels { throw JSONFault(place, .tooDeep(limit: bounds.levels)) }
        offset += 1
        skipBlanks()
        guard next == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
          open.append(Open(place: place, isObject: isObject))
          if isObject { open[open.count - 1].name = try name() }
          continue
        }
        offset += 1
        value = JSONValue(content: isObject ? .object([]) : .array([]), place: place)
      case UInt8(ascii: "\""): value = JSONValue(content: .string(try string()), place: place)
      case UInt8(ascii: "t"): value = try word("true", .boolean(true))
      case UInt8(ascii: "f"): value = try word("false", .boolean(false))
      case UInt8(ascii: "n"): value = try word("null", .null)
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        value = JSONValue(content: .number(try number()), place: place)
      default: throw unexpected(.value)
      }
      // The value ends here, and with it perhaps what it stands in.
      while true {
        skipBlanks()
        guard let last = open.indices.last else {
          if offset < octets.count { throw unexpected(.end) }
          return value
        }
        open[last].take(value)
        let isObject = open[last].isObject
        if next == UInt8(ascii: ",") {
          offset += 1
          skipBlanks()
          if isObject { open[last].name = try name() }
          break
        }
        guard next == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
          throw unexpected(isObject ? .entryOrEnd : .itemOrEnd)
        }
        offset += 1
        value = open.removeLast().value
      }
    }
  }

  /// A name and its colon.
  private mutating func name() throws(JSONFault) -> (text: String, place: TextPlace) {
    let place = place
    guard next == UInt8(ascii: "\"") else { throw unexpected(.key) }
    let text = try string()
    skipBlanks()
    guard next == UInt8(ascii: ":") else { throw unexpected(.colon) }
    offset += 1
    skipBlanks()
    return (text, place)
  }

  // MARK: Places

  private var next: UInt8? { offset < octets.count ? octets[offset] : nil }

  private var place: TextPlace {
    TextPlace(line: line, column: offset - lineStart - continuations + 1)
  }

  /// Line breaks stand only between tokens: a string holds none.
  private mutating func skipBlanks() {
    while offset < octets.count {
      switch octets[offset] {
      case 0x20, 0x09: offset += 1
      case 0x0A, 0x0D:
        let isPair = octets[offset] == 0x0D && offset + 1 < octets.count && octets[offset + 1] == 0x0A
        offset += isPair ? 2 : 1
        (line, lineStart, continuations) = (line + 1, offset, 0)
      default: return
      }
    }
  }

  private func unexpected(_ wanted: JSONFault.Cause.Wanted) -> JSONFault {
    guard offset < octets.count else { return JSONFault(place, .cutShort(wanted)) }
    guard let (scalar, _) = scalar(octets, at: offset) else { return notUTF8 }
    return JSONFault(place, .unexpected(scalar, wanted))
  }

  private var notUTF8: JSONFault { JSONFault(place, .notUTF8(octet: octets[offset], offset: offset)) }

  // MARK: Tokens

  private mutating func word(_ word: String, _ content: JSONValue.Content) throws(JSONFault) -> JSONValue {
    let place = place
    for octet in word.utf8 {
      guard next == octet else { throw unexpected(.value) }
      offset += 1
    }
    return JSONValue(content: content, place: place)
  }

  /// RFC 8259 §6.
  private mutating func number() throws(JSONFault) -> String {
    let (start, fault) = (offset, JSONFault(place, .number))
    if next == UInt8(ascii: "-") { offset += 1 }
    let isZero = next == UInt8(ascii: "0")
    let whole = skipDigits()
    guard whole > 0, !isZero || whole == 1 else { throw fault }
    if next == UInt8(ascii: ".") {
      offset += 1
      guard skipDigits() > 0 else { throw fault }
    }
    if let octet = next, octet | 0x20 == UInt8(ascii: "e") {
      offset += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { offset += 1 }
      guard skipDigits() > 0 else { throw fault }
    }
    return String(decoding: octets[start..<offset], as: UTF8.self)
  }

  private mutating func skipDigits() -> Int {
    let start = offset
    while let octet = next, octet &- 0x30 < 10 { offset += 1 }
    return offset - start
  }

  /// RFC 8259 §7. On entry the opening quote is next.
  private mutating func string() throws(JSONFault) -> String {
    offset += 1
    // What precedes the last escape; the plain run since then starts at `run`.
    var (decoded, run) = ([UInt8](), offset)
    while offset < octets.count {
      let octet = octets[offset]
      switch octet {
      case UInt8(ascii: "\""):
        let rest = octets[run..<offset]
        offset += 1
        if decoded.isEmpty { return String(decoding: rest, as: UTF8.self) }
        return String(decoding: decoded + rest, as: UTF8.self)
      case UInt8(ascii: "\\"):
        decoded += octets[run..<offset]
        let scalar = try escape()
        decoded += String(scalar).utf8
        run = offset
      case 0..<0x20: throw JSONFault(place, .controlCharacter(octet))
      case 0x80...:
        guard let (_, length) = scalar(octets, at: offset) else { throw notUTF8 }
        offset += length
        continuations += length - 1
      default: offset += 1
      }
    }
    throw unexpected(.closingQuote)
  }

  private mutating func escape() throws(JSONFault) -> Unicode.Scalar {
    let start = place
    offset += 1
    let plain: Unicode.Scalar
    switch next {
    case UInt8(ascii: "\""): plain = "\""
    case UInt8(ascii: "\\"): plain = "\\"
    case UInt8(ascii: "/"): plain = "/"
    case UInt8(ascii: "b"): plain = "\u{08}"
    case UInt8(ascii: "f"): plain = "\u{0C}"
    case UInt8(ascii: "n"): plain = "\n"
    case UInt8(ascii: "r"): plain = "\r"
    case UInt8(ascii: "t"): plain = "\t"
    case UInt8(ascii: "u"): return try unicodeEscape(from: start)
    default:
      guard offset < octets.count else { throw unexpected(.closingQuote) }
      guard let (scalar, _) = scalar(octets, at: offset) else { throw notUTF8 }
      throw JSONFault(start, .escape(scalar))
    }
    offset += 1
    return plain
  }

  /// `\uXXXX`, or two of them for a character beyond U+FFFF. On entry the first `u` is next.
  private mutating func unicodeEscape(from start: TextPlace) throws(JSONFault) -> Unicode.Scalar {
    let unit = try codeUnit(from: start)
    if let scalar = Unicode.Scalar(unit) { return scalar }
    let lone = JSONFault(start, .loneSurrogate(unit))
    guard unit < 0xDC00, next == UInt8(ascii: "\\"), offset + 1 < octets.count, octets[offset + 1] == UInt8(ascii: "u") else {
      throw lone
    }
    let second = place
    offset += 1
    let low = try codeUnit(from: second)
    guard 0xDC00...0xDFFF ~= low, let scalar = Unicode.Scalar(0x1_0000 + UInt32(unit & 0x3FF) << 10 + UInt32(low & 0x3FF)) else {
      throw lone
    }
    return scalar
  }

  private mutating func codeUnit(from start: TextPlace) throws(JSONFault) -> UInt16 {
    offset += 1
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let octet = next else { throw unexpected(.closingQuote) }
      guard let digit = Character(Unicode.Scalar(octet)).hexDigitValue else { throw JSONFault(start, .hexadecimalDigits) }
      unit = unit << 4 | UInt16(digit)
      offset += 1
    }
    return unit
  }
}
