/// Text from a file in double quotes, for a sentence: one line, no control characters, cut when long.
public func quoted(_ text: String) -> String { "\"\(printable(text, limit: 80))\"" }

/// Text without control, invisible or direction-changing characters, at most `limit` characters.
public func printable(_ text: String, limit: Int) -> String {
  var out = ""
  for scalar in text.unicodeScalars.prefix(limit) {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
      out += "\\u{\(hexadecimal(scalar.value, digits: 1, prefix: ""))}"
    default: out.unicodeScalars.append(scalar)
    }
  }
  return text.unicodeScalars.dropFirst(limit).isEmpty ? out : out + "…"
}

/// Digits in capitals, filled up with zeros.
public func hexadecimal(_ value: UInt32, digits: Int, prefix: String = "0x") -> String {
  let text = String(value, radix: 16, uppercase: true)
  return prefix + String(repeating: "0", count: max(0, digits - text.count)) + text
}
