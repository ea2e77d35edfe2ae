import Names

/// Takes the tokens of one record's data in turn.
struct TokenReader {
  private var tokens: ArraySlice<Token>
  /// What relative names stand under.
  let origin: DomainName?
  /// Where the last token stood, for a record that ends too early.
  private(set) var last: SourcePosition

  init(_ tokens: ArraySlice<Token>, origin: DomainName?, start: SourcePosition?) {
    (self.tokens, self.origin) = (tokens, origin)
    last = start ?? tokens.first?.position ?? SourcePosition(file: "", line: 1, column: 1)
  }

  var isAtEnd: Bool { tokens.isEmpty }
  var peek: Token? { tokens.first }

  mutating func next(_ wanted: TextFault.Wanted) throws(TextFault) -> Token {
    guard let token = tokens.popFirst() else { throw TextFault(position: last, cause: .missing(wanted)) }
    last = token.position
    return token
  }

  /// Whether all tokens are taken, or else a fault.
  func finish() throws(TextFault) {
    if let token = tokens.first { throw TextFault(position: token.position, cause: .surplus(token: token.shown)) }
  }

  mutating func number(upTo limit: UInt64) throws(TextFault) -> UInt64 {
    let token = try next(.number(upTo: limit))
    guard let value = token.decimal, value <= limit else { throw token.unfit(.number(upTo: limit)) }
    return value
  }

  /// A number, or a word that stands for one.
  mutating func number(_ wanted: TextFault.Wanted, upTo limit: UInt64, or words: [String: UInt16]) throws(TextFault) -> UInt64 {
    let token = try next(wanted)
    if let value = token.decimal, value <= limit { return value }
    guard let value = words[String(decoding: token.octets, as: UTF8.self).uppercased()] else { throw token.unfit(wanted) }
    return UInt64(value)
  }

  mutating func name() throws(TextFault) -> DomainName {
    let token = try next(.name)
    return try token.name(origin: origin)
  }

  /// The octets of all the tokens that are left, one after the other.
  mutating func rest() -> (octets: [UInt8], first: Token?) {
    let first = tokens.first
    var octets = [UInt8]()
    for token in tokens { octets.append(contentsOf: token.octets) }
    last = tokens.last?.position ?? last
    tokens = []
    return (octets, first)
  }
}

extension Token {
  func unfit(_ wanted: TextFault.Wanted) -> TextFault { TextFault(position: position, cause: .unfit(wanted, token: shown)) }

  /// Its value if it is made of 1 to 19 decimal digits.
  var decimal: UInt64? {
    guard octets.count > 0, octets.count <= 19 else { return nil }
    var value: UInt64 = 0
    for octet in octets {
      guard octet &- 0x30 < 10 else { return nil }
      value = value * 10 + UInt64(octet &- 0x30)
    }
    return value
  }

  /// A domain name; an unquoted `@` is the origin (RFC 1035 §5.1).
  func name(origin: DomainName?) throws(TextFault) -> DomainName {
    if octets == [0x40], !isQuoted { return origin ?? .root }
    do throws(DomainName.Fault) {
      return try DomainName(text: octets.span, origin: origin)
    } catch {
      throw TextFault(position: position, cause: .name(error, token: shown))
    }
  }

  /// What the token says, its `\DDD` and `\X` escapes resolved.
  func unescaped() throws(TextFault) -> [UInt8] {
    guard octets.contains(0x5C) else { return octets }
    guard let plain = Escapes.resolved(octets) else { throw unfit(.string) }
    return plain
  }

  /// A time span in seconds: a number, or numbers with units as `1w2d3h4m5s`, together below 2³².
  public var period: UInt32? {
    if case .seconds(let seconds) = TTLText(octets.span, largest: UInt64(UInt32.max)) { seconds } else { nil }
  }
}

/// `\DDD` and `\X` (RFC 1035 §5.1).
enum Escapes {
  /// The octets with their escapes resolved; `nil` if one is broken.
  static func resolved(_ octets: [UInt8]) -> [UInt8]? {
    var plain = [UInt8]()
    plain.reserveCapacity(octets.count)
    var place = 0
    while place < octets.count {
      let octet = octets[place]
      place += 1
      guard octet == 0x5C else {
        plain.append(octet)
        continue
      }
      guard place < octets.count else { return nil }
      guard octets[place] &- 0x30 < 10 else {
        plain.append(octets[place])
        place += 1
        continue
      }
      guard place + 2 < octets.count, octets[place + 1] &- 0x30 < 10, octets[place + 2] &- 0x30 < 10 else { return nil }
      let value = Int(octets[place] &- 0x30) * 100 + Int(octets[place + 1] &- 0x30) * 10 + Int(octets[place + 2] &- 0x30)
      guard value <= 255 else { return nil }
      plain.append(UInt8(truncatingIfNeeded: value))
      place += 3
    }
    return plain
  }

  /// Appends octets in quotes, escaped.
  static func appendQuoted(_ octets: ArraySlice<UInt8>, to text: inout [UInt8]) {
    text.append(0x22)
    for octet in octets {
      switch octet {
      case 0x22, 0x5C: text += [0x5C, octet]
      case 0x20...0x7E: text.append(octet)
      default: text += [0x5C, 0x30 + octet / 100, 0x30 + octet / 10 % 10, 0x30 + octet % 10]
      }
    }
    text.append(0x22)
  }
}
