internal import Names

extension USCERT {
  /// A moment as tables write it, in UTC where no offset is said: as RFC 3339 has it, a month (`2019-04`), a time without an
  /// offset (`2024-01-31 09:00`), with slashes (`2024/01/31`), or digits alone (`20240131`).
  ///
  /// `nil` for all that could be another day elsewhere (`01/02/2024`), and for the days that spreadsheets count (`45293`).
  static func time(_ text: String) -> Timestamp? {
    if let time = Timestamp(text) ?? Timestamp(text + "-01") { return time }
    var octets = Array((text.hasSuffix(" UTC") ? text.dropLast(4) : text[...]).utf8)
    let (slash, hyphen) = (UInt8(ascii: "/"), UInt8(ascii: "-"))
    if octets.count == 8, octets.allSatisfy({ $0 &- 0x30 < 10 }) {
      octets.insert(hyphen, at: 6)
      octets.insert(hyphen, at: 4)
    } else if octets.count >= 10, octets[4] == slash, octets[7] == slash {
      octets[4] = hyphen
      octets[7] = hyphen
    }
    let written = String(decoding: octets, as: UTF8.self)
    return Timestamp(written) ?? Timestamp(written + "Z")
  }
}
