internal import Names
internal import Notation

/// Cuts a pattern into tokens, one at a time, in one pass (the lexer rules of the STIX 2.1 grammar).
struct PatternLexer {
  let octets: [UInt8]
  private var offset = 0

  init(_ octets: [UInt8]) { self.octets = octets }

  /// A fault at an octet.
  func fault(_ cause: PatternFault.Cause, at offset: Int) -> PatternFault {
    var (characters, line, column) = (1, 1, 1)
    for octet in octets[..<min(offset, octets.count)] where octet & 0xC0 != 0x80 {
      characters += 1
      (line, column) = octet == 0x0A ? (line + 1, 1) : (line, column + 1)
    }
    return PatternFault(offset: characters, place: TextPlace(line: line, column: column), cause: cause)
  }

  func text(_ range: Range<Int>) -> String { String(decoding: octets[range], as: UTF8.self) }

  mutating func next() throws(PatternFault) -> PatternToken {
    try skipBlanks()
    let start = offset
    guard start < octets.count else { return PatternToken(kind: .end, range: start..<start) }
    let kind = try kind(octets[start])
    return PatternToken(kind: kind, range: start..<offset)
  }

  private func octet(_ ahead: Int) -> UInt8? { offset + ahead < octets.count ? octets[offset + ahead] : nil }

  private mutating func kind(_ first: UInt8) throws(PatternFault) -> PatternToken.Kind {
    switch first {
    case UInt8(ascii: "["): return take(1, .openBracket)
    case UInt8(ascii: "]"): return take(1, .closeBracket)
    case UInt8(ascii: "("): return take(1, .openParenthesis)
    case UInt8(ascii: ")"): return take(1, .closeParenthesis)
    case UInt8(ascii: ","): return take(1, .comma)
    case UInt8(ascii: ":"): return take(1, .colon)
    case UInt8(ascii: "*"): return take(1, .asterisk)
    case UInt8(ascii: "="): return take(octet(1) == UInt8(ascii: "=") ? 2 : 1, .comparison(.equal))
    case UInt8(ascii: "!") where octet(1) == UInt8(ascii: "="): return take(2, .comparison(.notEqual))
    case UInt8(ascii: "<"):
      switch octet(1) {
      case UInt8(ascii: ">"): return take(2, .comparison(.notEqual))
      case UInt8(ascii: "="): return take(2, .comparison(.lessOrEqual))
      default: return take(1, .comparison(.less))
      }
    case UInt8(ascii: ">"):
      return octet(1) == UInt8(ascii: "=") ? take(2, .comparison(.greaterOrEqual)) : take(1, .comparison(.greater))
    case UInt8(ascii: "'"): return .constant(.string(try string()))
    case UInt8(ascii: "h"), UInt8(ascii: "b"), UInt8(ascii: "t"):
      return octet(1) == UInt8(ascii: "'") ? .constant(try literal(first)) : word()
    case UInt8(ascii: "."): return isDigit(octet(1)) ? .constant(try number()) : take(1, .dot)
    case UInt8(ascii: "+"), UInt8(ascii: "-"):
      let isNumber = isDigit(octet(1)) || octet(1) == UInt8(ascii: ".") && isDigit(octet(2))
      return isNumber ? .constant(try number()) : take(1, .stray)
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return .constant(try number())
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"): return word()
    default: return take(scalar(octets, at: offset)?.length ?? 1, .stray)
    }
  }

  private mutating func take(_ count: Int, _ kind: PatternToken.Kind) -> PatternToken.Kind {
    offset += count
    return kind
  }

  private func isDigit(_ octet: UInt8?) -> Bool { octet.map { $0 &- 0x30 < 10 } ?? false }

