extension RegularExpressionReader {
  // MARK: Escapes

  /// On entry what follows the backslash is next.
  mutating func escape() throws(RegularExpressionFault) -> RegularExpressionTree? {
    let start = place - 1
    guard let next = peek() else { throw fault(.openEscape, at: start) }
    place += 1
    if let ranges = RegularExpression.CharacterSet.shorthand(next.value) { return .oneOf(RegularExpression.CharacterSet(ranges)) }
    switch next {
    case "A": return .assert(.textStart)
    case "z": return .assert(.textEnd)
    case "Z": return .assert(.textEndOrLastLineFeed)
    case "b": return .assert(.wordBorder)
    case "B": return .assert(.noWordBorder)
    case "Q":
      isVerbatim = true
      return nil
    case "E": return nil
    case "N": return .oneOf(RegularExpression.CharacterSet([0x0A...0x0A], isNegated: true))
    case "R":
      return .alternatives([
        .sequence([.scalar(0x0D), .scalar(0x0A)]),
        .oneOf(RegularExpression.CharacterSet(RegularExpression.CharacterSet.verticalSpace)),
      ])
    case "p", "P", "X": throw unsupported(.property, from: start, 2)
    case "K", "G", "C": throw unsupported(.lookAround, from: start, 2)
    case "k", "g", "1"..."9": throw unsupported(.backReference, from: start, 2)
    default: return character(try escapedScalar(next, from: start))
    }
  }

  /// The character that an escape stands for, in a class or not; its first letter is taken already.
  private mutating func escapedScalar(_ letter: Unicode.Scalar, from start: Int) throws(RegularExpressionFault) -> UInt32 {
    switch letter {
    case "a": return 0x07
    case "e": return 0x1B
    case "f": return 0x0C
    case "n": return 0x0A
    case "r": return 0x0D
    case "t": return 0x09
    case "0": return digits(2, radix: 8) ?? 0
    case "x":
      if take("{") {
        guard let value = digits(6, radix: 16), Unicode.Scalar(value) != nil, take("}") else { break }
        return value
      }
      return digits(2, radix: 16) ?? 0
    case "u":
      let first = place
      guard let value = digits(4, radix: 16), place == first + 4, Unicode.Scalar(value) != nil else { break }
      return value
    case "c":
      guard let control = peek(), control.isASCII else { break }
      place += 1
      return (0x61...0x7A ~= control.value ? control.value & ~0x20 : control.value) ^ 0x40
    default:
      // A letter that means nothing might mean something to who wrote it.
      let isLetter = (letter.value | 0x20) &- 0x61 < 26 || "0"..."9" ~= letter
      if !isLetter { return letter.value }
    }
    throw fault(.badEscape(written(start)), at: start)
  }

  private mutating func digits(_ most: Int, radix: UInt32) -> UInt32? {
    var (value, count): (UInt32, Int) = (0, 0)
    while count < most, let next = peek(), let digit = Character(next).hexDigitValue, digit < radix {
      (value, count) = (value * radix + UInt32(digit), count + 1)
      place += 1
    }
    return count > 0 ? value : nil
  }

  // MARK: Classes

  /// On entry the bracket is taken.
  mutating func characterClass() throws(RegularExpressionFault) -> RegularExpression.CharacterSet {
    let start = place - 1
    let isNegated = take("^")
    var ranges: [ClosedRange<UInt32>] = []
    var isFirst = true
    while let next = peek(), isFirst || next != "]" {
      isFirst = false
      let from = place
      guard let low = try classItem(&ranges, start) else {
        // A class cannot start a range; a hyphen after it is itself.
        continue
      }
      guard peek() == "-", let end = peek(1), end != "]" else {
        ranges.append(low...low)
        continue
      }
      place += 1
      guard let high = try classItem(&ranges, start), low <= high else {
        throw fault(.badRange(written(from)), at: from)
      }
      ranges.append(low...high)
    }
    guard take("]") else { throw fault(.openClass, at: start) }
    return RegularExpression.CharacterSet(ranges, isNegated: isNegated, ignoresCase: options.ignoresCase)
  }

  /// One character of a class; `nil` where it was a class itself, which joins the ranges.
  private mutating func classItem(_ ranges: inout [ClosedRange<UInt32>], _ start: Int) throws(RegularExpressionFault) -> UInt32? {
    guard let next = peek() else { throw fault(.openClass, at: start) }
    let from = place
    if next == "[", peek(1) == ":", let end = text[place..<min(text.count, place + 12)].firstIndex(of: UInt32(UInt8(ascii: "]"))),
      end > place + 3,
      text[end - 1] == UInt32(UInt8(ascii: ":"))
    {
      let isNegated = peek(2) == "^"
      let name = written(place + (isNegated ? 3 : 2), end - 1 - place - (isNegated ? 3 : 2))
      if let known = RegularExpression.CharacterSet.posix(name) {
        ranges += isNegated ? RegularExpression.CharacterSet.others(known) : known
        place = end + 1
        return nil
      }
    }
    place += 1
    guard next == "\\" else { return next.value }
    guard let letter = peek() else { throw fault(.openEscape, at: from) }
    place += 1
    if let shorthand = RegularExpression.CharacterSet.shorthand(letter.value) {
      ranges += shorthand
      return nil
    }
    switch letter {
    case "b": return 0x08
    case "p", "P", "X", "N", "R": throw unsupported(.property, from: from, 2)
    // In a class digits are octal: there is nothing to refer back to.
    case "1"..."7":
      place -= 1
      return digits(3, radix: 8)
    default: return try escapedScalar(letter, from: from)
    }
  }
}
