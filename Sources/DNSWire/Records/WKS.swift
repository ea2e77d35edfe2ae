extension RRType {
  /// The services of a host (RFC 1035 §3.4.2, obsolete).
  public static let wks = RRType(11)
}

extension RecordFormat {
  static let wks = RecordFormat(.wks, "WKS", "RFC 1035 §3.4.2", internetOnly: true, [.ipv4, .services])
}

/// A protocol number, then one bit for each port.
enum PortBitmap {
  private static let protocols: [String: UInt16] = ["ICMP": 1, "TCP": 6, "UDP": 17]
  /// The names of RFC 1010 that are in use still.
  private static let services: [String: UInt16] = [
    "ECHO": 7, "DISCARD": 9, "DAYTIME": 13, "FTP-DATA": 20, "FTP": 21, "SSH": 22, "TELNET": 23, "SMTP": 25, "TIME": 37,
    "NAMESERVER": 42, "DOMAIN": 53, "TFTP": 69, "FINGER": 79, "HTTP": 80, "POP3": 110, "SUNRPC": 111, "NNTP": 119, "NTP": 123,
    "IMAP": 143, "SNMP": 161,
  ]

  static func appendParsed(_ reader: inout TokenReader, to octets: inout [UInt8]) throws(TextFault) {
    octets.append(UInt8(truncatingIfNeeded: try reader.number(.service, upTo: 255, or: protocols)))
    var bits = [UInt8]()
    while !reader.isAtEnd {
      let port = Int(try reader.number(.service, upTo: 65535, or: services))
      while bits.count <= port / 8 { bits.append(0) }
      bits[port / 8] |= 0x80 >> UInt8(port & 7)
    }
    octets.append(contentsOf: bits)
  }

  static func text(_ octets: ArraySlice<UInt8>) -> String {
    var words = octets.prefix(1).map { $0 == 6 ? "tcp" : $0 == 17 ? "udp" : String($0) }
    for (place, octet) in octets.dropFirst().enumerated() where octet != 0 {
      for bit in 0..<8 where octet & (0x80 >> UInt8(bit)) != 0 { words.append(String(place * 8 + bit)) }
    }
    return words.joined(separator: " ")
  }
}
