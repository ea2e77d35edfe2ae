/// How many questions may be in flight to one server: one more with each window of answers, half on loss (RFC 5681 §3.1
/// without slow start). Times are monotonic nanoseconds.
struct AnswerWindow: Sendable {
  /// Loss does not make it smaller. The token bucket bounds the rate anyway, and with fewer in flight a path that loses half of all
  /// datagrams would be asked one question in several seconds.
  static let least = 4

  private(set) var size: Int
  private let ceiling: Int
  private var answers = 0
  private var cutAt = Int64.min

  init(start: Int, ceiling: Int) {
    self.ceiling = max(1, ceiling)
    size = min(max(1, start), self.ceiling)
  }

  mutating func answered() {
    guard size < ceiling else { return }
    answers += 1
    guard answers >= size else { return }
    answers = 0
    size += 1
  }

  /// Halves once for all that was sent before the last cut: those losses are one event.
  mutating func lost(sentAt: Int64, at now: Int64) {
    guard sentAt >= cutAt else { return }
    size = max(min(Self.least, size), size / 2)
    answers = 0
    cutAt = now
  }
}
