/// The texts of a line that is a JSON object, each under the name that it stands under. Numbers hold nothing that is looked for.
///
/// Nothing is checked: a line that was cut off gives what it has.
enum JSONLine {
  static func read(_ piece: Span<UInt8>, _ range: Range<Int>, line: UInt32, _ fields: inout [LogField]) {
    var (offset, before) = (range.lowerBound, fields.count)
    var (name, nameCount) = (0, 0)
    var isObject = false
    while offset < range.upperBound {
      let octet = piece[offset]
      offset += 1
      if octet == UInt8(ascii: "{") { isObject = true }
      guard octet == UInt8(ascii: "\"") else { continue }
      let start = offset
      var isEscaped = false
      while offset < range.upperBound, piece[offset] != UInt8(ascii: "\"") {
        if piece[offset] == UInt8(ascii: "\\") {
          isEscaped = true
          offset += 1
        }
        offset += 1
      }
      let end = min(offset, range.upperBound)
      offset += 1
      var next = offset
      while next < range.upperBound, piece[next] == 0x20 { next += 1 }
      if next < range.upperBound, piece[next] == UInt8(ascii: ":") {
        (name, nameCount, offset) = (start, end - start, next + 1)
      } else {
        fields.append(
          LogField(start: start, end: end, line: line, name: name, nameCount: nameCount, form: isEscaped ? .escapedText : .text))
      }
    }
    // A line that is not JSON is words.
    if !isObject {
      fields.removeSubrange(before...)
      before = fields.count
      fields.append(LogField(start: range.lowerBound, end: range.upperBound, line: line, name: 0, form: .text))
    }
  }
}
