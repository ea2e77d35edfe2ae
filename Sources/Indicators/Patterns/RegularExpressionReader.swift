/// Reads the syntax of PCRE2 (pcre2pattern), as far as ``RegularExpression`` says.
struct RegularExpressionReader {
  /// The options that stand in an expression: `(?i)`.
  struct Options: Hashable {
    var ignoresCase = false
    var isMultiline = false
    /// `.` is a line feed too.
    var dotIsAll = false
    /// Blanks and comments are passed over.
    var isExtended = false
  }

  let text: [UInt32]
  var place = 0
  var options = Options()
  private var level = 0
  /// Inside `\Q…\E`.
  var isVerbatim = false

  init(_ text: String) throws(RegularExpressionFault) {
    self.text = text.unicodeScalars.map(\.value)
    guard self.text.count <= RegularExpression.mostScalars else {
      throw RegularExpressionFault(1, .tooLong(scalars: self.text.count, limit: RegularExpression.mostScalars))
    }
  }

  mutating func expression() throws(RegularExpressionFault) -> RegularExpressionTree {
    let tree = try alternatives()
    // Only a parenthesis stops it before the end.
    guard place == text.count else { throw fault(.strayParenthesis) }
    return tree
  }

  // MARK: Characters

  func peek(_ ahead: Int = 0) -> Unicode.Scalar? {
    place + ahead < text.count ? Unicode.Scalar(text[place + ahead]) : nil
  }

  private func stands(_ word: String) -> Bool { text[place...].starts(with: word.unicodeScalars.lazy.map(\.value)) }

  mutating func take(_ word: String) -> Bool {
    guard stands(word) else { return false }
    place += word.unicodeScalars.count
    return true
  }

  func fault(_ cause: RegularExpressionFault.Cause, at place: Int? = nil) -> RegularExpressionFault {
    RegularExpressionFault((place ?? self.place) + 1, cause)
  }

  func written(_ start: Int, _ count: Int? = nil) -> String {
    let end = min(text.count, count.map { start + $0 } ?? place)
    return String(String.UnicodeScalarView(text[start..<max(start, end)].compactMap { Unicode.Scalar($0) }))
  }

  func unsupported(_ feature: RegularExpressionFault.Feature, from start: Int, _ count: Int) -> RegularExpressionFault {
    fault(.unsupported(written(start, count), feature), at: start)
  }

  // MARK: Structure

  private mutating func alternatives() throws(RegularExpressionFault) -> RegularExpressionTree {
    var parts = [try sequence()]
    while take("|") { parts.append(try sequence()) }
    return parts.count == 1 ? parts[0] : .alternatives(parts)
  }

  private mutating func sequence() throws(RegularExpressionFault) -> RegularExpressionTree {
    var parts: [RegularExpressionTree] = []
    while true {
      if options.isExtended, !isVerbatim { skipBlanks() }
      guard let next = peek() else { break }
      if !isVerbatim, next == "|" || next == ")" { break }
      let start = place
      guard let atom = try atom() else { continue }
      parts.append(try repeats(of: atom, from: start))
    }
    return parts.count == 1 ? parts[0] : .sequence(parts)
  }

  private mutating func skipBlanks() {
    while let next = peek() {
      if next.properties.isWhitespace {
        place += 1
      } else if next == "#" {
        while let next = peek(), next != "\n" { place += 1 }
      } else {
        return
      }
    }
  }

  /// What can be repeated, or nothing where only options or a comment stood.
  private mutating func atom() throws(RegularExpressionFault) -> RegularExpressionTree? {
    let start = place
    guard let next = peek() else { return nil }
    if isVerbatim {
      if take("\\E") {
        isVerbatim = false
        return nil
      }
      place += 1
      return character(next.value)
    }
    place += 1
    switch next {
    case "(":
      place -= 1
      return try group()
    case "[": return .oneOf(try characterClass())
    case "\\": return try escape()
    case ".": return .oneOf(RegularExpression.CharacterSet(options.dotIsAll ? [] : [0x0A...0x0A], isNegated: true))
    case "^": return .assert(options.isMultiline ? .lineStart : .textStart)
    case "$": return .assert(options.isMultiline ? .lineEnd : .textEndOrLastLineFeed)
    case "*", "+", "?": throw fault(.nothingToRepeat(String(Character(next))), at: start)
    case "{":
      place = start
      if counts() != nil { throw fault(.nothingToRepeat(written(start)), at: start) }
      place = start + 1
      return character(next.value)
    default: return character(next.value)
    }
  }

  func character(_ scalar: UInt32) -> RegularExpressionTree {
    guard options.ignoresCase, !RegularExpression.CharacterSet.otherCases(of: scalar).allSatisfy({ $0 == scalar }) else {
      return .scalar(scalar)
    }
    return .oneOf(RegularExpression.CharacterSet([scalar...scalar], ignoresCase: true))
  }

