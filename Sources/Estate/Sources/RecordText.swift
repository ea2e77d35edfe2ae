/// Pieces of record data as a zone file writes them.
enum RecordText {
  /// Whether text is one token without quotes: nothing in it ends it or starts a comment (RFC 1035 §5.1).
  static func isWord(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && !"\"();\\".utf8.contains($0) }
  }

  /// Whether text with its escapes is one token between quotes.
  static func isWhole(_ text: String) -> Bool {
    var isEscaped = false
    for octet in text.utf8 {
      if !isEscaped, octet == UInt8(ascii: "\"") { return false }
      isEscaped = !isEscaped && octet == UInt8(ascii: "\\")
    }
    return !isEscaped
  }

  static func replacing(_ piece: String, with other: String, in octets: [UInt8]) -> [UInt8] {
    let (piece, other) = (Array(piece.utf8), Array(other.utf8))
    guard let first = piece.first, octets.contains(first) else { return octets }
    var (out, place) = ([UInt8](), 0)
    out.reserveCapacity(octets.count)
    while place < octets.count {
      if octets[place] == first, octets[place...].starts(with: piece) {
        out += other
        place += piece.count
      } else {
        out.append(octets[place])
        place += 1
      }
    }
    return out
  }
}
