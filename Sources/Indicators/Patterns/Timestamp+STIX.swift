internal import Names

extension Timestamp {
  /// Reads a timestamp as STIX writes it: in UTC, with capital `T` and `Z`, seconds and any number of digits after them (§3.2,
  /// and the grammar of §9).
  ///
  /// Departures: digits past the millisecond are passed over. A day that its month does not have, such as 30 February, counts on
  /// into the next month, since the grammar takes any day up to 31.
  init?(stix text: some StringProtocol) {
    let octets = Array(text.utf8)
    guard octets.count >= 20, octets.count <= 100, octets.last == UInt8(ascii: "Z") else { return nil }
    for (index, octet) in "0000-00-00T00:00:00".utf8.enumerated() {
      guard octet == UInt8(ascii: "0") ? octets[index] &- 0x30 < 10 : octets[index] == octet else { return nil }
    }
    func number(_ start: Int) -> Int64 { Int64(octets[start] - 0x30) * 10 + Int64(octets[start + 1] - 0x30) }
    let (month, day, hour, minute, second) = (number(5), number(8), number(11), number(14), number(17))
    guard 1...12 ~= month, 1...31 ~= day, hour < 24, minute < 60, second <= 60 else { return nil }
    var fraction: Int64 = 0
    if octets.count > 20 {
      let digits = octets[20..<(octets.count - 1)]
      guard octets[19] == UInt8(ascii: "."), !digits.isEmpty, digits.allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
      for (digit, scale) in zip(digits, [100, 10, 1] as [Int64]) { fraction += Int64(digit - 0x30) * scale }
    }
    guard let start = Timestamp(String(decoding: octets[..<8], as: UTF8.self) + "01") else { return nil }
    // A leap second is the second before it: time stands still.
    let seconds = (day - 1) * 86_400 + hour * 3600 + minute * 60 + min(second, 59)
    self.init(milliseconds: start.milliseconds + seconds * 1000 + fraction)
  }
}
