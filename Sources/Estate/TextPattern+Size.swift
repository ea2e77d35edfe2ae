extension TextPattern {
  /// How many single characters a pattern stands for with its repetitions written out. Sound for what the C library accepts.
  static func writtenOut(_ source: String) -> Int {
    /// No pattern of ``mostOctets`` multiplies this beyond 64 bits.
    let most = 1 << 32
    var rest = Array(source.utf8)[...]
    // Of the group that is open; those around it; and of what was read last, which a repetition repeats.
    var (total, outer, last) = (0, [Int](), 0)
    while let octet = rest.popFirst() {
      switch octet {
      case UInt8(ascii: "("):
        outer.append(total)
        (total, last) = (0, 0)
      case UInt8(ascii: ")"):
        last = total + 1
        total = min(most, (outer.popLast() ?? 0) + last)
      case UInt8(ascii: "|"): last = 0
      case UInt8(ascii: "*"), UInt8(ascii: "?"): break
      case UInt8(ascii: "+"): repeats(2)
      case UInt8(ascii: "{"):
        let bounds = rest.prefix { $0 != UInt8(ascii: "}") }
        rest = rest.dropFirst(bounds.count + 1)
        // The larger of the two; an open end counts once more.
        let numbers = bounds.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        let largest = numbers.map { Int(String(decoding: $0, as: UTF8.self)) ?? 1 }.max() ?? 1
        repeats(min(1 << 16, largest + (numbers.last?.isEmpty == true ? 1 : 0)))
      default:
        if octet == UInt8(ascii: "\\") { _ = rest.popFirst() }
        if octet == UInt8(ascii: "[") { skipBracket(&rest) }
        last = 1
        total = min(most, total + 1)
      }
    }
    func repeats(_ times: Int) {
      let more = last * max(0, times - 1)
      (total, last) = (min(most, total + more), min(most, last + more))
    }
    return total + outer.count
  }

  /// Passes over a bracket expression (XBD 9.3.5), in which nothing repeats. On entry its `[` was read.
  private static func skipBracket(_ rest: inout ArraySlice<UInt8>) {
    if rest.first == UInt8(ascii: "^") { rest = rest.dropFirst() }
    if rest.first == UInt8(ascii: "]") { rest = rest.dropFirst() }
    while let octet = rest.popFirst(), octet != UInt8(ascii: "]") {
      guard octet == UInt8(ascii: "["), let kind = rest.first, ":.=".utf8.contains(kind) else { continue }
      rest = rest.dropFirst()
      while let octet = rest.popFirst() {
        if octet == kind, rest.first == UInt8(ascii: "]") {
          rest = rest.dropFirst()
          break
        }
      }
    }
  }
}
