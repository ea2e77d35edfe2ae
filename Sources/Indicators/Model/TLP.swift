/// How far what is marked may go (Traffic Light Protocol 2.0, FIRST 2022). Ordered from what anyone may have to what stays with one
/// reader.
public enum TLP: String, Hashable, Sendable, CaseIterable {
  case clear, green, amber
  case amberStrict = "amber+strict"
  case red

  /// Reads a label with or without `TLP:`, in any case; WHITE is what CLEAR was called in version 1. What follows the label, as in
  /// `TLP:GREEN (community)` or `TLP:RED//NOFORN`, makes it no other.
  public init?(_ text: some StringProtocol) {
    var word = text.lowercased().filter { !$0.isWhitespace }[...]
    if word.hasPrefix("tlp") { word = word.dropFirst(3).drop { ":-_=".contains($0) } }
    word = word.prefix { $0.isLetter || $0 == "+" || $0 == "-" }
    switch word {
    case "white", "clear": self = .clear
    case "green": self = .green
    case "amber": self = .amber
    case "amber+strict", "amber-strict", "amberstrict": self = .amberStrict
    case "red": self = .red
    default: return nil
    }
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
