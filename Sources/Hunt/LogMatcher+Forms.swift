internal import Names

/// What a text is by its form.
extension LogMatcher {
  /// Four numbers up to 255 without leading zeros.
  @inline(__always) static func address4(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> UInt32? {
    guard end - start >= 7, end - start <= 15 else { return nil }
    let second = EightOctets(text, at: min(start &+ 8, end), before: end).word
    // What is left of the text, the first octet the lowest, and zeros.
    var rest = UInt128(second) &<< 64 | UInt128(EightOctets(text, at: start, before: end).word)
    var (address, place) = (UInt32(0), start)
    for number in 0..<4 {
      // Digits are 0 to 9 in these four octets, and nothing else is.
      let octets = UInt32(truncatingIfNeeded: rest) ^ 0x3030_3030
      let others = ((octets & 0x7F7F_7F7F) &+ 0x7676_7676 | octets) & 0x8080_8080
      let count = UInt32(truncatingIfNeeded: others.trailingZeroBitCount) &>> 3
      guard count &- 1 < 3, count == 1 || octets & 0xFF != 0 else { return nil }
      // The last digit is the highest octet.
      let digits = octets &<< (32 &- 8 &* count)
      let value = digits &>> 24 &+ (digits &>> 16 & 0xFF) &* 10 &+ (digits &>> 8 & 0xFF) &* 100
      guard value < 256 else { return nil }
      address = address &<< 8 | value
      rest &>>= UInt128(8 &* count)
      place &+= Int(count)
      if number < 3 {
        guard UInt8(truncatingIfNeeded: rest) == UInt8(ascii: ".") else { return nil }
        rest &>>= 8
        place &+= 1
      }
    }
    return place == end ? address : nil
  }
  static func lastDot(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
    var place = end
    while place > start, text[place - 1] != UInt8(ascii: ".") { place -= 1 }
    return place > start ? place - 1 : nil
  }

  /// A name in wire form, lower-cased; `nil` where the text is none. A dot at its end says nothing.
  @inline(__always) static func wireName(_ text: Span<UInt8>, _ start: Int, _ end: Int, _ wire: inout WireName) -> Int? {
    let end = end > start && text[end - 1] == UInt8(ascii: ".") ? end - 1 : end
    let count = end - start
    guard count > 0, count <= 253 else { return nil }
    // Where the length of the label in hand belongs.
    var label = 0
    for offset in stride(from: 0, to: count, by: 8) {
      let octets = EightOctets(text, at: start + offset, before: end)
      let known = count - offset < 8 ? ~(UInt64.max << UInt64((count - offset) * 8)) : .max
      guard octets.ofNoName & known == 0 else { return nil }
      wire.put(octets.lowerCased, at: offset + 1)
      var dots = octets.equal(to: UInt8(ascii: "."))
      while dots != 0 {
        let dot = offset + 1 + dots.trailingZeroBitCount >> 3
        dots &= dots &- 1
        guard wire.close(label, before: dot) else { return nil }
        label = dot
      }
    }
    // What is behind the name is zero: so is the last label.
    return wire.close(label, before: count + 1) ? count + 2 : nil
  }

  /// Room for a name of 255 octets, and for the eight that are written at a time.
  struct WireName {
    private(set) var octets = InlineArray<264, UInt8>(repeating: 0)

    /// Needs `place` up to 254.
    @inline(__always) mutating func put(_ eight: EightOctets, at place: Int) {
      var span = octets.mutableSpan
      // Any octets are octets; that there is room is asked.
      var bytes = unsafe span.mutableBytes
      bytes.storeBytes(of: eight.word.littleEndian, toByteOffset: place, as: UInt64.self)
    }

    /// Writes the length of the label whose length octet is at `label`; `false` where that is none.
    @inline(__always) mutating func close(_ label: Int, before end: Int) -> Bool {
      let length = end - label - 1
      guard length > 0, length < 64 else { return false }
      octets[label] = UInt8(truncatingIfNeeded: length)
      return true
    }
  }
}

extension EightOctets {
  /// Which stand in no name, but do in a URL, a port or an address of mail: blanks, `: / @ \ "` and what is beyond ASCII.
  fileprivate var ofNoName: UInt64 {
    // Of the others each run has its first here, and the first behind it: what is at or above an odd number of these is in one.
    let marks = atLeast(0x21) ^ atLeast(0x22) ^ atLeast(0x23) ^ atLeast(0x2F)
    let numbers = atLeast(0x30) ^ atLeast(0x3A) ^ atLeast(0x3B) ^ atLeast(0x40)
    let letters = atLeast(0x41) ^ atLeast(0x5C) ^ atLeast(0x5D) ^ atLeast(0x7F)
    return ~(marks ^ numbers ^ letters) & Self.highBits | beyondASCII
  }
}
