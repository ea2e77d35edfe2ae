internal import Names

/// Tells of most values of a log that nobody looks for them, by a hash of their text and without reading it.
///
/// A log holds many values and few that are looked for. Names and IPv4 addresses that are looked for are marks here, two bits in a word
/// each; a value without its marks is none of them, nor below one. Of the others some in a hundred are let through, to be looked up.
struct ValueSieve: Sendable {
  /// Two raised to a number.
  private var words: [UInt64]
  /// The process's own: whoever makes a log cannot choose what is let through.
  private let seed = UInt64(bitPattern: Int64(Hasher().finalize()))
  /// Of the names: what has less is below none.
  private var fewestLabels = Int.max
  /// What is below some of the names is looked for too.
  private let looksBelow: Bool
  /// There are prefixes, so every address has to be read.
  private var letsAddresses: Bool
  /// There are hashes of files or certificates, so whatever may be one has to be read.
  private let letsDigests: Bool

  init(_ index: ValueIndex) {
    let count = index.names.count + index.addresses4.count
    var room = 1
    while room * 8 < count { room *= 2 }
    words = [UInt64](repeating: 0, count: room)
    (letsAddresses, letsDigests) = (!index.lengths4.isEmpty, !index.hashes.isEmpty)
    looksBelow = index.belowName.contains { $0 != 0 }
    var text = SetOffText()
    for number in 0..<index.names.count { add(index.names.octets(of: number), &text) }
    for address in index.addresses4.all { add(address, &text) }
  }

  /// So many octets are read before and behind a value, whatever they are.
  private static let margin = 8

  /// Room for a value of 255 octets and its margins.
  private struct SetOffText {
    private(set) var octets = InlineArray<271, UInt8>(repeating: 0)
    private(set) var end = margin

    mutating func clear() { end = margin }

    mutating func append(_ octet: UInt8) {
      octets[end] = octet
      end &+= 1
    }
  }

  /// - Parameter name: In wire form.
  private mutating func add(_ name: ArraySlice<UInt8>, _ text: inout SetOffText) {
    text.clear()
    let name = name.span
    for index in name.indices { text.append(name[index]) }
    // Where each label begins.
    var (starts, labels, isNumeric) = (InlineArray<128, UInt8>(repeating: 0), 0, true)
    var place = 0
    while case let count = Int(name[place]), count != 0 {
      for index in place + 1...place + count where name[index] &- 0x30 >= 10 { isNumeric = false }
      starts[labels] = UInt8(truncatingIfNeeded: place + 1)
      (labels, place) = (labels + 1, place + 1 + count)
    }
    fewestLabels = min(fewestLabels, labels)
    // What looks like an address is not looked at as a name.
    if isNumeric { letsAddresses = true }
    var state = seed
    for label in (0..<labels).reversed() {
      let start = Int(starts[label])
      // Between the margins.
      state = unsafe Self.mixed(state, text.octets.span.bytes, Self.margin + start, Self.margin + place)
      place = start - 1
    }
    mark(state)
  }

  private mutating func add(_ address: UInt32, _ text: inout SetOffText) {
    text.clear()
    for shift: UInt32 in [24, 16, 8, 0] {
      let number = UInt8(truncatingIfNeeded: address >> shift)
      if number >= 100 { text.append(0x30 + number / 100) }
      if number >= 10 { text.append(0x30 + number / 10 % 10) }
      text.append(0x30 + number % 10)
      if shift > 0 { text.append(UInt8(ascii: ".")) }
    }
    // Between the margins.
    if let (hash, _) = unsafe address4Hash(text.octets.span.bytes, Self.margin, text.end) { mark(hash) }
  }

  private mutating func mark(_ hash: UInt64) { words[place(hash)] |= Self.marks(hash) }

  @inline(__always) private func isMarked(_ hash: UInt64) -> Bool {
    let marks = Self.marks(hash)
    return words[place(hash)] & marks == marks
  }

