internal import Names

/// Values that something stands before, behind or between: a key, a port, a slash, the rest of an escape. Each octet of a word is looked
/// at a few times at most, however it is joined.
extension LogMatcher {
  // MARK: Slashes

  /// A URL; or values with slashes between them: `HIER_DIRECT/192.0.2.7`, `outside:192.0.2.7/4242`, `192.0.2.0/24`.
  func look(slashed text: Span<UInt8>, _ found: Found, _ hits: inout [Hit]) {
    if Self.schemeMark(text, found.start, found.end) != nil { return look(url: text, found, &hits) }
    // A source or a log may leave the scheme away.
    lookWhole(url: text, found, &hits) { hits in
      var part = found
      for place in found.start...found.end where place == found.end || text[place] == UInt8(ascii: "/") {
        part.end = place
        if part.end - part.start > 3 { look(word: text, part, &hits) }
        part.start = place + 1
      }
    }
  }

  /// A URL, and those that stand in it: `http://a.example/?to=http://b.example/`.
  private func look(url text: Span<UInt8>, _ found: Found, _ hits: inout [Hit]) {
    lookOne(url: text, found, isWhole: true, &hits)
    var (part, left) = (found, Self.mostInnerURLs)
    // Past the first scheme.
    part.start = Self.schemeMark(text, found.start, found.end).map { $0 + 3 } ?? found.end
    while let mark = Self.schemeMark(text, part.start, found.end) {
      var scheme = mark
      while scheme > part.start, (text[scheme - 1] | 0x20) &- 0x61 < 26 { scheme -= 1 }
      part.start = scheme
      lookOne(url: text, part, isWhole: left > 0, &hits)
      (part.start, left) = (mark + 3, left - 1)
    }
  }

  /// Of those in another, so many are looked up as they stand, each to the end of all; of the others only the host is. Else a line of
  /// nothing but these would take the square of its length.
  private static let mostInnerURLs = 8

  static func schemeMark(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
    var place = start
    while place + 2 < end {
      if text[place] == UInt8(ascii: ":"), text[place + 1] == UInt8(ascii: "/"), text[place + 2] == UInt8(ascii: "/") {
        return place
      }
      place += 1
    }
    return nil
  }

  private func lookOne(url text: Span<UInt8>, _ found: Found, isWhole: Bool, _ hits: inout [Hit]) {
    func host(_ hits: inout [Hit]) {
      guard let host = URLHost.range(of: text, found.start, found.end) else { return }
      var part = found
      (part.start, part.end) = (host.lowerBound, host.upperBound)
      lookHost(text, part, &hits)
    }
    if isWhole { lookWhole(url: text, found, &hits, andThen: host) } else { host(&hits) }
  }

  /// Looks for the whole, and then for what is in it; who looks for the whole is not told of that too.
  private func lookWhole(
    url text: Span<UInt8>, _ found: Found, _ hits: inout [Hit], andThen lookInside: (inout [Hit]) -> Void
  ) {
    let before = hits.count
    if !index.texts.isEmpty {
      let url = found.value(in: text)
      let (key, bare) = (URLKey.of(url), URLKey.withoutScheme(url))
      if let head = index.texts[key] { add(head, text, found, &hits) }
      // A source may leave the scheme away.
      if bare != key, let head = index.texts[bare] { add(head, text, found, &hits) }
    }
    let whole = hits[before...].map(\.entry)
    let end = hits.count
    lookInside(&hits)
    if !whole.isEmpty { hits[end...].removeAll { whole.contains($0.entry) } }
  }

  // MARK: Mail

  /// An address of mail, also behind a key (`mailto:a@b.example`), and its host; or an address and a port, as Unbound writes it:
  /// `192.0.2.1@53`.
  func look(email text: Span<UInt8>, _ found: Found, _ hits: inout [Hit]) {
    var (local, key) = (found, found.start)
    local.end = local.start
    while local.end < found.end, text[local.end] != UInt8(ascii: "@") {
      if text[local.end] == UInt8(ascii: ":") { key = local.end + 1 }
      local.end += 1
    }
    if let address = Self.address4(text, local.start, local.end) {
      look(address, text, local, &hits)
    } else if key > found.start, let address = Self.address6(text, local.start, local.end) {
      look(address, text, local, &hits)
    }
    if !index.texts.isEmpty {
      for start in key > found.start ? [found.start, key] : [found.start] {
        var whole = found
        whole.start = start
        if let head = index.texts[whole.value(in: text).lowercased()] { add(head, text, whole, &hits) }
      }
    }
    var host = found
    host.start = local.end + 1
    if host.start < host.end { lookHost(text, host, &hits) }
  }

