/// The scalar whose UTF-8 form starts at an offset, by the table of RFC 3629 §4; `nil` where none does.
///
/// - Parameter offset: Of an octet that is there.
public func scalar(_ octets: [UInt8], at offset: Int) -> (value: UInt32, length: Int)? {
  let first = octets[offset]
  if first < 0x80 { return (UInt32(first), 1) }
  let (length, second): (Int, ClosedRange<UInt8>)
  switch first {
  case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
  case 0xE0: (length, second) = (3, 0xA0...0xBF)
  case 0xED: (length, second) = (3, 0x80...0x9F)
  case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
  case 0xF0: (length, second) = (4, 0x90...0xBF)
  case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
  case 0xF4: (length, second) = (4, 0x80...0x8F)
  default: return nil
  }
  guard offset + length <= octets.count, second.contains(octets[offset + 1]) else { return nil }
  var value = UInt32(first) & (0x7F >> UInt32(length))
  for index in 1..<length {
    let octet = octets[offset + index]
    guard octet & 0xC0 == 0x80 else { return nil }
    value = value << 6 | UInt32(octet & 0x3F)
  }
  return (value, length)
}
