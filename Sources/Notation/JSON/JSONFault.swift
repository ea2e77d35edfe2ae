/// Why octets are not a JSON text (RFC 8259) that is read here, and where.
public struct JSONFault: Error, Hashable, Sendable {
  public var place: TextPlace
  public var cause: Cause

  init(_ place: TextPlace, _ cause: Cause) { (self.place, self.cause) = (place, cause) }
}

extension JSONFault {
  public enum Cause: Hashable, Sendable {
    /// What belongs in a place.
    public enum Wanted: Hashable, Sendable { case value, key, colon, itemOrEnd, entryOrEnd, closingQuote, end }

    /// No value at all.
    case empty
    case tooLarge(octets: Int, limit: Int)
    case tooManyValues(limit: Int)
    case tooDeep(limit: Int)
    case cutShort(Wanted)
    case unexpected(UInt32, Wanted)
    /// Below U+0020 in a string (RFC 8259 §7).
    case controlCharacter(UInt8)
    /// A backslash before something that it does not escape.
    case escape(UInt32)
    /// `\u` without four hexadecimal digits.
    case hexadecimalDigits
    case loneSurrogate(UInt16)
    case number
    /// The octet that does not belong, and how many precede it in the file.
    case notUTF8(octet: UInt8, offset: Int)
    case utf16

    /// What is wrong and what to do, without the place.
    public var sentence: String {
      switch self {
      case .empty: "The file is empty where JSON belongs. \(Self.again)"
      case .tooLarge(let octets, let limit):
        "The file has \(octets) octets; at most \(limit) are read. Write less to it, or split it."
      case .tooManyValues(let limit): "The file holds more than \(limit) values. Write less to it, or split it."
      case .tooDeep(let limit): "Lists and mappings are nested deeper than \(limit) levels. Flatten them."
      case .cutShort(let wanted): "The file ends where \(wanted.noun) belongs: it may be cut short. \(Self.again)"
      case .unexpected(let scalar, .end): "\(Self.shown(scalar)) follows the end of the JSON text. Remove what follows."
      case .unexpected(let scalar, let wanted):
        "This is not JSON: \(Self.shown(scalar)) stands where \(wanted.noun) belongs. \(Self.again)"
      case .controlCharacter(let octet):
        "The control character U+\(hexadecimal(UInt32(octet), digits: 4, prefix: "")) may not stand in a JSON string. "
          + "Write it as \\u\(hexadecimal(UInt32(octet), digits: 4, prefix: ""))."
      case .escape(let scalar):
        "A backslash before \(Self.shown(scalar)) is no escape of JSON. Write two backslashes where one is meant."
      case .hexadecimalDigits: "Four hexadecimal digits belong after \\u. Write them all, as in \\u00E9."
      case .loneSurrogate(let unit):
        "\\u\(hexadecimal(UInt32(unit), digits: 4, prefix: "")) is half of a character. Write both halves, as in \\uD83D\\uDE00."
      case .notUTF8(let octet, let offset):
        "Octet \(offset) of the file is \(hexadecimal(UInt32(octet), digits: 2)), which is not UTF-8 here. Save the file as UTF-8."
      case .utf16: "The file is UTF-16. Save it as UTF-8."
      case .number: "This is not a number as JSON writes it. Write digits without a leading zero, as in 300 or -1.5e3."
      }
    }

    private static let again = "Write the file again with the tool that makes it."

    private static func shown(_ scalar: UInt32) -> String {
      quoted(Unicode.Scalar(scalar).map { String(Character($0)) } ?? "")
    }
  }
}

extension JSONFault.Cause.Wanted {
  fileprivate var noun: String {
    switch self {
    case .value: "a value"
    case .key: "a key in double quotes"
    case .colon: "a colon"
    case .itemOrEnd: "a comma or ]"
    case .entryOrEnd: "a comma or }"
    case .closingQuote: "a closing quote"
    case .end: "the end"
    }
  }
}
