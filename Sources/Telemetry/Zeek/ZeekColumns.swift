/// The columns of a Zeek log in Zeek's own form: tabs between fields, and lines with `#` that say what these are.
struct ZeekColumns: Sendable {
  /// `dns`, `conn`.
  let path: String
  let names: [String]
  private let separator: UInt8
  /// How each column is read; `nil` where it holds nothing that is looked for.
  private let forms: [LogField.Form?]

  /// Columns of text that hold words of Zeek, never a value from outside.
  private static let ownWords: Set<String> = [
    "uid", "fuid", "proto", "service", "qclass_name", "qtype_name", "rcode_name", "conn_state", "history", "method", "version",
    "cipher", "curve", "source", "mime_type", "status_msg", "tunnel_parents", "trans_id", "next_protocol", "last_alert",
  ]
  /// Columns of text that hold one name or address.
  private static let oneValue: Set<String> = ["query", "server_name", "host"]

  /// - Returns: `nil` where the head is not Zeek's.
  init?(head: [UInt8]) {
    guard head.starts(with: Array("#separator ".utf8)) || head.starts(with: Array("#fields".utf8)) else { return nil }
    var (separator, path, names, types) = (UInt8(0x09), "", [String](), [String]())
    for line in head.split(separator: 0x0A) where line.first == UInt8(ascii: "#") {
      let text = String(decoding: line, as: UTF8.self).replacing("\r", with: "")
      if text.hasPrefix("#separator \\x"), let octet = UInt8(text.dropFirst(13), radix: 16) { separator = octet }
      let parts = text.split(separator: Character(Unicode.Scalar(separator)), omittingEmptySubsequences: false).map(String.init)
      switch parts[0] {
      case "#path": path = parts.dropFirst().first ?? ""
      case "#fields": names = Array(parts.dropFirst())
      case "#types": types = Array(parts.dropFirst())
      default: break
      }
    }
    guard !names.isEmpty, separator != 0x0A else { return nil }
    (self.separator, self.path, self.names) = (separator, path, names)
    forms = names.enumerated().map { index, name in
      Self.form(of: name, type: index < types.count ? types[index] : "string")
    }
  }

  private static func form(of name: String, type: String) -> LogField.Form? {
    if type == "addr" || oneValue.contains(name) { return .value }
    let isText = ["string", "addr", "subnet"].contains { type == $0 || type.hasSuffix("[\($0)]") }
    return isText && !ownWords.contains(name) ? .text : nil
  }

  /// Eight octets at a time: where a separator or the end of a line stands is a bit in a word.
  func read(_ piece: Span<UInt8>, _ fields: inout [LogField]) -> Int {
    // Octets have no padding.
    let bytes = unsafe piece.bytes
    let separators = UInt64(separator) &* 0x0101_0101_0101_0101
    let ends: UInt64 = 0x0A0A_0A0A_0A0A_0A0A
    var (line, column, start, offset) = (UInt32(0), 0, 0, 0)
    // A line with `#` is about the log.
    var isAbout = piece.count > 0 && piece[0] == UInt8(ascii: "#")
    while offset < piece.count {
      var marks: UInt64
      if offset + 8 <= piece.count {
        // Eight octets from `offset` are inside the piece, as was just asked.
        let word = unsafe UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
        marks = Self.zeros(word ^ separators) | Self.zeros(word ^ ends)
      } else {
        marks = 0
        for index in offset..<piece.count where piece[index] == separator || piece[index] == 0x0A {
          marks |= 0x80 << UInt64((index - offset) * 8)
        }
      }
      while marks != 0 {
        let place = offset + marks.trailingZeroBitCount >> 3
        marks &= marks &- 1
        if !isAbout { take(piece, start, place, line, column, &fields) }
        start = place + 1
        if piece[place] == 0x0A {
          (line, column) = (line &+ 1, 0)
          isAbout = start < piece.count && piece[start] == UInt8(ascii: "#")
        } else {
          column += 1
        }
      }
      offset += 8
    }
    if start < piece.count {
      if !isAbout { take(piece, start, piece.count, line, column, &fields) }
      line &+= 1
    } else if column > 0 {
      line &+= 1
    }
    return Int(line)
  }

  /// The high bit of each octet that is zero, and no other.
  @inline(__always) private static func zeros(_ word: UInt64) -> UInt64 {
    let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
    return ~(((word & low) &+ low) | word | low)
  }

  @inline(__always) private func take(
    _ piece: Span<UInt8>, _ start: Int, _ end: Int, _ line: UInt32, _ column: Int, _ fields: inout [LogField]
  ) {
    guard column < forms.count, let form = forms[column], end > start else { return }
    // A value that is not set.
    if end - start == 1, piece[start] == UInt8(ascii: "-") { return }
    fields.append(LogField(start: start, end: end, line: line, name: column, form: form))
  }
}
