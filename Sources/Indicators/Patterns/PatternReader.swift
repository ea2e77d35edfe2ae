internal import Names

extension Pattern {
  /// Octets of a pattern that is read; the longest that is known to be published has 57,000.
  public static let mostOctets = 1 << 20
  /// Levels of parentheses; also qualifiers on one observation, and no pattern needs so many of either.
  public static let mostLevels = 64

  /// Reads a pattern (STIX 2.1 §9; STIX 2.0 part 5). White space and comments are passed over.
  ///
  /// Departures from the grammar, each of them wider: `NOT EXISTS` is read; START and STOP may have strings, as STIX 2.0 writes
  /// them; `b''` is no octets. Narrower are: a count or time of 0, a STOP that is not later than its START, a set of several
  /// types, and a hash that is not of its algorithm, none of which can be meant.
  public init(_ text: String) throws(PatternFault) { try self.init(text, within: .published) }

  /// Reads back what was kept: of any length that a file can lead to, and with hashes as they were taken once.
  public init(kept text: String) throws(PatternFault) { try self.init(text, within: .kept) }

  init(_ text: String, within bounds: PatternReader.Bounds) throws(PatternFault) {
    var reader = try PatternReader(text, within: bounds)
    expression = try reader.pattern()
  }
}

/// Reads by recursive descent: an operator that binds less tightly calls for the next tighter one.
struct PatternReader {
  /// What is read and what is refused.
  struct Bounds {
    var mostOctets: Int
    var checksHashes = true

    /// As others write it.
    static let published = Bounds(mostOctets: Pattern.mostOctets)
    /// As we write what other forms say: an object of MISP may have as many alternatives as its file has room for.
    static let written = Bounds(mostOctets: 512 << 20)
    static let kept = Bounds(mostOctets: written.mostOctets, checksHashes: false)
  }

  let bounds: Bounds
  private(set) var lexer: PatternLexer
  private var token: PatternToken
  private var level = 0

  init(_ text: String, within bounds: Bounds) throws(PatternFault) {
    self.bounds = bounds
    let octets = Array(text.utf8)
    lexer = PatternLexer(octets)
    guard octets.count <= bounds.mostOctets else {
      throw lexer.fault(.tooLong(octets: octets.count, limit: bounds.mostOctets), at: 0)
    }
    token = try lexer.next()
  }

  mutating func pattern() throws(PatternFault) -> ObservationExpression {
    switch token.kind {
    case .end: throw fault(.empty)
    case .word: throw fault(.noBrackets)
    default: break
    }
    let expression = try followedBy()
    guard token.kind == .end else { throw unexpected(.observationEnd) }
    return expression
  }

  // MARK: Tokens

  private mutating func advance() throws(PatternFault) { token = try lexer.next() }

  private mutating func take(_ kind: PatternToken.Kind) throws(PatternFault) -> Bool {
    guard token.kind == kind else { return false }
    try advance()
    return true
  }

  private mutating func take(_ keyword: PatternKeyword) throws(PatternFault) -> Bool { try take(.keyword(keyword)) }

  private mutating func expect(_ kind: PatternToken.Kind, _ wanted: PatternFault.Wanted) throws(PatternFault) {
    guard try take(kind) else { throw unexpected(wanted) }
  }

  private func fault(_ cause: PatternFault.Cause) -> PatternFault { lexer.fault(cause, at: token.range.lowerBound) }

  private func unexpected(_ wanted: PatternFault.Wanted) -> PatternFault {
    if token.kind == .end { return fault(.endsEarly(wanted)) }
    let written = lexer.text(token.range)
    if case .word = token.kind, PatternKeyword(rawValue: written.uppercased()) != nil { return fault(.lowercaseKeyword(written)) }
    return fault(.unexpected(written, wanted))
  }

  private mutating func descend() throws(PatternFault) {
    level += 1
    if level > Pattern.mostLevels { throw fault(.tooDeep(limit: Pattern.mostLevels)) }
    try advance()
  }

  // MARK: Observations

  private mutating func followedBy() throws(PatternFault) -> ObservationExpression {
    var parts = [try alternatives()]
    while try take(.followedBy) { parts.append(try alternatives()) }
    return parts.count == 1 ? parts[0] : .followedBy(parts)
  }

