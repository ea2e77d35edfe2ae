internal import Names
internal import Notation

/// How a CybOX 2.x value is held against what is seen (cyboxCommon ConditionTypeEnum). Generators write them in any case.
enum CybOXCondition: String {
  case equals
  case doesNotEqual = "doesnotequal"
  case contains
  case doesNotContain = "doesnotcontain"
  case startsWith = "startswith"
  case endsWith = "endswith"
  case greaterThan = "greaterthan"
  case greaterThanOrEqual = "greaterthanorequal"
  case lessThan = "lessthan"
  case lessThanOrEqual = "lessthanorequal"
  case inclusiveBetween = "inclusivebetween"
  case exclusiveBetween = "exclusivebetween"
  case fitsPattern = "fitspattern"

  /// `then` for `than` occurs.
  init?(_ word: String) { self.init(rawValue: word.trimmed.lowercased().replacing("then", with: "than")) }

  /// The operator that compares one value, where there is one.
  var comparison: Comparison.Operator? {
    switch self {
    case .equals: .equal
    case .doesNotEqual: .notEqual
    case .greaterThan: .greater
    case .greaterThanOrEqual: .greaterOrEqual
    case .lessThan: .less
    case .lessThanOrEqual: .lessOrEqual
    default: nil
    }
  }
}

/// What a property holds.
enum CybOXKind {
  case text
  /// In lower case, as STIX 2.1 wants protocols.
  case lowerCase
  case integer, float, timestamp, boolean, hex
  /// A value that people defang.
  case refanged
}

extension STIX1Reader {
  /// Members of a list in one value that are read.
  static let mostMembers = 10_000

  /// The test that a property's value and condition make; `nil`, with a remark, where they make none.
  mutating func comparison(_ element: XMLElement, _ path: ObjectPath, _ kind: CybOXKind = .text) -> ComparisonExpression? {
    guard let (condition, values) = condition(element) else { return nil }
    return combine(element, condition, values) { reader, value in reader.test(element, path, kind, condition, value) }
  }

  /// A property's condition and its values, without blanks; `nil`, with a remark, where there is none to work with.
  mutating func condition(_ element: XMLElement) -> (CybOXCondition, [String])? {
    guard let text = element.content else {
      publication.remark(element.place, .noValue)
      return nil
    }
    let word = element.attributes["condition"] ?? "Equals"
    guard let condition = CybOXCondition(word) else {
      publication.remark(element.place, .unsupported("the condition \(word)"))
      return nil
    }
    let delimiter = element.attributes["delimiter"].flatMap { $0.isEmpty ? nil : $0 } ?? "##comma##"
    guard text.contains(delimiter) else { return (condition, [text]) }
    let values = text.split(separator: delimiter).lazy.map(\.trimmed).filter { !$0.isEmpty }
    let members = Array(values.prefix(Self.mostMembers + 1))
    guard !members.isEmpty, members.count <= Self.mostMembers else {
      publication.remark(
        element.place, members.isEmpty ? .noValue : .unsupported("a list of more than \(Self.mostMembers) values"))
      return nil
    }
    return (condition, members)
  }

  /// Joins the tests of several values as `apply_condition` says: any, all or none of them (CybOX 2.1; any where nothing is said).
  mutating func combine(
    _ element: XMLElement, _ condition: CybOXCondition, _ values: [String],
    _ test: (inout STIX1Reader, String) -> ComparisonExpression?
  ) -> ComparisonExpression? {
    if condition == .inclusiveBetween || condition == .exclusiveBetween { return between(element, condition, values, test) }
    var tests: [ComparisonExpression] = []
    for value in values { if let one = test(&self, value) { tests.append(one) } }
    guard !tests.isEmpty else { return nil }
    switch element.attributes["apply_condition"]?.uppercased() ?? "ANY" {
    case "ALL": return .all(tests)
    case "NONE": return Self.asSet(tests).negated
    default: return Self.asSet(tests)
    }
  }

  /// The two bounds in the place of values. Each is tested as itself, with the condition that `combine` got.
  private mutating func between(
    _ element: XMLElement, _ condition: CybOXCondition, _ values: [String],
    _ test: (inout STIX1Reader, String) -> ComparisonExpression?
  ) -> ComparisonExpression? {
    guard values.count == 2, case .comparison(var lower)? = test(&self, values[0]),
      case .comparison(var upper)? = test(&self, values[1])
    else {
      publication.remark(element.place, .unsupported("a range that has not two bounds"))
      return nil
    }
    lower.operator = condition == .inclusiveBetween ? .greaterOrEqual : .greater
    upper.operator = condition == .inclusiveBetween ? .lessOrEqual : .less
    return .and([.comparison(lower), .comparison(upper)])
  }