  // MARK: Colons

  /// An IPv6 address, digits with colons between, or values behind keys and before ports: `[2001:db8::1]:443`, `src:192.0.2.1`,
  /// `MD5:d4:1d:…`.
  func look(colons text: Span<UInt8>, _ found: Found, _ shape: Shape, _ hits: inout [Hit]) {
    if shape.colons > 1, let (range, address) = Self.address6(amid: text, found.start, found.end) {
      var part = found
      (part.start, part.end) = (range.lowerBound, range.upperBound)
      return look(address, text, part, &hits)
    }
    if shape.isHexadecimal, found.end - found.start >= 32 { return look(hash: text, found, &hits) }
    var part = found
    while part.start < found.end, text[part.start] != UInt8(ascii: ":") { part.start += 1 }
    part.start += 1
    if found.end - part.start >= 32, Shape(text, part.start, found.end).isHexadecimal { return look(hash: text, part, &hits) }
    part.start = found.start
    for place in found.start...found.end where place == found.end || text[place] == UInt8(ascii: ":") {
      part.end = place
      if part.end - part.start >= 32 { look(hashesIn: text, part, &hits) }
      if part.end - part.start > 3 { lookHost(text, part, &hits) }
      part.start = place + 1
    }
  }

  /// An IPv6 address without the keys before it and the port behind it: `IPv6:2001:db8::1`, `2001:db8::1.53` (tcpdump),
  /// `2001:db8::1:51234`, whose last number has too many digits to be the address's.
  private static func address6(amid text: Span<UInt8>, _ start: Int, _ end: Int) -> (Range<Int>, IPAddress)? {
    if let address = address6(text, start, end) { return (start..<end, address) }
    var (first, last) = (start, end)
    if text[first] == UInt8(ascii: "[") {
      first += 1
      last = first
      while last < end, text[last] != UInt8(ascii: "]") { last += 1 }
    } else {
      while let colon = place(of: UInt8(ascii: ":"), text, first, last), colon > first, !isHextet(text, first, colon) {
        first = colon + 1
      }
      var port = last
      while port > first, text[port - 1] &- 0x30 < 10 { port -= 1 }
      if port > first, isPort(text, port, last), text[port - 1] == UInt8(ascii: ".") || last - port > 4 { last = port - 1 }
    }
    guard last > first else { return nil }
    return address6(text, first, last).map { (first..<last, $0) }
  }

  private static func place(of octet: UInt8, _ text: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
    var place = start
    while place < end, text[place] != octet { place += 1 }
    return place < end ? place : nil
  }

  private static func isHextet(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    guard end - start <= 4 else { return false }
    for place in start..<end where hexDigit(text[place]) == nil { return false }
    return true
  }

  /// Up to 65535, in decimal.
  static func isPort(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    guard end > start, end - start <= 5 else { return false }
    var number = 0
    for place in start..<end {
      guard text[place] &- 0x30 < 10 else { return false }
      number = number * 10 + Int(text[place] &- 0x30)
    }
    return number <= 65_535
  }

  // MARK: Hashes

  /// Also with colons between the octets, as certificates' fingerprints are shown.
  func look(hash text: Span<UInt8>, _ found: Found, _ hits: inout [Hit]) {
    guard found.end - found.start <= 512, !index.hashes.isEmpty else { return }
    if let head = index.hashes[found.value(in: text).lowercased().filter { $0 != ":" }] { add(head, text, found, &hits) }
  }

  /// Hashes as parts of a file's name or of a label: `d41d….exe`, `extract-d41d…`.
  func look(hashesIn text: Span<UInt8>, _ found: Found, _ hits: inout [Hit]) {
    var part = found
    while part.start < found.end {
      part.end = part.start
      var isHexadecimal = true
      while part.end < found.end, Self.isOfHashOrWord(text[part.end]) {
        if hexDigit(text[part.end]) == nil { isHexadecimal = false }
        part.end += 1
      }
      if isHexadecimal, part.end - part.start >= 32 { look(hash: text, part, &hits) }
      part.start = part.end + 1
    }
  }

