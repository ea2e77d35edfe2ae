/// Writes comma-separated values (RFC 4180).
public enum CSVWriter {
  /// A field that every reader takes for one field (§2), and spreadsheets for text: one that would begin a formula gets an apostrophe
  /// before it (OWASP, "CSV Injection"), since what is written comes from outside.
  ///
  /// What other countries' spreadsheets separate by, `;` and a tab, stands in quotes too.
  public static func field(_ text: String) -> String {
    let safe = beginsFormula(text) ? "'" + text : text
    guard safe.utf8.contains(where: isSpecial) else { return safe }
    return "\"" + rewritten(safe) { $0 == "\"" ? "\"\"" : nil } + "\""
  }

  /// A field's text without the apostrophe that ``field(_:)`` sets before what would begin a formula.
  public static func withoutApostrophe(_ text: String) -> String {
    guard text.utf8.first == UInt8(ascii: "'"), beginsFormula(text) else { return text }
    return String(text.unicodeScalars.dropFirst())
  }

  private static func isSpecial(_ octet: UInt8) -> Bool {
    switch octet {
    case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\""), 0x09, 0x0A, 0x0D: true
    default: false
    }
  }

  /// Spreadsheets pass over blanks and what nobody sees before the sign, and take its full-width form for it.
  ///
  /// Apostrophes at the beginning are passed over too: text that has one itself gets another, so that one can be taken off again.
  private static func beginsFormula(_ text: String) -> Bool {
    for scalar in text.unicodeScalars.drop(while: { $0 == "'" }) {
      switch scalar {
      case "=", "+", "-", "@", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}", "\t", "\n", "\r": return true
      case "!"..."~": return false
      default: if !isUnseen(scalar) { return false }
      }
    }
    return false
  }

  private static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
    let properties = scalar.properties
    if properties.isWhitespace || properties.isDefaultIgnorableCodePoint { return true }
    return properties.generalCategory == .control || properties.generalCategory == .format
  }
}