  /// Equality with any of several constants of one property is one comparison with a set.
  private static func asSet(_ tests: [ComparisonExpression]) -> ComparisonExpression {
    var (path, members) = (ObjectPath?.none, [Constant]())
    for test in tests {
      guard case .comparison(let comparison) = test, comparison.operator == .equal, !comparison.isNegated,
        case .constant(let constant) = comparison.operand, path == nil || path == comparison.path
      else { return .any(tests) }
      path = comparison.path
      members.append(constant)
    }
    guard let path, members.count > 1 else { return .any(tests) }
    return .comparison(Comparison(path: path, isNegated: false, operator: .isIn, operand: .set(members)))
  }

  /// The test of one value.
  private mutating func test(
    _ element: XMLElement, _ path: ObjectPath, _ kind: CybOXKind, _ condition: CybOXCondition, _ value: String
  ) -> ComparisonExpression? {
    if let likeness = likeness(element, path, condition, kind == .refanged ? refanged(value) : value) { return likeness }
    let isRange = condition == .inclusiveBetween || condition == .exclusiveBetween
    guard let comparison = condition.comparison ?? (isRange ? .equal : nil) else { return nil }
    guard let constant = Self.constant(value, kind) else {
      publication.remark(element.place, .notOfType(type: element.name, value: value))
      return nil
    }
    return .comparison(Comparison(path: path, isNegated: false, operator: comparison, operand: .constant(constant)))
  }

  /// The test of a part of a text; `nil` where the condition is another, or, with a remark, where it is written in another way.
  mutating func likeness(_ element: XMLElement, _ path: ObjectPath, _ condition: CybOXCondition, _ value: String)
    -> ComparisonExpression?
  {
    switch condition {
    case .contains: return .part(path, value)
    case .doesNotContain: return ComparisonExpression.part(path, value).negated
    case .startsWith: return .part(path, value, atStart: true)
    case .endsWith: return .part(path, value, atEnd: true)
    case .fitsPattern:
      guard ["regex", nil].contains(element.attributes["pattern_type"]?.lowercased()) else {
        publication.remark(element.place, .unsupported("a pattern that is no regular expression"))
        return nil
      }
      return .comparison(Comparison(path: path, isNegated: false, operator: .matches, operand: .constant(.string(value))))
    default: return nil
    }
  }

  private static func constant(_ value: String, _ kind: CybOXKind) -> Constant? {
    switch kind {
    case .text: .string(value)
    case .lowerCase: .string(value.lowercased())
    case .refanged: .string(refanged(value))
    case .integer: Int64(value).map(Constant.integer)
    case .float: Double(value).flatMap { $0.isFinite ? .float($0) : nil }
    case .timestamp: Timestamp(written: value).map(Constant.timestamp)
    case .boolean:
      switch value.lowercased() {
      case "true", "1": .boolean(true)
      case "false", "0": .boolean(false)
      default: nil
      }
    case .hex: value.utf8.count <= mostDigits ? hexadecimalOctets(value.utf8).map(Constant.hex) : nil
    }
  }

  /// Of a value in hexadecimal.
  private static let mostDigits = 2048
}

extension ComparisonExpression {
  /// That a text holds another. With `LIKE` where that has no wildcard in it, since `LIKE` has no way to take one as itself.
  static func part(_ path: ObjectPath, _ text: String, atStart: Bool = false, atEnd: Bool = false) -> ComparisonExpression {
    let isPlain = !text.contains { $0 == "%" || $0 == "_" }
    let value =
      isPlain
      ? (atStart ? "" : "%") + text + (atEnd ? "" : "%")
      : (atStart ? "^" : "") + escaped(text) + (atEnd ? "$" : "")
    return .comparison(
      Comparison(path: path, isNegated: false, operator: isPlain ? .like : .matches, operand: .constant(.string(value))))
  }

  /// As a regular expression that means the text itself.
  private static func escaped(_ text: String) -> String {
    var out = ""
    for character in text {
      if "\\^$.|?*+()[]{}".contains(character) { out.append("\\") }
      out.append(character)
    }
    return out
  }
}
