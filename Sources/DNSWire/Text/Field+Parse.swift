import Names

extension RecordFormat.Field {
  /// Takes the tokens of one field and appends its canonical octets.
  func appendParsed(_ reader: inout TokenReader, type: RRType, to octets: inout [UInt8]) throws(TextFault) {
    switch self {
    case .u8: octets.append(UInt8(truncatingIfNeeded: try reader.number(upTo: 0xFF)))
    case .u16: octets.appendU16(UInt16(truncatingIfNeeded: try reader.number(upTo: 0xFFFF)))
    case .u32: octets.appendU32(UInt32(truncatingIfNeeded: try reader.number(upTo: 0xFFFF_FFFF)))
    case .period:
      let token = try reader.next(.period)
      guard let seconds = token.period else { throw token.unfit(.period) }
      octets.appendU32(seconds)
    case .time:
      let token = try reader.next(.time)
      guard let seconds = CalendarTime.seconds(token.octets) ?? token.decimal.flatMap({ UInt32(exactly: $0) }) else {
        throw token.unfit(.time)
      }
      octets.appendU32(seconds)
    case .type:
      let token = try reader.next(.type)
      guard let covered = RRType(mnemonic: token.octets.span) else { throw token.unfit(.type) }
      octets.appendU16(covered.rawValue)
    case .algorithm:
      octets.append(
        UInt8(truncatingIfNeeded: try reader.number(.algorithm, upTo: 0xFF, or: SecurityAlgorithm.numbers)))
    case .certificateType:
      octets.appendU16(
        UInt16(truncatingIfNeeded: try reader.number(.certificateType, upTo: 0xFFFF, or: CERT.certificateTypes)))
    case .scheme: octets.append(UInt8(truncatingIfNeeded: try reader.number(.scheme, upTo: 0xFF, or: ["NOTIFY": 1])))
    case .name: octets.append(contentsOf: try reader.name().octets)
    case .ipv4, .ipv6:
      let isV6 = if case .ipv6 = self { true } else { false }
      let token = try reader.next(isV6 ? .ipv6 : .ipv4)
      guard let address = IPAddress(text: token.octets.span), address.isV6 == isV6 else {
        throw token.unfit(isV6 ? .ipv6 : .ipv4)
      }
      octets.append(contentsOf: address.octets)
    case .locator: try Self.appendLocator(try reader.next(.locator), to: &octets)
    case .eui(let count):
      let token = try reader.next(.eui(octets: count))
      let pairs = token.octets.split(separator: 0x2D, omittingEmptySubsequences: false)
      guard pairs.count == count, pairs.allSatisfy({ $0.count == 2 }), let value = Hexadecimal.decoded(pairs.joined())
      else { throw token.unfit(.eui(octets: count)) }
      octets.append(contentsOf: value)
    case .string: try Self.appendString(try reader.next(.string), to: &octets)
    case .optionalString: if !reader.isAtEnd { try Self.appendString(try reader.next(.string), to: &octets) }
    case .strings: repeat { try Self.appendString(try reader.next(.string), to: &octets) } while !reader.isAtEnd
    case .text: octets.append(contentsOf: try reader.next(.string).unescaped())
    case .tag:
      let token = try reader.next(.tag)
      guard (1...255).contains(token.octets.count), token.octets.allSatisfy(Self.isAlphanumeric) else { throw token.unfit(.tag) }
      octets.append(UInt8(truncatingIfNeeded: token.octets.count))
      octets.append(contentsOf: token.octets)
    case .base64(let mayBeEmpty):
      let (text, first) = reader.rest()
      guard let value = Base64.decoded(text), mayBeEmpty || !value.isEmpty else {
        throw first?.unfit(.base64) ?? TextFault(position: reader.last, cause: .missing(.base64))
      }
      octets.append(contentsOf: value)
    case .hex(let mayBeEmpty):
      let (text, first) = reader.rest()
      guard let value = Hexadecimal.decoded(text), mayBeEmpty || !value.isEmpty else {
        throw first?.unfit(.hex) ?? TextFault(position: reader.last, cause: .missing(.hex))
      }
      octets.append(contentsOf: value)
    case .hexString:
      let token = try reader.next(.hex)
      guard let value = token.octets == [0x2D] ? [] : Hexadecimal.decoded(token.octets), value.count <= 255 else {
        throw token.unfit(.hex)
      }
      octets.append(UInt8(truncatingIfNeeded: value.count))
      octets.append(contentsOf: value)
    case .base32String:
      let token = try reader.next(.base32)
      guard let value = Base32Hex.decoded(token.octets), (1...255).contains(value.count) else { throw token.unfit(.base32) }
      octets.append(UInt8(truncatingIfNeeded: value.count))
      octets.append(contentsOf: value)
    case .types: try TypeBitmap.appendParsed(&reader, to: &octets)
    case .oldTypes: try TypeBitmap.appendOldParsed(&reader, to: &octets)
    case .parameters: try ServiceParameters.appendParsed(&reader, type: type, to: &octets)
    case .location: try Location.appendParsed(&reader, to: &octets)
    case .prefixes: try AddressPrefixes.appendParsed(&reader, to: &octets)
    case .services: try PortBitmap.appendParsed(&reader, to: &octets)
    case .networkAddress:
      let token = try reader.next(.networkAddress)
      guard token.octets.starts(with: [0x30, 0x78]) || token.octets.starts(with: [0x30, 0x58]),
        let value = Hexadecimal.decoded(token.octets.dropFirst(2).filter { $0 != 0x2E }), !value.isEmpty
      else { throw token.unfit(.networkAddress) }
      octets.append(contentsOf: value)
    case .gateway: try Gateway.appendParsed(&reader, isRelay: false, to: &octets)
    case .relay: try Gateway.appendParsed(&reader, isRelay: true, to: &octets)
    case .hostIdentity: try HostIdentity.appendParsed(&reader, to: &octets)
    }
  }

  static func appendString(_ token: Token, to octets: inout [UInt8]) throws(TextFault) {
    let string = try token.unescaped()
    guard string.count <= 255 else {
      throw TextFault(position: token.position, cause: .stringTooLong(octets: string.count))
    }
    octets.append(UInt8(truncatingIfNeeded: string.count))
    octets.append(contentsOf: string)
  }

  /// Four groups of one to four hexadecimal digits (RFC 6742 §2.1.2).
  private static func appendLocator(_ token: Token, to octets: inout [UInt8]) throws(TextFault) {
    let groups = token.octets.split(separator: 0x3A, omittingEmptySubsequences: false)
    guard groups.count == 4 else { throw token.unfit(.locator) }
    for group in groups {
      guard (1...4).contains(group.count),
        let value = Hexadecimal.decoded([UInt8](repeating: 0x30, count: 4 - group.count) + group)
      else { throw token.unfit(.locator) }
      octets.append(contentsOf: value)
    }
  }
}
