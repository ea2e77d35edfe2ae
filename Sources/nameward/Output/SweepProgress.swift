import Estate
import Foundation

/// The progress line of a sweep: done, rate, what was found, time left.
struct SweepProgress {
  var isQuiet: Bool
  var expected = 0
  private let started = Date()
  private var shownAt = Date.distantPast
  private var doneAtStart: Int?

  init(isQuiet: Bool) { self.isQuiet = isQuiet }

  /// Shows the line, at most ten times a second.
  mutating func show(_ totals: Totals) {
    let now = Date()
    guard !isQuiet, now.timeIntervalSince(shownAt) >= 0.1 else { return }
    shownAt = now
    let first = doneAtStart ?? totals.expected
    doneAtStart = first
    Console.progress(Self.words(totals, of: expected, counted: totals.expected - first, in: now.timeIntervalSince(started)))
  }

  /// `412,000 of 1,000,003 (41 %), 131,000/s, 2 not as intended, 0 could not tell, 5 s left`
  static func words(_ totals: Totals, of expected: Int, counted: Int, in seconds: Double) -> String {
    let done = totals.expected
    let rate = seconds > 0 ? Double(counted) / seconds : 0
    var parts = ["\(grouped(done)) of \(grouped(expected)) (\(expected > 0 ? done * 100 / expected : 100) %)"]
    if rate >= 1 { parts.append("\(grouped(Int(rate)))/s") }
    parts += ["\(grouped(totals.mismatch)) not as intended", "\(grouped(totals.couldNotTell)) could not tell"]
    if rate >= 1 { parts.append("\(time(Double(max(0, expected - done)) / rate)) left") }
    return parts.joined(separator: ", ")
  }

  /// Thousands apart by commas.
  static func grouped(_ number: Int) -> String {
    var digits = String(number)
    var place = digits.count - 3
    while place > 0 {
      digits.insert(",", at: digits.index(digits.startIndex, offsetBy: place))
      place -= 3
    }
    return digits
  }

  static func time(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded(.up))
    return whole < 120 ? "\(whole) s" : whole < 7200 ? "\((whole + 59) / 60) min" : "\(whole / 3600) h \(whole % 3600 / 60) min"
  }
}
