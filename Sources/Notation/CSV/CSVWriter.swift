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

  private static func isSpecial(_ octet: UInt8) -> Bool {
    switch octet {
    case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\""), 0x09, 0x0A, 0x0D: true
    default: false
    }
  }

  /// Spreadsheets pass over blanks and what nobody sees before the sign, and take its full-width form for it.
  private static func beginsFormula(_ text: String) -> Bool {
    for scalar in text.unicodeScalars {
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
