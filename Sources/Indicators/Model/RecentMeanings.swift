/// What the texts of a column mean that stood in the rows before, so that one that stands in many rows is read once and kept once.
///
/// A text takes the place of another that falls on its slot: a file with a text of its own in each row needs no more memory than any.
struct RecentMeanings<Meaning> {
  private var slots = [(text: String, meaning: Meaning)?](repeating: nil, count: 256)

  mutating func meaning(of text: Span<UInt8>, _ read: (String) -> Meaning) -> Meaning {
    let slot = Self.hash(text) & (slots.count - 1)
    if let known = slots[slot], isSame(known.text.utf8.span, text) { return known.meaning }
    let text = text.string
    let meaning = read(text)
    slots[slot] = (text, meaning)
    return meaning
  }

  /// Eight octets at a time. Two texts with one hash only take each other's place.
  private static func hash(_ text: Span<UInt8>) -> Int {
    var (state, place) = (UInt64(truncatingIfNeeded: text.count), 0)
    while place < text.count {
      var word: UInt64 = 0
      let end = min(place + 8, text.count)
      for index in place..<end { word = word << 8 | UInt64(text[index]) }
      state = (state ^ word) &* 0x9E37_79B9_7F4A_7C15
      state ^= state >> 32
      place = end
    }
    return Int(truncatingIfNeeded: state)
  }
}

private func isSame(_ one: Span<UInt8>, _ other: Span<UInt8>) -> Bool {
  guard one.count == other.count else { return false }
  for index in one.indices where one[index] != other[index] { return false }
  return true
}
