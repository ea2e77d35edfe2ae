internal import Names
public import Telemetry

/// Holds the values of a log against a ``Watchlist``.
public struct LogMatcher: Sendable {
  /// A value in a log that someone looks for. A sighting, and never more by itself.
  public struct Hit: Sendable {
    /// Which of the piece's fields the value stands in.
    public var field: Int
    /// From 0, in the piece.
    public var line: UInt32
    /// As it stands in the log.
    public var value: String
    /// Of the watchlist's entries.
    public var entry: Int
    public var manner: MatchManner
    /// Entries that look for the same and have no hit of their own here; of the last hit at a place alone.
    public var more = 0
  }

  /// Hits of one key at a place: a name, a prefix. Of thousands of URLs at a host that everybody uses, each line that names the host
  /// would tell all.
  public static let mostHitsAtPlace = 8

  let index: ValueIndex
  private let sieve: ValueSieve

  public init(_ watchlist: Watchlist) { (index, sieve) = (watchlist.index.ordered, ValueSieve(watchlist.index)) }

  /// - Parameters:
  ///   - fields: What ``LogReader`` found in the piece.
  ///   - hits: Takes the hits after what it holds, in the order of the log.
  public func match(_ piece: Span<UInt8>, _ fields: [LogField], _ hits: inout [Hit]) {
    var unescaped: [UInt8] = []
    for number in fields.indices {
      let field = fields[number]
      let (start, end) = (Int(field.start), Int(field.start) + Int(field.count))
      let before = hits.count
      defer { if hits.count - before > 1 { Self.tellOnce(&hits, from: before) } }
      switch field.form {
      case .value: look(value: piece, start, end, number, field.line, &hits)
      case .text: words(piece, start, end, number, field.line, &hits)
      case .escapedText:
        JSONEscapes.undo(piece, start..<end, &unescaped)
        words(unescaped.span, 0, unescaped.count, number, field.line, &hits)
      }
    }
  }

  /// Of a field that has a value several times, the first is told.
  private static func tellOnce(_ hits: inout [Hit], from start: Int) {
    struct Told: Hashable {
      var value: String
      var entry: Int
    }
    var told: Set<Told> = []
    var kept = start
    for index in start..<hits.count where told.insert(Told(value: hits[index].value, entry: hits[index].entry)).inserted {
      if kept != index { hits[kept] = hits[index] }
      kept += 1
    }
    hits.removeSubrange(kept...)
  }

  // MARK: Words

  /// Looks for each word of a text. A URL goes on to the next blank or quote, whatever is in it.
  private func words(_ text: Span<UInt8>, _ start: Int, _ end: Int, _ field: Int, _ line: UInt32, _ hits: inout [Hit]) {
    var place = start
    while place < end {
      while place < end, !Self.isOfWord(text[place]) { place += 1 }
      let beginning = place
      var first = place
      // Behind the colon before.
      var part = place
      while place < end {
        place = Self.wordEnds(text, place, end)
        guard place < end, text[place] == UInt8(ascii: ":") else { break }
        if place + 2 < end, text[place + 1] == UInt8(ascii: "/"), text[place + 2] == UInt8(ascii: "/") {
          while place < end, Self.isOfURL(text[place]) { place += 1 }
          // `url:http://…`: what is before the scheme is a key.
          first = part
          break
        }
        place += 1
        part = place
      }
      look(part: text, first..<place, field, line, &hits)
      // What begins with the rest of an escape is looked at without it as well.
      if beginning > start, place > beginning, Self.mayBeOfEscape(text[beginning - 1]),
        let rest = Self.behindEscape(text, beginning, place),
        rest > first
      {
        look(part: text, rest..<place, field, line, &hits)
      }
    }
  }

  @inline(__always) private func look(
    part text: Span<UInt8>, _ range: Range<Int>, _ field: Int, _ line: UInt32, _ hits: inout [Hit]
  ) {
    let (first, place) = (range.lowerBound, range.upperBound)
    let isBare = place > first && Self.isBare(text[first]) && Self.isBare(text[place - 1])
    let value = isBare ? range : Self.trimmed(text, first, place)
    // Shorter than any value: `::1` is no address that anyone publishes.
    if value.count > 3 { look(text, value.lowerBound, value.upperBound, field, line, &hits) }
  }

