internal import Names

/// Undoes what people do to a value so that nobody follows it by mistake: `hxxp://evil[.]example`, `evil(dot)example`.
///
/// Blanks around the value go too. What was not defanged comes back as it was.
public func refanged(_ text: some StringProtocol) -> String {
  let text = String(text)
  return withRefanged(text.utf8.span) { $0.string }
}

/// Does something with the octets of a value that is refanged, as ``refanged(_:)`` does it. Most are whole and are not copied.
func withRefanged<Result>(_ text: Span<UInt8>, _ body: (Span<UInt8>) -> Result) -> Result {
  guard let range = trimmed(text) else { return body(Span()) }
  let value = text.extracting(range)
  guard hasBrackets(value) || value.count > 4 && scheme(value) != nil else { return body(value) }
  return body(refanged(value).span)
}

/// Brackets or a backslash, in which marks are wrapped.
private func hasBrackets(_ text: Span<UInt8>) -> Bool {
  for place in stride(from: 0, to: text.count, by: 8) {
    let octets = EightOctets(text, at: place, before: text.count)
    let brackets =
      octets.equal(to: UInt8(ascii: "[")) | octets.equal(to: UInt8(ascii: "]")) | octets.equal(to: UInt8(ascii: "\\"))
    if brackets | octets.equal(to: UInt8(ascii: "(")) | octets.equal(to: UInt8(ascii: "{")) != 0 { return true }
  }
  return false
}

@inline(__always) private func mayBeMark(_ octet: UInt8) -> Bool {
  octet &- UInt8(ascii: "[") < 3 || octet == UInt8(ascii: ".") || octet == UInt8(ascii: "(") || octet == UInt8(ascii: "{")
}

private func refanged(_ text: Span<UInt8>) -> [UInt8] {
  var value: [UInt8] = []
  value.reserveCapacity(text.count)
  var place = 0
  while place < text.count {
    if mayBeMark(text[place]), takeMark(text, at: &place, into: &value) { continue }
    value.append(text[place])
    place += 1
  }
  if let (scheme, count) = scheme(value.span) { value.replaceSubrange(..<count, with: scheme) }
  return value
}

/// Appends what a mark stands for that was taken apart, and goes past it; `false` where there is none.
private func takeMark(_ text: Span<UInt8>, at place: inout Int, into value: inout [UInt8]) -> Bool {
  let (octet, left) = (text[place], text.count - place)
  func take(_ mark: UInt8, _ count: Int) -> Bool {
    value.append(mark)
    place += count
    return true
  }
  switch octet {
  case UInt8(ascii: "["), UInt8(ascii: "("), UInt8(ascii: "{"):
    let close = octet == UInt8(ascii: "(") ? UInt8(ascii: ")") : octet + 2
    if left > 2, text[place + 2] == close, isMark(text[place + 1]) { return take(text[place + 1], 3) }
    for (word, meant) in inBrackets where left >= word.count + 2 && text[place + word.count + 1] == close {
      guard (0..<word.count).allSatisfy({ text[place + 1 + $0] | (word[0] > 0x60 ? 0x20 : 0) == word[$0] }) else { continue }
      value += meant
      place += word.count + 2
      return true
    }
    // One bracket was lost.
    return octet == UInt8(ascii: "[") && left > 1 && text[place + 1] == UInt8(ascii: ".") && take(UInt8(ascii: "."), 2)
  case UInt8(ascii: "."): return left > 1 && text[place + 1] == UInt8(ascii: "]") && take(octet, 2)
  case UInt8(ascii: "\\"): return left > 1 && text[place + 1] == UInt8(ascii: ".") && take(UInt8(ascii: "."), 2)
  default: return false
  }
}

/// What stands alone between brackets and means itself.
private func isMark(_ octet: UInt8) -> Bool {
  octet == UInt8(ascii: ".") || octet == UInt8(ascii: ":") || octet == UInt8(ascii: "@") || octet == UInt8(ascii: "/")
}

/// What else stands between brackets, in lower case, and what it means.
private let inBrackets: [(word: [UInt8], meant: [UInt8])] = [("://", "://"), ("dot", "."), ("at", "@")].map {
  (Array($0.0.utf8), Array($0.1.utf8))
}

