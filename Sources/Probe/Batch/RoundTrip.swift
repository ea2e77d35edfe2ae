/// A server's round trip: smoothed mean and deviation (RFC 6298 §2), in nanoseconds.
struct RoundTrip: Sendable {
  private var mean: Int64 = 0
  private var deviation: Int64 = 0
  private var least = Int64.max
  /// Below this a longer round trip is the machine's as much as the path's.
  private static let short: Int64 = 750_000

  /// Takes one sample; of a question that was asked once only, since otherwise nobody knows which attempt was answered.
  mutating func measured(_ sample: Int64) {
    least = min(least, sample)
    guard mean > 0 else {
      (mean, deviation) = (max(1, sample), sample / 2)
      return
    }
    deviation += (abs(mean - sample) - deviation) / 4
    mean = max(1, mean + (sample - mean) / 8)
  }

  /// Whether round trips are four times the least: questions wait in line behind each other somewhere, so that more of them at
  /// once would only make the line longer (the thought of RFC 9406 §4.2: round trips grow before a buffer overflows).
  var isQueueing: Bool { mean / 4 > least && mean > Self.short }

  /// How long to wait before a reply counts as lost; `nil` while nothing was measured.
  var patience: Int64? { mean == 0 ? nil : max(mean * 2, mean + 4 * deviation) }
}
