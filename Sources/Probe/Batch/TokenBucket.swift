/// How many questions a server may get: `rate` in a second, and a burst after a rest. Times are monotonic nanoseconds.
struct TokenBucket: Sendable {
  private let rate: Double  // per nanosecond; 0 for no limit
  private let burst: Double
  private var tokens: Double
  private var filledAt: Int64

  /// - Parameter rate: Per second; `nil` for no limit.
  init(rate: Double?, burst: Double, at now: Int64) {
    self.rate = rate.map { max($0, 0.001) / 1e9 } ?? 0
    self.burst = max(burst, 1)
    tokens = self.burst
    filledAt = now
  }

  /// Takes as many whole tokens as there are, at most `wanted`.
  mutating func take(_ wanted: Int, at now: Int64) -> Int {
    guard rate > 0 else { return wanted }
    if now > filledAt {
      tokens = min(burst, tokens + Double(now - filledAt) * rate)
      filledAt = now
    }
    let taken = min(wanted, Int(tokens))
    tokens -= Double(taken)
    return taken
  }

  /// Puts back what was taken and not used.
  mutating func giveBack(_ count: Int) {
    if rate > 0 { tokens = min(burst, tokens + Double(count)) }
  }

  /// When the next whole token is there.
  var nextAt: Int64 {
    guard rate > 0, tokens < 1 else { return filledAt }
    return filledAt &+ Int64(((1 - tokens) / rate).rounded(.up))
  }
}
