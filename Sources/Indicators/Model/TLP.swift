/// How far what is marked may go (Traffic Light Protocol 2.0, FIRST 2022). Ordered from what anyone may have to what stays with one
/// reader.
public enum TLP: String, Hashable, Sendable, CaseIterable {
  case clear, green, amber
  case amberStrict = "amber+strict"
  case red

  /// Reads a label with or without `TLP:`, in any case; WHITE is what CLEAR was called in version 1.
  ///
  /// What follows the label, as in `TLP:GREEN (community)` or `TLP:RED//NOFORN`, makes it no milder: STRICT after AMBER counts
  /// whatever stands between the two, and of several labels the strictest does. A label that goes on, as `TLP:GREEN+MEMBERS`
  /// does, is another, which is not known here; and without `TLP`, what words follow directly is none: `clear for members`.
  public init?(_ text: some StringProtocol) {
    let text = text.lowercased()
    let named = Self.afterName(text)
    let label = (named ?? text[...]).drop { $0.isWhitespace || named != nil && ":-_=([{\"'*".contains($0) }
    let word = label.prefix { $0.isLetter }
    let rest = label[word.endIndex...]
    guard let first = Self(word: word) else { return nil }
    let isStrict = first == .amber && rest.drop { !$0.isLetter }.hasPrefix("strict")
    guard isStrict || !Self.goesOn(rest, isNamed: named != nil) else { return nil }
    let words = rest.split { !$0.isLetter }
    let strictest = words.compactMap { Self(word: $0) }.reduce(first) { max($0, $1) }
    let isAnyStrict = words.contains { $0.hasPrefix("strict") }
    self = strictest == .amber && isAnyStrict ? .amberStrict : strictest
  }

  /// A word in lower case.
  private init?(word: Substring) {
    switch word {
    case "white", "clear": self = .clear
    case "green": self = .green
    case "amber": self = .amber
    case "amberstrict": self = .amberStrict
    case "red": self = .red
    default: return nil
    }
  }

  /// What follows `tlp` in a text in lower case; `nil` where it begins with something else.
  private static func afterName(_ text: String) -> Substring? {
    let text = text.drop { !$0.isLetter && !$0.isNumber }
    return text.hasPrefix("tlp") ? text.dropFirst(3) : nil
  }

  /// Whether what follows the word of a label belongs to it.
  private static func goesOn(_ rest: Substring, isNamed: Bool) -> Bool {
    guard let next = rest.first(where: { !$0.isWhitespace }) else { return false }
    guard isNamed else { return next.isLetter || next.isNumber || "+-_".contains(next) }
    if next == "+" { return true }
    guard rest.first == next else { return false }
    return next.isNumber || "-_".contains(next) && rest.dropFirst().first?.isWhitespace == false
  }

  /// `TLP:AMBER+STRICT`
  public var label: String { "TLP:" + rawValue.uppercased() }
}

extension TLP: Comparable {
  public static func < (one: TLP, other: TLP) -> Bool { one.strictness < other.strictness }

  private var strictness: Int {
    switch self {
    case .clear: 0
    case .green: 1
    case .amber: 2
    case .amberStrict: 3
    case .red: 4
    }
  }
}

extension TLP {
  /// The stricter of two markings, either of which may be missing.
  static func strictest(_ one: TLP?, _ other: TLP?) -> TLP? {
    guard let one, let other else { return one ?? other }
    return max(one, other)
  }

  /// Whether what is marked so may stand in an indicator: not where its marking is the stricter one. An indicator that nobody
  /// marked may be given to anyone as soon as somebody says so, so only what is clear goes with it.
  static func allows(_ marking: TLP?, beside indicator: TLP?) -> Bool { (marking ?? .clear) <= (indicator ?? .clear) }

  /// What a text says whose place is for a marking alone. What is no label that is known here may be stricter than all that are:
  /// it counts as the strictest.
  ///
  /// - Returns: The marking, and the text where it is no label.
  static func said(_ text: some StringProtocol) -> (marking: TLP?, unreadable: String?) {
    if let marking = TLP(text) { return (marking, nil) }
    return (.red, String(text))
  }

  /// What a text says whose place is for anything: nothing unless it begins with `TLP`.
  static func said(in text: String) -> (marking: TLP?, unreadable: String?)? {
    afterName(text.lowercased()) == nil ? nil : said(text)
  }
}
