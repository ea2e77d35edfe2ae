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
  }

  private let index: ValueIndex
  private let sieve: ValueSieve

  public init(_ watchlist: Watchlist) { (index, sieve) = (watchlist.index, ValueSieve(watchlist.index)) }

  /// - Parameters:
  ///   - fields: What ``LogReader`` found in the piece.
  ///   - hits: Takes the hits after what it holds, in the order of the log.
  public func match(_ piece: Span<UInt8>, _ fields: [LogField], _ hits: inout [Hit]) {
    var unescaped: [UInt8] = []
    for number in fields.indices {
      let field = fields[number]
      let (start, end) = (Int(field.start), Int(field.start) + Int(field.count))
      switch field.form {
      case .value: look(piece, start, end, number, field.line, &hits)
      case .text: words(piece, start, end, number, field.line, &hits)
      case .escapedText:
        JSONEscapes.undo(piece, start..<end, &unescaped)
        words(unescaped.span, 0, unescaped.count, number, field.line, &hits)
      }
    }
  }

  // MARK: Words

  /// Looks for each word of a text. A URL goes on to the next blank or quote, whatever is in it.
  private func words(_ text: Span<UInt8>, _ start: Int, _ end: Int, _ field: Int, _ line: UInt32, _ hits: inout [Hit]) {
    var place = start
    while place < end {
      while place < end, !Self.isOfWord(text[place]) { place += 1 }
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
      var last = place
      // What ends a sentence ends no value.
      while last > first, Self.isMark(text[last - 1]) { last -= 1 }
      var begin = first
      while begin < last, Self.isMark(text[begin]),
        !(text[begin] == UInt8(ascii: ":") && begin + 1 < last && text[begin + 1] == UInt8(ascii: ":"))
      {
        begin += 1
      }
      // Shorter than any value: `::1` is no address that anyone publishes.
      if last - begin > 3 { look(text, begin, last, field, line, &hits) }
    }
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

  /// Letters, digits, `. - _ : / @ % + ~ *`, and what is beyond ASCII: two words of bits, so that no table is fetched.
  @inline(__always) private static func isOfWord(_ octet: UInt8) -> Bool {
    let bits: UInt64 = octet < 64 ? 0x07FF_EC20_0000_0000 : octet < 128 ? 0x47FF_FFFE_87FF_FFFF : .max
    return bits >> UInt64(octet & 63) & 1 == 1
  }

  @inline(__always) private static func ofWordButColon(_ octets: EightOctets) -> UInt64 {
    let ascii = EightOctets(word: octets.word & ~EightOctets.highBits)
    // What is at or above an odd number of these: each run of words' octets has its first here, and the first behind it.
    let mixed = ascii.atLeast(0x25) ^ ascii.atLeast(0x26) ^ ascii.atLeast(0x2A) ^ ascii.atLeast(0x2C)
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
    octet == UInt8(ascii: ".") || octet == UInt8(ascii: ":") || octet == UInt8(ascii: "-") || octet == UInt8(ascii: "/")
      || octet == UInt8(ascii: "@") || octet == UInt8(ascii: "%") || octet == UInt8(ascii: "*")
  }

  // MARK: Values

  /// What a value can be, by its octets.
  private struct Shape {
    var colons = 0
    var hasSlash = false
    var hasAt = false
    var isHexadecimal = true

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
        default: isHexadecimal = false
        }
      }
    }
  }

  private func look(
    _ text: Span<UInt8>, _ start: Int, _ end: Int, _ field: Int, _ line: UInt32, _ hits: inout [Hit]
  ) {
    guard sieve.mayHold(text, start, end) else { return }
    var found = Found(start: start, end: end, field: field, line: line)
    if text[end - 1] &- 0x30 < 10, let address = Self.address4(text, start, end) { return look(address, text, found, &hits) }
    var wire = WireName()
    if let count = Self.wireName(text, start, end, &wire) {
      // A hash is a label as well.
      if count >= 34, count <= 66, !index.hashes.isEmpty { look(hash: text, found, &hits) }
      return look(name: wire.octets.span.extracting(0..<count), text, found, &hits)
    }
    let shape = Shape(text, start, end)
    if shape.hasSlash {
      look(url: text, found, &hits)
    } else if shape.hasAt {
      look(email: text, found, &hits)
    } else if shape.isHexadecimal, end - start >= 32, !index.hashes.isEmpty {
      look(hash: text, found, &hits)
    } else if shape.colons > 1, let address = IPAddress(text: text.extracting(start..<end)) {
      look(address, text, found, &hits)
    } else if shape.colons > 0 {
      // A port behind it, or a key before: `192.0.2.1:53`, `src:192.0.2.1`, `DNS:www.example.net`.
      for place in start...end where place == end || text[place] == UInt8(ascii: ":") {
        found.end = place
        if place - found.start > 3 { lookHost(text, found, &hits) }
        found.start = place + 1
      }
    }
  }

  /// Where a value stands that is looked up.
  private struct Found {
    var start: Int
    var end: Int
    var field: Int
    var line: UInt32

    func value(in text: Span<UInt8>) -> String {
      // Read inside the closure alone.
      unsafe text.extracting(start..<end).withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }
  }

  private func add(_ head: UInt32, _ text: Span<UInt8>, _ found: Found, _ hits: inout [Hit]) {
    var link = head
    guard link != 0 else { return }
    let value = found.value(in: text)
    while link != 0 {
      let entry = index.chains.links[Int(link)]
      hits.append(Hit(field: found.field, line: found.line, value: value, entry: Int(entry.tag), manner: entry.manner))
      link = entry.next
    }
  }

  private func lookHost(_ text: Span<UInt8>, _ found: Found, _ hits: inout [Hit]) {
    if let address = Self.address4(text, found.start, found.end) {
      look(address, text, found, &hits)
    } else {
      var wire = WireName()
      guard let count = Self.wireName(text, found.start, found.end, &wire) else { return }
      look(name: wire.octets.span.extracting(0..<count), text, found, &hits)
    }
  }

  private func look(_ address: UInt32, _ text: Span<UInt8>, _ found: Found, _ hits: inout [Hit]) {
    add(index.addresses4.head(of: address), text, found, &hits)
    for length in index.lengths4 {
      guard let prefix = IPPrefix(containing: .v4(address), length: length) else { continue }
      if let head = index.prefixes[prefix] { add(head, text, found, &hits) }
    }
  }

  private func look(_ address: IPAddress, _ text: Span<UInt8>, _ found: Found, _ hits: inout [Hit]) {
    // Who listens for both families writes `::ffff:192.0.2.1` of an IPv4 client (RFC 4291 §2.5.5.2).
    if let value = address.v4 { return look(value, text, found, &hits) }
    if let head = index.addresses6[address] { add(head, text, found, &hits) }
    for length in index.lengths6 {
      guard let prefix = IPPrefix(containing: address, length: length) else { continue }
      if let head = index.prefixes[prefix] { add(head, text, found, &hits) }
    }
  }

  /// - Parameter name: In wire form, lower-cased.
  private func look(name: Span<UInt8>, _ text: Span<UInt8>, _ found: Found, _ hits: inout [Hit]) {
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

  private func look(url text: Span<UInt8>, _ found: Found, _ hits: inout [Hit]) {
    let before = hits.count
    if !index.texts.isEmpty {
      let url = found.value(in: text)
      let (key, bare) = (URLKey.of(url), URLKey.withoutScheme(url))
      if let head = index.texts[key] { add(head, text, found, &hits) }
      // A source may leave the scheme away.
      if bare != key, let head = index.texts[bare] { add(head, text, found, &hits) }
    }
    guard let host = URLHost.range(of: text, found.start, found.end) else { return }
    var part = found
    (part.start, part.end) = (host.lowerBound, host.upperBound)
    let whole = hits[before...].map(\.entry)
    let end = hits.count
    lookHost(text, part, &hits)
    // Who looks for this URL is not told of its host too.
    if !whole.isEmpty { hits[end...].removeAll { whole.contains($0.entry) } }
  }

  private func look(email text: Span<UInt8>, _ found: Found, _ hits: inout [Hit]) {
    if !index.texts.isEmpty {
      if let head = index.texts[found.value(in: text).lowercased()] { add(head, text, found, &hits) }
    }
    var part = found
    while part.start < part.end, text[part.start] != UInt8(ascii: "@") { part.start += 1 }
    part.start += 1
    if part.start < part.end { lookHost(text, part, &hits) }
  }

  /// Also with colons between the octets, as certificates' fingerprints are shown.
  private func look(hash text: Span<UInt8>, _ found: Found, _ hits: inout [Hit]) {
    guard found.end - found.start <= 512 else { return }
    if let head = index.hashes[found.value(in: text).lowercased().filter { $0 != ":" }] { add(head, text, found, &hits) }
  }

  // MARK: Forms

  /// Four numbers up to 255 without leading zeros.
  @inline(__always) static func address4(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> UInt32? {
    guard end - start >= 7, end - start <= 15 else { return nil }
    let second = EightOctets(text, at: min(start &+ 8, end), before: end).word
    // What is left of the text, the first octet the lowest, and zeros.
    var rest = UInt128(second) &<< 64 | UInt128(EightOctets(text, at: start, before: end).word)
    var (address, place) = (UInt32(0), start)
    for number in 0..<4 {
      // Digits are 0 to 9 in these four octets, and nothing else is.
      let octets = UInt32(truncatingIfNeeded: rest) ^ 0x3030_3030
      let others = ((octets & 0x7F7F_7F7F) &+ 0x7676_7676 | octets) & 0x8080_8080
      let count = UInt32(truncatingIfNeeded: others.trailingZeroBitCount) &>> 3
      guard count &- 1 < 3, count == 1 || octets & 0xFF != 0 else { return nil }
      // The last digit is the highest octet.
      let digits = octets &<< (32 &- 8 &* count)
      let value = digits &>> 24 &+ (digits &>> 16 & 0xFF) &* 10 &+ (digits &>> 8 & 0xFF) &* 100
      guard value < 256 else { return nil }
      address = address &<< 8 | value
      rest &>>= UInt128(8 &* count)
      place &+= Int(count)
      if number < 3 {
        guard UInt8(truncatingIfNeeded: rest) == UInt8(ascii: ".") else { return nil }
        rest &>>= 8
        place &+= 1
      }
    }
    return place == end ? address : nil
  }

  /// A name in wire form, lower-cased; `nil` where the text is none. A dot at its end says nothing.
  @inline(__always) static func wireName(_ text: Span<UInt8>, _ start: Int, _ end: Int, _ wire: inout WireName) -> Int? {
    let end = end > start && text[end - 1] == UInt8(ascii: ".") ? end - 1 : end
    let count = end - start
    guard count > 0, count <= 253 else { return nil }
    // Where the length of the label in hand belongs.
    var label = 0
    for offset in stride(from: 0, to: count, by: 8) {
      let octets = EightOctets(text, at: start + offset, before: end)
      let known = count - offset < 8 ? ~(UInt64.max << UInt64((count - offset) * 8)) : .max
      guard octets.ofNoName & known == 0 else { return nil }
      wire.put(octets.lowerCased, at: offset + 1)
      var dots = octets.equal(to: UInt8(ascii: "."))
      while dots != 0 {
        let dot = offset + 1 + dots.trailingZeroBitCount >> 3
        dots &= dots &- 1
        guard wire.close(label, before: dot) else { return nil }
        label = dot
      }
    }
    // What is behind the name is zero: so is the last label.
    return wire.close(label, before: count + 1) ? count + 2 : nil
  }

  /// Room for a name of 255 octets, and for the eight that are written at a time.
  struct WireName {
    private(set) var octets = InlineArray<264, UInt8>(repeating: 0)

    /// Needs `place` up to 254.
    @inline(__always) mutating func put(_ eight: EightOctets, at place: Int) {
      var span = octets.mutableSpan
      // Any octets are octets; that there is room is asked.
      var bytes = unsafe span.mutableBytes
      bytes.storeBytes(of: eight.word.littleEndian, toByteOffset: place, as: UInt64.self)
    }

    /// Writes the length of the label whose length octet is at `label`; `false` where that is none.
    @inline(__always) mutating func close(_ label: Int, before end: Int) -> Bool {
      let length = end - label - 1
      guard length > 0, length < 64 else { return false }
      octets[label] = UInt8(truncatingIfNeeded: length)
      return true
    }
  }
}

extension EightOctets {
  /// Which stand in no name, but do in a URL, a port or an address of mail: blanks, `: / @ \ "` and what is beyond ASCII.
  fileprivate var ofNoName: UInt64 {
    // Of the others each run has its first here, and the first behind it: what is at or above an odd number of these is in one.
    let marks = atLeast(0x21) ^ atLeast(0x22) ^ atLeast(0x23) ^ atLeast(0x2F)
    let numbers = atLeast(0x30) ^ atLeast(0x3A) ^ atLeast(0x3B) ^ atLeast(0x40)
    let letters = atLeast(0x41) ^ atLeast(0x5C) ^ atLeast(0x5D) ^ atLeast(0x7F)
    return ~(marks ^ numbers ^ letters) & Self.highBits | beyondASCII
  }
}
