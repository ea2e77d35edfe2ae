public import Names

/// What an OPT record says (RFC 6891 §6.1.3). The upper bits of the response code are merged into the header's.
public struct EDNS: Hashable, Sendable {
  /// Octets that the sender can take in one UDP datagram.
  public var udpPayloadSize: UInt16
  public var version: UInt8
  public var dnssecOK: Bool  // DO, RFC 3225
  /// The other fifteen flag bits, which must be zero.
  public var reservedFlags: UInt16
  public var options: [EDNSOption]

  /// 1232 octets pass every link without fragments (DNS flag day 2020).
  public init(
    udpPayloadSize: UInt16 = 1232, version: UInt8 = 0, dnssecOK: Bool = false, reservedFlags: UInt16 = 0,
    options: [EDNSOption] = []
  ) {
    (self.udpPayloadSize, self.version, self.dnssecOK) = (udpPayloadSize, version, dnssecOK)
    (self.reservedFlags, self.options) = (reservedFlags & 0x7FFF, options)
  }

  /// Takes an OPT record apart. `dataAt` is where its data stands in the message, for faults.
  init(_ record: ResourceRecord, dataAt start: Int) throws(WireFault) {
    var options = [EDNSOption]()
    let data = record.rdata.octets.span
    var place = 0
    while place < data.count {
      guard data.count - place >= 4 else { throw .dataTooShort(.opt, at: start + place) }
      let code = UInt16(data[place]) << 8 | UInt16(data[place + 1])
      let length = Int(data[place + 2]) << 8 | Int(data[place + 3])
      place += 4
      guard length <= data.count - place else { throw .dataTooShort(.opt, at: start + place) }
      options.append(EDNSOption(code: code, octets: Array(record.rdata.octets[place..<(place + length)])))
      place += length
    }
    self.init(
      udpPayloadSize: record.recordClass.rawValue, version: UInt8(truncatingIfNeeded: record.ttl >> 16),
      dnssecOK: record.ttl >> 15 & 1 == 1, reservedFlags: UInt16(truncatingIfNeeded: record.ttl & 0x7FFF), options: options)
  }

  /// Appends the OPT record.
  func append(to octets: inout [UInt8], responseCode: ResponseCode) {
    octets.append(0)
    octets.appendU16(RRType.opt.rawValue)
    octets.appendU16(udpPayloadSize)
    octets.append(UInt8(truncatingIfNeeded: responseCode.rawValue >> 4))
    octets.append(version)
    octets.appendU16(reservedFlags & 0x7FFF | (dnssecOK ? 0x8000 : 0))
    let length = octets.count
    octets.appendU16(0)
    for option in options {
      let data = option.octets.prefix(0xFFFF)
      guard octets.count - length - 2 + 4 + data.count <= 0xFFFF else { break }  // RDLENGTH has 16 bits
      octets.appendU16(option.code)
      octets.appendU16(UInt16(truncatingIfNeeded: data.count))
      octets.append(contentsOf: data)
    }
    let count = octets.count - length - 2
    octets[length] = UInt8(truncatingIfNeeded: count >> 8)
    octets[length + 1] = UInt8(truncatingIfNeeded: count)
  }
}

/// One option of an OPT record. Octets that do not fit the option's own format stay as ``other(code:octets:)``.
public enum EDNSOption: Hashable, Sendable {
  /// RFC 5001: empty in a question.
  case nsid([UInt8])
  /// RFC 7873 §4: client part of 8 octets; server part of 8 to 32, or none yet. RFC 9018 says how servers make theirs.
  case cookie(client: [UInt8], server: [UInt8])
  /// RFC 7830: so many zero octets.
  case padding(Int)
  /// RFC 8914: why, as a number of IANA's registry and in words.
  case extendedError(code: UInt16, text: String)
  /// RFC 7871: the prefix of the client's network, and how many bits of it the answer is good for.
  case clientSubnet(IPPrefix, scope: UInt8)
  case other(code: UInt16, octets: [UInt8])

  /// Reads the data of an option.
  public init(code: UInt16, octets: [UInt8]) {
    self = Self.known(code, octets) ?? .other(code: code, octets: octets)
  }

  private static func known(_ code: UInt16, _ octets: [UInt8]) -> EDNSOption? {
    switch code {
    case 3: return .nsid(octets)
    case 8: return subnet(octets)
    case 10:
      guard octets.count == 8 || (16...40).contains(octets.count) else { return nil }
      return .cookie(client: Array(octets[..<8]), server: Array(octets[8...]))
    case 12: return octets.allSatisfy { $0 == 0 } ? .padding(octets.count) : nil
    case 15:
      guard octets.count >= 2, let text = String(validating: octets[2...], as: UTF8.self) else { return nil }
      return .extendedError(code: UInt16(octets[0]) << 8 | UInt16(octets[1]), text: text)
    default: return nil
    }
  }

  private static func subnet(_ octets: [UInt8]) -> EDNSOption? {
    guard octets.count >= 4, octets[0] == 0, octets[1] == 1 || octets[1] == 2 else { return nil }
    let (length, width) = (Int(octets[2]), octets[1] == 1 ? 4 : 16)
    // RFC 7871 §6: exactly the octets that the length needs, the bits past it zero.
    guard length <= width * 8, octets.count - 4 == (length + 7) / 8 else { return nil }
    let whole = Array(octets[4...]) + [UInt8](repeating: 0, count: width - (octets.count - 4))
    guard let address = IPAddress(octets: whole.span), let prefix = IPPrefix(containing: address, length: length),
      prefix.address == address
    else { return nil }
    return .clientSubnet(prefix, scope: octets[3])
  }

  /// IANA's number of the option.
  public var code: UInt16 {
    switch self {
    case .nsid: 3
    case .clientSubnet: 8
    case .cookie: 10
    case .padding: 12
    case .extendedError: 15
    case .other(let code, _): code
    }
  }

  /// The data of the option.
  public var octets: [UInt8] {
    switch self {
    case .nsid(let octets), .other(_, let octets): octets
    case .cookie(let client, let server): client + server
    case .padding(let count): [UInt8](repeating: 0, count: max(0, min(count, 0xFFFF)))
    case .extendedError(let code, let text):
      [UInt8(truncatingIfNeeded: code >> 8), UInt8(truncatingIfNeeded: code)] + Array(text.utf8)
    case .clientSubnet(let prefix, let scope):
      [0, prefix.address.isV6 ? 2 : 1, UInt8(truncatingIfNeeded: prefix.length), scope]
        + prefix.address.octets.prefix((prefix.length + 7) / 8)
    }
  }
}
