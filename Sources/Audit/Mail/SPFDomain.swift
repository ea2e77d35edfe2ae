import Names

/// A `domain-spec` of an SPF record (RFC 7208 §7.1): a name, or a pattern that becomes one for each sender.
struct SPFDomain: Hashable, Sendable {
  var text: String
  /// Whether it holds macros, so that the name depends on the mail.
  var hasMacros: Bool
  /// Nil where it depends on the mail, or is no name that DNS can hold.
  var name: DomainName?

  /// Nil for what is not of the grammar: macros badly formed, or an end that is neither a macro nor a top label.
  init?(_ text: [UInt8]) {
    guard let end = Self.lastMacroEnd(text, isExplanation: false) else { return nil }
    if end < text.count || end == 0 {
      guard Self.endsInTopLabel(text[max(0, end)...]) else { return nil }
    }
    hasMacros = end > 0
    self.text = text.excerpt
    // In a pattern no octet but these has a meaning of its own in DNS's presentation form.
    name = hasMacros ? nil : try? DomainName(Self.escaped(text))
  }

  /// Whether the macros of a modifier's value are well formed.
  static func isMacroString(_ text: [UInt8]) -> Bool { lastMacroEnd(text, isExplanation: true) != nil }

  /// Just past the last macro, 0 where there is none; nil where a macro is badly formed or an octet is not allowed.
  private static func lastMacroEnd(_ text: [UInt8], isExplanation: Bool) -> Int? {
    var (place, end) = (0, 0)
    while place < text.count {
      guard (0x21...0x7E).contains(text[place]) else { return nil }
      guard text[place] == 0x25 else {
        place += 1
        continue
      }
      guard place + 1 < text.count else { return nil }
      switch text[place + 1] {
      case 0x25, 0x5F, 0x2D: place += 2  // %% %_ %-
      case 0x7B:
        guard let close = text[place...].firstIndex(of: 0x7D), isMacro(text[(place + 2)..<close], isExplanation) else {
          return nil
        }
        place = close + 1
      default: return nil
      }
      end = place
    }
    return end
  }

  /// `macro-letter transformers *delimiter` (RFC 7208 §7.1); c, r and t mean something only in an explanation (§7.2).
  private static func isMacro(_ inside: ArraySlice<UInt8>, _ isExplanation: Bool) -> Bool {
    guard let letter = inside.first.map(lowerCased),
      Array("slodiphv".utf8).contains(letter)
        || isExplanation && Array("crt".utf8).contains(letter)
    else { return false }
    var rest = inside.dropFirst()
    let digits = rest.prefix { $0 &- 0x30 < 10 }
    // §7.3: a number of parts is not zero.
    if !digits.isEmpty, digits.allSatisfy({ $0 == 0x30 }) { return false }
    rest = rest.dropFirst(digits.count)
    if rest.first.map(lowerCased) == UInt8(ascii: "r") { rest = rest.dropFirst() }
    return rest.allSatisfy { Array(".-+,/_=".utf8).contains($0) }
  }

  /// `"." toplabel ["."]`: letters, digits and hyphens, not digits alone.
  private static func endsInTopLabel(_ text: ArraySlice<UInt8>) -> Bool {
    let text = text.last == 0x2E ? text.dropLast() : text
    guard let dot = text.lastIndex(of: 0x2E) else { return false }
    let label = text[(dot + 1)...]
    guard let first = label.first, let last = label.last, first != 0x2D, last != 0x2D else { return false }
    return label.allSatisfy { lowerCased($0) &- 0x61 < 26 || $0 &- 0x30 < 10 || $0 == 0x2D }
      && !label.allSatisfy { $0 &- 0x30 < 10 }
  }

  private static func escaped(_ text: [UInt8]) -> String {
    var escaped: [UInt8] = []
    for octet in text {
      if octet == 0x5C { escaped.append(0x5C) }
      escaped.append(octet)
    }
    return String(decoding: escaped, as: UTF8.self)
  }
}