  @inline(__always) private func place(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash &>> 12) & (words.count &- 1) }

  @inline(__always) private static func marks(_ hash: UInt64) -> UInt64 { 1 &<< (hash & 63) | 1 &<< (hash &>> 6 & 63) }

  /// Whether a value has to be looked up: it may be one of the names, below one, or one of the addresses; or it is of another kind.
  func mayHold(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    var count = end - start
    // What is longer, or stands so near an end of the text that its margin does not, is rare; and all is below the root.
    guard count > 0, count <= 64, fewestLabels > 0, start >= Self.margin, end + Self.margin <= text.count else { return true }
    // So all that is read here is in the text; octets have no padding.
    let bytes = unsafe text.bytes
    if let (hash, dots) = unsafe address4Hash(bytes, start, end) {
      // With a fifth number it may be an address and a port.
      return letsAddresses || Self.areFour(dots) || isMarked(hash)
    }
    // A bit for each octet.
    var dots: UInt64 = 0
    for offset in stride(from: 0, to: count, by: 8) {
      let octets = unsafe EightOctets(unchecked: bytes, at: start &+ offset)
      let known: UInt64 = count &- offset < 8 ? ~(.max &<< UInt64(8 &* (count &- offset))) : .max
      if octets.ofOtherKind & known != 0 { return true }
      dots |= EightOctets.packed(octets.equal(to: UInt8(ascii: ".")) & known) &<< UInt64(offset)
    }
    if letsDigests, count >= 32 { return true }
    if Self.areFour(dots), text[start] &- 0x30 < 10, text[end &- 1] &- 0x30 < 10 { return true }
    // A dot at the end says nothing.
    if dots &>> UInt64(count &- 1) == 1 {
      count &-= 1
      dots ^= 1 &<< UInt64(count)
    }
    var (state, labels) = (seed, 0)
    while count >= 0 {
      let dot = 63 &- dots.leadingZeroBitCount
      state = unsafe Self.mixed(state, bytes, start &+ dot &+ 1, start &+ count)
      labels &+= 1
      // With all its labels, or those of a name that it is below.
      if dot < 0 || looksBelow && labels >= fewestLabels, isMarked(state) { return true }
      count = dot
      dots &= ~(1 &<< UInt64(truncatingIfNeeded: max(0, dot)))
    }
    return false
  }

  /// Four bits at least: to count them is dearer, on processors that may have no instruction for it.
  @inline(__always) private static func areFour(_ bits: UInt64) -> Bool {
    let two = bits & (bits &- 1)
    let three = two & (two &- 1)
    return three & (three &- 1) != 0
  }

  /// The hash of the text of an IPv4 address, and a bit for each dot; `nil` for what has other octets than digits and dots, or more or less than an address.
  @unsafe @inline(__always) private func address4Hash(_ bytes: RawSpan, _ start: Int, _ end: Int) -> (hash: UInt64, dots: UInt64)?
  {
    let count = end &- start
    guard count >= 7, count <= 15 else { return nil }
    let known: UInt64 = count < 8 ? ~(.max &<< UInt64(8 &* count)) : .max
    let first = unsafe EightOctets(unchecked: bytes, at: start)
    let (firstDots, firstOthers) = first.dotsAndOthers
    guard firstOthers & known == 0 else { return nil }
    let state = EightOctets(word: first.word & known).mixed(into: seed)
    let dots = firstDots & known
    guard count > 8 else { return (state, dots) }
    // The last of the eight octets up to the end are not among the first.
    let rest = unsafe EightOctets(unchecked: bytes, at: end &- 8)
    let (restDots, restOthers) = rest.dotsAndOthers
    guard restOthers == 0 else { return nil }
    // Those of the last that are not among the first.
    let more = restDots &>> UInt64(8 &* (16 &- count))
    // No two share a bit: the one has the highest of each octet, and the other gets the next.
    return (rest.mixed(into: state), dots | more &>> 1)
  }

  /// The hash of what follows a label, with the label: in lower case, eight octets at a time from its end.
  @unsafe @inline(__always) private static func mixed(_ state: UInt64, _ bytes: RawSpan, _ start: Int, _ end: Int) -> UInt64 {
    var (state, end) = (state ^ UInt64(truncatingIfNeeded: end &- start), end)
    if end == start { return EightOctets(word: 0).mixed(into: state) }
    repeat {
      let count = min(8, end &- start)
      let word = unsafe EightOctets(unchecked: bytes, at: end &- 8).word &>> UInt64(64 &- 8 &* count)
      state = EightOctets(word: word).lowerCased.mixed(into: state)
      end &-= count
    } while end > start
    return state
  }
}

extension EightOctets {
  /// Which are dots, where all are ASCII; and which are neither dots nor digits.
  fileprivate var dotsAndOthers: (dots: UInt64, others: UInt64) {
    // Each run begins at the first of a pair, and ends before the second.
    let dots = atLeast(UInt8(ascii: ".")) ^ atLeast(UInt8(ascii: "/"))
    let digits = atLeast(UInt8(ascii: "0")) ^ atLeast(UInt8(ascii: "9") + 1)
    return (dots, ~(dots ^ digits) & Self.highBits | beyondASCII)
  }

  /// Which a URL, a port, an IPv6 address or an address of mail has, or a name in its displayed form, and nothing else that is looked
  /// up.
  fileprivate var ofOtherKind: UInt64 {
    equal(to: UInt8(ascii: "/")) | equal(to: UInt8(ascii: ":")) | equal(to: UInt8(ascii: "@")) | beyondASCII
  }
}
