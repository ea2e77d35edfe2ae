/// A moment on the UTC time line, in milliseconds since 1970-01-01T00:00:00Z; leap seconds are not counted.
public struct Timestamp: Hashable, Comparable, Sendable {
  public var milliseconds: Int64

  public init(milliseconds: Int64) { self.milliseconds = milliseconds }
  public init(seconds: Int64) { milliseconds = seconds &* 1000 }

  /// Whole seconds since 1970, rounded down.
  public var seconds: Int64 { milliseconds / 1000 - (milliseconds % 1000 < 0 ? 1 : 0) }

  /// Whether its year is 0000 to 9999 in UTC, which is what RFC 3339 can write.
  public var hasWrittenYear: Bool { -62_167_219_200_000...253_402_300_799_999 ~= milliseconds }

  public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

  public func advanced(by duration: Duration) -> Timestamp {
    let (seconds, attoseconds) = duration.components
    return Timestamp(milliseconds: milliseconds &+ seconds &* 1000 &+ attoseconds / 1_000_000_000_000_000)
  }

  public func duration(to later: Timestamp) -> Duration {
    // As durations: a difference of two moments may be more than milliseconds have room for.
    Duration.milliseconds(later.milliseconds) - Duration.milliseconds(milliseconds)
  }
}

extension Timestamp: CustomStringConvertible, LosslessStringConvertible {
  /// RFC 3339 in UTC, to the second: `2026-11-23T09:00:00Z`. Milliseconds are shown when there are any.
  public var description: String {
    let total = seconds
    let day = (total - (total % 86_400 + 86_400) % 86_400) / 86_400
    let second = total - day * 86_400
    let (year, month, dayOfMonth) = Self.civil(fromDay: day)
    let fraction = (milliseconds % 1000 + 1000) % 1000
    return "\(pad(year, 4))-\(pad(month, 2))-\(pad(dayOfMonth, 2))T\(pad(second / 3600, 2)):\(pad(second / 60 % 60, 2)):"
      + "\(pad(second % 60, 2))" + (fraction == 0 ? "" : ".\(pad(fraction, 3))") + "Z"
  }

  /// Reads RFC 3339 §5.6, also with an offset, without seconds (`2026-12-01T08:00Z`) and as a bare date (midnight UTC). What an
  /// offset takes out of the years 0000 to 9999 of UTC is none.
  public init?(_ text: String) {
    var rest = Array(text.utf8)[...]
    func number(_ digits: Int) -> Int64? {
      guard rest.count >= digits else { return nil }
      var value: Int64 = 0
      for octet in rest.prefix(digits) {
        guard (0x30...0x39).contains(octet) else { return nil }
        value = value * 10 + Int64(octet - 0x30)
      }
      rest = rest.dropFirst(digits)
      return value
    }
    func take(_ allowed: Unicode.Scalar...) -> Bool {
      guard let first = rest.first, allowed.contains(Unicode.Scalar(first)) else { return false }
      rest = rest.dropFirst()
      return true
    }
    guard let year = number(4), take("-"), let month = number(2), take("-"), let day = number(2),
      (1...12).contains(month), day >= 1, day <= Self.days(inMonth: month, of: year)
    else { return nil }
    var total = Self.day(year: year, month: month, day: day) * 86_400
    var fraction: Int64 = 0
    if !rest.isEmpty {
      guard take("T", "t", " "), let hour = number(2), take(":"), let minute = number(2), hour < 24, minute < 60 else {
        return nil
      }
      total += hour * 3600 + minute * 60
      if take(":") {
        guard let second = number(2), second <= 60 else { return nil }
        total += min(second, 59)
        if take(".") {
          var scale: Int64 = 100
          guard let first = rest.first, (0x30...0x39).contains(first) else { return nil }
          while let digit = number(1) { (fraction, scale) = (fraction + digit * scale, scale / 10) }
        }
      }
      if !take("Z", "z") {
        let isEast = rest.first == UInt8(ascii: "+")
        guard take("+", "-"), let hours = number(2), take(":"), let minutes = number(2), hours < 24, minutes < 60 else {
          return nil
        }
        total += (isEast ? -1 : 1) * (hours * 3600 + minutes * 60)
      }
      guard rest.isEmpty else { return nil }
    }
    self.init(milliseconds: total * 1000 + fraction)
    guard hasWrittenYear else { return nil }
  }

  private func pad(_ value: Int64, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  // Howard Hinnant's days_from_civil and its inverse: the proleptic Gregorian calendar in eras of 400 years.
  private static func day(year: Int64, month: Int64, day: Int64) -> Int64 {
    let year = month <= 2 ? year - 1 : year
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func civil(fromDay day: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let day = day + 719_468
    let era = (day >= 0 ? day : day - 146_096) / 146_097
    let dayOfEra = day - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }

  private static func days(inMonth month: Int64, of year: Int64) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
