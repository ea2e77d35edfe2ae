internal import Names

/// How long a server asks to be left alone (RFC 9110 §10.2.3).
enum RetryAfter {
  /// Seconds from now, of a number of seconds or a date; `nil` where the field is neither.
  static func seconds(_ field: String, now: Timestamp) -> Int64? {
    if let seconds = Int64(field) { return seconds < 0 ? nil : seconds }
    guard let date = date(field) else { return nil }
    return max(0, date.seconds - now.seconds)
  }

  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  /// `Sun, 06 Nov 1994 08:49:37 GMT`; the two obsolete forms are not read (RFC 9110 §5.6.7).
  static func date(_ text: String) -> Timestamp? {
    let words = text.split(separator: " ")
    guard words.count == 6, words[5] == "GMT", let month = months.firstIndex(of: String(words[2])) else { return nil }
    let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
    return Timestamp("\(words[3])-\(number)-\(words[1])T\(words[4])Z")
  }
}