  private mutating func alternatives() throws(PatternFault) -> ObservationExpression {
    var parts = [try conjunction()]
    while try take(.or) { parts.append(try conjunction()) }
    return parts.count == 1 ? parts[0] : .or(parts)
  }

  private mutating func conjunction() throws(PatternFault) -> ObservationExpression {
    var parts = [try qualified()]
    while try take(.and) { parts.append(try qualified()) }
    return parts.count == 1 ? parts[0] : .and(parts)
  }

  private mutating func qualified() throws(PatternFault) -> ObservationExpression {
    var expression: ObservationExpression
    let isBare = token.kind == .openBracket
    switch token.kind {
    case .openBracket:
      try advance()
      expression = .observation(try comparisons())
      guard try take(.closeBracket) else { throw unexpected(.comparisonEnd) }
    case .openParenthesis:
      try descend()
      expression = try followedBy()
      guard try take(.closeParenthesis) else { throw unexpected(.closingParenthesis) }
      level -= 1
    default: throw unexpected(.observation)
    }
    var seen: [PatternKeyword] = []
    while case .keyword(let keyword) = token.kind, [.within, .repeats, .start].contains(keyword) {
      // As the reference validator: only what stands on a bracket itself is held against doubles.
      if isBare, seen.contains(keyword) { throw fault(.repeatedQualifier(keyword == .start ? "START … STOP" : keyword.rawValue)) }
      // A chain of qualifiers is a nest in the tree, and all of a nest's levels may have one.
      guard seen.count < ObservationExpression.mostQualifiers else {
        throw fault(.tooDeep(limit: ObservationExpression.mostQualifiers))
      }
      seen.append(keyword)
      expression = .qualified(expression, try qualifier(keyword))
    }
    return expression
  }

  /// On entry its keyword is the token.
  private mutating func qualifier(_ keyword: PatternKeyword) throws(PatternFault) -> Qualifier {
    try advance()
    let start = token
    switch keyword {
    case .within:
      let seconds: Double
      switch token.kind {
      case .constant(.integer(let count)) where !isSigned(token): seconds = Double(count)
      case .constant(.float(let number)) where !isSigned(token): seconds = number
      default: throw unexpected(.duration)
      }
      guard seconds > 0 else { throw fault(.notPositive("WITHIN")) }
      try advance()
      try expect(.keyword(.seconds), .seconds)
      return .within(seconds)
    case .repeats:
      guard case .constant(.integer(let written)) = token.kind, !isSigned(token), let count = Int(exactly: written) else {
        throw unexpected(.count)
      }
      guard count > 0 else { throw fault(.notPositive("REPEATS")) }
      try advance()
      try expect(.keyword(.times), .times)
      return .repeats(count)
    default:
      let first = try moment()
      try expect(.keyword(.stop), .stop)
      let second = try moment()
      guard first < second else { throw lexer.fault(.stopNotAfterStart, at: start.range.lowerBound) }
      return .startStop(first, second)
    }
  }

  private func isSigned(_ token: PatternToken) -> Bool { lexer.octets[token.range.lowerBound] == UInt8(ascii: "-") }

  private mutating func moment() throws(PatternFault) -> Timestamp {
    let moment: Timestamp
    switch token.kind {
    case .constant(.timestamp(let timestamp)): moment = timestamp
    case .constant(.string(let text)):
      guard let timestamp = Timestamp(stix: text) else { throw fault(.timestampLiteral(text)) }
      moment = timestamp
    default: throw unexpected(.timestamp)
    }
    try advance()
    return moment
  }

  // MARK: Comparisons

  private mutating func comparisons() throws(PatternFault) -> ComparisonExpression {
    var parts = [try comparisonConjunction()]
    while try take(.or) { parts.append(try comparisonConjunction()) }
    return parts.count == 1 ? parts[0] : .or(parts)
  }

  private mutating func comparisonConjunction() throws(PatternFault) -> ComparisonExpression {
    var parts = [try test()]
    while try take(.and) { parts.append(try test()) }
    return parts.count == 1 ? parts[0] : .and(parts)
  }