  private static func isOfHashOrWord(_ octet: UInt8) -> Bool {
    (octet | 0x20) &- 0x61 < 26 || octet &- 0x30 < 10 || octet >= 0x80
  }

  // MARK: Escapes

  /// `\`, `#`, `%`, and what stands before the number of a colour (ECMA-48 §8.3.117).
  @inline(__always) static func mayBeOfEscape(_ octet: UInt8) -> Bool {
    octet == UInt8(ascii: "\\") || octet == UInt8(ascii: "#") || octet == UInt8(ascii: "%") || octet == UInt8(ascii: "[")
      || octet == UInt8(ascii: ";")
  }

  /// Where a word goes on behind the rest of an escape whose mark stands before it: `x22` of nginx and Zeek, `u003c` and `n` of JSON
  /// in a text, `011` of rsyslog, `2F` of URLs, `31m` of terminals.
  static func behindEscape(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
    func are(_ count: Int, from place: Int, _ test: (UInt8) -> Bool) -> Bool {
      guard end - place >= count else { return false }
      for place in place..<place + count where !test(text[place]) { return false }
      return true
    }
    func isHexadecimal(_ octet: UInt8) -> Bool { hexDigit(octet) != nil }
    switch text[start - 1] {
    case UInt8(ascii: "\\"):
      if text[start] == UInt8(ascii: "x"), are(2, from: start + 1, isHexadecimal) { return start + 3 }
      if text[start] == UInt8(ascii: "u"), are(4, from: start + 1, isHexadecimal) { return start + 5 }
      return "nrtbfv0".utf8.contains(text[start]) ? start + 1 : nil
    case UInt8(ascii: "#"): return are(3, from: start) { $0 &- 0x30 < 8 } ? start + 3 : nil
    case UInt8(ascii: "%"): return are(2, from: start, isHexadecimal) ? start + 2 : nil
    default:
      var place = start
      while place < end, place - start < 4, text[place] &- 0x30 < 10 { place += 1 }
      return place > start && place < end && text[place] == UInt8(ascii: "m") ? place + 1 : nil
    }
  }

  // MARK: Names as they are spelled

  /// Whether a value has octets that a name has only in labels that are no host's: an escape, a blank, a slash.
  static func isSpelled(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    for place in start..<end {
      switch text[place] {
      case UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: " "), UInt8(ascii: "\""): return true
      default: continue
      }
    }
    return false
  }

  /// The name in wire form, lower-cased, that a value spells, with the escapes of RFC 1035 §5.1 and `\xHH`, as Zeek writes it.
  static func spelledName(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> [UInt8]? {
    var (name, label, place): ([UInt8], [UInt8], Int) = ([], [], start)
    while place < end {
      var octet = text[place]
      place += 1
      if octet == UInt8(ascii: ".") {
        guard !label.isEmpty, label.count < 64 else { return nil }
        name.append(UInt8(label.count))
        name += label
        label = []
        continue
      }
      if octet == UInt8(ascii: "\\"), place < end {
        octet = text[place]
        place += 1
        if octet == UInt8(ascii: "x"), end - place >= 2, let high = hexDigit(text[place]), let low = hexDigit(text[place + 1]) {
          octet = UInt8(high << 4 | low)
          place += 2
        } else if octet &- 0x30 < 3, end - place >= 2, text[place] &- 0x30 < 10, text[place + 1] &- 0x30 < 10 {
          let number = Int(octet &- 0x30) * 100 + Int(text[place] &- 0x30) * 10 + Int(text[place + 1] &- 0x30)
          guard number < 256 else { return nil }
          octet = UInt8(number)
          place += 2
        }
      }
      label.append(octet &- 0x41 < 26 ? octet | 0x20 : octet)
      guard name.count + label.count < 255 else { return nil }
    }
    if !label.isEmpty {
      guard label.count < 64 else { return nil }
      name.append(UInt8(label.count))
      name += label
    }
    return name.isEmpty || name.count > 254 ? nil : name + [0]
  }
}
