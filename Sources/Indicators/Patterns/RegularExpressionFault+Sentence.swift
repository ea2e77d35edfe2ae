internal import Notation

extension RegularExpressionFault {
  /// What is wrong and what to write, with the place in the expression.
  public var sentence: String { "At character \(offset) of the regular expression: \(reason)" }

  private var reason: String {
    switch cause {
    case .tooLong(let scalars, let limit): "it has \(scalars) characters; at most \(limit) are read. Shorten it."
    case .tooLarge(let steps): "its counted repeats make more than \(steps) steps of it. Repeat less, or use * or +."
    case .tooDeep(let limit): "groups are nested deeper than \(limit) levels. Flatten them."
    case .tooManyRepeats(let text, let limit): "\(quoted(text)) repeats too often; at most \(limit) times are run. Use * or +."
    case .openGroup: "the group that opens here is never closed. Write ) at its end, or \\( for a parenthesis."
    case .openClass: "the class that opens here is never closed. Write ] at its end, or \\[ for a bracket."
    case .openEscape: "a backslash is the last character. Write \\\\ for a backslash."
    case .strayParenthesis: "a parenthesis closes nothing. Write \\) for a parenthesis."
    case .nothingToRepeat(let text):
      "\(quoted(text)) has nothing before it to repeat. Write a backslash before it if it is meant as it is."
    case .badRange(let text): "the range \(quoted(text)) runs backwards or has a class at an end. Exchange its ends."
    case .badEscape(let text): "\(quoted(text)) is no escape. Write \\\\ for a backslash."
    case .unsupported(let text, let feature): "\(quoted(text)) is \(feature.noun), which is not run here. Say it without."
    }
  }
}

extension RegularExpressionFault.Feature {
  fileprivate var noun: String {
    switch self {
    case .backReference: "a back-reference"
    case .lookAround: "a look around"
    case .atomicGroup: "an atomic group"
    case .possessiveRepeat: "a possessive repeat"
    case .recursion: "a recursion"
    case .condition: "a condition"
    case .property: "a Unicode property or sequence"
    case .option: "an option or verb"
    }
  }
}
