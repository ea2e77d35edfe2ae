/// Text from outside as it may stand in a sentence, a mail or on a page: nothing makes a link or an address of a part of it.
///
/// `http`, `https` and `ftp` before `:/` or `:\` are broken, and `@` between the parts of an address, and the dots of a word that
/// looks like a host name or is four numbers. What is broken already stays as it is, and so does what is none of these: `e.g. this`,
/// `v1.2`, `3.5 days`. The name of a file looks like a host name (`gate.php`) and is broken like one.
public func defangedText(_ text: String) -> String {
  // Most text has none of these.
  guard text.utf8.contains(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "@") || $0 == UInt8(ascii: ":") }) else {
    return text
  }
  let scalars = Array(text.unicodeScalars)
  var out = ""
  var place = 0
  while place < scalars.count {
    let word = scalars[place...].prefix { $0.isOfWord }
    if word.isEmpty {
      if isInAddress(scalars, place) { out += "[@]" } else { out.unicodeScalars.append(scalars[place]) }
      place += 1
    } else {
      place = word.endIndex
      append(beginsURL(scalars, place) ? withBrokenScheme(word) : word, to: &out)
    }
  }
  return out
}

/// Whether `:/` or `:\` stands here.
private func beginsURL(_ text: [Unicode.Scalar], _ place: Int) -> Bool {
  place + 1 < text.count && text[place] == ":" && (text[place + 1] == "/" || text[place + 1] == "\\")
}

/// Whether this is the mark between the two parts of a mail address. Quotes, and signs that are in no word, may end the first.
private func isInAddress(_ text: [Unicode.Scalar], _ place: Int) -> Bool {
  guard text[place] == "@", place > 0, place + 1 < text.count else { return false }
  let (before, after) = (text[place - 1], text[place + 1])
  return (before.isOfWord || "+%\"'".unicodeScalars.contains(before)) && (after.isOfWord || after == "[")
}

/// Schemes of which links are made, and what stands in their places. None of the latter ends in one of the former.
private let schemes: [(word: [Unicode.Scalar], broken: [Unicode.Scalar])] = [
  ("https", "hxxps"), ("http", "hxxp"), ("ftp", "fxp"),
].map { (Array($0.0.unicodeScalars), Array($0.1.unicodeScalars)) }

/// What follows something else without a blank (`seehttp://…`) is a link for many programs too.
private func withBrokenScheme(_ word: ArraySlice<Unicode.Scalar>) -> ArraySlice<Unicode.Scalar> {
  for (scheme, broken) in schemes {
    let end = word.suffix(scheme.count)
    // With the bit, capitals become small letters; nothing else becomes a letter that is not one.
    if end.count == scheme.count, zip(end, scheme).allSatisfy({ $0.0.value | 0x20 == $0.1.value }) {
      return word.dropLast(scheme.count) + broken
    }
  }
  return word
}

/// Appends a word, with the dots broken that join what looks like a host name or an address.
private func append(_ word: ArraySlice<Unicode.Scalar>, to out: inout String) {
  func joins(_ place: Int) -> Bool {
    word[place] == "." && place > word.startIndex && place + 1 < word.endIndex && word[place - 1].isOfLabel
      && word[place + 1].isOfLabel
  }
  let isHost = word.indices.contains { joins($0) && isTopLabel(word[($0 + 1)...].prefix { $0.isOfLabel }) }
  var rest = word
  while !rest.isEmpty {
    // Between two addresses stands a hyphen.
    let part = rest.prefix { $0.isOfLabel || $0 == "." }
    let isBroken = isHost || isFourNumbers(part)
    for place in part.indices {
      if isBroken, joins(place) { out += "[.]" } else { out.unicodeScalars.append(word[place]) }
    }
    rest = rest[part.endIndex...]
    if let mark = rest.first { out.unicodeScalars.append(mark) }
    rest = rest.dropFirst()
  }
}

/// Two letters or more and no digit, or the `xn` of an A-label: what may end the name of a host.
private func isTopLabel(_ label: ArraySlice<Unicode.Scalar>) -> Bool {
  label.count > 1 && label.allSatisfy { !$0.isDecimalDigit }
}

private func isFourNumbers(_ text: ArraySlice<Unicode.Scalar>) -> Bool {
  let numbers = text.split { $0 == "." }
  return numbers.count == 4 && numbers.allSatisfy { number in number.allSatisfy { $0.isDecimalDigit } }
}

extension Unicode.Scalar {
  fileprivate var isDecimalDigit: Bool { value &- 0x30 < 10 }

  /// Outside of ASCII it is whatever a registry may allow: what is neither a blank nor punctuation nor invisible.
  fileprivate var isOfLabel: Bool {
    if value < 0x80 { return isDecimalDigit || (value | 0x20) &- 0x61 < 26 }
    switch properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation, .finalPunctuation,
      .otherPunctuation, .spaceSeparator, .lineSeparator, .paragraphSeparator, .control, .format, .surrogate, .privateUse,
      .unassigned:
      return false
    default: return true
    }
  }

  fileprivate var isOfWord: Bool { isOfLabel || self == "." || self == "-" || self == "_" }
}
