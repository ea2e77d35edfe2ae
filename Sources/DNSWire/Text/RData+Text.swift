public import Names

extension RData {
  /// Reads the data of a record from the tokens of a master file, or from `\#` and hexadecimal digits (RFC 3597 §5).
  ///
  /// - Parameters:
  ///   - origin: What relative names stand under; `nil` means the root.
  ///   - start: Where the record stands, for a fault when there are no tokens.
  /// - Throws: ``TextFault`` at the token that does not fit.
  public init(
    type: RRType, tokens: ArraySlice<Token>, origin: DomainName?, start: SourcePosition? = nil
  ) throws(TextFault) {
    var reader = TokenReader(tokens, origin: origin, start: start)
    var octets = [UInt8]()
    let position = reader.last
    let format = RecordFormat.of(type)
    if let first = reader.peek, first.octets == [0x5C, 0x23], !first.isQuoted {
      octets = try Self.generic(&reader)
      if let format {
        // RFC 3597 §5: data of a known type must fit its format; names in it are whole.
        var canonical = [UInt8]()
        do throws(WireFault) {
          try format.appendCanonical(octets.span, at: 0, end: octets.count, pointers: false, to: &canonical)
        } catch {
          throw TextFault(position: position, cause: .data(error))
        }
        octets = canonical
      }
    } else if let format {
      octets.reserveCapacity(32)
      for field in format.fields { try field.appendParsed(&reader, type: type, to: &octets) }
    } else {
      throw reader.peek?.unfit(.genericData) ?? TextFault(position: position, cause: .missing(.genericData))
    }
    try reader.finish()
    guard octets.count <= 0xFFFF else { throw TextFault(position: position, cause: .dataTooLong(octets: octets.count)) }
    self.init(type: type, canonical: octets)
  }

  /// Reads the data of a record from one line of text: `10 mx1.example.gov.`
  public init(type: RRType, text: String, origin: DomainName?) throws(TextFault) {
    let tokens = try Token.line(text)
    try self.init(type: type, tokens: tokens[...], origin: origin)
  }

  private static func generic(_ reader: inout TokenReader) throws(TextFault) -> [UInt8] {
    _ = try reader.next(.genericData)
    let stated = Int(try reader.number(upTo: 0xFFFF))
    let (digits, first) = reader.rest()
    guard let octets = Hexadecimal.decoded(digits) else {
      throw first?.unfit(.hex) ?? TextFault(position: reader.last, cause: .missing(.hex))
    }
    guard octets.count == stated else {
      throw TextFault(position: reader.last, cause: .genericLength(stated: stated, found: octets.count))
    }
    return octets
  }

  /// The presentation form on one line; `\# 4 c0000201` if the type or the data does not have another.
  public var text: String {
    var text = [UInt8]()
    if let format = RecordFormat.of(type), format.appendText(octets, to: &text) {
      return String(decoding: text, as: UTF8.self)
    }
    text = Array("\\# \(octets.count)".utf8)
    if !octets.isEmpty { text.append(0x20) }
    Hexadecimal.append(octets, to: &text)
    return String(decoding: text, as: UTF8.self)
  }
}

extension Token {
  /// The tokens of one line that is in no file: words, quoted strings, parentheses passed over, a comment left out.
  static func line(_ text: String) throws(TextFault) -> [Token] {
    let octets = Array(text.utf8)
    var tokens = [Token]()
    var place = 0
    while place < octets.count {
      let start = place
      let position = SourcePosition(file: "", line: 1, column: start + 1)
      switch octets[place] {
      case 0x20, 0x09, 0x0A, 0x0D, 0x28, 0x29: place += 1
      case 0x3B:
        while place < octets.count, octets[place] != 0x0A { place += 1 }
      case 0x22:
        place += 1
        while place < octets.count, octets[place] != 0x22 { place += octets[place] == 0x5C ? 2 : 1 }
        guard place < octets.count else { throw TextFault(position: position, cause: .openQuote) }
        tokens.append(Token(octets: Array(octets[(start + 1)..<place]), isQuoted: true, position: position))
        place += 1
      default:
        // A quote inside a word belongs to it: key="a value" (RFC 9460 §2.1).
        var isOpen = false
        while place < octets.count, isOpen || ![0x20, 0x09, 0x0A, 0x0D, 0x28, 0x29, 0x3B].contains(octets[place]) {
          if octets[place] == 0x22 { isOpen.toggle() }
          place += octets[place] == 0x5C ? 2 : 1
        }
        guard !isOpen else { throw TextFault(position: position, cause: .openQuote) }
        tokens.append(Token(octets: Array(octets[start..<min(place, octets.count)]), isQuoted: false, position: position))
      }
    }
    return tokens
  }
}
