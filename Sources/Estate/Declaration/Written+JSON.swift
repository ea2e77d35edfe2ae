internal import DNSWire
internal import Names

/// Reads a JSON text (RFC 8259) into ``Written``, every value with its place.
///
/// Text and numbers become text, numbers as they are written; `null` is nothing. Departures from the RFC: a key that stands
/// twice in one object is a fault (§4 leaves it open, and readers differ in which one they take), and depth, octets and values
/// are bounded (§9 allows it). Columns count characters, as in a declaration.
struct JSONText {
  /// A plan of a hundred thousand records is some 100 MB.
  static let mostOctets = 256 << 20
  /// `terraform show -json` nests modules, two levels for each.
  static let mostLevels = 64
  /// What is kept for one value is some 100 octets, its text aside.
  static let mostValues = 4 << 20

  private let octets: [UInt8]
  private let file: String
  private var offset = 0
  private var line = 1
  private var lineStart = 0
  /// Octets of this line, before `offset`, that continue a character of UTF-8.
  private var continuations = 0
  private var values = 0
  private let mostValues: Int

  /// - Returns: What stands in the file; `nil` with at least one fault.
  static func read(
    _ octets: [UInt8], file: String, mostValues: Int = Self.mostValues, faults: inout FaultList
  ) -> Written? {
    let start = SourcePosition(file: file, line: 1, column: 1)
    guard octets.count <= mostOctets else {
      faults.add(start, .json(.tooLarge(octets: octets.count, limit: mostOctets)))
      return nil
    }
    // RFC 8259 §8.1 wants UTF-8; a JSON text starts with ASCII, so a zero shows the wider forms that have no mark.
    if octets.starts(with: [0xFE, 0xFF]) || octets.starts(with: [0xFF, 0xFE]) || octets.prefix(2).contains(0) {
      faults.add(start, .utf16)
      return nil
    }
    var text = JSONText(octets: octets, file: file, mostValues: mostValues)
    let before = faults.count
    do {
      let written = try text.document(&faults)
      return faults.count == before ? written : nil
    } catch {
      faults.add(error.position, error.cause)
      return nil
    }
  }

  private init(octets: [UInt8], file: String, mostValues: Int) {
    (self.octets, self.file, self.mostValues) = (octets, file, mostValues)
    // RFC 8259 §8.1: readers may ignore a byte order mark.
    if octets.starts(with: [0xEF, 0xBB, 0xBF]) { (offset, lineStart) = (3, 3) }
  }

  // MARK: Structure

  /// A list or mapping whose end is not read yet.
  private struct Open {
    var position: SourcePosition
    var isMapping: Bool
    var items: [Written] = []
    var entries: [Written.Entry] = []
    var key: (text: String, position: SourcePosition)?

    mutating func take(_ value: Written) {
      if let key {
        entries.append(Written.Entry(key: key.text, position: key.position, value: value))
      } else {
        items.append(value)
      }
    }

    var written: Written { Written(content: isMapping ? .mapping(entries) : .list(items), position: position) }
  }

  private mutating func document(_ faults: inout FaultList) throws(DeclarationFault) -> Written {
    skipBlanks()
    if offset == octets.count { throw DeclarationFault(position, .json(.empty)) }
    var open: [Open] = []
    while true {
      var value: Written
      let position = position
      values += 1
      if values > mostValues { throw DeclarationFault(position, .json(.tooManyValues(limit: mostValues))) }
      guard let first = next else { throw unexpected(.value) }
      switch first {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        let isMapping = first == UInt8(ascii: "{")
        if open.count == Self.mostLevels { throw DeclarationFault(position, .json(.tooDeep(limit: Self.mostLevels))) }
        offset += 1
        skipBlanks()
        guard next == (isMapping ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
          open.append(Open(position: position, isMapping: isMapping))
          if isMapping { open[open.count - 1].key = try key() }
          continue
        }
        offset += 1
        value = Written(content: isMapping ? .mapping([]) : .list([]), position: position)
      case UInt8(ascii: "\""): value = Written(content: .text(try string()), position: position)
      case UInt8(ascii: "t"): value = try word("true", .text("true"))
      case UInt8(ascii: "f"): value = try word("false", .text("false"))
      case UInt8(ascii: "n"): value = try word("null", .nothing)
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        value = Written(content: .text(try number()), position: position)
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
        let isMapping = open[last].isMapping
        if next == UInt8(ascii: ",") {
          offset += 1
          skipBlanks()
          if isMapping { open[last].key = try key() }
          break
        }
        guard next == (isMapping ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
          throw unexpected(isMapping ? .entryOrEnd : .itemOrEnd)
        }
        offset += 1
        Self.tellDoubled(open[last].entries, &faults)
        value = open.removeLast().written
      }
    }
  }

