/// The octets of base64 text with its padding and nothing else (RFC 4648 §4); `nil` where it is none.
///
/// Bits past the last octet are not looked at, as in the reference tools.
func base64Octets(_ text: some Collection<UInt8>) -> [UInt8]? {
  guard text.count % 4 == 0 else { return nil }
  var octets: [UInt8] = []
  octets.reserveCapacity(text.count / 4 * 3)
  var (group, digits, padding): (UInt32, Int, Int) = (0, 0, 0)
  for octet in text {
    let digit: UInt32
    switch octet {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit = UInt32(octet) - 65
    case UInt8(ascii: "a")...UInt8(ascii: "z"): digit = UInt32(octet) - 71
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = UInt32(octet) + 4
    case UInt8(ascii: "+"): digit = 62
    case UInt8(ascii: "/"): digit = 63
    case UInt8(ascii: "="):
      (padding, digit) = (padding + 1, 0)
    default: return nil
    }
    guard padding == 0 || octet == UInt8(ascii: "="), padding <= 2 else { return nil }
    (group, digits) = (group << 6 | digit, digits + 1)
    guard digits == 4 else { continue }
    let whole = [UInt8(truncatingIfNeeded: group >> 16), UInt8(truncatingIfNeeded: group >> 8), UInt8(truncatingIfNeeded: group)]
    octets += whole.prefix(3 - padding)
    (group, digits) = (0, 0)
  }
  return octets
}

/// Base64 text of octets, with padding (RFC 4648 §4).
func base64Text(_ octets: [UInt8]) -> String {
  let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  var text: [UInt8] = []
  text.reserveCapacity((octets.count + 2) / 3 * 4)
  for start in stride(from: 0, to: octets.count, by: 3) {
    let part = octets[start..<min(start + 3, octets.count)]
    var group: UInt32 = 0
    for octet in part { group = group << 8 | UInt32(octet) }
    group <<= UInt32(8 * (3 - part.count))
    for place in 0..<4 {
      text.append(place <= part.count ? alphabet[Int(group >> UInt32(18 - 6 * place) & 0x3F)] : UInt8(ascii: "="))
    }
  }
  return String(decoding: text, as: UTF8.self)
}

/// The octets of hexadecimal digits, two each; `nil` where something else stands.
func hexadecimalOctets(_ text: some Collection<UInt8>) -> [UInt8]? {
  guard text.count % 2 == 0 else { return nil }
  var octets: [UInt8] = []
  octets.reserveCapacity(text.count / 2)
  var upper: UInt8?
  for digit in text {
    guard let value = Character(Unicode.Scalar(digit)).hexDigitValue else { return nil }
    if let high = upper {
      octets.append(high << 4 | UInt8(value))
      upper = nil
    } else {
      upper = UInt8(value)
    }
  }
  return octets
}

/// Hexadecimal digits in lower case, two for each octet.
func hexadecimalText(_ octets: [UInt8]) -> String {
  let digits = Array("0123456789abcdef".utf8)
  return String(decoding: octets.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
