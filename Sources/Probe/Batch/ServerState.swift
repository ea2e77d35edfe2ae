import Names

/// A server as the loop knows it, for as long as the probe lives.
struct ServerState {
  /// Questions of one run that wait for this server: `next..<end` in the run's order.
  struct Segment {
    var run: Int32
    var next: Int
    var end: Int
  }

  enum Standing: UInt8 { case idle, ready, sleeping, full }

  let address: SocketAddress
  let octets: [UInt8]
  var window: AnswerWindow
  var bucket: TokenBucket
  var roundTrip = RoundTrip()
  /// Losses since the last reply make the first wait longer, each doubling it.
  var caution = 0

  var segments: [Segment] = []
  var turn = 0
  var again = SlotList()
  var standing = Standing.idle
  /// Questions in flight; questions that hold a slot.
  var flying = 0
  var held = 0
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
  var serverCookie: [UInt8] = []
  var sendsCookies = false

  init(_ address: SocketAddress, _ settings: ProbeSettings, clientCookie: UInt64, at now: Int64) {
    self.address = address
    octets = address.address.octets
    window = AnswerWindow(start: settings.windowStart, ceiling: settings.windowCeiling)
    bucket = TokenBucket(rate: settings.perServerRate, burst: settings.perServerBurst, at: now)
    self.clientCookie = clientCookie
    heardAt = now
  }

  var hasWork: Bool { !again.isEmpty || !segments.isEmpty }
  var isIdle: Bool { held == 0 && segments.isEmpty }

  /// The next waiting question, each run in its turn.
  mutating func nextQuestion() -> (run: Int32, place: Int)? {
    guard !segments.isEmpty else { return nil }
    if turn >= segments.count { turn = 0 }
    let (run, place) = (segments[turn].run, segments[turn].next)
    segments[turn].next += 1
    if segments[turn].next >= segments[turn].end { segments.remove(at: turn) } else { turn += 1 }
    return (run, place)
  }

  mutating func heard(at now: Int64) {
    (lostInARow, refusedInARow, caution, heardAt) = (0, 0, 0, now)
    window.answered()
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
    if !isSame { serverCookie = (0..<count).map { reply[start + $0] } }
    return true
  }
}
