/// Writes one question as it goes over the wire: header, question, and an OPT record (RFC 1035 §4.1, RFC 6891 §6.1).
enum Datagram {
  /// Header 12, name 255, type and class 4, OPT 11, NSID 4, COOKIE 4 + 8 + 32, PADDING 4 + 127: never more.
  static let mostOctets = 464
  /// Where the question section starts.
  static let questionStart = 12

  /// What goes into the OPT record.
  struct Extension {
    var payloadSize: UInt16
    var dnssecOK: Bool
    /// Absent on a stream, where the connection proves who answers (RFC 7873 §5.2 leaves it to the client).
    var clientCookie: UInt64?
    var serverCookie: [UInt8] = []
    /// Pad to a multiple of so many octets (RFC 8467 §4.1); 0 for no padding.
    var paddingBlock = 0
  }

  /// - Parameters:
  ///   - name: One legal name in wire form, lower-cased.
  ///   - caseBits: Bit `i & 63` says whether octet `i` of the name goes out in upper case, if it is a letter ("0x20").
  /// - Returns: The octets written, and where the question section ends.
  static func write(
    into out: inout MutableSpan<UInt8>, id: UInt16, name: Span<UInt8>, type: UInt16, recursionDesired: Bool,
    caseBits: UInt64, extension edns: Extension?
  ) -> (length: Int, questionEnd: Int) {
    put(&out, 0, id)
    out[2] = recursionDesired ? 1 : 0
    out[3] = 0
    put(&out, 4, 1)
    put(&out, 6, 0)
    put(&out, 8, 0)
    put(&out, 10, edns == nil ? 0 : 1)
    var end = questionStart
    for index in name.indices {
      let octet = name[index]
      // A length octet is at most 63, so it is never taken for a letter.
      let isLetter = octet &- 0x61 < 26
      let flip = isLetter && caseBits >> UInt64(index & 63) & 1 == 1
      out[end] = flip ? octet & 0xDF : octet
      end += 1
    }
    put(&out, end, type)
    put(&out, end + 2, 1)
    let questionEnd = end + 4
    guard let edns else { return (questionEnd, questionEnd) }
    return (writeOPT(&out, at: questionEnd, edns), questionEnd)
  }

  private static func writeOPT(_ out: inout MutableSpan<UInt8>, at start: Int, _ edns: Extension) -> Int {
    out[start] = 0
    put(&out, start + 1, 41)
    put(&out, start + 3, edns.payloadSize)
    out[start + 5] = 0
    out[start + 6] = 0
    put(&out, start + 7, edns.dnssecOK ? 0x8000 : 0)
    var end = start + 11
    put(&out, end, 3)  // NSID, empty: which instance answers? (RFC 5001)
    put(&out, end + 2, 0)
    end += 4
    if let cookie = edns.clientCookie {
      let count = min(32, edns.serverCookie.count)
      put(&out, end, 10)
      put(&out, end + 2, UInt16(truncatingIfNeeded: 8 + count))
      for index in 0..<8 { out[end + 4 + index] = UInt8(truncatingIfNeeded: cookie >> UInt64(56 - 8 * index)) }
      for index in 0..<count { out[end + 12 + index] = edns.serverCookie[index] }
      end += 12 + count
    }
    if edns.paddingBlock > 0 {
      let padding = (edns.paddingBlock - (end + 4) % edns.paddingBlock) % edns.paddingBlock
      put(&out, end, 12)
      put(&out, end + 2, UInt16(truncatingIfNeeded: padding))
      for index in 0..<padding { out[end + 4 + index] = 0 }
      end += 4 + padding
    }
    put(&out, start + 9, UInt16(truncatingIfNeeded: end - start - 11))
    return end
  }

  @inline(__always) private static func put(_ out: inout MutableSpan<UInt8>, _ place: Int, _ value: UInt16) {
    out[place] = UInt8(truncatingIfNeeded: value >> 8)
    out[place + 1] = UInt8(truncatingIfNeeded: value)
  }
}
