/// The escapes of a JSON string (RFC 8259 §7), undone without complaint: what is no escape stays as it is.
enum JSONEscapes {
  /// - Parameter text: Takes the text in the place of what it held.
  static func undo(_ octets: Span<UInt8>, _ range: Range<Int>, _ text: inout [UInt8]) {
    text.removeAll(keepingCapacity: true)
    var place = range.lowerBound
    while place < range.upperBound {
      let octet = octets[place]
      guard octet == UInt8(ascii: "\\"), place + 1 < range.upperBound else {
        text.append(octet)
        place += 1
        continue
      }
      place += 2
      switch octets[place - 1] {
      case UInt8(ascii: "n"): text.append(0x0A)
      case UInt8(ascii: "r"): text.append(0x0D)
      case UInt8(ascii: "t"): text.append(0x09)
      case UInt8(ascii: "b"), UInt8(ascii: "f"): text.append(0x20)
      case UInt8(ascii: "u"):
        var (unit, digits) = (UInt32(0), 0)
        while digits < 4, place < range.upperBound, let digit = Character(Unicode.Scalar(octets[place])).hexDigitValue {
          (unit, digits, place) = (unit << 4 | UInt32(digit), digits + 1, place + 1)
        }
        // Halves of a character stand in no value that is looked for.
        text.append(contentsOf: String(Character(Unicode.Scalar(unit) ?? "\u{FFFD}")).utf8)
      case let plain: text.append(plain)
      }
    }
  }
}
