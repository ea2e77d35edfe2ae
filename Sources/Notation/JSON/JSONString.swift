/// Text as a JSON string, in its quotation marks (RFC 8259 §7): quotation mark, backslash and what is below U+0020 are escaped.
public func jsonString(_ text: String) -> String {
  guard text.utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) else {
    return "\"\(text)\""
  }
  var string = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": string += "\\\""
    case "\\": string += "\\\\"
    case "\n": string += "\\n"
    case "\r": string += "\\r"
    case "\t": string += "\\t"
    case "\0"..<" ": string += "\\u" + hexadecimal(scalar.value, digits: 4, prefix: "")
    default: string.unicodeScalars.append(scalar)
    }
  }
  return string + "\""
}
