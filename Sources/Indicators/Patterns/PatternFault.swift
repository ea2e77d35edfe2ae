public import Notation

/// Why a text is not a STIX pattern (STIX 2.1 §9), and where.
public struct PatternFault: Error, Hashable, Sendable {
  /// What belongs in a place.
  public enum Wanted: Hashable, Sendable {
    case observation, comparison, path, colon, property, step, operatorSign, constant, orderable, text, set, commaOrEnd
    case closingBracket, closingParenthesis
    /// After a comparison, and after an observation.
    case comparisonEnd, observationEnd
    case seconds, times, stop, count, duration, timestamp
  }

  public enum Cause: Hashable, Sendable {
    case empty
    case tooLong(octets: Int, limit: Int)
    case tooDeep(limit: Int)
    case endsEarly(Wanted)
    /// As it is written.
    case unexpected(String, Wanted)
    /// Keywords are written in capitals (§9.1).
    case lowercaseKeyword(String)
    /// No bracket stands around the first comparison.
    case noBrackets
    /// A property with a hyphen, without quotes.
    case needsQuotes(String)
    case openString
    case openComment
    /// A backslash in a string before something that it does not escape (§9.2).
    case escape(String)
    /// The literals `h'…'`, `b'…'` and `t'…'`.
    case hexLiteral(String)
    case binaryLiteral(String)
    case timestampLiteral(String)
    case numberTooLarge(String)
    /// §9.2: the values of a set are of one type.
    case mixedSet
    /// Not of the length or the digits that the algorithm has.
    case hash(String, algorithm: String)
    /// The same qualifier twice on one observation.
    case repeatedQualifier(String)
    /// `WITHIN 0`, `REPEATS 0`.
    case notPositive(String)
    case stopNotAfterStart
  }

  /// Characters from the start of the pattern, from 1.
  public var offset: Int
  /// The same by line and column.
  public var place: TextPlace
  public var cause: Cause

  init(offset: Int, place: TextPlace, cause: Cause) { (self.offset, self.place, self.cause) = (offset, place, cause) }
}

extension PatternFault {
  /// What is wrong and what to write, without the place.
  public var sentence: String {
    switch cause {
    case .empty: "The pattern is empty. Write one, as in [domain-name:value = 'example.com']."
    case .tooLong(let octets, let limit):
      "The pattern has \(octets) octets; at most \(limit) are read. Split it into several indicators."
    case .tooDeep(let limit):
      "Parentheses and qualifiers are nested deeper than \(limit) levels. Take away those that say nothing."
    case .endsEarly(let wanted): "The pattern ends where \(wanted.noun) belongs. \(wanted.advice)"
    case .unexpected(let written, let wanted): "\(quoted(written)) stands where \(wanted.noun) belongs. \(wanted.advice)"
    case .lowercaseKeyword(let word): "\(quoted(word)) is no keyword as it is written. Write \(word.uppercased())."
    case .noBrackets: "A pattern has its comparisons in square brackets. Write [ before them and ] after them."
    case .needsQuotes(let property):
      "The property \(quoted(property)) holds a hyphen. Write it in quotes: '\(printable(property, limit: 80))'."
    case .openString: "The quote that opens here is never closed. Write ' at its end, and \\' for a quote inside."
    case .openComment: "The comment that opens here is never closed. Write */ at its end."
    case .escape(let written):
      "A backslash before \(quoted(written)) is no escape of a pattern. Write \\\\ for a backslash and \\' for a quote."
    case .hexLiteral(let text):
      "h'\(printable(text, limit: 40))' is no hexadecimal literal. Write two digits for each octet, as in h'ffd8'."
    case .binaryLiteral(let text):
      "b'\(printable(text, limit: 40))' is no base64 literal. Write groups of four characters, as in b'AQIDBA=='."
    case .timestampLiteral(let text):
      "\(quoted(text)) is no timestamp. Write it in UTC with T and Z, as in t'2026-01-31T08:00:00Z'."
    case .numberTooLarge(let digits):
      "The number \(printable(digits, limit: 40)) is too large. Write one below 2 to the power of 63."
    case .mixedSet: "The values of a set are of several types. Write one set a type and join them with OR."
    case .hash(let text, let algorithm):
      "\(quoted(text)) is no \(algorithm) value: its length or its characters are not those of the algorithm. "
        + "Correct the one or the other."
    case .repeatedQualifier(let keyword):
      "\(keyword) stands twice on one observation. Put parentheses around the first, or leave one out."
    case .notPositive(let keyword): "\(keyword) 0 can never be met. Write a number above 0."
    case .stopNotAfterStart: "STOP is not later than START, so nothing can be between them. Exchange them or correct one."
    }
  }
}

extension PatternFault.Wanted {
  fileprivate var noun: String {
    switch self {
    case .observation: "an observation"
    case .comparison: "a comparison"
    case .path: "an object path"
    case .colon: "a colon"
    case .property: "a property"
    case .step: "an index"
    case .operatorSign: "an operator"
    case .constant: "a constant"
    case .orderable: "a constant that has an order"
    case .text: "a string"
    case .set: "a set"
    case .commaOrEnd: "a comma or )"
    case .closingBracket: "]"
    case .closingParenthesis: ")"
    case .comparisonEnd: "AND, OR or ]"
    case .observationEnd: "AND, OR, FOLLOWEDBY, a qualifier or the end"
    case .seconds: "SECONDS"
    case .times: "TIMES"
    case .stop: "STOP"
    case .count: "a count"
    case .duration: "a number of seconds"
    case .timestamp: "a timestamp"
    }
  }

  fileprivate var advice: String {
    switch self {
    case .observation: "Write one in square brackets, as in [domain-name:value = 'example.com']."
    case .comparison: "Write a property, an operator and a constant, as in domain-name:value = 'example.com'."
    case .path: "Write an object type, a colon and a property, as in domain-name:value."
    case .colon: "Write a colon between object type and property, as in domain-name:value."
    case .property: "Write its name, in quotes if it holds more than letters, digits and _."
    case .step: "Write a number from 0, or * for all."
    case .operatorSign: "Write one of =, !=, <, <=, >, >=, IN, LIKE, MATCHES, ISSUBSET and ISSUPERSET."
    case .constant: "Write a string in single quotes, a number, true, false, or t'…', h'…', b'…'."
    case .orderable: "Write a string in single quotes, a number, or t'…', h'…', b'…'."
    case .text: "Write it in single quotes."
    case .set: "Write constants in parentheses, as in ('a', 'b')."
    case .commaOrEnd: "Write a comma between two constants and ) after the last."
    case .closingBracket, .closingParenthesis: "Close what was opened."
    case .comparisonEnd: "Join the next comparison with AND or OR, or close the bracket."
    case .observationEnd: "Join the next observation with AND, OR or FOLLOWEDBY, or remove what follows."
    case .seconds: "Write WITHIN and seconds, as in WITHIN 300 SECONDS."
    case .times: "Write REPEATS and a count, as in REPEATS 5 TIMES."
    case .stop: "Write both ends, as in START t'2026-01-01T00:00:00Z' STOP t'2026-02-01T00:00:00Z'."
    case .count: "Write a whole number above 0, as in REPEATS 5 TIMES."
    case .duration: "Write a number above 0, as in WITHIN 300 SECONDS."
    case .timestamp: "Write it as in t'2026-01-31T08:00:00Z'."
    }
  }
}