  /// A letter or digit: what begins and ends with one is a value as it stands.
  @inline(__always) private static func isBare(_ octet: UInt8) -> Bool {
    (octet | 0x20) &- 0x61 < 26 || octet &- 0x30 < 10
  }

  /// A word without what ends a sentence, and without quotes and blanks beyond ASCII: these begin and end no value.
  private static func trimmed(_ text: Span<UInt8>, _ first: Int, _ place: Int) -> Range<Int> {
    var (begin, last) = (first, place)
    while last > begin {
      let octet = text[last - 1]
      // The last two groups of an IPv6 address may be left away.
      if octet == UInt8(ascii: ":"), last - begin > 2, text[last - 2] == octet, hexDigit(text[last - 3]) != nil { break }
      let count = isMark(octet) ? 1 : octet < 0x80 ? 0 : marksBeyondASCII(text, last, from: begin)
      if count == 0 { break }
      last -= count
    }
    while begin < last {
      let octet = text[begin]
      if octet == UInt8(ascii: ":"), begin + 1 < last, text[begin + 1] == octet { break }
      let count = isMark(octet) ? 1 : octet < 0x80 ? 0 : marksBeyondASCII(text, begin, to: last)
      if count == 0 { break }
      begin += count
    }
    return begin..<last
  }

  /// Octets of a mark in UTF-8 that begins here, or ends before here: a no-break space, a guillemet, a byte order mark, and general
  /// punctuation, where typographic quotes are.
  private static func marksBeyondASCII(_ text: Span<UInt8>, _ place: Int, to end: Int) -> Int {
    if end - place >= 2, text[place] == 0xC2 { return [0xA0, 0xAB, 0xBB].contains(text[place + 1]) ? 2 : 0 }
    guard end - place >= 3 else { return 0 }
    return text[place] == 0xE2 && text[place + 1] == 0x80
      || text[place] == 0xEF && text[place + 1] == 0xBB && text[place + 2] == 0xBF ? 3 : 0
  }

  private static func marksBeyondASCII(_ text: Span<UInt8>, _ place: Int, from start: Int) -> Int {
    for count in [2, 3] where place - start >= count && marksBeyondASCII(text, place - count, to: place) == count { return count }
    return 0
  }

  /// Where the first octet is, from one of a word on, that is of no word, or is a colon.
  private static func wordEnds(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
    for place in stride(from: start, to: end, by: 8) {
      // Behind the end there are zeros, which no word has.
      let found = ~ofWordButColon(EightOctets(text, at: place, before: end)) & EightOctets.highBits
      if found != 0 { return place &+ found.trailingZeroBitCount &>> 3 }
    }
    return end
  }

  /// Letters, digits, `. - _ : / @ + ~ *`, and what is beyond ASCII: two words of bits, so that no table is fetched.
  @inline(__always) private static func isOfWord(_ octet: UInt8) -> Bool {
    let bits: UInt64 = octet < 64 ? 0x07FF_EC00_0000_0000 : octet < 128 ? 0x47FF_FFFE_87FF_FFFF : .max
    return bits >> UInt64(octet & 63) & 1 == 1
  }

  @inline(__always) private static func ofWordButColon(_ octets: EightOctets) -> UInt64 {
    let ascii = EightOctets(word: octets.word & ~EightOctets.highBits)
    // What is at or above an odd number of these: each run of words' octets has its first here, and the first behind it.
    let mixed = ascii.atLeast(0x2A) ^ ascii.atLeast(0x2C)
    let numbers = ascii.atLeast(0x2D) ^ ascii.atLeast(0x3A)
    let letters = ascii.atLeast(0x40) ^ ascii.atLeast(0x5B) ^ ascii.atLeast(0x5F) ^ ascii.atLeast(0x60)
    let others = ascii.atLeast(0x61) ^ ascii.atLeast(0x7B) ^ ascii.atLeast(0x7E) ^ ascii.atLeast(0x7F)
    return mixed ^ numbers ^ letters ^ others | octets.beyondASCII
  }

