/// Whether a text is written as a UUID: 8-4-4-4-12 hexadecimal digits (RFC 9562 §4). Nothing else can stand in it, so it may be
/// part of a path.
func hasUUIDForm(_ text: some StringProtocol) -> Bool {
  guard text.utf8.count == 36 else { return false }
  for (place, octet) in text.utf8.enumerated() {
    switch place {
    case 8, 13, 18, 23: guard octet == UInt8(ascii: "-") else { return false }
    default: guard isHexadecimal(octet) else { return false }
    }
  }
  return true
}

/// Whether a text is a UUID of the variant and versions 1 to 5 of RFC 4122, which STIX 2.1 §2.9 wants in an identifier.
func isRFC4122UUID(_ text: some StringProtocol) -> Bool {
  guard hasUUIDForm(text) else { return false }
  let octets = Array(text.utf8)
  return (UInt8(ascii: "1")...UInt8(ascii: "5")).contains(octets[14]) && "89abAB".utf8.contains(octets[19])
}
