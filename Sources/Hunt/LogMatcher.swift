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

  public init(_ watchlist: Watchlist) { index = watchlist.index }

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
      let first = place
      while place < end, Self.isOfWord(text[place]) {
        if text[place] == UInt8(ascii: ":"), place + 2 < end, text[place + 1] == UInt8(ascii: "/"),
          text[place + 2] == UInt8(ascii: "/")
        {
          while place < end, Self.isOfURL(text[place]) { place += 1 }
          break
        }
        place += 1
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

  /// Letters, digits, `. - _ : / @ % + ~ *`, and what is beyond ASCII: two words of bits, so that no table is fetched.
  @inline(__always) private static func isOfWord(_ octet: UInt8) -> Bool {
    let bits: UInt64 = octet < 64 ? 0x07FF_EC20_0000_0000 : octet < 128 ? 0x47FF_FFFE_87FF_FFFF : .max
    return bits >> UInt64(octet & 63) & 1 == 1
  }

  @inline(__always) private static func isOfURL(_ octet: UInt8) -> Bool {
    octet > 0x20 && octet != UInt8(ascii: "\"") && octet != UInt8(ascii: "<") && octet != UInt8(ascii: ">")
      && octet != UInt8(ascii: "'") && octet != UInt8(ascii: "|") && octet != UInt8(ascii: "\\")
  }

  @inline(__always) private static func isMark(_ octet: UInt8) -> Bool {
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
    var found = Found(start: start, end: end, field: field, line: line)
    // Most values are addresses and names, and these are told as they are read.
    if text[end - 1] &- 0x30 < 10, let address = Self.address4(text, start, end) { return look(address, text, found, &hits) }
    var wire = InlineArray<256, UInt8>(repeating: 0)
    if let count = Self.wireName(text, start, end, &wire) {
      // A hash is a label as well.
      if count >= 34, count <= 66, !index.hashes.isEmpty { look(hash: text, found, &hits) }
      return look(name: wire.span.extracting(0..<count), text, found, &hits)
    }
    let shape = Shape(text, start, end)
    if shape.hasSlash {
      look(url: text, found, &hits)
    } else if shape.hasAt {
      look(email: text, found, &hits)
    } else if shape.isHexadecimal, end - start >= 32, !index.hashes.isEmpty {
      look(hash: text, found, &hits)
    } else if shape.colons == 1 {
      // A port.
      var colon = start
      while text[colon] != UInt8(ascii: ":") { colon += 1 }
      found.end = colon
      if colon > start { lookHost(text, found, &hits) }
    } else if shape.colons > 1, !index.addresses6.isEmpty || !index.lengths6.isEmpty,
      let address = IPAddress(text: text.extracting(start..<end))
    {
      look(address, text, found, &hits)
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
      var wire = InlineArray<256, UInt8>(repeating: 0)
      guard let count = Self.wireName(text, found.start, found.end, &wire) else { return }
      look(name: wire.span.extracting(0..<count), text, found, &hits)
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
    if case .v4(let value) = address { return look(value, text, found, &hits) }
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
      if let head = index.texts[found.value(in: text)] { add(head, text, found, &hits) }
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
    var (address, number, digits, dots) = (UInt32(0), UInt32(0), 0, 0)
    for place in start..<end {
      let octet = text[place]
      if octet == UInt8(ascii: ".") {
        guard digits > 0, dots < 3 else { return nil }
        (address, number, digits, dots) = (address << 8 | number, 0, 0, dots + 1)
        continue
      }
      let digit = octet &- 0x30
      guard digit < 10, digits == 0 || number > 0 else { return nil }
      number = number * 10 + UInt32(digit)
      digits += 1
      guard number < 256 else { return nil }
    }
    return dots == 3 && digits > 0 ? address << 8 | number : nil
  }

  /// What no URL, no port and no address of mail has: all but blanks, `: / @ \ "` and what is beyond ASCII.
  @inline(__always) private static func isOfName(_ octet: UInt8) -> Bool {
    let bits: UInt64 = octet < 64 ? 0xFBFF_7FFA_0000_0000 : octet < 128 ? 0x7FFF_FFFF_EFFF_FFFE : 0
    return bits >> UInt64(octet & 63) & 1 == 1
  }

  /// A name in wire form, lower-cased; `nil` where the text is none. A dot at its end says nothing.
  @inline(__always) static func wireName(
    _ text: Span<UInt8>, _ start: Int, _ end: Int, _ wire: inout InlineArray<256, UInt8>
  ) -> Int? {
    let end = end > start && text[end - 1] == UInt8(ascii: ".") ? end - 1 : end
    guard end > start, end - start <= 253 else { return nil }
    var (label, place) = (0, 1)
    for from in start..<end {
      let octet = text[from]
      if octet == UInt8(ascii: ".") {
        let length = place - label - 1
        guard length > 0, length < 64 else { return nil }
        wire[label] = UInt8(truncatingIfNeeded: length)
        label = place
      } else if Self.isOfName(octet) {
        wire[place] = lowerCased(octet)
      } else {
        return nil
      }
      place += 1
    }
    let length = place - label - 1
    guard length > 0, length < 64 else { return nil }
    wire[label] = UInt8(truncatingIfNeeded: length)
    wire[place] = 0
    return place + 1
  }
}
