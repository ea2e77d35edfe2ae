/// A word that the grammar of patterns keeps for itself (STIX 2.1 §9.1), in capitals but for the two constants.
enum PatternKeyword: String, CaseIterable {
  case and = "AND"
  case or = "OR"
  case not = "NOT"
  case followedBy = "FOLLOWEDBY"
  case like = "LIKE"
  case matches = "MATCHES"
  case isSuperset = "ISSUPERSET"
  case isSubset = "ISSUBSET"
  case exists = "EXISTS"
  /// Of no use, and still no name of a property.
  case last = "LAST"
  case isIn = "IN"
  case start = "START"
  case stop = "STOP"
  case seconds = "SECONDS"
  case within = "WITHIN"
  case repeats = "REPEATS"
  case times = "TIMES"
  case isTrue = "true"
  case isFalse = "false"
}

/// The smallest part of a pattern that means something, and the octets where it stands.
struct PatternToken {
  enum Kind: Hashable {
    case openBracket, closeBracket, openParenthesis, closeParenthesis, comma, colon, dot, asterisk
    case comparison(Comparison.Operator)
    case keyword(PatternKeyword)
    /// Letters, digits, `_` and `-`, that are no keyword.
    case word(String)
    /// A string or any other literal.
    case constant(Constant)
    case end
    /// A character that starts nothing.
    case stray
  }

  var kind: Kind
  var range: Range<Int>
}
