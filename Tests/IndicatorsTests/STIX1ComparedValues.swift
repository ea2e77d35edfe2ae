import Names

@testable import Indicators

/// One comparison of a pattern, as text that two readers can agree on.
struct ComparedValue: Hashable, Comparable, CustomStringConvertible {
  var description: String

  init(_ path: String, _ operation: String, _ value: String) { description = "\(path) \(operation) \(value)" }

  static func < (one: ComparedValue, other: ComparedValue) -> Bool { one.description < other.description }
}

// MARK: Of our patterns

extension ObservationExpression {
  var comparedValues: [ComparedValue] {
    switch self {
    case .observation(let comparison): comparison.comparedValues
    case .and(let parts), .or(let parts), .followedBy(let parts): parts.flatMap(\.comparedValues)
    case .qualified(let inner, _): inner.comparedValues
    }
  }
}

extension ComparisonExpression {
  var comparedValues: [ComparedValue] {
    switch self {
    case .comparison(let comparison):
      let value =
        switch comparison.operand {
        case .constant(let constant): constant.compared
        case .set(let members): members.map(\.compared).sorted().joined(separator: ", ")
        }
      let operation = (comparison.isNegated ? "NOT " : "") + comparison.operator.rawValue
      return [ComparedValue(comparison.path.written, operation, value)]
    case .exists(let path, let isNegated): return [ComparedValue(path.written, isNegated ? "NOT EXISTS" : "EXISTS", "")]
    case .and(let parts), .or(let parts): return parts.flatMap(\.comparedValues)
    }
  }
}

extension ObjectPath {
  /// Without quotes around property names.
  var written: String {
    var text = objectType + ":"
    for (number, step) in steps.enumerated() {
      switch step {
      case .property(let name): text += (number == 0 ? "" : ".") + name
      case .index(let index): text += "[\(index)]"
      case .any: text += "[*]"
      }
    }
    return text
  }
}

extension Constant {
  /// Numbers and truth values have a mark, so that they are not the text of the same letters.
  var compared: String {
    switch self {
    case .string(let text): text
    case .integer(let number): "#\(number)"
    case .float(let number): "#\(number)"
    case .boolean(let boolean): "#\(boolean)"
    case .timestamp(let time): "\(time)"
    case .hex(let octets): "h" + octets.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    case .binary(let octets): "b\(octets)"
    }
  }
}

// MARK: Of the text of a pattern

/// Finds comparisons in the text of a pattern, and nothing else of it: a second reader, which also passes over what is no pattern, such
/// as the elevator's `unconverted_term`.
struct ComparedValueScanner {
  private enum Token {
    case word(String)
    case string(String)
    case mark(Character)
  }

  private let characters: [Character]
  private var place = 0

  static func comparedValues(_ text: String) -> [ComparedValue] {
    var scanner = ComparedValueScanner(characters: Array(text))
    return scanner.read()
  }

  private init(characters: [Character]) { self.characters = characters }

  private mutating func read() -> [ComparedValue] {
    var (tokens, found) = ([Token](), [ComparedValue]())
    while let token = next() { tokens.append(token) }
    var index = 0
    while index + 2 < tokens.count {
      defer { index += 1 }
      guard case .word(let path) = tokens[index], path.contains(":"), case .word(var operation) = tokens[index + 1] else {
        continue
      }
      guard !["AND", "OR"].contains(operation) else { continue }
      var at = index + 2
      if operation == "NOT", case .word(let word) = tokens[at] { (operation, at) = ("NOT " + word, at + 1) }
      guard at < tokens.count else { break }
      var values: [String] = []
      if case .mark("(") = tokens[at] {
        while at < tokens.count {
          if case .mark(")") = tokens[at] { break }
          if let value = Self.value(tokens[at]) { values.append(value) }
          at += 1
        }
      } else if let value = Self.value(tokens[at]) {
        values.append(value)
      }
      found.append(ComparedValue(path, operation, values.sorted().joined(separator: ", ")))
    }
    return found
  }

  private static func value(_ token: Token) -> String? {
    switch token {
    case .mark: return nil
    case .string(let text): return text
    case .word(let word):
      // A time and octets keep their letter in front of a mark that no word has.
      if word.hasPrefix("t\u{1}") { return Timestamp(String(word.dropFirst(2))).map { "\($0)" } ?? word }
      if word.hasPrefix("h\u{1}") { return "h" + word.dropFirst(2).lowercased() }
      if word.contains("."), let number = Double(word) { return "#\(number)" }
      return "#" + word
    }
  }

  private mutating func next() -> Token? {
    while place < characters.count, characters[place].isWhitespace { place += 1 }
    guard place < characters.count else { return nil }
    let first = characters[place]
    if first == "'" { return .string(quoted()) }
    if "()[],".contains(first) {
      place += 1
      return .mark(first)
    }
    var word = ""
    while place < characters.count, !characters[place].isWhitespace, !"(),]".contains(characters[place]) {
      switch characters[place] {
      case "'":
        let text = quoted()
        word += (word == "t" || word == "h" ? "\u{1}" : "") + text
      case "[":
        // `[*]`
        word += String(characters[place..<min(place + 3, characters.count)])
        place += 3
      default:
        word.append(characters[place])
        place += 1
      }
    }
    return .word(word)
  }

  /// On entry the opening quote is next.
  private mutating func quoted() -> String {
    place += 1
    var text = ""
    while place < characters.count, characters[place] != "'" {
      if characters[place] == "\\", place + 1 < characters.count { place += 1 }
      text.append(characters[place])
      place += 1
    }
    place += 1
    return text
  }
}
