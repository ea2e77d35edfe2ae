internal import DNSWire
internal import Notation

/// The octets of a declaration as text that libyaml may see: UTF-8, bounded, without characters that it refuses.
struct DeclarationText {
  /// Far above any declaration that people write: ten thousand domains with a hundred octets each are 1 MB.
  static let mostOctets = 16 << 20

  var text: String

  init?(_ octets: [UInt8], file: String, faults: inout FaultList) {
    let start = SourcePosition(file: file, line: 1, column: 1)
    guard octets.count <= Self.mostOctets else {
      faults.add(start, .tooLarge(octets: octets.count, limit: Self.mostOctets))
      return nil
    }
    if octets.starts(with: [0xFE, 0xFF]) || octets.starts(with: [0xFF, 0xFE]) {
      faults.add(start, .utf16)
      return nil
    }
    // RFC 3629 §6: a byte order mark says nothing in UTF-8, and editors write it.
    var offset = octets.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let body = octets[offset...]
    var (line, lineStart, continuations) = (1, offset, 0)
    while offset < octets.count {
      let position = SourcePosition(file: file, line: line, column: offset - lineStart - continuations + 1)
      guard let (scalar, length) = scalar(octets, at: offset) else {
        faults.add(position, .notUTF8(octet: octets[offset], offset: offset))
        return nil
      }
      guard Self.isAllowed(scalar) else {
        faults.add(position, .forbiddenCharacter(scalar))
        return nil
      }
      offset += length
      continuations += length - 1
      // As libyaml counts lines: LF, CR LF, and CR alone.
      if scalar == 0x0A || scalar == 0x0D && !(offset < octets.count && octets[offset] == 0x0A) {
        (line, lineStart, continuations) = (line + 1, offset, 0)
      }
    }
    text = String(decoding: body, as: UTF8.self)
  }

  /// YAML 1.2.2 §5.1, without the line breaks that only YAML 1.1 has: editors and libyaml number the lines after these
  /// differently.
  private static func isAllowed(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x1_0000...0x10_FFFF:
      true
    default: false
    }
  }

  /// Whether the text may hold an anchor and an alias to it: only then could aliases multiply what it says.
  ///
  /// Errs on the safe side: looks at every `&` and `*` that could start a token, also inside quotes and comments.
  /// Returns the offset in UTF-8 of the first that could be an alias.
  var mayHoldAliases: Int? {
    var (anchor, alias): (Bool, Int?) = (false, nil)
    var previous: UInt8 = 0x0A
    var pending: (octet: UInt8, offset: Int)?
    for (offset, octet) in text.utf8.enumerated() {
      if let mark = pending {
        let isName = octet &- 0x30 < 10 || (octet | 0x20) &- 0x61 < 26 || octet == 0x2D || octet == 0x5F
        if isName { if mark.octet == UInt8(ascii: "&") { anchor = true } else { alias = alias ?? mark.offset } }
        pending = nil
      }
      if octet == UInt8(ascii: "&") || octet == UInt8(ascii: "*") {
        switch previous {
        case 0x09, 0x0A, 0x0D, 0x20, UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"),
          UInt8(ascii: ","),
          UInt8(ascii: ":"), UInt8(ascii: "\""), UInt8(ascii: "'"):
          pending = (octet, offset)
        default: break
        }
      }
      previous = octet
    }
    return anchor ? alias : nil
  }

  /// The place of an offset in UTF-8.
  func position(ofOffset offset: Int, file: String) -> SourcePosition {
    var (line, column, isAfterCR) = (1, 1, false)
    for octet in text.utf8.prefix(offset) {
      switch octet {
      case 0x0A where isAfterCR: break
      case 0x0A, 0x0D: (line, column) = (line + 1, 1)
      case 0x80...0xBF: break
      default: column += 1
      }
      isAfterCR = octet == 0x0D
    }
    return SourcePosition(file: file, line: line, column: column)
  }
}
