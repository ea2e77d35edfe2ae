import Names

// The data of a record. Types that make up most of a zone are read straight from the octets; whatever does not fit
// there at first sight, and every other type, goes through RData's own reader of tokens, which also finds the words
// for what is wrong.

extension ZoneReader {
  /// Appends the data of a record to the table's, or tells what is wrong with it and gives false.
  mutating func readData(
    _ octets: Span<UInt8>, _ lexer: ZoneLexer, _ type: RRType, after index: Int, class recordClass: RRClass
  ) -> Bool {
    if recordClass == .in {
      let start = writer.table.data.count
      if readPlainData(octets, lexer, type, from: index + 1) { return true }
      if writer.table.data.count > start { writer.dropData(from: start) }
    }
    return readAnyData(octets, lexer, type, after: index)
  }

  private mutating func readAnyData(_ octets: Span<UInt8>, _ lexer: ZoneLexer, _ type: RRType, after index: Int) -> Bool {
    var tokens = [Token]()
    tokens.reserveCapacity(lexer.pieces.count - index)
    for next in (index + 1)..<max(index + 1, lexer.pieces.count) {
      let piece = lexer.pieces[next]
      var text = [UInt8]()
      text.reserveCapacity(piece.end - piece.start + 2)
      // alpn="h2,h3" is one word, quotes and all.
      let joins = piece.adjoins && type.hasParameters && tokens.last?.isQuoted == false
      if joins { text = tokens.removeLast().octets }
      if joins && piece.isQuoted { text.append(0x22) }
      for place in piece.start..<piece.end { text.append(octets[place]) }
      if joins && piece.isQuoted { text.append(0x22) }
      let first = joins ? lexer.pieces[next - 1] : piece
      tokens.append(Token(octets: text, isQuoted: piece.isQuoted && !joins, position: position(first)))
    }
    do {
      let rdata = try RData(type: type, tokens: tokens[...], origin: origin, start: position(lexer.pieces[index]))
      writer.table.data.append(contentsOf: rdata.octets)
      return true
    } catch {
      // A bad name is told as everywhere else, at the octet that is wrong.
      if case .name(let reason, let token) = error.cause {
        var place = error.position
        if fixedPosition == nil { place.column += reason.place ?? 0 }
        zone.add(fault: ZoneFault(position: place, cause: .badName(token, reason)))
      } else {
        zone.add(fault: ZoneFault(position: error.position, cause: .badData(type, error.cause)))
      }
      return false
    }
  }

  /// Appends the data of A, AAAA, NS, CNAME, PTR, DNAME, MX and TXT when it is written plainly.
  ///
  /// - Returns: Whether it is; if not, what was appended is to be taken off again.
  private mutating func readPlainData(_ octets: Span<UInt8>, _ lexer: ZoneLexer, _ type: RRType, from start: Int) -> Bool {
    let count = lexer.pieces.count - start
    guard count > 0 else { return false }
    let first = lexer.pieces[start]
    switch type {
    case .a where count == 1 && !first.isQuoted: return readIPv4(octets, first)
    case .aaaa where count == 1 && !first.isQuoted:
      guard case .v6(let high, let low)? = IPAddress(text: octets.extracting(first.start..<first.end)) else { return false }
      writer.table.data.appendU32(UInt32(truncatingIfNeeded: high >> 32))
      writer.table.data.appendU32(UInt32(truncatingIfNeeded: high))
      writer.table.data.appendU32(UInt32(truncatingIfNeeded: low >> 32))
      writer.table.data.appendU32(UInt32(truncatingIfNeeded: low))
      return true
    case .ns where count == 1, .cname where count == 1, .ptr where count == 1, .dname where count == 1:
      return readPlainName(octets, first)
    case .mx where count == 2 && !first.isQuoted:
      guard let preference = plainNumber(octets, first) else { return false }
      writer.table.data.appendU16(preference)
      return readPlainName(octets, lexer.pieces[start + 1])
    case .txt: return readStrings(octets, lexer, from: start)
    default: return false
    }
  }

  /// Four numbers up to 255 with dots between them; leading zeros are left to the other reader.
  private mutating func readIPv4(_ octets: Span<UInt8>, _ piece: ZoneLexer.Piece) -> Bool {
    var address: UInt32 = 0
    var number: UInt32 = 0
    var digits = 0
    var dots = 0
    for place in piece.start..<piece.end {
      let octet = octets[place]
      if octet == 0x2E {
        guard digits > 0, number < 256 else { return false }
        address = address << 8 | number
        (number, digits) = (0, 0)
        dots &+= 1
      } else {
        guard octet &- 0x30 < 10, digits < 3, digits == 0 || number > 0 else { return false }
        number = number &* 10 &+ UInt32(octet &- 0x30)
        digits &+= 1
      }
    }
    guard dots == 3, digits > 0, number < 256 else { return false }
    writer.table.data.appendU32(address << 8 | number)
    return true
  }

