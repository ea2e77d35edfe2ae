/// The types that a name has, as windows of 256 bits (RFC 4034 §4.1.2).
enum TypeBitmap {
  /// Checks that windows rise and hold 1 to 32 octets, the last of which is not zero.
  static func check(_ message: Span<UInt8>, from start: Int, to end: Int, type: RRType) throws(WireFault) {
    var (place, last) = (start, -1)
    while place < end {
      guard end - place >= 2 else { throw .dataTooShort(type, at: place) }
      let (window, length) = (Int(message[place]), Int(message[place + 1]))
      guard window > last, (1...32).contains(length) else { throw .badField(type, .bitmapWindow, at: place) }
      guard length <= end - place - 2 else { throw .dataTooShort(type, at: place) }
      guard message[place + 1 + length] != 0 else { throw .badField(type, .bitmapWindow, at: place + 1 + length) }
      (last, place) = (window, place + 2 + length)
    }
  }

  /// The types, rising.
  static func types(_ octets: ArraySlice<UInt8>) -> [RRType] {
    var (rest, types) = (octets, [RRType]())
    while let window = rest.popFirst(), let length = rest.popFirst() {
      for (place, octet) in rest.prefix(Int(length)).enumerated() where octet != 0 {
        for bit in 0..<8 where octet & (0x80 >> UInt8(bit)) != 0 {
          types.append(RRType(UInt16(window) << 8 | UInt16(truncatingIfNeeded: place * 8 + bit)))
        }
      }
      rest = rest.dropFirst(Int(length))
    }
    return types
  }

  static func append(_ types: [RRType], to octets: inout [UInt8]) {
    var (sorted, window) = (types.sorted()[...], [UInt8]())
    while let first = sorted.first {
      window.removeAll(keepingCapacity: true)
      while let type = sorted.first, type.rawValue >> 8 == first.rawValue >> 8 {
        let bit = Int(type.rawValue & 0xFF)
        while window.count <= bit / 8 { window.append(0) }
        window[bit / 8] |= 0x80 >> UInt8(bit & 7)
        sorted = sorted.dropFirst()
      }
      octets.append(UInt8(truncatingIfNeeded: first.rawValue >> 8))
      octets.append(UInt8(truncatingIfNeeded: window.count))
      octets.append(contentsOf: window)
    }
  }

  private static func parsed(_ reader: inout TokenReader) throws(TextFault) -> [RRType] {
    var types = [RRType]()
    while !reader.isAtEnd {
      let token = try reader.next(.type)
      guard let type = RRType(mnemonic: token.octets.span) else { throw token.unfit(.type) }
      types.append(type)
    }
    return types
  }

  static func appendParsed(_ reader: inout TokenReader, to octets: inout [UInt8]) throws(TextFault) {
    append(try parsed(&reader), to: &octets)
  }

  /// Types below 128 as bits without windows (RFC 2535 §5.2).
  static func appendOldParsed(_ reader: inout TokenReader, to octets: inout [UInt8]) throws(TextFault) {
    let first = reader.peek ?? Token(octets: [], isQuoted: false, position: reader.last)
    let types = try parsed(&reader)
    guard let highest = types.max() else { return }
    guard highest.rawValue < 128 else { throw first.unfit(.type) }
    var bits = [UInt8](repeating: 0, count: Int(highest.rawValue) / 8 + 1)
    for type in types { bits[Int(type.rawValue) / 8] |= 0x80 >> UInt8(type.rawValue & 7) }
    octets.append(contentsOf: bits)
  }

  static func oldTypes(_ octets: ArraySlice<UInt8>) -> [RRType] {
    var types = [RRType]()
    for (place, octet) in octets.enumerated() {
      for bit in 0..<8 where octet & (0x80 >> UInt8(bit)) != 0 {
        types.append(RRType(UInt16(truncatingIfNeeded: place * 8 + bit)))
      }
    }
    return types
  }
}

/// DNSSEC algorithms by the mnemonics of IANA's registry (RFC 4034 appendix A.1).
enum SecurityAlgorithm {
  static let numbers: [String: UInt16] = [
    "RSAMD5": 1, "DH": 2, "DSA": 3, "ECC": 4, "RSASHA1": 5, "DSA-NSEC3-SHA1": 6, "RSASHA1-NSEC3-SHA1": 7, "RSASHA256": 8,
    "RSASHA512": 10, "ECC-GOST": 12, "ECDSAP256SHA256": 13, "ECDSAP384SHA384": 14, "ED25519": 15, "ED448": 16, "SM2SM3": 17,
    "ECC-GOST12": 23, "INDIRECT": 252, "PRIVATEDNS": 253, "PRIVATEOID": 254,
  ]
}
