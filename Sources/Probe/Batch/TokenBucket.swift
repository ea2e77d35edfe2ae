/// How many questions a server may get: `rate` in a second, and a burst after a rest. Times are monotonic nanoseconds.
struct TokenBucket: Sendable {
  /// Nanoseconds that one question costs; 0 for no limit.
  private let cost: Int64
  private let most: Int64
  private var saved: Int64
  private var savedAt: Int64

  /// - Parameter rate: Per second; `nil` for no limit.
  init(rate: Double?, burst: Double, at now: Int64) {
    cost = rate.map { Int64((1e9 / min(max($0, 0.001), 1e9)).rounded()) } ?? 0
    most = cost * Int64(min(max(burst, 1), 1e6))
    saved = most
    savedAt = now
  }

  /// Takes as many whole questions as have been saved up, at most `wanted`.
  mutating func take(_ wanted: Int, at now: Int64) -> Int {
    guard cost > 0 else { return wanted }
    if now > savedAt {
      let (sum, overflow) = saved.addingReportingOverflow(now - savedAt)
      saved = overflow ? most : min(most, sum)
      savedAt = now
    }
    let taken = min(wanted, Int(saved / cost))
    saved -= Int64(taken) * cost
    return taken
  }

  /// Puts back what was taken and not used.
  mutating func giveBack(_ count: Int) { saved = min(most, saved + Int64(count) * cost) }

  /// When the next whole question is there.
  var nextAt: Int64 { savedAt &+ max(0, cost - saved) }
}