  private mutating func readPlainName(_ octets: Span<UInt8>, _ piece: ZoneLexer.Piece) -> Bool {
    guard !piece.isQuoted, piece.isASCII else { return false }
    let text = octets.extracting(piece.start..<piece.end)
    let origin = origin.octets
    return PlainName.append(text, under: origin.span, to: &writer.table.data) != nil
  }

  private func plainNumber(_ octets: Span<UInt8>, _ piece: ZoneLexer.Piece) -> UInt16? {
    guard piece.end - piece.start <= 5 else { return nil }
    var value: UInt32 = 0
    for place in piece.start..<piece.end {
      guard octets[place] &- 0x30 < 10 else { return nil }
      value = value * 10 + UInt32(octets[place] &- 0x30)
    }
    return UInt16(exactly: value)
  }

  /// Character-strings without escapes (RFC 1035 §3.3).
  private mutating func readStrings(_ octets: Span<UInt8>, _ lexer: ZoneLexer, from start: Int) -> Bool {
    var total = 0
    for index in start..<lexer.pieces.count { total += lexer.pieces[index].end - lexer.pieces[index].start + 1 }
    guard total <= 0xFFFF else { return false }
    for index in start..<lexer.pieces.count {
      let piece = lexer.pieces[index]
      guard piece.end - piece.start <= 255 else { return false }
      for place in piece.start..<piece.end where octets[place] == 0x5C { return false }
      writer.table.data.append(addingCapacity: piece.end - piece.start + 1) { (output: inout OutputSpan<UInt8>) in
        output.append(UInt8(truncatingIfNeeded: piece.end - piece.start))
        for place in piece.start..<piece.end { output.append(octets[place]) }
      }
    }
    return true
  }
}

extension RRType {
  /// SVCB and HTTPS, whose fields are words such as `alpn="h2,h3"` (RFC 9460 §2.1).
  var hasParameters: Bool { rawValue == 64 || rawValue == 65 }

  /// The type that a misspelt one probably means: one slip away, two for longer words.
  static func nearest(to text: String) -> RRType? {
    let word = Array(text.uppercased().utf8)
    guard word.count > 1, word.count <= 12 else { return nil }
    var best: (type: RRType, distance: Int)?
    for format in RecordFormat.all {
      let distance = slips(word, Array(format.mnemonic.utf8))
      if distance <= (word.count > 4 ? 2 : 1), distance < best?.distance ?? 3 { best = (format.type, distance) }
    }
    return best?.type
  }

  /// How many letters are to be added, dropped, changed or swapped with the next to make one word of another.
  private static func slips(_ one: [UInt8], _ other: [UInt8]) -> Int {
    var beforeLast = [Int](repeating: 0, count: other.count + 1)
    var last = Array(0...other.count)
    for row in 1...one.count {
      var current = [row]
      for column in 1...max(1, other.count) where column <= other.count {
        let same = one[row - 1] == other[column - 1]
        var least = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + (same ? 0 : 1))
        if row > 1, column > 1, one[row - 1] == other[column - 2], one[row - 2] == other[column - 1] {
          least = min(least, beforeLast[column - 2] + 1)
        }
        current.append(least)
      }
      (beforeLast, last) = (last, current)
    }
    return last[other.count]
  }
}

extension DomainName.Fault {
  /// Where in the text the fault is.
  var place: Int? {
    switch self {
    case .truncated(let at), .labelTooLong(_, let at), .nameTooLong(_, let at), .pointerNotBackwards(_, let at),
      .tooManyPointers(let at), .pointerNotAllowed(let at), .emptyLabel(let at), .badEscape(let at), .unescaped(_, let at):
      at
    case .notInternational: nil
    }
  }
}

/// The place of the first octet that belongs to no UTF-8 character.
func firstOctetThatIsNotUTF8(_ octets: [UInt8]) -> Int? {
  var parser = Unicode.UTF8.ForwardParser()
  var rest = octets.makeIterator()
  var place = 0
  while true {
    switch parser.parseScalar(from: &rest) {
    case .valid(let scalar): place += scalar.count
    case .error: return place
    case .emptyInput: return nil
    }
  }
}
