/// Binary data in letters (RFC 4648).
enum Hexadecimal {
  private static let digits = Array("0123456789abcdef".utf8)

  /// The octets of pairs of digits in either case; `nil` for anything else.
  static func decoded(_ text: some Collection<UInt8>) -> [UInt8]? {
    var octets = [UInt8]()
    octets.reserveCapacity(text.count / 2)
    var upper: UInt8?
    for character in text {
      guard let digit = value(character) else { return nil }
      if let high = upper {
        octets.append(high << 4 | digit)
        upper = nil
      } else {
        upper = digit
      }
    }
    return upper == nil ? octets : nil
  }

  static func append(_ octets: some Sequence<UInt8>, to text: inout [UInt8]) {
    for octet in octets {
      text.append(digits[Int(octet >> 4)])
      text.append(digits[Int(octet & 15)])
    }
  }

  private static func value(_ octet: UInt8) -> UInt8? {
    switch octet {
    case 0x30...0x39: octet &- 0x30
    case 0x41...0x46: octet &- 0x37
    case 0x61...0x66: octet &- 0x57
    default: nil
    }
  }
}

/// RFC 4648 §4, with padding.
enum Base64 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 0xFF, count: 256)
    for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
    return values
  }()

  /// The octets; `nil` for a character outside the alphabet or a wrong padding.
  static func decoded(_ text: [UInt8]) -> [UInt8]? {
    guard text.count % 4 == 0 else { return nil }
    let padding = text.last == 0x3D ? (text[text.count - 2] == 0x3D ? 2 : 1) : 0
    var octets = [UInt8]()
    octets.reserveCapacity(text.count / 4 * 3)
    var (bits, count): (UInt32, Int) = (0, 0)
    for character in text.dropLast(padding) {
      let value = values[Int(character)]
      guard value < 64 else { return nil }
      bits = bits << 6 | UInt32(value)
      count += 6
      if count >= 8 {
        count -= 8
        octets.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    return octets
  }

  static func append(_ octets: ArraySlice<UInt8>, to text: inout [UInt8]) {
    var place = octets.startIndex
    while place < octets.endIndex {
      let count = min(3, octets.endIndex - place)
      var bits: UInt32 = 0
      for step in 0..<3 { bits = bits << 8 | (step < count ? UInt32(octets[place + step]) : 0) }
      for step in 0..<4 {
        text.append(step <= count ? alphabet[Int(bits >> UInt32(18 - 6 * step) & 63)] : 0x3D)
      }
      place += count
    }
  }
}

/// RFC 4648 §7, the alphabet 0-9 A-V, without padding (RFC 5155 §1.3).
enum Base32Hex {
  static func decoded(_ text: [UInt8]) -> [UInt8]? {
    var octets = [UInt8]()
    var (bits, count): (UInt32, Int) = (0, 0)
    for character in text {
      let value: UInt8
      switch character {
      case 0x30...0x39: value = character &- 0x30
      case 0x41...0x56: value = character &- 0x41 &+ 10
      case 0x61...0x76: value = character &- 0x61 &+ 10
      default: return nil
      }
      bits = bits << 5 | UInt32(value)
      count += 5
      if count >= 8 {
        count -= 8
        octets.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    // Fewer than five bits may be left over, else a character too many was written.
    return count < 5 ? octets : nil
  }

  static func append(_ octets: ArraySlice<UInt8>, to text: inout [UInt8]) {
    var (bits, count): (UInt32, Int) = (0, 0)
    func digit(_ value: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: value < 10 ? 0x30 + value : 0x61 + value - 10) }
    for octet in octets {
      bits = bits << 8 | UInt32(octet)
      count += 8
      while count >= 5 {
        count -= 5
        text.append(digit(bits >> UInt32(count) & 31))
      }
    }
    if count > 0 { text.append(digit(bits << UInt32(5 - count) & 31)) }
  }
}

/// Seconds of 1970 as `YYYYMMDDHHmmSS` (RFC 4034 §3.2).
enum CalendarTime {
  /// Seconds of 1970, modulo 2³²; `nil` if there is no such time.
  static func seconds(_ digits: [UInt8]) -> UInt32? {
    guard digits.count == 14, digits.allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
    func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + Int($1 &- 0x30) } }
    let (year, month, day) = (number(0..<4), number(4..<6), number(6..<8))
    let (hour, minute, second) = (number(8..<10), number(10..<12), number(12..<14))
    guard year >= 1970, (1...12).contains(month), (1...monthLength(year, month)).contains(day), hour < 24, minute < 60,
      second < 60
    else { return nil }
    return UInt32(truncatingIfNeeded: days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second)
  }

  static func append(_ seconds: UInt32, to text: inout [UInt8]) {
    var (year, month, rest) = (1970, 1, Int(seconds) / 86_400)
    while rest >= (isLeap(year) ? 366 : 365) {
      rest -= isLeap(year) ? 366 : 365
      year += 1
    }
    while rest >= monthLength(year, month) {
      rest -= monthLength(year, month)
      month += 1
    }
    func append(_ value: Int, _ width: Int) {
      let digits = Array(String(value).utf8)
      text += [UInt8](repeating: 0x30, count: max(0, width - digits.count)) + digits
    }
    append(year, 4)
    append(month, 2)
    append(rest + 1, 2)
    let time = Int(seconds) % 86_400
    append(time / 3600, 2)
    append(time / 60 % 60, 2)
    append(time % 60, 2)
  }

  private static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

  private static func monthLength(_ year: Int, _ month: Int) -> Int {
    month == 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
  }

  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let before = year - 1
    var days = 365 * (year - 1970) + (before / 4 - 492) - (before / 100 - 19) + (before / 400 - 4)
    for earlier in 1..<month { days += monthLength(year, earlier) }
    return days + day - 1
  }
}