  private mutating func test() throws(PatternFault) -> ComparisonExpression {
    switch token.kind {
    case .openParenthesis:
      try descend()
      let expression = try comparisons()
      guard try take(.closeParenthesis) else { throw unexpected(.closingParenthesis) }
      level -= 1
      return expression
    case .keyword(.exists):
      try advance()
      return .exists(try path(), isNegated: false)
    case .keyword(.not):
      try advance()
      try expect(.keyword(.exists), .comparison)
      return .exists(try path(), isNegated: true)
    case .word:
      return .comparison(try comparison())
    default: throw unexpected(.comparison)
    }
  }

  private mutating func comparison() throws(PatternFault) -> Comparison {
    let path = try path()
    let isNegated = try take(.not)
    let sign: Comparison.Operator
    switch token.kind {
    case .comparison(let written): sign = written
    case .keyword(.isIn): sign = .isIn
    case .keyword(.like): sign = .like
    case .keyword(.matches): sign = .matches
    case .keyword(.isSubset): sign = .isSubset
    case .keyword(.isSuperset): sign = .isSuperset
    default: throw unexpected(.operatorSign)
    }
    try advance()
    let start = token
    let operand: Comparison.Operand
    switch sign {
    case .equal, .notEqual:
      operand = .constant(try constant(.constant))
      try checkHash(operand, of: path, at: start)
    case .less, .lessOrEqual, .greater, .greaterOrEqual: operand = .constant(try constant(.orderable))
    case .like, .matches, .isSubset, .isSuperset:
      guard case .constant(.string) = token.kind else { throw unexpected(.text) }
      operand = .constant(try constant(.text))
    case .isIn:
      operand = .set(try set())
      try checkHash(operand, of: path, at: start)
    }
    return Comparison(path: path, isNegated: isNegated, operator: sign, operand: operand)
  }

  private mutating func constant(_ wanted: PatternFault.Wanted) throws(PatternFault) -> Constant {
    let constant: Constant
    switch token.kind {
    case .constant(let literal): constant = literal
    case .keyword(.isTrue) where wanted == .constant: constant = .boolean(true)
    case .keyword(.isFalse) where wanted == .constant: constant = .boolean(false)
    default: throw unexpected(wanted)
    }
    try advance()
    return constant
  }

  private mutating func set() throws(PatternFault) -> [Constant] {
    try expect(.openParenthesis, .set)
    if try take(.closeParenthesis) { return [] }
    var constants: [Constant] = []
    repeat {
      let start = token
      let constant = try constant(.constant)
      if let first = constants.first, first.kind != constant.kind { throw lexer.fault(.mixedSet, at: start.range.lowerBound) }
      constants.append(constant)
    } while try take(.comma)
    guard try take(.closeParenthesis) else { throw unexpected(.commaOrEnd) }
    return constants
  }

  // MARK: Object paths

  private mutating func path() throws(PatternFault) -> ObjectPath {
    guard case .word(let objectType) = token.kind else { throw unexpected(.path) }
    try advance()
    try expect(.colon, .colon)
    var steps = [try property()]
    while true {
      if try take(.dot) {
        steps.append(try property())
      } else if try take(.openBracket) {
        switch token.kind {
        case .asterisk: steps.append(.any)
        case .constant(.integer(let index)):
          guard let index = Int(exactly: index) else { throw unexpected(.step) }
          steps.append(.index(index))
        default: throw unexpected(.step)
        }
        try advance()
        try expect(.closeBracket, .closingBracket)
      } else {
        return ObjectPath(objectType, steps: steps)
      }
    }
  }

  private mutating func property() throws(PatternFault) -> ObjectPath.Step {
    let name: String
    switch token.kind {
    case .word(let word):
      guard !word.utf8.contains(UInt8(ascii: "-")) else { throw fault(.needsQuotes(word)) }
      name = word
    case .constant(.string(let text)): name = text
    default: throw unexpected(.property)
    }
    try advance()
    return .property(name)
  }
}

extension Constant {
  /// Constants of one kind can stand in one set; numbers are one.
  enum Kind: Hashable { case string, number, boolean, timestamp, octets }

  var kind: Kind {
    switch self {
    case .string: .string
    case .integer, .float: .number
    case .boolean: .boolean
    case .timestamp: .timestamp
    case .hex, .binary: .octets
    }
  }
}
