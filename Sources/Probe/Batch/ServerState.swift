import Names

/// A server as the loop knows it, for as long as the probe lives.
struct ServerState {
  enum Standing: UInt8 { case idle, ready, sleeping, full }

  let address: SocketAddress
  let octets: [UInt8]
  var window: AnswerWindow
  var bucket: TokenBucket
  var roundTrip = RoundTrip()
  /// Losses since the last reply make the first wait longer, each doubling it.
  var caution = 0

  var segments: [Segment] = []
  /// Which of the segments may ask next: one for each burst.
  var turn = 0
  var again = SlotList()
  var standing = Standing.idle
  /// Questions in flight; questions that hold a slot.
  var flying = 0
  var held = 0
  /// Questions so long on their way that they are perhaps lost.
  var late = 0
  var sockets: [Int32] = []
  /// Counted among those that share the sockets.
  var isActive = false

  var lostInARow = 0
  var refusedInARow = 0
  /// When a reply came, or when asking began.
  var heardAt: Int64 = 0

  /// It said so (FORMERR, NOTIMP, BADVERS).
  var lacksEDNS = false
  var hasRepliedToEDNS = false
  /// It has replied without EDNS only: something on the way loses what has an OPT record.
  var isSilentToEDNS = false
  /// RFC 7873 §4.1: drawn at random for each server, so that no two servers can link us by it.
  let clientCookie: UInt64
  private let payloadSize: UInt16
  /// What goes behind every question to it.
  private(set) var opt: OPTRecord
  private(set) var serverCookie: [UInt8] = []
  var sendsCookies = false

  init(_ address: SocketAddress, _ settings: ProbeSettings, clientCookie: UInt64, at now: Int64) {
    self.address = address
    octets = address.address.octets
    window = AnswerWindow(start: settings.windowStart, ceiling: settings.windowCeiling, least: settings.windowLeast)
    bucket = TokenBucket(rate: settings.perServerRate, burst: settings.perServerBurst, at: now)
    self.clientCookie = clientCookie
    payloadSize = settings.payloadSize
    opt = OPTRecord(payloadSize: payloadSize, clientCookie: clientCookie)
    heardAt = now
  }

  var hasWork: Bool { !again.isEmpty || !segments.isEmpty }
  var isIdle: Bool { held == 0 && segments.isEmpty }

  /// A reply came.
  ///
  /// - Parameter sample: How long it took, where one attempt alone can have been answered.
  mutating func heard(after sample: Int64?, at now: Int64, marks: Slot.Marks) {
    if let sample { roundTrip.measured(sample) }
    if marks.contains(.sentOPT) {
      hasRepliedToEDNS = true
    } else if !lacksEDNS, !marks.contains(.plain) {
      isSilentToEDNS = true
    }
    (lostInARow, refusedInARow, caution, heardAt) = (0, 0, 0, now)
    // A small window grows all the same: there a slow machine is as likely. A large one waits where something may be lost: that it is
    // lost is known a quarter of a second later, in which a window that goes on growing loses thousands.
    if window.size < AnswerWindow.small || !roundTrip.isQueueing && late == 0 { window.answered() }
  }

  /// Whether nothing has come for so long that it is of no use to go on.
  func isSilent(at now: Int64, after patience: Int64) -> Bool {
    let waited = now - heardAt
    return lostInARow >= 8 && (waited >= patience || refusedInARow >= 8 && waited >= patience / 5)
  }

  /// Takes the server's cookie out of a reply; `none` if the reply has none, `false` if it is not to our cookie.
  mutating func acceptCookie(_ reply: Span<UInt8>, _ range: Range<Int>) -> Bool? {
    guard !range.isEmpty else { return nil }
    // RFC 7873 §4: the client's 8 octets, then none or 8 to 32 of the server's.
    let count = range.count - 8
    guard count == 0 || (8...32).contains(count) else { return false }
    for index in 0..<8 where reply[range.lowerBound + index] != UInt8(truncatingIfNeeded: clientCookie >> UInt64(56 - 8 * index))
    {
      return false
    }
    guard count > 0 else { return true }
    sendsCookies = true
    // Compared first: a cookie seldom changes, and then nothing is allocated.
    let start = range.lowerBound + 8
    var isSame = serverCookie.count == count
    if isSame { for index in 0..<count where reply[start + index] != serverCookie[index] { isSame = false } }
    if !isSame {
      serverCookie = (0..<count).map { reply[start + $0] }
      opt = OPTRecord(payloadSize: payloadSize, clientCookie: clientCookie, serverCookie: serverCookie)
    }
    return true
  }
}
