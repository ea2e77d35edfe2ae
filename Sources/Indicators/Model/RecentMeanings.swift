internal import Names

/// What the texts of a column mean that stood in the rows before, so that one that stands in many rows is not read and kept for each.
///
/// A text takes the place of another that falls on its slot: a file with a text of its own in each row needs no more memory than any.
struct RecentMeanings<Meaning> {
  private var texts = [String](repeating: "", count: 256)
  private var meanings = [Meaning?](repeating: nil, count: 256)
  /// Texts in a row that were not known.
  private var unknown = 0

  mutating func meaning(of text: Span<UInt8>, _ read: (String) -> Meaning) -> Meaning {
    // Where each row has a text of its own, only one in sixteen is looked for.
    guard unknown < 64 || unknown % 16 == 0 else {
      unknown += 1
      return read(text.string)
    }
    let slot = Self.hash(text) & (texts.count - 1)
    if isSame(texts[slot].utf8.span, text), let known = meanings[slot] {
      unknown = 0
      return known
    }
    unknown += 1
    let text = text.string
    let meaning = read(text)
    (texts[slot], meanings[slot]) = (text, meaning)
    return meaning
  }

  /// Eight octets at a time. Two texts with one hash only take each other's place.
  private static func hash(_ text: Span<UInt8>) -> Int {
    var state = UInt64(truncatingIfNeeded: text.count)
    for place in stride(from: 0, to: text.count, by: 8) {
      state = (state ^ EightOctets(text, at: place, before: text.count).word) &* 0x9E37_79B9_7F4A_7C15
      state ^= state >> 32
    }
    return Int(truncatingIfNeeded: state)
  }
}

private func isSame(_ one: Span<UInt8>, _ other: Span<UInt8>) -> Bool {
  guard one.count == other.count else { return false }
  for place in stride(from: 0, to: one.count, by: 8) {
    let word = EightOctets(one, at: place, before: one.count).word
    if word != EightOctets(other, at: place, before: other.count).word { return false }
  }
  return true
}
