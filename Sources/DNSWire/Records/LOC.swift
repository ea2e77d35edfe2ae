extension RRType {
  /// A place on Earth (RFC 1876 §2).
  public static let loc = RRType(29)
}

extension RecordFormat {
  static let loc = RecordFormat(.loc, "LOC", "RFC 1876 §2", [.location])
}

/// Version, size, two precisions, latitude, longitude, altitude.
enum Location {
  private static let equator: Int64 = 1 << 31  // thousandths of an arc second
  private static let seaLevel: Int64 = 10_000_000  // centimetres above the lowest altitude

  /// Checks version 0; another version has no form that we know and stays opaque (RFC 1876 §2).
  static func check(_ message: Span<UInt8>, from start: Int, to end: Int) throws(WireFault) {
    guard start < end else { throw .dataTooShort(.loc, at: start) }
    guard message[start] == 0 else { return }
    guard end - start >= 16 else { throw .dataTooShort(.loc, at: end) }
    guard end - start == 16 else { throw .dataTooLong(.loc, octets: end - start - 16, at: start + 16) }
    for place in (start + 1)..<(start + 4) where message[place] >> 4 > 9 || message[place] & 15 > 9 {
      throw .badField(.loc, .location, at: place)
    }
    for (place, degrees) in [(start + 4, Int64(90)), (start + 8, 180)] {
      var value: Int64 = 0
      for index in place..<(place + 4) { value = value << 8 | Int64(message[index]) }
      guard abs(value - equator) <= degrees * 3_600_000 else { throw .badField(.loc, .location, at: place) }
    }
  }

  static func appendParsed(_ reader: inout TokenReader, to octets: inout [UInt8]) throws(TextFault) {
    let latitude = try angle(&reader, degrees: 90, letters: (0x4E, 0x53))
    let longitude = try angle(&reader, degrees: 180, letters: (0x45, 0x57))
    let altitude = try metres(&reader, isSigned: true) + seaLevel
    // RFC 1876 §3: 1 m, 10,000 m and 10 m when they are not given.
    var sizes: [UInt8] = [0x12, 0x16, 0x13]
    for index in sizes.indices where !reader.isAtEnd { sizes[index] = try size(&reader) }
    guard (0...0xFFFF_FFFF).contains(altitude) else { throw TextFault(position: reader.last, cause: .missing(.location)) }
    octets.append(0)
    octets.append(contentsOf: sizes)
    for value in [latitude, longitude, altitude] { octets.appendU32(UInt32(truncatingIfNeeded: value)) }
  }

  /// `d [m [s[.fff]]] N`, as thousandths of an arc second from 2³¹.
  private static func angle(
    _ reader: inout TokenReader, degrees limit: Int64, letters: (UInt8, UInt8)
  ) throws(TextFault) -> Int64 {
    var (parts, thousandths) = ([Int64](), Int64(0))
    while true {
      let token = try reader.next(.location)
      if token.octets.count == 1, let letter = token.octets.first.map({ $0 & 0xDF }), letter == letters.0 || letter == letters.1 {
        guard !parts.isEmpty else { throw token.unfit(.location) }
        parts += [Int64](repeating: 0, count: 3 - parts.count)
        let total = parts[0] * 3_600_000 + parts[1] * 60_000 + parts[2] * 1000 + thousandths
        guard total <= limit * 3_600_000 else { throw token.unfit(.location) }
        return letter == letters.0 ? equator + total : equator - total
      }
      guard parts.count < 3, let (whole, fraction) = decimal(token.octets[...], places: 3), parts.count == 2 || fraction == 0,
        whole <= (parts.isEmpty ? limit : 59)
      else { throw token.unfit(.location) }
      parts.append(whole)
      thousandths = fraction
    }
  }

  /// `12`, `-24.05m`, as centimetres.
  private static func metres(_ reader: inout TokenReader, isSigned: Bool) throws(TextFault) -> Int64 {
    let token = try reader.next(.location)
    var text = token.octets[...]
    if let last = text.last, last | 0x20 == 0x6D { text = text.dropLast() }
    let isNegative = isSigned && text.first == 0x2D
    if isNegative { text = text.dropFirst() }
    guard let (whole, fraction) = decimal(text, places: 2) else { throw token.unfit(.location) }
    return isNegative ? -(whole * 100 + fraction) : whole * 100 + fraction
  }

  /// The whole number and the fraction in its places; at most ten digits before the point.
  private static func decimal(_ text: ArraySlice<UInt8>, places: Int) -> (Int64, Int64)? {
    let parts = text.split(separator: 0x2E, maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first, (1...10).contains(whole.count), whole.allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
    let fraction = parts.count > 1 ? parts[1] : []
    guard fraction.count <= places, fraction.allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
    let padded = fraction + [UInt8](repeating: 0x30, count: places - fraction.count)
    return (whole.reduce(0) { $0 * 10 + Int64($1 &- 0x30) }, padded.reduce(0) { $0 * 10 + Int64($1 &- 0x30) })
  }

  /// A size as one digit and a power of ten, in centimetres.
  private static func size(_ reader: inout TokenReader) throws(TextFault) -> UInt8 {
    let token = reader.peek
    var (value, exponent) = (try metres(&reader, isSigned: false), UInt8(0))
    while value > 9 { (value, exponent) = (value / 10, exponent + 1) }
    guard exponent <= 9 else { throw token?.unfit(.location) ?? TextFault(position: reader.last, cause: .missing(.location)) }
    return UInt8(truncatingIfNeeded: value) << 4 | exponent
  }

  /// Says `false` for a version that has no presentation form.
  static func appendText(_ octets: ArraySlice<UInt8>, to text: inout [UInt8]) -> Bool {
    guard octets.first == 0, octets.count == 16 else { return false }
    func number(_ place: Int) -> Int64 { Int64(octets.dropFirst(place).prefix(4).number) }
    func angle(_ value: Int64, _ letters: (String, String)) -> String {
      let size = abs(value - equator)
      let (degrees, minutes, seconds) = (padded(size / 3_600_000), padded(size / 60_000 % 60), padded(size / 1000 % 60))
      let thousandths = String(1000 + size % 1000).dropFirst()
      return "\(degrees) \(minutes) \(seconds).\(thousandths) \(value >= equator ? letters.0 : letters.1)"
    }
    func padded(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
    func metres(_ value: Int64) -> String { value % 100 == 0 ? "\(value / 100)m" : "\(value / 100).\(padded(value % 100))m" }
    let altitude = number(12) - seaLevel
    var words = [angle(number(4), ("N", "S")), angle(number(8), ("E", "W"))]
    words.append((altitude < 0 ? "-" : "") + metres(abs(altitude)))
    for octet in octets.dropFirst().prefix(3) {
      words.append(metres((0..<(octet & 15)).reduce(Int64(octet >> 4)) { value, _ in value * 10 }))
    }
    text.append(contentsOf: words.joined(separator: " ").utf8)
    return true
  }
}
