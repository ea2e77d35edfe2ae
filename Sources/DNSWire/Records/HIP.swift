import Names

extension RRType {
  /// A host identity (RFC 8005 §5).
  public static let hip = RRType(55)
}

extension RecordFormat {
  static let hip = RecordFormat(.hip, "HIP", "RFC 8005 §5", [.hostIdentity])
}

/// Tag length, algorithm, key length, tag, key, names of rendezvous servers.
enum HostIdentity {
  static func appendParsed(_ reader: inout TokenReader, to octets: inout [UInt8]) throws(TextFault) {
    let algorithm = UInt8(truncatingIfNeeded: try reader.number(upTo: 255))
    let tagToken = try reader.next(.hex)
    guard let tag = Hexadecimal.decoded(tagToken.octets), (1...255).contains(tag.count) else { throw tagToken.unfit(.hex) }
    let keyToken = try reader.next(.base64)
    guard let key = Base64.decoded(keyToken.octets), (1...0xFFFF).contains(key.count) else { throw keyToken.unfit(.base64) }
    octets.append(UInt8(truncatingIfNeeded: tag.count))
    octets.append(algorithm)
    octets.appendU16(UInt16(truncatingIfNeeded: key.count))
    octets.append(contentsOf: tag + key)
    while !reader.isAtEnd { octets.append(contentsOf: try reader.name().octets) }
  }

  static func appendText(_ octets: ArraySlice<UInt8>, to text: inout [UInt8]) {
    let head = Array(octets.prefix(4))
    let (tag, key) = (Int(head[0]), Int(head[2]) << 8 | Int(head[3]))
    text.append(contentsOf: "\(head[1]) ".utf8)
    var rest = octets.dropFirst(4)
    Hexadecimal.append(rest.prefix(tag), to: &text)
    text.append(0x20)
    Base64.append(rest.dropFirst(tag).prefix(key), to: &text)
    rest = rest.dropFirst(tag + key)
    while let server = rest.name {
      text.append(0x20)
      server.appendText(to: &text)
      rest = rest.dropFirst(server.octets.count)
    }
  }
}