/// Schemes as they are broken, and what they are.
private let brokenSchemes: [(word: [UInt8], meant: [UInt8])] = [
  ("hxxps", "https"), ("hxxp", "http"), ("htxp", "http"), ("hxtp", "http"), ("fxp", "ftp"), ("meows", "https"), ("meow", "http"),
].map { (Array($0.0.utf8), Array($0.1.utf8)) }

/// The scheme that a broken one at the beginning stands for, and how many octets it takes.
private func scheme(_ text: Span<UInt8>) -> (meant: [UInt8], count: Int)? {
  guard let first = text.indices.first, [0x68, 0x66, 0x6D].contains(text[first] | 0x20) else { return nil }
  for (word, meant) in brokenSchemes where text.count > word.count + 2 && text[word.count] == UInt8(ascii: ":") {
    if (0..<word.count).allSatisfy({ text[$0] | 0x20 == word[$0] }) { return (meant, word.count) }
  }
  return nil
}

/// What is left without white space, NUL and invisible marks (U+200B, U+FEFF, U+00A0) around it.
func trimmed(_ text: Span<UInt8>) -> Range<Int>? {
  var (start, end) = (0, text.count)
  while start < end {
    if text[start] <= 0x20 {
      start += 1
    } else if end - start > 1, text[start] == 0xC2, text[start + 1] == 0xA0 {
      start += 2
    } else if end - start > 2, isInvisible(text, at: start) {
      start += 3
    } else {
      break
    }
  }
  while end > start {
    if text[end - 1] <= 0x20 {
      end -= 1
    } else if end - start > 1, text[end - 2] == 0xC2, text[end - 1] == 0xA0 {
      end -= 2
    } else if end - start > 2, isInvisible(text, at: end - 3) {
      end -= 3
    } else {
      break
    }
  }
  return start < end ? start..<end : nil
}

private func isInvisible(_ text: Span<UInt8>, at place: Int) -> Bool {
  text[place] == 0xE2 && text[place + 1] == 0x80 && text[place + 2] == 0x8B
    || text[place] == 0xEF && text[place + 1] == 0xBB && text[place + 2] == 0xBF
}

extension Span<UInt8> {
  /// The text, with U+FFFD for what is not UTF-8.
  var string: String {
    // Read inside the closure alone.
    unsafe withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
  }

  func contains(_ isOne: (UInt8) -> Bool) -> Bool {
    for index in indices where isOne(self[index]) { return true }
    return false
  }
}

/// A value as it may stand in a sentence, a mail or on a page: nothing makes a link of it or of a part of it.
///
/// ``refanged(_:)`` undoes it, but for what is ``Observable/other(_:value:)``, which nothing reads back.
public func defanged(_ observable: Observable) -> String {
  switch observable {
  case .name, .address, .prefix: observable.value.replacing(".", with: "[.]")
  case .emailAddress: observable.value.replacing("@", with: "[@]").replacing(".", with: "[.]")
  case .url(let url): defangedURL(url)
  case .fileHash, .certificateHash: observable.value
  case .other(_, let text): defangedText(text)
  }
}

/// The scheme is broken, and so are the host, what looks like one in the path, and each further scheme.
///
/// A broken scheme is undone where a value begins with it alone, and in lower case; a colon in brackets is undone wherever it
/// stands.
private func defangedURL(_ url: String) -> String {
  let scheme = ["http:", "https:", "ftp:"].first { url.hasPrefix($0) } ?? ""
  let rest = url.dropFirst(scheme.count).replacing(":/", with: "[:]/").replacing(":\\", with: "[:]\\")
  return defangedText(scheme + String(rest))
}

extension String {
  /// Without white space, NUL and invisible marks around it.
  var trimmed: String {
    guard let first = utf8.first, let last = utf8.last else { return self }
    // Most text has none.
    if first > 0x20, first < 0x80, last > 0x20, last < 0x80 { return self }
    return Indicators.trimmed(utf8.span).map { utf8.span.extracting($0).string } ?? ""
  }
}

extension Substring {
  var trimmed: String { String(self).trimmed }
}
