internal import Names

extension Pattern: CustomStringConvertible {
  /// The pattern in its one form: single blanks, `=` and `!=`, and parentheses only where they are needed. It reads back to the
  /// same pattern.
  public var description: String { expression.description }
}

extension ObservationExpression: CustomStringConvertible {
  public var description: String {
    switch self {
    case .observation(let comparison): "[\(comparison)]"
    case .and(let parts): Self.joined(parts, " AND ", tighter: 3)
    case .or(let parts): Self.joined(parts, " OR ", tighter: 2)
    case .followedBy(let parts): Self.joined(parts, " FOLLOWEDBY ", tighter: 1)
    case .qualified: qualifiedText
    }
  }

  /// A chain of qualifiers with as few parentheses as the reader needs: on a bracket itself each kind stands once, and on what is
  /// in parentheses there may be eight.
  private var qualifiedText: String {
    var (base, chain) = (self, [Qualifier]())
    while case .qualified(let inner, let qualifier) = base {
      (base, chain) = (inner, chain + [qualifier])
    }
    var rest = chain.reversed()[...]
    var (text, seen) = ("\(base)", Set<String>())
    var most = Self.mostQualifiers
    if case .observation = base {
      most = rest.prefix { seen.insert($0.keyword).inserted }.count
    } else {
      text = "(\(text))"
    }
    while true {
      for qualifier in rest.prefix(most) { text += " \(qualifier)" }
      rest = rest.dropFirst(most)
      if rest.isEmpty { return text }
      (text, most) = ("(\(text))", Self.mostQualifiers)
    }
  }

  static let mostQualifiers = 8

  private static func joined(_ parts: [ObservationExpression], _ keyword: String, tighter binding: Int) -> String {
    parts.map { $0.binding >= binding ? "\($0)" : "(\($0))" }.joined(separator: keyword)
  }

  /// How tightly it holds together what it is made of.
  private var binding: Int {
    switch self {
    case .followedBy: 0
    case .or: 1
    case .and: 2
    case .qualified, .observation: 3
    }
  }
}

extension Qualifier: CustomStringConvertible {
  var keyword: String {
    switch self {
    case .within: "WITHIN"
    case .repeats: "REPEATS"
    case .startStop: "START"
    }
  }

  public var description: String {
    switch self {
    case .within(let seconds):
      "WITHIN \(Int64(exactly: seconds).map { String($0) } ?? decimalText(seconds)) SECONDS"
    case .repeats(let count): "REPEATS \(count) TIMES"
    case .startStop(let start, let stop): "START t'\(start)' STOP t'\(stop)'"
    }
  }
}

extension ComparisonExpression: CustomStringConvertible {
  public var description: String {
    switch self {
    case .comparison(let comparison): "\(comparison)"
    case .exists(let path, let isNegated): (isNegated ? "NOT " : "") + "EXISTS \(path)"
    case .and(let parts):
      parts.map { if case .comparison = $0 { "\($0)" } else if case .exists = $0 { "\($0)" } else { "(\($0))" } }
        .joined(separator: " AND ")
    case .or(let parts): parts.map { if case .or = $0 { "(\($0))" } else { "\($0)" } }.joined(separator: " OR ")
    }
  }
}

extension Comparison: CustomStringConvertible {
  public var description: String { "\(path) \(isNegated ? "NOT " : "")\(`operator`.rawValue) \(operand)" }
}

extension Comparison.Operand: CustomStringConvertible {
  public var description: String {
    switch self {
    case .constant(let constant): "\(constant)"
    case .set(let constants): "(" + constants.map { "\($0)" }.joined(separator: ", ") + ")"
    }
  }
}

extension Constant: CustomStringConvertible {
  public var description: String {
    switch self {
    case .string(let text): quotedInPattern(text)
    case .integer(let number): String(number)
    case .float(let number): decimalText(number)
    case .boolean(let boolean): boolean ? "true" : "false"
    case .timestamp(let timestamp): "t'\(timestamp)'"
    case .hex(let octets): "h'\(hexadecimalText(octets))'"
    case .binary(let octets): "b'\(base64Text(octets))'"
    }
  }
}

extension ObjectPath: CustomStringConvertible {
  /// `file:hashes.'SHA-256'`
  public var description: String {
    var text = objectType + ":"
    for (index, step) in steps.enumerated() {
      switch step {
      case .property(let name): text += (index == 0 ? "" : ".") + Self.written(name)
      case .index(let index): text += "[\(index)]"
      case .any: text += "[*]"
      }
    }
    return text
  }

  private static func written(_ name: String) -> String {
    let isPlain =
      name.utf8.first.map { $0 &- 0x30 >= 10 } ?? false
      && name.utf8.allSatisfy { $0 &- 0x30 < 10 || ($0 | 0x20) &- 0x61 < 26 || $0 == 0x5F }
      && PatternKeyword(rawValue: name) == nil
    return isPlain ? name : quotedInPattern(name)
  }
}

private func quotedInPattern(_ text: String) -> String {
  var out: [UInt8] = [UInt8(ascii: "'")]
  for octet in text.utf8 {
    if octet == UInt8(ascii: "'") || octet == UInt8(ascii: "\\") { out.append(UInt8(ascii: "\\")) }
    out.append(octet)
  }
  return String(decoding: out + [UInt8(ascii: "'")], as: UTF8.self)
}

/// The shortest digits that read back to a number, with a point and without an exponent, which patterns do not have.
private func decimalText(_ number: Double) -> String {
  let text = number.description
  guard let mark = text.firstIndex(of: "e"), let exponent = Int(text[text.index(after: mark)...]) else { return text }
  let sign = text.hasPrefix("-") ? "-" : ""
  let parts = text[..<mark].drop { $0 == "-" }.split(separator: ".")
  let fraction = parts.count > 1 && parts[1] != "0" ? String(parts[1]) : ""
  let digits = (parts.first.map { String($0) } ?? "") + fraction
  if exponent < 0 { return sign + "0." + String(repeating: "0", count: -exponent - 1) + digits }
  return sign + digits + String(repeating: "0", count: max(0, exponent - fraction.count)) + ".0"
}
