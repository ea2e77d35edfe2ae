internal import GRDB

/// Runs of octets in a row, each found by its number.
struct OctetList {
  private(set) var octets: [UInt8] = []
  /// Where each run ends.
  private var ends: [UInt32] = []

  var count: Int { ends.count }

  init() {}

  /// Makes room for as much as another list has, and somewhat more.
  mutating func reserve(like other: OctetList) {
    octets.reserveCapacity(other.octets.count + other.octets.count / 8)
    ends.reserveCapacity(other.count)
  }

  /// Adds a run, which is written by a function that appends octets and removes none.
  mutating func append(_ write: (inout [UInt8]) throws -> Void) rethrows {
    try write(&octets)
    ends.append(UInt32(truncatingIfNeeded: octets.count))
  }

  mutating func append(_ run: ArraySlice<UInt8>) { append { $0 += run } }

  subscript(index: Int) -> ArraySlice<UInt8> {
    let start = index == 0 ? 0 : Int(ends[index - 1])
    return octets[start..<Int(ends[index])]
  }

  /// The ends, four octets each with the lowest first, and then the octets.
  var serialized: [UInt8] {
    var all: [UInt8] = []
    all.reserveCapacity(4 * ends.count + octets.count)
    for end in ends {
      all.append(UInt8(truncatingIfNeeded: end))
      all.append(UInt8(truncatingIfNeeded: end >> 8))
      all.append(UInt8(truncatingIfNeeded: end >> 16))
      all.append(UInt8(truncatingIfNeeded: end >> 24))
    }
    all += octets
    return all
  }

  /// - Throws: `DatabaseError` where these are not so many runs.
  init(serialized all: [UInt8], count: Int) throws {
    guard count >= 0, all.count / 4 >= count else { throw DatabaseError.damagedIndicator }
    ends.reserveCapacity(count)
    var last: UInt32 = 0
    for place in stride(from: 0, to: 4 * count, by: 4) {
      var end: UInt32 = 0
      for octet in all[place..<place + 4].reversed() { end = end << 8 | UInt32(octet) }
      guard end >= last else { throw DatabaseError.damagedIndicator }
      ends.append(end)
      last = end
    }
    octets = Array(all[(4 * count)...])
    guard octets.count == Int(last) else { throw DatabaseError.damagedIndicator }
  }
}

extension DatabaseError {
  static let damagedIndicator = DatabaseError(resultCode: .SQLITE_CORRUPT, message: "an indicator cannot be read")
}

extension [UInt8] {
  /// A number by seven bits an octet, the lowest first; each octet but the last has its highest bit set.
  mutating func append(number: UInt64) {
    var rest = number
    while rest > 0x7F {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(truncatingIfNeeded: rest))
  }

  /// A number of either sign: those near zero are short.
  mutating func append(signed number: Int64) { append(number: UInt64(bitPattern: number << 1 ^ number >> 63)) }

  /// A text after its length.
  mutating func append(text: String) {
    append(number: UInt64(text.utf8.count))
    append(contentsOf: text.utf8)
  }

  mutating func append(texts: [String]) {
    append(number: UInt64(texts.count))
    for text in texts { append(text: text) }
  }
}

/// Reads what was appended to octets, in the same order.
struct OctetReader {
  private let octets: ArraySlice<UInt8>
  private var place: Int

  init(_ octets: ArraySlice<UInt8>) { (self.octets, place) = (octets, octets.startIndex) }

  var isAtEnd: Bool { place == octets.endIndex }

  mutating func octet() throws -> UInt8 {
    guard place < octets.endIndex else { throw DatabaseError.damagedIndicator }
    defer { place += 1 }
    return octets[place]
  }

  mutating func number() throws -> UInt64 {
    var (number, shift): (UInt64, UInt64) = (0, 0)
    while true {
      let octet = try octet()
      guard shift < 63 || octet < 2 else { throw DatabaseError.damagedIndicator }
      number |= UInt64(octet & 0x7F) << shift
      if octet < 0x80 { return number }
      shift += 7
    }
  }

  mutating func signed() throws -> Int64 {
    let number = try number()
    return Int64(bitPattern: number >> 1) ^ -Int64(bitPattern: number & 1)
  }

  mutating func octets(_ count: Int) throws -> ArraySlice<UInt8> {
    guard count >= 0, count <= octets.endIndex - place else { throw DatabaseError.damagedIndicator }
    defer { place += count }
    return octets[place..<place + count]
  }

  mutating func text() throws -> String {
    let count = try number()
    guard count <= UInt64(octets.count) else { throw DatabaseError.damagedIndicator }
    return String(decoding: try octets(Int(count)), as: UTF8.self)
  }

  mutating func texts() throws -> [String] {
    var texts: [String] = []
    for _ in 0..<(try number()) { texts.append(try text()) }
    return texts
  }

  /// What is left.
  mutating func rest() -> ArraySlice<UInt8> {
    defer { place = octets.endIndex }
    return octets[place...]
  }
}
