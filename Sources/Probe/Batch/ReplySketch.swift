import Glibc

/// What the loop must know of a reply, read without making an object: is it whole, is it to our question, and its cookie.
///
/// The rest is decoded by ``DNSWire`` outside the loop. "Whole" means that the sections hold as many records as the header
/// says and nothing follows them; what stands in a record's data is not looked at.
struct ReplySketch {
  /// Why something that came in is no reply to our question.
  enum Fault: UInt8, Error {
    case none, cut, short, notAReply, otherQuestion, broken, trailing, cookieNotOurs, cookieMissing

    /// In words, for a person.
    var words: String {
      switch self {
      case .none: "nothing was wrong"
      case .cut: "a datagram of more than 4096 octets"
      case .short: "a datagram too short for a DNS message"
      case .notAReply: "a message that is no reply to a query"
      case .otherQuestion: "a reply to another question"
      case .broken: "a reply whose records do not fit its octets"
      case .trailing: "a reply with octets after its last record"
      case .cookieNotOurs: "a reply with a DNS cookie that is not ours"
      case .cookieMissing: "a reply without the DNS cookie that this server is known to send"
      }
    }
  }

  enum Question { case same, sameButCase, none }

  var question: Question
  var isTruncated: Bool
  /// With the upper bits from the OPT record (RFC 6891 §6.1.3).
  var responseCode: UInt16
  var hasOPT = false
  /// Where the COOKIE option's data stands; empty if there is none.
  var cookie: Range<Int> = 0..<0

  /// - Parameter question: The question section that was sent, as octets.
  init(_ reply: Span<UInt8>, question sent: Span<UInt8>) throws(Fault) {
    guard reply.count >= 12 else { throw .short }
    // QR set, opcode QUERY.
    guard reply[2] & 0xF8 == 0x80 else { throw .notAReply }
    isTruncated = reply[2] & 2 != 0
    responseCode = UInt16(reply[3] & 15)
    var place = 12
    switch Self.word(reply, 4) {
    case 0:
      // Some servers leave the question out of an error (RFC 1035 says nothing against it).
      guard responseCode != 0 else { throw .otherQuestion }
      question = .none
    case 1:
      guard reply.count >= 12 + sent.count else { throw .otherQuestion }
      let own = reply.extracting(12..<(12 + sent.count))
      let same = Self.isSame(own, sent)
      guard same || Self.isSameButCase(own, sent) else { throw .otherQuestion }
      question = same ? .same : .sameButCase
      place += sent.count
    default: throw .otherQuestion
    }
    // A truncated reply may end anywhere: it is asked for again over TCP whatever it holds.
    if isTruncated { return }
    try walk(reply, from: place)
  }

  /// Two of one length.
  private static func isSame(_ one: Span<UInt8>, _ other: Span<UInt8>) -> Bool {
    unsafe one.withUnsafeBufferPointer { one in
      unsafe other.withUnsafeBufferPointer { other in
        // Neither is empty: a question section has a name, a type and a class.
        guard let first = one.baseAddress, let second = other.baseAddress else { return false }
        return unsafe memcmp(first, second, one.count) == 0
      }
    }
  }

  private static func isSameButCase(_ one: Span<UInt8>, _ other: Span<UInt8>) -> Bool {
    for index in one.indices where one[index] != other[index] {
      let (first, second) = (one[index] | 0x20, other[index] | 0x20)
      // Type and class are compared as they are.
      if index >= one.count - 4 || first != second || first &- 0x61 >= 26 { return false }
    }
    return true
  }

  /// Steps over every record and reads OPT in the last section.
  private mutating func walk(_ reply: Span<UInt8>, from start: Int) throws(Fault) {
    var place = start
    let inFront = Self.word(reply, 6) + Self.word(reply, 8)
    let all = inFront + Self.word(reply, 10)
    for index in 0..<all {
      let owner = place
      guard let end = Self.nameEnd(reply, at: place), end + 10 <= reply.count else { throw .broken }
      let data = end + 10
      place = data + Self.word(reply, end + 8)
      guard place <= reply.count else { throw .broken }
      if index >= inFront, Self.word(reply, end) == 41, reply[owner] == 0 {
        guard !hasOPT else { throw .broken }
        hasOPT = true
        responseCode |= UInt16(reply[end + 4]) << 4
        try readOptions(reply, from: data, to: place)
      }
    }
    guard place == reply.count else { throw .trailing }
  }

  private mutating func readOptions(_ reply: Span<UInt8>, from start: Int, to end: Int) throws(Fault) {
    var place = start
    while place < end {
      guard place + 4 <= end else { throw .broken }
      let data = place + 4
      let next = data + Self.word(reply, place + 2)
      guard next <= end else { throw .broken }
      if Self.word(reply, place) == 10, cookie.isEmpty { cookie = data..<next }
      place = next
    }
  }

  /// Just past a name, which ends in a zero or in a pointer; `nil` if it runs out of the message.
  private static func nameEnd(_ reply: Span<UInt8>, at start: Int) -> Int? {
    var place = start
    while place < reply.count {
      let length = Int(reply[place])
      if length == 0 { return place + 1 }
      if length >= 0xC0 { return place + 2 }
      guard length < 64, place - start < 255 else { return nil }
      place += 1 + length
    }
    return nil
  }

  @inline(__always) private static func word(_ octets: Span<UInt8>, _ place: Int) -> Int {
    Int(octets[place]) << 8 | Int(octets[place + 1])
  }
}
