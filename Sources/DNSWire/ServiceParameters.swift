import Names

/// The parameters of SVCB and HTTPS: key, length, value, keys strictly rising (RFC 9460 §2.2).
enum ServiceParameters {
  /// Names of keys by number (RFC 9460 §14.3.2, RFC 9461, RFC 9540, draft-ietf-tls-key-share-prediction).
  private static let names = [
    "mandatory", "alpn", "no-default-alpn", "port", "ipv4hint", "ech", "ipv6hint", "dohpath", "ohttp", "tls-supported-groups",
  ]

  static func name(_ key: UInt16) -> String { Int(key) < names.count ? names[Int(key)] : "key\(key)" }

  /// The number of a key; `nil` if it has no name and is not `keyNNNNN` without leading zeros.
  static func key(_ name: ArraySlice<UInt8>) -> UInt16? {
    let word = String(decoding: name, as: UTF8.self)
    if let key = names.firstIndex(of: word) { return UInt16(truncatingIfNeeded: key) }
    guard word.hasPrefix("key"), let key = UInt16(word.dropFirst(3)), word == "key\(key)", key != 65535 else { return nil }
    return key
  }

  static func forEach(_ octets: ArraySlice<UInt8>, _ body: (UInt16, ArraySlice<UInt8>) -> Void) {
    var rest = octets
    while rest.count >= 4 {
      let key = UInt16(truncatingIfNeeded: rest.prefix(2).number)
      let length = Int(rest.dropFirst(2).prefix(2).number)
      body(key, rest.dropFirst(4).prefix(length))
      rest = rest.dropFirst(4 + length)
    }
  }

  /// Checks order, lengths, the values of known keys, and that what is mandatory is there.
  static func check(_ message: Span<UInt8>, from start: Int, to end: Int, type: RRType) throws(WireFault) {
    var (place, last) = (start, -1)
    while place < end {
      guard end - place >= 4 else { throw .dataTooShort(type, at: place) }
      let key = Int(message[place]) << 8 | Int(message[place + 1])
      let length = Int(message[place + 2]) << 8 | Int(message[place + 3])
      guard length <= end - place - 4 else { throw .dataTooShort(type, at: place + 4) }
      let code = UInt16(truncatingIfNeeded: key)
      guard key > last else { throw .badField(type, .parameterOrder(code), at: place) }
      guard isValue(message, from: place + 4, length: length, key: code) else {
        throw .badField(type, .parameterValue(code), at: place + 4)
      }
      if key == 0 { try checkMandatory(message, from: place + 4, length: length, end: end, type: type) }
      (last, place) = (key, place + 4 + length)
    }
  }

  /// Whether a value has the form that its key wants.
  private static func isValue(_ message: Span<UInt8>, from start: Int, length: Int, key: UInt16) -> Bool {
    switch key {
    case 0: return length > 0 && length % 2 == 0
    case 1:  // identifiers, each with its length octet
      var place = start
      while place < start + length {
        guard message[place] > 0 else { return false }
        place += 1 + Int(message[place])
      }
      return length > 0 && place == start + length
    case 2, 8: return length == 0
    case 3: return length == 2
    case 4: return length > 0 && length % 4 == 0
    case 5: return length > 0
    case 6: return length > 0 && length % 16 == 0
    case 9: return length > 0 && length % 2 == 0
    case 65535: return false
    default: return true
    }
  }

  /// RFC 9460 §8: keys rise, none is mandatory itself, each is among the parameters that follow.
  private static func checkMandatory(
    _ message: Span<UInt8>, from start: Int, length: Int, end: Int, type: RRType
  ) throws(WireFault) {
    var (last, next) = (0, start + length)
    for place in stride(from: start, to: start + length, by: 2) {
      let wanted = Int(message[place]) << 8 | Int(message[place + 1])
      guard wanted > last else { throw .badField(type, .parameterValue(0), at: place) }
      last = wanted
      // Both lists rise, so one walk over the parameters serves all.
      var found = -1
      while found < wanted {
        guard end - next >= 4 else { throw .badField(type, .parameterMissing(UInt16(truncatingIfNeeded: wanted)), at: place) }
        found = Int(message[next]) << 8 | Int(message[next + 1])
        if found <= wanted { next += 4 + (Int(message[next + 2]) << 8 | Int(message[next + 3])) }
      }
      guard found == wanted else { throw .badField(type, .parameterMissing(UInt16(truncatingIfNeeded: wanted)), at: place) }
    }
  }

  // MARK: Presentation form

