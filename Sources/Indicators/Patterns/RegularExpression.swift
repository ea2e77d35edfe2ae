/// A regular expression that runs in time proportional to its size and to the text, whatever both are.
///
/// Its language is what PCRE2 shares with automata: characters, classes, groups, alternatives, anchors and counted repeats,
/// greedy or not, with the options `i m s x`. It says whether a text holds a match, so greedy and lazy are one. What needs memory
/// of what was matched or a look around is refused: back-references, look-around, atomic groups, possessive repeats, recursion.
///
/// `\d`, `\w`, `\s` and `\b` are those of ASCII, `.` is anything but a line feed, and `$` stands at the end or before a last line
/// feed, as in PCRE2 without options.
public struct RegularExpression: Hashable, Sendable {
  /// Longer is refused.
  public static let mostScalars = 1 << 16
  /// Steps of the automaton; a counted repeat takes those of what it repeats as often as it says.
  public static let mostSteps = 20_000
  public static let mostRepeats = 1000
  public static let mostLevels = 100

  let program: [Step]
  let classes: [CharacterSet]

  /// Reads one.
  public init(_ text: String) throws(RegularExpressionFault) {
    var reader = try RegularExpressionReader(text)
    let expression = try reader.expression()
    var compiler = RegularExpressionCompiler()
    let tree = compiler.numbered(expression)
    try compiler.compile(tree)
    (program, classes) = (compiler.program + [.match], compiler.classes)
  }

  /// Whether a text holds a match somewhere.
  ///
  /// - Throws: ``MatchFault`` where it takes more than so many steps of work.
  public func isFound(in text: String, work: Int = 1 << 30) throws(MatchFault) -> Bool {
    var budget = WorkBudget(work)
    return try isFound(in: text.unicodeScalars.map(\.value), &budget)
  }

  /// One step of the automaton (Thompson 1968).
  enum Step: Hashable, Sendable {
    case scalar(UInt32)
    /// An index into the classes.
    case oneOf(Int)
    case split(Int, Int)
    case jump(Int)
    case assert(Assertion)
    case match
  }

  /// What holds between two characters.
  enum Assertion: Hashable, Sendable {
    case textStart, textEnd, textEndOrLastLineFeed, lineStart, lineEnd, wordBorder, noWordBorder
  }
}

/// Why a text is no regular expression that is run here.
public struct RegularExpressionFault: Error, Hashable, Sendable {
  public enum Cause: Hashable, Sendable {
    case tooLong(scalars: Int, limit: Int)
    case tooLarge(steps: Int)
    case tooDeep(limit: Int)
    case tooManyRepeats(String, limit: Int)
    case openGroup, openClass, openEscape
    case strayParenthesis
    case nothingToRepeat(String)
    case badRange(String)
    case badEscape(String)
    /// Text, and what it is.
    case unsupported(String, Feature)
  }

  public enum Feature: Hashable, Sendable {
    case backReference, lookAround, atomicGroup, possessiveRepeat, recursion, condition, property, option
  }

  /// In characters, from 1.
  public var offset: Int
  public var cause: Cause

  init(_ offset: Int, _ cause: Cause) { (self.offset, self.cause) = (offset, cause) }
}
