extension DomainName {
  /// Reads the presentation form with its `\DDD` and `\X` escapes (RFC 1035 §5.1).
  ///
  /// - Parameter origin: What a name without a final dot stands under; `nil` means the root.
  /// - Throws: ``Fault``, `at` counting UTF-8 octets of the text. `@` is an ordinary character here.
  public init(_ text: some StringProtocol, origin: DomainName? = nil) throws(Fault) {
    let octets = Array(text.utf8)
    try self.init(text: octets.span, origin: origin)
  }

  /// Reads the presentation form from octets, as ``init(_:origin:)`` does from text.
  public init(text: Span<UInt8>, origin: DomainName?) throws(Fault) {
    guard text.count > 0 else { throw .emptyLabel(at: 0) }
    if text.count == 1, text[0] == 0x2E {
      self = .root
      return
    }
    var octets = [UInt8]()
    octets.reserveCapacity(text.count + 2 + (origin?.octets.count ?? 0))
    octets.append(0)
    var start = 0  // where the length octet of the label in hand stands
    var place = 0
    var isAbsolute = false
    while place < text.count {
      var octet = text[place]
      let at = place
      place += 1
      if octet == 0x2E {
        let length = octets.count - start - 1
        guard length > 0 else { throw .emptyLabel(at: at) }
        octets[start] = UInt8(truncatingIfNeeded: length)
        if place == text.count {
          isAbsolute = true
          break
        }
        start = octets.count
        octets.append(0)
        continue
      }
      if octet == 0x5C {
        octet = try Self.escaped(text, at: &place)
      } else if octet <= 0x20 || octet == 0x7F {
        throw .unescaped(octet: octet, at: at)
      }
      octets.append(lowerCased(octet))
      let length = octets.count - start - 1
      guard length <= Self.mostLabelOctets else { throw .labelTooLong(octets: length, at: at) }
      guard octets.count < Self.mostOctets else { throw .nameTooLong(octets: octets.count + 1, at: at) }
    }
    if !isAbsolute { octets[start] = UInt8(truncatingIfNeeded: octets.count - start - 1) }
    if let origin, !isAbsolute { octets.append(contentsOf: origin.octets) } else { octets.append(0) }
    guard octets.count <= Self.mostOctets else { throw .nameTooLong(octets: octets.count, at: text.count) }
    self.octets = octets
  }

  /// The octet that a backslash before `place` stands for.
  private static func escaped(_ text: Span<UInt8>, at place: inout Int) throws(Fault) -> UInt8 {
    guard place < text.count else { throw .badEscape(at: place - 1) }
    guard text[place] &- 0x30 < 10 else {
      place += 1
      return text[place - 1]
    }
    guard place + 2 < text.count, text[place + 1] &- 0x30 < 10, text[place + 2] &- 0x30 < 10 else {
      throw .badEscape(at: place - 1)
    }
    let value = Int(text[place] &- 0x30) * 100 + Int(text[place + 1] &- 0x30) * 10 + Int(text[place + 2] &- 0x30)
    guard let octet = UInt8(exactly: value) else { throw .badEscape(at: place - 1) }
    place += 3
    return octet
  }

  /// Appends the presentation form with its final dot, as UTF-8.
  public func appendText(to text: inout [UInt8]) {
    guard octets.count > 1 else {
      text.append(0x2E)
      return
    }
    var place = 0
    while place < octets.count, octets[place] != 0 {
      let end = place + 1 + Int(octets[place])
      for index in (place + 1)..<end { Self.appendEscaped(octets[index], to: &text) }
      text.append(0x2E)
      place = end
    }
  }

  /// Appends one octet of a label, escaped where the presentation form needs it.
  private static func appendEscaped(_ octet: UInt8, to text: inout [UInt8]) {
    switch octet {
    case 0x2E, 0x5C, 0x22, 0x28, 0x29, 0x3B, 0x40, 0x24:  // . \ " ( ) ; @ $
      text.append(0x5C)
      text.append(octet)
    case 0x21...0x7E: text.append(octet)
    default:
      text.append(0x5C)
      text.append(0x30 + octet / 100)
      text.append(0x30 + octet / 10 % 10)
      text.append(0x30 + octet % 10)
    }
  }
}

extension DomainName: CustomStringConvertible {
  /// The presentation form with its final dot: `mail.example.gov.`; printable ASCII only.
  public var description: String {
    var text = [UInt8]()
    text.reserveCapacity(octets.count + 2)
    appendText(to: &text)
    return String(decoding: text, as: UTF8.self)
  }
}