  // MARK: Repeats

  /// `{m}`, `{m,}` or `{m,n}`; without any of them the place stays. A brace that starts none of these is itself.
  private mutating func counts() -> (least: Int, most: Int?)? {
    let start = place
    guard take("{"), let least = number() else {
      place = start
      return nil
    }
    if take("}") { return (least, least) }
    guard take(",") else {
      place = start
      return nil
    }
    if take("}") { return (least, nil) }
    guard let most = number(), take("}") else {
      place = start
      return nil
    }
    return (least, most)
  }

  /// Digits; more than nine are as good as none can be.
  private mutating func number() -> Int? {
    let start = place
    while let next = peek(), "0"..."9" ~= next { place += 1 }
    guard place > start else { return nil }
    return place - start > 9 ? Int.max : Int(written(start))
  }

  private mutating func repeats(of atom: RegularExpressionTree, from start: Int) throws(RegularExpressionFault)
    -> RegularExpressionTree
  {
    if isVerbatim { return atom }
    if options.isExtended { skipBlanks() }
    let sign = place
    let (least, most): (Int, Int?)
    if take("*") {
      (least, most) = (0, nil)
    } else if take("+") {
      (least, most) = (1, nil)
    } else if take("?") {
      (least, most) = (0, 1)
    } else if let counts = counts() {
      (least, most) = counts
    } else {
      return atom
    }
    guard max(least, most ?? 0) <= RegularExpression.mostRepeats else {
      throw fault(.tooManyRepeats(written(sign), limit: RegularExpression.mostRepeats), at: sign)
    }
    guard most.map({ $0 >= least }) ?? true else { throw fault(.badRange(written(sign)), at: sign) }
    if peek() == "+" { throw unsupported(.possessiveRepeat, from: start, place + 1 - start) }
    // How much is matched first does not change whether something is.
    if peek() == "?" { place += 1 }
    if let next = peek(), next == "*" || next == "+" || next == "?" {
      throw fault(.nothingToRepeat(String(Character(next))))
    }
    return .repeated(atom, least: least, most: most)
  }

  // MARK: Groups

  /// On entry the parenthesis is next.
  private mutating func group() throws(RegularExpressionFault) -> RegularExpressionTree? {
    let start = place
    place += 1
    let outer = options
    if take("*") { throw unsupported(.option, from: start, 2) }
    if take("?"), try !groupStart(start) { return nil }
    level += 1
    guard level <= RegularExpression.mostLevels else { throw fault(.tooDeep(limit: RegularExpression.mostLevels), at: start) }
    let tree = try alternatives()
    guard take(")") else { throw fault(.openGroup, at: start) }
    level -= 1
    options = outer
    return tree
  }

  /// What stands after `(?`.
  ///
  /// - Returns: Whether a group's content follows: a comment and options for the rest of the group have none.
  private mutating func groupStart(_ start: Int) throws(RegularExpressionFault) -> Bool {
    if take(":") { return true }
    if take("#") {
      while let next = peek(), next != ")" { place += 1 }
      guard take(")") else { throw fault(.openGroup, at: start) }
      return false
    }
    if stands("=") || stands("!") || stands("<=") || stands("<!") { throw unsupported(.lookAround, from: start, 4) }
    if stands(">") || stands("|") { throw unsupported(.atomicGroup, from: start, 3) }
    if stands("(") { throw unsupported(.condition, from: start, 3) }
    if stands("P=") { throw unsupported(.backReference, from: start, 4) }
    if stands("R") || stands("&") || stands("P>") || (peek().map { "0"..."9" ~= $0 } ?? false) {
      throw unsupported(.recursion, from: start, 3)
    }
    for (open, close) in [("P<", ">"), ("<", ">"), ("'", "'")] as [(String, Unicode.Scalar)] where take(open) {
      while let next = peek(), next != close { place += 1 }
      guard peek() != nil else { throw fault(.openGroup, at: start) }
      place += 1
      return true
    }
    return try takeOptions(start)
  }

  /// `i`, `m`, `s`, `x`, and after a hyphen those that end.
  private mutating func takeOptions(_ start: Int) throws(RegularExpressionFault) -> Bool {
    var isOn = true
    while let next = peek() {
      place += 1
      switch next {
      case "-": isOn = false
      case "i": options.ignoresCase = isOn
      case "m": options.isMultiline = isOn
      case "s": options.dotIsAll = isOn
      case "x": options.isExtended = isOn
      case ":": return true
      case ")": return false
      default: throw unsupported(.option, from: start, place - start)
      }
    }
    throw fault(.openGroup, at: start)
  }
}
