/// The range of a $GENERATE: `1-127` or `0-100/5` (BIND 9 manual, "$GENERATE").
struct GenerateRange: Equatable {
  var start: Int
  var stop: Int
  var step: Int

  /// How many times the template is filled in.
  var count: Int { (stop - start) / step + 1 }

  /// BIND's numbers are of 31 bits.
  private static let largest = 0x7FFF_FFFF

  init?(_ text: Span<UInt8>) {
    var place = 0
    guard let start = decimal(text, at: &place), place < text.count, text[place] == 0x2D else { return nil }
    place += 1
    guard let stop = decimal(text, at: &place) else { return nil }
    var step = 1
    if place < text.count {
      guard text[place] == 0x2F else { return nil }
      place += 1
      guard let written = decimal(text, at: &place), written > 0 else { return nil }
      step = written
    }
    guard place == text.count, start <= stop, stop <= Self.largest else { return nil }
    (self.start, self.stop, self.step) = (start, stop, step)
  }
}

/// Reads decimal digits from `place` on; `nil` if there are none or more than ten.
private func decimal(_ text: Span<UInt8>, at place: inout Int) -> Int? {
  let start = place
  var value = 0
  while place < text.count, text[place] &- 0x30 < 10, place - start < 11 {
    value = value * 10 + Int(text[place] &- 0x30)
    place += 1
  }
  return place > start && place - start <= 10 ? value : nil
}

/// The text of a $GENERATE in which `$` and `${offset,width,base}` stand for the number in hand.
struct GenerateTemplate {
  private enum Part {
    case text(start: Int, end: Int)
    case number(offset: Int, width: Int, base: UInt8)
  }

  /// A name has at most 255 octets, so nothing sensible is wider.
  static let widest = 255

  private let text: [UInt8]
  private var parts: [Part] = []
  /// More octets than any one filling makes.
  private(set) var longest = 0

  /// - Returns: `nil` when a `${…}` is not as the manual says.
  init?(_ span: Span<UInt8>) {
    var text = [UInt8]()
    text.reserveCapacity(span.count)
    for index in span.indices { text.append(span[index]) }
    self.text = text
    var place = 0
    var plain = 0
    while place < text.count {
      if text[place] == 0x5C {  // the escape stays: whoever reads the result takes it off
        place = min(place + 2, text.count)
        continue
      }
      guard text[place] == 0x24 else {
        place += 1
        continue
      }
      add(.text(start: plain, end: place))
      place += 1
      if place < text.count, text[place] == 0x24 {  // BIND still takes $$ for one $
        plain = place
        place += 1
        continue
      }
      var part = Part.number(offset: 0, width: 0, base: 0x64)
      if place < text.count, text[place] == 0x7B {
        guard let end = text[place...].firstIndex(of: 0x7D),
          let written = Self.format(text.span.extracting((place + 1)..<end))
        else { return nil }
        part = written
        place = end + 1
      }
      add(part)
      plain = place
    }
    add(.text(start: plain, end: text.count))
  }

  private mutating func add(_ part: Part) {
    switch part {
    case .text(let start, let end):
      guard start < end else { return }
      longest += end - start
    case .number(_, let width, _): longest += max(width, 24)
    }
    parts.append(part)
  }

  /// `offset[,width[,base]]`
  private static func format(_ text: Span<UInt8>) -> Part? {
    var place = 0
    let isNegative = text.count > 0 && text[0] == 0x2D
    if isNegative || (text.count > 0 && text[0] == 0x2B) { place = 1 }
    guard let offset = decimal(text, at: &place), offset <= 0x7FFF_FFFF else { return nil }
    var width = 0
    var base: UInt8 = 0x64
    if place < text.count {
      guard text[place] == 0x2C else { return nil }
      place += 1
      guard let written = decimal(text, at: &place), written <= widest else { return nil }
      width = written
    }
    if place < text.count {
      guard text[place] == 0x2C, place + 2 == text.count else { return nil }
      base = text[place + 1]
      switch base {
      case 0x64, 0x6F, 0x78, 0x58, 0x6E, 0x4E: break  // d o x X n N
      default: return nil
      }
    }
    return .number(offset: isNegative ? -offset : offset, width: width, base: base)
  }

  /// Appends the template with one number filled in.
  func fill(_ number: Int, into octets: inout [UInt8]) {
    for part in parts {
      switch part {
      case .text(let start, let end): octets.append(contentsOf: text[start..<end])
      case .number(let offset, let width, let base):
        Self.write(number + offset, width: width, base: base, into: &octets)
      }
    }
  }

  private static func write(_ value: Int, width: Int, base: UInt8, into octets: inout [UInt8]) {
    switch base {
    case 0x6E, 0x4E: writeNibbles(value, width: width, upper: base == 0x4E, into: &octets)
    case 0x64:
      let digits = String(value.magnitude)
      if value < 0 { octets.append(0x2D) }
      let zeros = width - digits.utf8.count - (value < 0 ? 1 : 0)
      if zeros > 0 { octets.append(contentsOf: repeatElement(0x30, count: zeros)) }
      octets.append(contentsOf: digits.utf8)
    default:
      // BIND prints a negative number as the 32 bits that hold it.
      let bits = UInt32(truncatingIfNeeded: value)
      let digits = String(bits, radix: base == 0x6F ? 8 : 16, uppercase: base == 0x58)
      let zeros = width - digits.utf8.count
      if zeros > 0 { octets.append(contentsOf: repeatElement(0x30, count: zeros)) }
      octets.append(contentsOf: digits.utf8)
    }
  }

  /// Hexadecimal digits from the lowest up, with dots between them; the width counts the dots.
  private static func writeNibbles(_ value: Int, width: Int, upper: Bool, into octets: inout [UInt8]) {
    var rest = UInt32(truncatingIfNeeded: value)
    var left = width
    repeat {
      let nibble = UInt8(rest & 0xF)
      octets.append(nibble < 10 ? 0x30 + nibble : (upper ? 0x41 : 0x61) + nibble - 10)
      rest >>= 4
      left = max(0, left - 1)
      if left > 0 || rest != 0 {
        octets.append(0x2E)
        left = max(0, left - 1)
      }
    } while rest != 0 || left > 0
  }
}