  /// A key and its colon.
  private mutating func key() throws(DeclarationFault) -> (text: String, position: SourcePosition) {
    let position = position
    guard next == UInt8(ascii: "\"") else { throw unexpected(.key) }
    let text = try string()
    skipBlanks()
    guard next == UInt8(ascii: ":") else { throw unexpected(.colon) }
    offset += 1
    skipBlanks()
    return (text, position)
  }

  private static func tellDoubled(_ entries: [Written.Entry], _ faults: inout FaultList) {
    guard entries.count > 1 else { return }
    var first: [String: SourcePosition] = [:]
    first.reserveCapacity(entries.count)
    for entry in entries {
      if let earlier = first[entry.key] {
        faults.add(entry.position, .keyTwice(entry.key, first: earlier))
      } else {
        first[entry.key] = entry.position
      }
    }
  }

  // MARK: Places

  private var next: UInt8? { offset < octets.count ? octets[offset] : nil }

  private var position: SourcePosition {
    SourcePosition(file: file, line: line, column: offset - lineStart - continuations + 1)
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

  private func unexpected(_ wanted: JSONFault.Wanted) -> DeclarationFault {
    guard offset < octets.count else { return DeclarationFault(position, .json(.cutShort(wanted))) }
    guard let (scalar, _) = DeclarationText.scalar(octets, at: offset) else { return notUTF8 }
    return DeclarationFault(position, .json(.unexpected(scalar, wanted)))
  }

  private var notUTF8: DeclarationFault { DeclarationFault(position, .notUTF8(octet: octets[offset], offset: offset)) }

  // MARK: Tokens

  private mutating func word(_ word: String, _ content: Written.Content) throws(DeclarationFault) -> Written {
    let position = position
    for octet in word.utf8 {
      guard next == octet else { throw unexpected(.value) }
      offset += 1
    }
    return Written(content: content, position: position)
  }

  /// RFC 8259 §6.
  private mutating func number() throws(DeclarationFault) -> String {
    let (start, fault) = (offset, DeclarationFault(position, .json(.number)))
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
  private mutating func string() throws(DeclarationFault) -> String {
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
      case 0..<0x20: throw DeclarationFault(position, .json(.controlCharacter(octet)))
      case 0x80...:
        guard let (_, length) = DeclarationText.scalar(octets, at: offset) else { throw notUTF8 }
        offset += length
        continuations += length - 1
      default: offset += 1
      }
    }
    throw unexpected(.closingQuote)
  }

  private mutating func escape() throws(DeclarationFault) -> Unicode.Scalar {
    let start = position
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
      guard let (scalar, _) = DeclarationText.scalar(octets, at: offset) else { throw notUTF8 }
      throw DeclarationFault(start, .json(.escape(scalar)))
    }
    offset += 1
    return plain
  }

  /// `\uXXXX`, or two of them for a character beyond U+FFFF. On entry the first `u` is next.
  private mutating func unicodeEscape(from start: SourcePosition) throws(DeclarationFault) -> Unicode.Scalar {
    let unit = try codeUnit(from: start)
    if let scalar = Unicode.Scalar(unit) { return scalar }
    let lone = DeclarationFault(start, .json(.loneSurrogate(unit)))
    guard unit < 0xDC00, next == UInt8(ascii: "\\"), offset + 1 < octets.count, octets[offset + 1] == UInt8(ascii: "u") else {
      throw lone
    }
    let second = position
    offset += 1
    let low = try codeUnit(from: second)
    guard 0xDC00...0xDFFF ~= low, let scalar = Unicode.Scalar(0x1_0000 + UInt32(unit & 0x3FF) << 10 + UInt32(low & 0x3FF)) else {
      throw lone
    }
    return scalar
  }

  private mutating func codeUnit(from start: SourcePosition) throws(DeclarationFault) -> UInt16 {
    offset += 1
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let octet = next else { throw unexpected(.closingQuote) }
      guard let digit = hexDigit(octet) else { throw DeclarationFault(start, .json(.hexadecimalDigits)) }
      unit = unit << 4 | UInt16(digit)
      offset += 1
    }
    return unit
  }
}
