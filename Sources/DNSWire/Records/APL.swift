import Names

extension RRType {
  /// A list of address prefixes (RFC 3123 §4).
  public static let apl = RRType(42)
}

extension RecordFormat {
  static let apl = RecordFormat(.apl, "APL", "RFC 3123 §4", internetOnly: true, [.prefixes])
}

/// Items of family (16 bits), prefix length, negation and length, address without the zero octets at its end.
enum AddressPrefixes {
  static func check(_ message: Span<UInt8>, from start: Int, to end: Int) throws(WireFault) {
    var place = start
    while place < end {
      guard end - place >= 4 else { throw .dataTooShort(.apl, at: place) }
      let (family, length) = (Int(message[place]) << 8 | Int(message[place + 1]), Int(message[place + 3] & 0x7F))
      guard length <= end - place - 4 else { throw .dataTooShort(.apl, at: place + 4) }
      if let width = width(family), Int(message[place + 2]) > width * 8 || length > width {
        throw .badField(.apl, .prefix, at: place + 2)
      }
      guard length == 0 || message[place + 3 + length] != 0 else { throw .badField(.apl, .prefix, at: place + 3 + length) }
      place += 4 + length
    }
  }

  /// Octets of an address of a family; `nil` for a family that we do not know.
  private static func width(_ family: Int) -> Int? { [1: 4, 2: 16][family] }

  static func appendParsed(_ reader: inout TokenReader, to octets: inout [UInt8]) throws(TextFault) {
    while !reader.isAtEnd {
      let token = try reader.next(.prefix)
      var text = token.octets[...]
      let isNegated = text.first == 0x21
      if isNegated { text = text.dropFirst() }
      guard text.count > 2, text.first == 0x31 || text.first == 0x32, text.dropFirst().first == 0x3A,
        let slash = text.lastIndex(of: 0x2F), let address = address(text.dropFirst(2).prefix(upTo: slash)),
        address.isV6 == (text.first == 0x32),
        let length = Token(octets: Array(text[(slash + 1)...]), isQuoted: false, position: token.position).decimal,
        length <= UInt64(address.bitWidth)
      else { throw token.unfit(.prefix) }
      var part = address.octets
      while part.last == 0 { part.removeLast() }
      octets.append(contentsOf: [0, address.isV6 ? 2 : 1, UInt8(truncatingIfNeeded: length)])
      octets.append((isNegated ? 0x80 : 0) | UInt8(truncatingIfNeeded: part.count))
      octets.append(contentsOf: part)
    }
  }

  private static func address(_ text: ArraySlice<UInt8>) -> IPAddress? {
    let octets = Array(text)
    return IPAddress(text: octets.span)
  }

  /// Says `false` if a family has no presentation form.
  static func appendText(_ octets: ArraySlice<UInt8>, to text: inout [UInt8]) -> Bool {
    var (rest, isFirst) = (octets, true)
    while rest.count >= 4 {
      let head = Array(rest.prefix(4))
      let (family, length) = (Int(head[0]) << 8 | Int(head[1]), Int(head[3] & 0x7F))
      guard let width = width(family) else { return false }
      let part = Array(rest.dropFirst(4).prefix(length)) + [UInt8](repeating: 0, count: width - length)
      if !isFirst { text.append(0x20) }
      isFirst = false
      let address = part[...].address?.description ?? ""
      text.append(contentsOf: "\(head[3] & 0x80 == 0 ? "" : "!")\(family):\(address)/\(head[2])".utf8)
      rest = rest.dropFirst(4 + length)
    }
    return true
  }
}