  /// White space as the grammar lists it, and comments.
  private mutating func skipBlanks() throws(PatternFault) {
    while let octet = octet(0) {
      switch octet {
      case 0x09...0x0D, 0x20: offset += 1
      case UInt8(ascii: "/") where self.octet(1) == UInt8(ascii: "/"):
        while let octet = self.octet(0), octet != 0x0A, octet != 0x0D { offset += 1 }
      case UInt8(ascii: "/") where self.octet(1) == UInt8(ascii: "*"):
        let start = offset
        offset += 2
        while self.octet(0) != UInt8(ascii: "*") || self.octet(1) != UInt8(ascii: "/") {
          guard offset < octets.count else { throw fault(.openComment, at: start) }
          offset += 1
        }
        offset += 2
      case 0x80...:
        guard let (value, length) = scalar(octets, at: offset), Self.isBlank(value) else { return }
        offset += length
      default: return
      }
    }
  }

  private static func isBlank(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
    default: false
    }
  }

  private mutating func word() -> PatternToken.Kind {
    let start = offset
    while let octet = octet(0), isDigit(octet) || (octet | 0x20) &- 0x61 < 26 || octet == 0x5F || octet == 0x2D { offset += 1 }
    let word = text(start..<offset)
    return PatternKeyword(rawValue: word).map { .keyword($0) } ?? .word(word)
  }

  /// Digits with a sign or not; with a point it has digits after it, and without one no zero before others.
  private mutating func number() throws(PatternFault) -> Constant {
    let start = offset
    if !isDigit(octet(0)), octet(0) != UInt8(ascii: ".") { offset += 1 }
    let whole = offset
    while isDigit(octet(0)) { offset += 1 }
    if octet(0) == UInt8(ascii: "."), isDigit(octet(1)) {
      offset += 1
      while isDigit(octet(0)) { offset += 1 }
      guard let value = Double(text(start..<offset)), value.isFinite else {
        throw fault(.numberTooLarge(text(start..<offset)), at: start)
      }
      return .float(value)
    }
    // A zero is a number of its own, so that what follows it is out of place.
    if octets[whole] == UInt8(ascii: "0") { offset = whole + 1 }
    guard let value = Int64(text(start..<offset)) else { throw fault(.numberTooLarge(text(start..<offset)), at: start) }
    return .integer(value)
  }

  /// On entry the opening quote is next.
  private mutating func string() throws(PatternFault) -> String {
    let start = offset
    offset += 1
    var (decoded, run) = ([UInt8](), offset)
    while let octet = octet(0) {
      switch octet {
      case UInt8(ascii: "'"):
        decoded += octets[run..<offset]
        offset += 1
        return String(decoding: decoded, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard let escaped = self.octet(1) else { throw fault(.openString, at: start) }
        guard escaped == UInt8(ascii: "'") || escaped == UInt8(ascii: "\\") else {
          let length = scalar(octets, at: offset + 1)?.length ?? 1
          throw fault(.escape(text((offset + 1)..<(offset + 1 + length))), at: offset)
        }
        decoded += octets[run..<offset]
        run = offset + 1
        offset += 2
      default: offset += 1
      }
    }
    throw fault(.openString, at: start)
  }

  /// `h'…'`, `b'…'` or `t'…'`, in which nothing is escaped. On entry the letter is next.
  private mutating func literal(_ letter: UInt8) throws(PatternFault) -> Constant {
    let start = offset
    offset += 2
    while let octet = octet(0), octet != UInt8(ascii: "'") { offset += 1 }
    guard offset < octets.count else { throw fault(.openString, at: start + 1) }
    let content = octets[(start + 2)..<offset]
    offset += 1
    let text = String(decoding: content, as: UTF8.self)
    switch letter {
    case UInt8(ascii: "h"):
      guard let value = hexadecimalOctets(content) else { throw fault(.hexLiteral(text), at: start) }
      return .hex(value)
    case UInt8(ascii: "b"):
      guard let value = base64Octets(content) else { throw fault(.binaryLiteral(text), at: start) }
      return .binary(value)
    default:
      guard let value = Timestamp(stix: text) else { throw fault(.timestampLiteral(text), at: start) }
      return .timestamp(value)
    }
  }
}