  /// Takes the parameters up to the end of the record, in any order.
  static func appendParsed(_ reader: inout TokenReader, type: RRType, to octets: inout [UInt8]) throws(TextFault) {
    var found: [(key: UInt16, value: [UInt8])] = []
    let position = reader.peek?.position ?? reader.last
    while !reader.isAtEnd {
      let token = try reader.next(.parameter)
      let parts = token.octets.split(separator: 0x3D, maxSplits: 1, omittingEmptySubsequences: false)
      guard !token.isQuoted, let name = parts.first, let key = key(name) else { throw token.unfit(.parameter) }
      var text = parts.count > 1 ? Array(parts[1]) : []
      if parts.count > 1, text.isEmpty, let quoted = reader.peek, quoted.isQuoted,
        quoted.position.line == token.position.line, quoted.position.column == token.position.column + token.octets.count
      {
        text = try reader.next(.parameter).octets  // key="value" that came as two tokens
      } else if text.count >= 2, text.first == 0x22, text.last == 0x22 {
        text = Array(text[1..<(text.count - 1)])
      }
      guard let plain = Escapes.resolved(text), let value = value(key, plain) else { throw token.unfit(.parameter) }
      found.append((key, value))
    }
    let start = octets.count
    for (key, value) in found.sorted(by: { $0.key < $1.key }) {
      guard value.count <= 0xFFFF else { throw TextFault(position: position, cause: .dataTooLong(octets: value.count)) }
      octets.appendU16(key)
      octets.appendU16(UInt16(truncatingIfNeeded: value.count))
      octets.append(contentsOf: value)
    }
    do throws(WireFault) {
      try check(octets.span, from: start, to: octets.count, type: type)
    } catch {
      throw TextFault(position: position, cause: .data(error))
    }
  }

  /// The wire form of a value whose escapes are resolved; `nil` if it does not fit its key.
  private static func value(_ key: UInt16, _ text: [UInt8]) -> [UInt8]? {
    switch key {
    case 0:
      var keys = [UInt16]()
      for name in text.split(separator: 0x2C, omittingEmptySubsequences: false) {
        guard let key = Self.key(name) else { return nil }
        keys.append(key)
      }
      return keys.sorted().flatMap { [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)] }
    case 1:
      guard let items = list(text), items.allSatisfy({ (1...255).contains($0.count) }) else { return nil }
      return items.flatMap { [UInt8(truncatingIfNeeded: $0.count)] + $0 }
    case 3, 9:
      var value = [UInt8]()
      let items = text.split(separator: 0x2C, omittingEmptySubsequences: false)
      guard key == 9 || items.count == 1 else { return nil }
      for item in items {
        guard let number = UInt16(String(decoding: item, as: UTF8.self)), item.allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
        value.appendU16(number)
      }
      return value
    case 4, 6:
      var value = [UInt8]()
      for item in text.split(separator: 0x2C, omittingEmptySubsequences: false) {
        guard let address = IPAddress(String(decoding: item, as: UTF8.self)), address.isV6 == (key == 6) else { return nil }
        value.append(contentsOf: address.octets)
      }
      return value
    case 5: return Base64.decoded(text)
    default: return text
    }
  }

  /// A comma-separated list with `\,` and `\\` inside its items (RFC 9460 appendix A.1).
  private static func list(_ text: [UInt8]) -> [[UInt8]]? {
    var items: [[UInt8]] = [[]]
    var place = 0
    while place < text.count {
      if text[place] == 0x2C {
        items.append([])
      } else {
        if text[place] == 0x5C { place += 1 }
        guard place < text.count else { return nil }
        items[items.count - 1].append(text[place])
      }
      place += 1
    }
    return items
  }

  static func appendText(_ octets: ArraySlice<UInt8>, to text: inout [UInt8]) {
    var isFirst = true
    forEach(octets) { key, value in
      if !isFirst { text.append(0x20) }
      isFirst = false
      text.append(contentsOf: name(key).utf8)
      guard !value.isEmpty else { return }
      text.append(0x3D)
      appendValue(key, value, to: &text)
    }
  }

  private static func appendValue(_ key: UInt16, _ value: ArraySlice<UInt8>, to text: inout [UInt8]) {
    func parts(_ width: Int) -> [ArraySlice<UInt8>] {
      stride(from: value.startIndex, to: value.endIndex, by: width).map { value[$0..<min($0 + width, value.endIndex)] }
    }
    func append(_ words: [String]) { text.append(contentsOf: words.joined(separator: ",").utf8) }
    switch key {
    case 0: append(parts(2).map { name(UInt16(truncatingIfNeeded: $0.number)) })
    case 1:
      var (rest, plain) = (value, [UInt8]())
      while let length = rest.popFirst() {
        if !plain.isEmpty { plain.append(0x2C) }
        for octet in rest.prefix(Int(length)) { plain += octet == 0x2C || octet == 0x5C ? [0x5C, octet] : [octet] }
        rest = rest.dropFirst(Int(length))
      }
      Escapes.appendQuoted(plain[...], to: &text)
    case 3, 9: append(parts(2).map { String($0.number) })
    case 4: append(parts(4).map { $0.address?.description ?? "" })
    case 5:
      text.append(0x22)
      Base64.append(value, to: &text)
      text.append(0x22)
    case 6: append(parts(16).map { $0.address?.description ?? "" })
    default: Escapes.appendQuoted(value, to: &text)
    }
  }
}
