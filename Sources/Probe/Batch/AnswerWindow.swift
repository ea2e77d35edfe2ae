/// How many questions may be in flight to one server: one more with each window of answers, half on loss (RFC 5681 §3.1
/// without slow start). Times are monotonic nanoseconds.
///
/// What was lost tells how wide the path is. Up to three quarters of that the window grows back at once; from there on it feels its
/// way, sixteen times more slowly (after the plateau of RFC 9438 §4.1), since what a full buffer drops costs a whole wait. Once it is
/// wider than it was then, the path is no longer what it was, and it grows as before.
struct AnswerWindow: Sendable {
  /// Loss does not make it smaller. The token bucket bounds the rate anyway, and with fewer in flight a path that loses half of all
  /// datagrams would be asked one question in several seconds.
  private let least: Int
  /// Up to this it grows whatever the round trips are.
  static let small = 64
  /// Windows of answers for one more in flight, where loss is near.
  private static let careful = 16

  private(set) var size: Int
  private let ceiling: Int
  private var answers = 0
  private var cutAt = Int64.min
  /// The size at the last loss; as wide as may be while there was none.
  private var lostAt = Int.max

  init(start: Int, ceiling: Int, least: Int = 4) {
    self.least = least
    self.ceiling = max(1, ceiling)
    size = min(max(1, start), self.ceiling)
  }

  mutating func answered() {
    guard size < ceiling else { return }
    answers += 1
    let isNear = size >= lostAt / 4 * 3
    guard answers >= (isNear ? size * Self.careful : size) else { return }
    answers = 0
    size = lostAt == .max || isNear ? size + 1 : min(ceiling, lostAt / 4 * 3, size + max(1, size / 8))
    if size > lostAt { lostAt = .max }
  }

  /// Halves once for all that was sent before the last cut: those losses are one event. Returns whether this is a new one.
  @discardableResult mutating func lost(sentAt: Int64, at now: Int64) -> Bool {
    guard sentAt >= cutAt else { return false }
    lostAt = size
    size = max(min(least, size), size / 2)
    answers = 0
    cutAt = now
    return true
  }
}
