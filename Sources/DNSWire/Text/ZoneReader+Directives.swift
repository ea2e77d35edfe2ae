import Names

// $ORIGIN and $INCLUDE (RFC 1035 §5.1), $TTL (RFC 2308 §4), $GENERATE (BIND 9 manual).

extension ZoneReader {
  mutating func readDirective(
    _ octets: Span<UInt8>, _ lexer: ZoneLexer, _ content: [UInt8], including: [[UInt8]], include: Include
  ) {
    let word = lexer.pieces[0]
    switch shown(octets, word).uppercased() {
    case "$ORIGIN":
      guard lexer.pieces.count > 1 else { return lacks(octets, word, "$ORIGIN", "a name", "$ORIGIN example.gov.") }
      if let name = readName(octets, lexer.pieces[1]) { origin = name }
      forgetOwnerText()
      checkEnd(octets, lexer, 2, "$ORIGIN")
    case "$TTL":
      guard lexer.pieces.count > 1 else { return lacks(octets, word, "$TTL", "a time", "$TTL 3600") }
      let piece = lexer.pieces[1]
      switch TTLText(octets.extracting(piece.start..<piece.end)) {
      case .seconds(let seconds): defaultTTL = seconds
      case .tooLarge: fault(octets, piece, .ttlTooLarge(shown(octets, piece)))
      case .malformed: fault(octets, piece, .badTTL(shown(octets, piece)))
      }
      checkEnd(octets, lexer, 2, "$TTL")
    case "$INCLUDE": readInclude(octets, lexer, content, including: including, include: include)
    case "$GENERATE": readGenerate(octets, lexer)
    default: fault(octets, word, .unknownDirective(shown(octets, word)))
    }
  }

  private mutating func lacks(_ octets: Span<UInt8>, _ piece: Piece, _ directive: String, _ what: String, _ form: String) {
    fault(octets, piece, .directiveLacks(directive: directive, what: what, form: form))
  }

  private mutating func checkEnd(_ octets: Span<UInt8>, _ lexer: ZoneLexer, _ count: Int, _ directive: String) {
    guard lexer.pieces.count > count else { return }
    fault(octets, lexer.pieces[count], .directiveHasMore(directive: directive, shown(octets, lexer.pieces[count])))
  }

  // MARK: $INCLUDE

  /// The included file begins with its own origin and the owner in hand; afterwards both are as before. $TTL stays, as in BIND.
  private mutating func readInclude(
    _ octets: Span<UInt8>, _ lexer: ZoneLexer, _ content: [UInt8], including: [[UInt8]], include: Include
  ) {
    guard lexer.pieces.count > 1 else {
      return lacks(octets, lexer.pieces[0], "$INCLUDE", "a file", "$INCLUDE FILE or $INCLUDE FILE ORIGIN")
    }
    checkEnd(octets, lexer, 3, "$INCLUDE")
    let piece = lexer.pieces[1]
    let path = shown(octets, piece)
    var included = origin
    if lexer.pieces.count > 2 {
      guard let name = readName(octets, lexer.pieces[2]) else { return }
      included = name
    }
    let place = position(piece)
    guard including.count < ZoneFile.deepestInclude else {
      return fault(octets, piece, .includeTooDeep(depth: including.count + 1, limit: ZoneFile.deepestInclude))
    }
    guard includes < ZoneFile.mostIncludes else { return fault(octets, piece, .includeTooMany(limit: ZoneFile.mostIncludes)) }
    includes += 1
    var name = [UInt8]()
    for index in piece.start..<piece.end { name.append(octets[index]) }
    let inner: [UInt8]
    do {
      inner = try include(String(decoding: Escapes.resolved(name) ?? name, as: UTF8.self), place)
    } catch {
      return fault(octets, piece, .includeFailed(path: path, reason: "\(error)"))
    }
    let chain = including + [content]
    // By content: the same file may be reached by several paths.
    guard !chain.contains(inner) else { return fault(octets, piece, .includeCycle(path: path)) }
    let outer = origin
    origin = included
    read(inner, file: path, including: chain, include: include)
    origin = outer
  }

  // MARK: $GENERATE

  private static let generateForm = "$GENERATE START-STOP OWNER TYPE DATA"
  /// Text that all $GENERATE of a zone may make, in octets; it bounds the time.
  private static let mostGeneratedOctets = 256 << 20

  /// Fills in the template and reads each result as an entry of its own, so that there is one reader of records.
  private mutating func readGenerate(_ octets: Span<UInt8>, _ lexer: ZoneLexer) {
    let pieces = lexer.pieces
    guard pieces.count > 1 else { return lacks(octets, pieces[0], "$GENERATE", "a range", Self.generateForm) }
    guard let range = GenerateRange(octets.extracting(pieces[1].start..<pieces[1].end)) else {
      return fault(octets, pieces[1], .badRange(shown(octets, pieces[1])))
    }
    // After TTL and class comes the type, then the data.
    var type = 3
    while type < pieces.count, isTTLOrClass(octets, pieces[type]) { type += 1 }
    guard pieces.count > type + 1 else {
      let what = pieces.count < 3 ? "an owner name" : pieces.count <= type ? "a type" : "data"
      return lacks(octets, pieces[0], "$GENERATE", what, Self.generateForm)
    }
    var text = [UInt8]()
    for (index, piece) in pieces.enumerated().dropFirst(2) {
      if index > 2, !piece.adjoins { text.append(0x20) }
      // BIND takes the data as one word, quoted when it holds blanks: the quotes are not part of it.
      let keepsQuotes = piece.isQuoted && pieces.count > type + 2
      if keepsQuotes { text.append(0x22) }
      for place in piece.start..<piece.end { text.append(octets[place]) }
      if keepsQuotes { text.append(0x22) }
    }
    guard let template = GenerateTemplate(text.span) else {
      let wrong = pieces.dropFirst(2).first { GenerateTemplate(octets.extracting($0.start..<$0.end)) == nil } ?? pieces[2]
      return fault(octets, wrong, .badGenerateFormat(shown(octets, wrong)))
    }
    guard range.count <= ZoneFile.mostGenerated - generated,
      range.count * template.longest <= Self.mostGeneratedOctets - generatedOctets
    else { return fault(octets, pieces[1], .generateTooLarge(limit: ZoneFile.mostGenerated)) }
    generated += range.count
    generatedOctets += range.count * template.longest
    fill(template, range, at: fixedPosition ?? position(pieces[0]))
  }

  private mutating func fill(_ template: GenerateTemplate, _ range: GenerateRange, at place: SourcePosition) {
    fixedPosition = place
    writer.reserve(records: range.count, octets: range.count * template.longest)
    var line = [UInt8]()
    line.reserveCapacity(template.longest)
    let faults = zone.faultCount
    var number = range.start
    while number <= range.stop, !isFull {
      line.removeAll(keepingCapacity: true)
      template.fill(number, into: &line)
      forgetOwnerText()
      var entry = ZoneLexer()
      let octets = line.span
      while entry.next(octets) { readEntry(octets, entry) }
      // What is wrong with one number is wrong with most: one fault says it.
      if zone.faultCount > faults { break }
      number += range.step
    }
    forgetOwnerText()
    fixedPosition = nil
  }

  private func isTTLOrClass(_ octets: Span<UInt8>, _ piece: Piece) -> Bool {
    let text = octets.extracting(piece.start..<piece.end)
    guard !piece.isQuoted, text.count > 0 else { return false }
    return text[0] &- 0x30 < 10 || (RRType(mnemonic: text) == nil && RRClass(mnemonic: text) != nil)
  }
}
