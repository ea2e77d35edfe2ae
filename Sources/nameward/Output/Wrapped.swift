/// Text broken at white space.
struct Wrapped {
  var lines: [String] = []

  init(_ text: String, to width: Int) {
    var line = ""
    for word in text.split(whereSeparator: \.isWhitespace) {
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    if !line.isEmpty { lines.append(line) }
  }

  func indented(by columns: Int) -> String {
    lines.map { String(repeating: " ", count: columns) + $0 + "\n" }.joined()
  }
}
