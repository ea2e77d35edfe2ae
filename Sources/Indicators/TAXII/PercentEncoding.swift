/// Undoes percent-encoding (RFC 3986 §2.1); in a form's fields a plus sign is a blank too. `nil` where what comes out is no
/// UTF-8, or a percent sign stands alone.
func percentDecoded(_ text: some StringProtocol, isForm: Bool = false) -> String? {
  var octets: [UInt8] = []
  var rest = Array(text.utf8)[...]
  while let octet = rest.popFirst() {
    switch octet {
    case UInt8(ascii: "%"):
      guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16),
        rest.prefix(2).allSatisfy({ isHexadecimal($0) })
      else { return nil }
      octets.append(value)
      rest = rest.dropFirst(2)
    case UInt8(ascii: "+") where isForm: octets.append(UInt8(ascii: " "))
    default: octets.append(octet)
    }
  }
  return String(validating: octets, as: UTF8.self)
}

/// A text as it may stand in a path or query: all but the unreserved characters (RFC 3986 §2.3) is encoded.
public func percentEncoded(_ text: String) -> String {
  var out = ""
  for octet in text.utf8 {
    switch octet {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
      out.unicodeScalars.append(Unicode.Scalar(octet))
    default:
      let digits = String(octet, radix: 16, uppercase: true)
      out += digits.count == 1 ? "%0" + digits : "%" + digits
    }
  }
  return out
}
