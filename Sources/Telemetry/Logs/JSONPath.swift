/// Under which names a text in a line of JSON stands: `source.ip` for the `ip` of the object `source`, as its readers write it. Arrays
/// have no name of their own.
enum JSONPath {
  /// Deeper names are left away.
  private static let mostNames = 16

  /// - Parameters:
  ///   - places: Where texts begin in the piece, behind their quotes, in ascending order.
  ///   - piece: Lines of JSON. Only those with a text that is asked for are looked at, each once.
  static func names(of places: [Int], in piece: Span<UInt8>) -> [String] {
    var (walk, names) = (Walk(), [String]())
    for place in places {
      var start = place
      while start > walk.offset, piece[start - 1] != 0x0A { start -= 1 }
      if start > walk.offset { walk = Walk(offset: start) }
      walk.go(to: place, in: piece)
      names.append(walk.names.map { text(piece, $0) }.joined(separator: "."))
    }
    return names
  }

  private static func text(_ piece: Span<UInt8>, _ range: Range<Int>) -> String {
    // Read inside the closure alone.
    unsafe piece.extracting(range).withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
  }

  private struct Walk {
    var offset = 0
    /// Of objects and arrays that are open; empty for those that have none.
    private var open: [Range<Int>] = []
    private var deeper = 0
    private var key: Range<Int>?

    init(offset: Int = 0) { self.offset = offset }

    var names: [Range<Int>] { (open + [key ?? 0..<0]).filter { !$0.isEmpty } }

    mutating func go(to place: Int, in piece: Span<UInt8>) {
      while offset + 1 < place {
        let octet = piece[offset]
        offset += 1
        switch octet {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
          if open.count < mostNames { open.append(key ?? 0..<0) } else { deeper += 1 }
          key = nil
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
          if deeper > 0 { deeper -= 1 } else { _ = open.popLast() }
          key = nil
        case UInt8(ascii: ","): key = nil
        case UInt8(ascii: "\"") where !open.isEmpty: takeText(in: piece)
        default: continue
        }
      }
    }

    /// Behind its first quote.
    private mutating func takeText(in piece: Span<UInt8>) {
      let start = offset
      while offset < piece.count, piece[offset] != UInt8(ascii: "\"") { offset += piece[offset] == UInt8(ascii: "\\") ? 2 : 1 }
      let end = min(offset, piece.count)
      offset = end + 1
      var next = offset
      while next < piece.count, piece[next] == 0x20 { next += 1 }
      guard next < piece.count, piece[next] == UInt8(ascii: ":") else { return }
      (key, offset) = (start..<end, next + 1)
    }
  }
}
