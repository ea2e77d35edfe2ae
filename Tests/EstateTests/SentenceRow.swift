import Testing

extension SentenceTests {
  /// A declaration and the lines that it must give, word for word.
  struct Row: Sendable, CustomTestStringConvertible {
    var yaml: String
    var lines: [String]
    var testDescription: String { lines.first ?? yaml }

    init(_ yaml: String, _ lines: String...) { (self.yaml, self.lines) = (yaml, lines) }

    /// The block stands below `example.gov:`, indented by four; its first line is line 4.
    static func domain(_ block: String, _ lines: String...) -> Row {
      let indented = block.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)" }
      var row = Row("version: 1\ndomains:\n  example.gov:\n\(indented.joined(separator: "\n"))\n")
      row.lines = lines
      return row
    }

    /// The block stands at the top; a sound domain follows.
    static func top(_ block: String, _ lines: String...) -> Row {
      var row = Row("version: 1\n\(block)\ndomains: {example.gov: {ds: unsigned}}\n")
      row.lines = lines
      return row
    }
  }
}
