/// What one line says of how far all may go that a list or table holds: `# TLP:AMBER`, `TLP:AMBER+STRICT (members)`.
///
/// A line is one that begins with the label, whatever makes it a comment. Where a sentence goes on in small letters, as in
/// `TLP:RED means that …`, the label is only spoken of.
struct HeadMarking {
  /// Red where the label is none that is known: what says how far it may go, but not in a way that is known, may go nowhere.
  var marking: TLP
  /// The label that is none.
  var unreadable: String?

  init?(_ line: String) {
    var rest = line.trimmed[...].drop(while: Self.isMark)
    guard rest.prefix(4).lowercased() == "tlp:" else { return nil }
    rest = rest.dropFirst(4).drop { $0 == " " }
    var word = rest.prefix { $0.isLetter || $0 == "+" || $0 == "-" }
    while let last = word.last, !last.isLetter { word = word.dropLast() }
    guard !word.isEmpty else { return nil }
    var label = String(word)
    rest = rest[word.endIndex...].drop { $0 == " " }
    if label.lowercased() == "amber", rest.prefix(6).lowercased() == "strict" {
      label += "+strict"
      rest = rest.dropFirst(6).drop { $0 == " " }
    }
    if let first = rest.first, first.isLowercase || first.isNumber || first == "_" { return nil }
    if let marking = TLP(label) {
      self.marking = marking
    } else {
      guard rest.allSatisfy(Self.isMark) else { return nil }
      (marking, unreadable) = (.red, "TLP:" + label)
    }
  }

  /// Of a comment, and of a box around it.
  private static func isMark(_ character: Character) -> Bool { "#;/!*\" \t".contains(character) }
}

extension Publication {
  /// Marks what has no marking of its own as the whole file is marked.
  mutating func markUnmarked(_ whole: TLP) {
    for index in indicators.indices where indicators[index].marking == nil { indicators[index].marking = whole }
    marking = TLP.strictest(marking, whole)
  }
}
