/// The texts of a line that is a JSON object, each under the name that it stands under; and names that may be values themselves, as in
/// counts by name. Numbers hold nothing that is looked for.
///
/// A line that was cut off gives what it has; one in which more stands outside of texts than JSON has there is words.
enum JSONLine {
  static func read(_ piece: Span<UInt8>, _ range: Range<Int>, line: UInt32, _ fields: inout [LogField]) {
    var (offset, before) = (range.lowerBound, fields.count)
    var (isObject, isBroken, dots) = (false, false, 0)
    // What stands outside of objects is words: syslog writes some before one.
    var (levels, outside) = (0, range.lowerBound)
    func takeOutside(_ end: Int) {
      if end - outside > 3 { fields.append(LogField(start: outside, end: end, line: line, name: 0, form: .text)) }
    }
    while offset < range.upperBound {
      let octet = piece[offset]
      offset += 1
      if octet == UInt8(ascii: "{") {
        isObject = true
        if levels == 0 { takeOutside(offset - 1) }
        levels += 1
      } else if octet == UInt8(ascii: "}"), levels > 0 {
        levels -= 1
        outside = offset
      }
      guard levels > 0 else { continue }
      if octet != UInt8(ascii: "\"") {
        // Of a number there is one point at most, and there are three words.
        dots = octet == UInt8(ascii: ".") ? dots + 1 : octet &- 0x30 < 10 ? dots : 0
        if dots > 1 || (octet | 0x20) &- 0x61 < 26 && !isOfWord(octet) || octet >= 0x80 { isBroken = true }
        continue
      }
      let start = offset
      var (isEscaped, hasMark) = (false, false)
      while offset < range.upperBound, piece[offset] != UInt8(ascii: "\"") {
        let octet = piece[offset]
        if octet == UInt8(ascii: "\\") {
          isEscaped = true
          offset += 1
        }
        if octet == UInt8(ascii: ".") || octet == UInt8(ascii: ":") { hasMark = true }
        offset += 1
      }
      let end = min(offset, range.upperBound)
      offset += 1
      var next = offset
      while next < range.upperBound, piece[next] == 0x20 { next += 1 }
      let isName = next < range.upperBound && piece[next] == UInt8(ascii: ":")
      if isName { offset = next + 1 }
      // Names and addresses have one of the two; hashes are long.
      if !isName || hasMark || end - start >= 32 {
        let form = isEscaped ? LogField.Form.escapedText : .text
        fields.append(LogField(start: start, end: end, line: line, name: LogField.nameInLine, form: form))
      }
    }
    if isObject, levels == 0 { takeOutside(range.upperBound) }
    // A line that is not JSON is words, and so is one without a text.
    if !isObject || isBroken || fields.count == before {
      fields.removeSubrange(before...)
      before = fields.count
      fields.append(LogField(start: range.lowerBound, end: range.upperBound, line: line, name: 0, form: .text))
    }
  }

  /// Letters of `true`, `false` and `null`, and of an exponent.
  @inline(__always) private static func isOfWord(_ letter: UInt8) -> Bool {
    switch letter {
    case UInt8(ascii: "t"), UInt8(ascii: "r"), UInt8(ascii: "u"), UInt8(ascii: "e"), UInt8(ascii: "f"), UInt8(ascii: "a"),
      UInt8(ascii: "l"), UInt8(ascii: "s"), UInt8(ascii: "n"), UInt8(ascii: "E"):
      true
    default: false
    }
  }
}
