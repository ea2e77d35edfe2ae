import Names

extension RecordFormat {
  /// Appends record data in canonical wire form: names decompressed and lower-cased, every field checked.
  ///
  /// - Parameters:
  ///   - offset: Where the data starts.
  ///   - end: Where it ends, at most the end of the message.
  ///   - pointers: Whether compression may be followed where the field allows it.
  func appendCanonical(
    _ message: Span<UInt8>, at offset: Int, end: Int, pointers: Bool, to octets: inout [UInt8]
  ) throws(WireFault) {
    var place = offset
    for field in fields {
      try field.appendCanonical(message, at: &place, end: end, type: type, pointers: pointers, to: &octets)
    }
    guard place == end else { throw .dataTooLong(type, octets: end - place, at: place) }
  }
}

extension RecordFormat.Field {
  /// Appends one field in canonical form and moves past it.
  func appendCanonical(
    _ message: Span<UInt8>, at place: inout Int, end: Int, type: RRType, pointers: Bool, to octets: inout [UInt8]
  ) throws(WireFault) {
    /// Copies so many octets.
    func copy(_ count: Int) throws(WireFault) {
      guard count <= end - place else { throw .dataTooShort(type, at: place) }
      for index in place..<(place + count) { octets.append(message[index]) }
      place += count
    }
    /// Copies a length octet and what it counts.
    func copyString() throws(WireFault) {
      guard place < end else { throw .dataTooShort(type, at: place) }
      try copy(1 + Int(message[place]))
    }

    switch self {
    case .u8, .algorithm, .scheme: try copy(1)
    case .u16, .type, .certificateType: try copy(2)
    case .u32, .period, .time, .ipv4: try copy(4)
    case .locator: try copy(8)
    case .ipv6: try copy(16)
    case .eui(let count): try copy(count)
    case .name(let compression):
      try Self.appendName(
        message, at: &place, end: end, type: type, pointers: pointers && compression != .whole, to: &octets)
    case .string: try copyString()
    case .optionalString: if place < end { try copyString() }
    case .strings: repeat { try copyString() } while place < end
    case .text: try copy(end - place)
    case .base64(let mayBeEmpty), .hex(let mayBeEmpty):
      guard mayBeEmpty || place < end else { throw .badField(type, .emptyField, at: place) }
      try copy(end - place)
    case .hexString: try copyString()
    case .base32String:
      guard place < end else { throw .dataTooShort(type, at: place) }
      guard message[place] > 0 else { throw .badField(type, .emptyField, at: place) }
      try copyString()
    case .tag:
      let start = place
      try copyString()
      guard message[start] > 0 else { throw .badField(type, .tag, at: start) }
      for index in (start + 1)..<place where !Self.isAlphanumeric(message[index]) { throw .badField(type, .tag, at: index) }
    case .types:
      try TypeBitmap.check(message, from: place, to: end, type: type)
      try copy(end - place)
    case .oldTypes: try copy(end - place)
    case .parameters:
      try ServiceParameters.check(message, from: place, to: end, type: type)
      try copy(end - place)
    case .location:
      try Location.check(message, from: place, to: end)
      try copy(end - place)
    case .prefixes:
      try AddressPrefixes.check(message, from: place, to: end)
      try copy(end - place)
    case .services:
      guard end - place >= 1 else { throw .dataTooShort(type, at: place) }
      try copy(end - place)
    case .networkAddress:
      guard end > place else { throw .badField(type, .emptyField, at: place) }
      try copy(end - place)
    case .gateway, .relay:
      // IPSECKEY: precedence, gateway type, algorithm; AMTRELAY: precedence, D bit and type. The gateway follows.
      let isRelay = if case .relay = self { true } else { false }
      let start = place
      try copy(isRelay ? 2 : 3)
      let kind = isRelay ? message[start + 1] & 0x7F : message[start + 1]
      switch kind {
      case 0: break
      case 1: try copy(4)
      case 2: try copy(16)
      case 3: try Self.appendName(message, at: &place, end: end, type: type, pointers: false, to: &octets)
      default: throw .badField(type, .gatewayType(kind), at: start + 1)
      }
    case .hostIdentity:
      // RFC 8005 §5: HIT length, algorithm, key length (16 bits), HIT, key, then names to the end.
      let start = place
      try copy(4)
      let (tag, key) = (Int(message[start]), Int(message[start + 2]) << 8 | Int(message[start + 3]))
      guard tag > 0, key > 0 else { throw .badField(type, .emptyField, at: start) }
      try copy(tag + key)
      while place < end {
        try Self.appendName(message, at: &place, end: end, type: type, pointers: false, to: &octets)
      }
    }
  }

  private static func appendName(
    _ message: Span<UInt8>, at place: inout Int, end: Int, type: RRType, pointers: Bool, to octets: inout [UInt8]
  ) throws(WireFault) {
    guard place < end else { throw .dataTooShort(type, at: place) }
    do throws(DomainName.Fault) {
      if pointers {
        try DomainName.decompress(message, at: &place, into: &octets)
      } else {
        octets.append(contentsOf: try DomainName(message, at: &place).octets)
      }
    } catch {
      throw .name(error)
    }
    guard place <= end else { throw .dataTooShort(type, at: end) }
  }

  static func isAlphanumeric(_ octet: UInt8) -> Bool {
    octet &- 0x30 < 10 || (octet | 0x20) &- 0x61 < 26
  }
}
