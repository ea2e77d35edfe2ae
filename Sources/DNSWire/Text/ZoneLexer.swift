/// Cuts a master file into entries and their tokens, in one pass over the octets (RFC 1035 §5.1).
///
/// A token is a pair of offsets; nothing is copied. What cannot be lexed is told as faults of the entry,
/// and reading goes on with the next one, so that one slip does not hide the others.
struct ZoneLexer {
  /// A token: `start..<end` are offsets of its text, without the quotes that enclosed it.
  struct Piece {
    var start: Int
    var end: Int
    var line: Int
    var lineStart: Int
    var isQuoted = false
    var isASCII = true
    /// No blank stands between this piece and the one before, as in `alpn="h2"`.
    var adjoins = false
  }

  /// What lexing itself finds wrong, with the place.
  struct Slip {
    enum Kind: Hashable { case strayClose, neverClosed, unterminatedQuote, nulOctet, tooLong }
    var kind: Kind
    var start: Int
    var line: Int
    var lineStart: Int
  }

  /// 65,535 octets of RDATA written as \DDD take four octets each; quotes and blanks come on top.
  static let longestEntry = 524_288
  static let mostPieces = 65_536
  /// After an unclosed parenthesis reading restarts on the next line. Each restart may scan to the end of the file,
  /// so their number is what bounds the time.
  static let mostRestarts = 8

  private(set) var offset: Int
  private(set) var line: Int
  private(set) var lineStart: Int
  private(set) var pieces: [Piece] = []
  private(set) var slips: [Slip] = []
  /// The entry began with a blank: its owner is the one before.
  private(set) var beginsBlank = false
  private var restarts = 0

  init(offset: Int = 0, line: Int = 1, lineStart: Int = 0) {
    (self.offset, self.line, self.lineStart) = (offset, line, lineStart)
    pieces.reserveCapacity(64)
  }

  /// Whether more restarts were needed than are made, so that the rest of the file was not read.
  var gaveUp: Bool { restarts > Self.mostRestarts }

  /// Octets that end an unquoted token or need a look: NUL TAB LF CR space `"` `(` `)` `;` and `\`.
  @inline(__always)
  private static func isPlain(_ octet: UInt8) -> Bool {
    let below64: UInt64 = 1 | 1 << 9 | 1 << 10 | 1 << 13 | 1 << 32 | 1 << 34 | 1 << 40 | 1 << 41 | 1 << 59
    return octet < 64 ? (below64 >> UInt64(octet)) & 1 == 0 : octet != 0x5C
  }

  /// Reads the next entry that holds a token or a slip; false at the end of the octets.
  mutating func next(_ octets: Span<UInt8>) -> Bool {
    while offset < octets.count, !gaveUp {
      pieces.removeAll(keepingCapacity: true)
      if !slips.isEmpty { slips.removeAll(keepingCapacity: true) }
      readEntry(octets)
      if !pieces.isEmpty || !slips.isEmpty { return true }
    }
    return false
  }

  private mutating func readEntry(_ octets: Span<UInt8>) {
    let first = octets[offset]
    beginsBlank = first == 0x20 || first == 0x09
    var depth = 0
    var opened: Slip?
    var lastEnd = -1
    let entryStart = offset
    while offset < octets.count {
      let octet = octets[offset]
      switch octet {
      case 0x20, 0x09:
        offset &+= 1
      case 0x0A, 0x0D:
        endLine(octets)
        if depth == 0 { return }
      case 0x3B:  // ";"
        skipComment(octets)
      case 0x28:  // "("
        if depth == 0 { opened = slip(.neverClosed) }
        depth &+= 1
        offset &+= 1
      case 0x29:  // ")"
        if depth == 0 { note(slip(.strayClose)) } else { depth &-= 1 }
        offset &+= 1
      case 0x22:  // "\""
        readQuoted(octets, adjoins: lastEnd == offset, within: entryStart)
        lastEnd = offset
      case 0x00:
        note(slip(.nulOctet))
        while offset < octets.count, octets[offset] == 0 { offset &+= 1 }
      default:
        readPlain(octets, adjoins: lastEnd == offset, within: entryStart)
        lastEnd = offset
      }
    }
    if let opened, depth > 0 {
      pieces.removeAll(keepingCapacity: true)
      slips = [opened]
      restart(after: opened, octets)
    }
  }

  private mutating func readPlain(_ octets: Span<UInt8>, adjoins: Bool, within entryStart: Int) {
    let start = offset
    var seen: UInt8 = 0
    var place = start
    while place < octets.count {
      let octet = octets[place]
      seen |= octet
      if Self.isPlain(octet) {
        place &+= 1
      } else if octet == 0x5C {
        place &+= 1
        if place < octets.count, octets[place] != 0x0A, octets[place] != 0x0D, octets[place] != 0 { place &+= 1 }
      } else {
        break
      }
    }
    offset = place
    keep(
      Piece(start: start, end: offset, line: line, lineStart: lineStart, isASCII: seen < 0x80, adjoins: adjoins),
      within: entryStart)
  }

  private mutating func readQuoted(_ octets: Span<UInt8>, adjoins: Bool, within entryStart: Int) {
    let quote = slip(.unterminatedQuote)
    offset &+= 1
    let start = offset
    var seen: UInt8 = 0
    while offset < octets.count {
      let octet = octets[offset]
      seen |= octet
      if octet == 0x22 {
        keep(
          Piece(
            start: start, end: offset, line: line, lineStart: lineStart, isQuoted: true, isASCII: seen < 0x80, adjoins: adjoins),
          within: entryStart)
        offset &+= 1
        return
      }
      if octet == 0x0A || octet == 0x0D { break }
      if octet == 0x00 { note(slip(.nulOctet)) }
      offset &+= 1
      if octet == 0x5C, offset < octets.count, octets[offset] != 0x0A, octets[offset] != 0x0D { offset &+= 1 }
    }
    note(quote)
  }

  private mutating func skipComment(_ octets: Span<UInt8>) {
    while offset < octets.count, octets[offset] != 0x0A, octets[offset] != 0x0D { offset &+= 1 }
  }

  /// Steps over LF, CR or CR LF.
  private mutating func endLine(_ octets: Span<UInt8>) {
    if octets[offset] == 0x0D, offset &+ 1 < octets.count, octets[offset &+ 1] == 0x0A { offset &+= 1 }
    offset &+= 1
    line &+= 1
    lineStart = offset
  }

  /// Goes on with the line after the one that opened a parenthesis which nothing closes.
  private mutating func restart(after opened: Slip, _ octets: Span<UInt8>) {
    restarts &+= 1
    (offset, line, lineStart) = (opened.start, opened.line, opened.lineStart)
    skipComment(octets)
    if offset < octets.count { endLine(octets) }
  }

  private mutating func keep(_ piece: Piece, within entryStart: Int) {
    if piece.end &- entryStart > Self.longestEntry || pieces.count >= Self.mostPieces {
      if slips.last?.kind != .tooLong {
        note(Slip(kind: .tooLong, start: piece.start, line: piece.line, lineStart: piece.lineStart))
      }
      return
    }
    pieces.append(piece)
  }

  private func slip(_ kind: Slip.Kind) -> Slip {
    Slip(kind: kind, start: offset, line: line, lineStart: lineStart)
  }

  /// Keeps the first slips of an entry; more of them tell a person nothing new.
  private mutating func note(_ slip: Slip) {
    if slips.count < 8 { slips.append(slip) }
  }
}
