/// Writes one question as it goes over the wire: header, question, and an OPT record (RFC 1035 §4.1, RFC 6891 §6.1).
enum Datagram {
  /// Header 12, name 255, type and class 4, OPT 11, NSID 4, COOKIE 4 + 8 + 32, PADDING 4 + 127: never more.
  static let mostOctets = 464
  /// Where the question section starts.
  static let questionStart = 12

  /// Writes header and question, without id and OPT record.
  ///
  /// - Parameter name: A legal name in wire form, lower-cased, from its first octet on; it ends with its zero octet.
  /// - Returns: Where the question section ends.
  static func writeQuestion(
    into out: inout MutableSpan<UInt8>, name: Span<UInt8>, from start: Int, type: UInt16, recursionDesired: Bool
  ) -> Int {
    put(&out, 0, 0)
    out[2] = recursionDesired ? 1 : 0
    out[3] = 0
    put(&out, 4, 1)
    put(&out, 6, 0)
    put(&out, 8, 0)
    put(&out, 10, 0)
    var length = 1
    while case let label = Int(name[start + length - 1]), label > 0 { length += label + 1 }
    for index in 0..<length { out[questionStart &+ index] = name[start &+ index] }
    let end = questionStart + length
    put(&out, end, type)
    put(&out, end + 2, 1)
    return end + 4
  }

  /// Makes a written question ready for one attempt: its id, its letter case, and no OPT record.
  ///
  /// - Parameter caseBits: Bit `i & 63` says whether octet `i` of the name goes out in upper case, if it is a letter ("0x20").
  static func seal(_ out: inout MutableSpan<UInt8>, questionEnd: Int, id: UInt16, caseBits: UInt64) {
    put(&out, 0, id)
    put(&out, 10, 0)
    var bits = caseBits
    for place in questionStart..<(questionEnd - 5) {
      let octet = out[place]
      // A length octet is at most 63, so it is never taken for a letter.
      let isLetter = (octet | 0x20) &- 0x61 < 26
      out[place] = isLetter ? octet & 0xDF | UInt8(truncatingIfNeeded: ~bits & 1) << 5 : octet
      bits = bits >> 1 | bits << 63
    }
  }

  @inline(__always) private static func put(_ out: inout MutableSpan<UInt8>, _ place: Int, _ value: UInt16) {
    out[place] = UInt8(truncatingIfNeeded: value >> 8)
    out[place + 1] = UInt8(truncatingIfNeeded: value)
  }
}

/// An OPT record with what we put into it, as octets (RFC 6891 §6.1.2). One is the same for all questions to a server until its
/// cookie changes.
struct OPTRecord {
  /// Fixed part 11, NSID 4, COOKIE 4 + 8 + 32, PADDING 4 + 127 at most.
  private(set) var octets: [UInt8] = []

  /// - Parameters:
  ///   - clientCookie: Absent on a stream, where the connection proves who answers (RFC 7873 §5.2 leaves it to the client).
  ///   - serverCookie: At most 32 octets.
  init(payloadSize: UInt16, clientCookie: UInt64? = nil, serverCookie: [UInt8] = []) {
    octets.append(0)
    put(word: 41)
    put(word: payloadSize)
    octets += [0, 0, 0, 0, 0, 0]
    put(word: 3)  // NSID, empty: which instance answers? (RFC 5001)
    put(word: 0)
    if let clientCookie {  // RFC 7873 §4
      let server = serverCookie.prefix(32)
      put(word: 10)
      put(word: UInt16(truncatingIfNeeded: 8 + server.count))
      for index in 0..<8 { octets.append(UInt8(truncatingIfNeeded: clientCookie >> UInt64(56 - 8 * index))) }
      octets += server
    }
    finish()
  }

  /// Pads, so that the message becomes a multiple of so many octets, at most 128 (RFC 8467 §4.1).
  mutating func pad(toMultipleOf block: Int, after questionEnd: Int) {
    let padding = (block - (questionEnd + octets.count + 4) % block) % block
    put(word: 12)
    put(word: UInt16(truncatingIfNeeded: padding))
    octets += [UInt8](repeating: 0, count: padding)
    finish()
  }

  /// Puts the record behind a question.
  ///
  /// - Parameter dnssecOK: DO (RFC 3225).
  /// - Returns: The octets of the datagram.
  func append(dnssecOK: Bool, to out: inout MutableSpan<UInt8>, at questionEnd: Int) -> Int {
    out[10] = 0
    out[11] = 1
    let own = octets.span
    for index in own.indices { out[questionEnd &+ index] = own[index] }
    if dnssecOK { out[questionEnd &+ 7] = 0x80 }
    return questionEnd + own.count
  }

  private mutating func finish() {
    let length = octets.count - 11
    (octets[9], octets[10]) = (UInt8(truncatingIfNeeded: length >> 8), UInt8(truncatingIfNeeded: length))
  }

  private mutating func put(word: UInt16) {
    octets.append(UInt8(truncatingIfNeeded: word >> 8))
    octets.append(UInt8(truncatingIfNeeded: word))
  }
}