  @inline(__always) private static func isOfURL(_ octet: UInt8) -> Bool {
    octet > 0x20 && octet != UInt8(ascii: "\"") && octet != UInt8(ascii: "<") && octet != UInt8(ascii: ">")
      && octet != UInt8(ascii: "'") && octet != UInt8(ascii: "|") && octet != UInt8(ascii: "\\")
  }

  @inline(__always) static func isMark(_ octet: UInt8) -> Bool {
    // `% * - . / : @`, as bits of a word.
    octet < 0x40 ? 0x0400_E420_0000_0000 as UInt64 >> UInt64(octet) & 1 == 1 : octet == UInt8(ascii: "@")
  }

  // MARK: Values

  /// What a value can be, by its octets.
  struct Shape {
    var colons = 0
    var hasSlash = false
    var hasAt = false
    var isHexadecimal = true
    var isASCII = true

    @inline(__always) init(_ text: Span<UInt8>, _ start: Int, _ end: Int) {
      for place in start..<end {
        let octet = text[place]
        switch octet {
        case 0x30...0x39: continue
        case UInt8(ascii: "."): isHexadecimal = false
        case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): continue
        case UInt8(ascii: ":"): colons += 1
        case UInt8(ascii: "/"):
          hasSlash = true
          isHexadecimal = false
        case UInt8(ascii: "@"):
          hasAt = true
          isHexadecimal = false
        case 0x80...: (isHexadecimal, isASCII) = (false, false)
        default: isHexadecimal = false
        }
      }
    }
  }

  private func look(
    _ text: Span<UInt8>, _ start: Int, _ end: Int, _ field: Int, _ line: UInt32, _ hits: inout [Hit]
  ) {
    guard start < end, sieve.mayHold(text, start, end) else { return }
    look(word: text, Found(start: start, end: end, field: field, line: line), &hits)
  }

  /// A field that is one value: where it is no address, URL or name as these are written, the name that it spells.
  private func look(
    value text: Span<UInt8>, _ start: Int, _ end: Int, _ field: Int, _ line: UInt32, _ hits: inout [Hit]
  ) {
    guard start < end, sieve.mayHold(text, start, end) else { return }
    let found = Found(start: start, end: end, field: field, line: line)
    if Self.isSpelled(text, start, end), Self.schemeMark(text, start, end) == nil,
      let name = Self.spelledName(text, start, end)
    {
      return look(name: name.span, text, found, &hits)
    }
    look(word: text, found, &hits)
  }

  /// A word of any kind, or several that something stands between.
  func look(word text: Span<UInt8>, _ word: Found, _ hits: inout [Hit]) {
    var found = word
    let (start, end) = (found.start, found.end)
    if text[end - 1] &- 0x30 < 10, let address = Self.address4(text, start, end) { return look(address, text, found, &hits) }
    // tcpdump writes the port behind an address as a fifth number.
    if text[end - 1] &- 0x30 < 10, let dot = Self.lastDot(text, start, end), Self.isPort(text, dot + 1, end),
      let address = Self.address4(text, start, dot)
    {
      found.end = dot
      return look(address, text, found, &hits)
    }
    var wire = WireName()
    if let count = Self.wireName(text, start, end, &wire) {
      // A hash is a label as well, or a part of one.
      if count >= 34, !index.hashes.isEmpty { look(hashesIn: text, found, &hits) }
      return look(name: wire.octets.span.extracting(0..<count), text, found, &hits)
    }
    let shape = Shape(text, start, end)
    if shape.hasSlash {
      look(slashed: text, found, &hits)
    } else if shape.hasAt {
      look(email: text, found, &hits)
    } else if shape.colons > 0 {
      look(colons: text, found, shape, &hits)
    } else if shape.isHexadecimal, end - start >= 32 {
      look(hash: text, found, &hits)
    } else if !shape.isASCII {
      look(displayed: text, found, &hits)
    } else if end - start > 34, !index.hashes.isEmpty {
      // Longer than a label: `e3b0….exe`.
      look(hashesIn: text, found, &hits)
    }
  }

  /// Where a value stands that is looked up.
  struct Found {
    var start: Int
    var end: Int
    var field: Int
    var line: UInt32

    func value(in text: Span<UInt8>) -> String {
      // Read inside the closure alone.
      unsafe text.extracting(start..<end).withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }
  }

  func add(_ head: UInt32, _ text: Span<UInt8>, _ found: Found, _ hits: inout [Hit]) {
    var link = head
    guard link != 0 else { return }
    let value = found.value(in: text)
    var left = Self.mostHitsAtPlace
    while link != 0, left > 0 {
      let entry = index.chains.links[Int(link)]
      hits.append(Hit(field: found.field, line: found.line, value: value, entry: Int(entry.tag), manner: entry.manner))
      (link, left) = (entry.next, left - 1)
    }
    if link != 0 { hits[hits.count - 1].more = Int(index.chains.links[Int(head)].count) - Self.mostHitsAtPlace }
  }

  func lookHost(_ text: Span<UInt8>, _ found: Found, _ hits: inout [Hit]) {
    if let address = Self.address4(text, found.start, found.end) { return look(address, text, found, &hits) }
    var wire = WireName()
    if let count = Self.wireName(text, found.start, found.end, &wire) {
      return look(name: wire.octets.span.extracting(0..<count), text, found, &hits)
    }
    let shape = Shape(text, found.start, found.end)
    if shape.colons > 1, let address = Self.address6(text, found.start, found.end) {
      look(address, text, found, &hits)
    } else if !shape.isASCII {
      look(displayed: text, found, &hits)
    }
  }

  /// A name in letters beyond ASCII, which stands in lists by its A-labels (RFC 5890 §2.3.2.1).
  func look(displayed text: Span<UInt8>, _ found: Found, _ hits: inout [Hit]) {
    guard found.end - found.start <= 1024, let name = try? DomainName(displayed: found.value(in: text)) else { return }
    look(name: name.octets.span, text, found, &hits)
  }

  /// An IPv6 address, also of a zone (RFC 4007 §11): `fe80::1%eth0`.
  static func address6(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> IPAddress? {
    guard end - start <= 64 else { return nil }
    var last = start
    while last < end, text[last] != UInt8(ascii: "%") { last += 1 }
    return IPAddress(text: text.extracting(start..<last))
  }

  func look(_ address: UInt32, _ text: Span<UInt8>, _ found: Found, _ hits: inout [Hit]) {
    add(index.addresses4.head(of: address), text, found, &hits)
    for length in index.lengths4 {
      guard let prefix = IPPrefix(containing: .v4(address), length: length) else { continue }
      if let head = index.prefixes[prefix] { add(head, text, found, &hits) }
    }
  }

  func look(_ address: IPAddress, _ text: Span<UInt8>, _ found: Found, _ hits: inout [Hit]) {
    // Who listens for both families writes `::ffff:192.0.2.1` of an IPv4 client (RFC 4291 §2.5.5.2).
    if let value = address.v4 { return look(value, text, found, &hits) }
    if let head = index.addresses6[address] { add(head, text, found, &hits) }
    for length in index.lengths6 {
      guard let prefix = IPPrefix(containing: address, length: length) else { continue }
      if let head = index.prefixes[prefix] { add(head, text, found, &hits) }
    }
  }

  /// - Parameter name: In wire form, lower-cased.
  func look(name: Span<UInt8>, _ text: Span<UInt8>, _ found: Found, _ hits: inout [Hit]) {
    guard index.names.nearest(to: name) != nil else { return }
    // One of the names above it is looked for, or it is: find out which, and how.
    if let number = index.names.number(of: name) { add(index.atName[number], text, found, &hits) }
    var label = 0
    while name[label] != 0 {
      label += 1 + Int(name[label])
      let above = name.extracting(label..<name.count)
      if let number = index.names.number(of: above) { add(index.belowName[number], text, found, &hits) }
    }
  }
}
