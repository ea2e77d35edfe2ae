import Names

extension RRType {
  /// A key for IPsec (RFC 4025 §2).
  public static let ipseckey = RRType(45)
}

extension RecordFormat {
  static let ipseckey = RecordFormat(.ipseckey, "IPSECKEY", "RFC 4025 §2", [.gateway, .base64(mayBeEmpty: true)])
}

/// The part of IPSECKEY and AMTRELAY that ends in a gateway: nothing, an address or a name, as its type says.
enum Gateway {
  static func appendParsed(_ reader: inout TokenReader, isRelay: Bool, to octets: inout [UInt8]) throws(TextFault) {
    octets.append(UInt8(truncatingIfNeeded: try reader.number(upTo: 255)))
    let discovery = isRelay ? UInt8(truncatingIfNeeded: try reader.number(upTo: 1)) << 7 : 0
    let kind = UInt8(truncatingIfNeeded: try reader.number(upTo: 3))
    octets.append(discovery | kind)
    if !isRelay {
      octets.append(UInt8(truncatingIfNeeded: try reader.number(.algorithm, upTo: 255, or: SecurityAlgorithm.numbers)))
    }
    let token = try reader.next(.gateway)
    switch kind {
    case 0: guard token.octets == [0x2E] else { throw token.unfit(.gateway) }
    case 3: octets.append(contentsOf: try token.name(origin: reader.origin).octets)
    default:
      guard let address = IPAddress(text: token.octets.span), address.isV6 == (kind == 2) else {
        throw token.unfit(kind == 2 ? .ipv6 : .ipv4)
      }
      octets.append(contentsOf: address.octets)
    }
  }

  static func appendText(_ octets: ArraySlice<UInt8>, isRelay: Bool, to text: inout [UInt8]) {
    let head = Array(octets.prefix(isRelay ? 2 : 3))
    let rest = octets.dropFirst(head.count)
    let kind = isRelay ? head[1] & 0x7F : head[1]
    let numbers = isRelay ? [head[0], head[1] >> 7, kind] : head
    for number in numbers { text.append(contentsOf: "\(number) ".utf8) }
    switch kind {
    case 0: text.append(0x2E)
    case 3: rest.name?.appendText(to: &text)
    default: text.append(contentsOf: (rest.address?.description ?? "").utf8)
    }
  }
}
