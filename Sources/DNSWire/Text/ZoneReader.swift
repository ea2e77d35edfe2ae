import Names

/// Reads entries into a ``ZoneFile``: the state that a master file carries from one line to the next.
struct ZoneReader {
  typealias Include = (_ path: String, _ at: SourcePosition) throws -> [UInt8]
  typealias Piece = ZoneLexer.Piece

  var zone: ZoneFile
  var writer: ZoneWriter
  /// Set while a $GENERATE is filled in: its records and faults all stand at the directive.
  var fixedPosition: SourcePosition?

  var origin: DomainName { didSet { originIsInside = origin.isAtOrBelow(zone.origin) } }
  private(set) var originIsInside = true
  var defaultTTL: UInt32?
  var lastTTL: UInt32?
  private var zoneClass: RRClass?
  private var noTTLTold = false

  // The owner in hand, in wire form; empty before the first. A line that writes the same text again has the same owner.
  var owner: [UInt8] = []
  var ownerText: Range<Int>?
  var ownerHash: UInt64 = 0
  /// Its number in the table, or -1 until its first record is added.
  var ownerNumber = -1
  var ownerIsOutside = false
  var ahead = OwnersAhead()

  // The last type's text as read, so that a run of one type costs one comparison.
  private var typeText: UInt64 = 0
  private var lastType = RRType.a

  var includes = 0
  var generated = 0
  var generatedOctets = 0
  /// The table is full, and what follows is not read.
  private(set) var isFull = false

  init(origin: DomainName, defaultTTL: UInt32?, limits: ZoneTable.Limits) {
    zone = ZoneFile(origin: origin)
    writer = ZoneWriter(origin: origin)
    writer.limits = limits
    self.origin = origin
    self.defaultTTL = defaultTTL
  }

  /// The zone, each RRset with the one TTL that it has.
  consuming func finished() -> ZoneFile {
    zone.table = writer.table
    zone.table.zoneClass = zoneClass ?? .in
    return zone
  }

  // MARK: Places and faults

  func position(_ offset: Int, line: Int, lineStart: Int) -> SourcePosition {
    fixedPosition ?? SourcePosition(file: writer.file, line: line, column: offset &- lineStart &+ 1)
  }

  func position(_ piece: Piece, plus: Int = 0) -> SourcePosition {
    position(min(piece.start &+ plus, piece.end), line: piece.line, lineStart: piece.lineStart)
  }

  mutating func fault(_ octets: Span<UInt8>, _ piece: Piece, plus: Int = 0, _ cause: ZoneFault.Cause) {
    guard zone.faults.count < ZoneFile.mostFaults else {
      zone.faultCount += 1
      return
    }
    zone.add(fault: ZoneFault(position: position(piece, plus: plus), cause: cause))
  }

  func shown(_ octets: Span<UInt8>, _ piece: Piece) -> String {
    ZoneFault.shown(octets.extracting(piece.start..<piece.end))
  }

  // MARK: Files and entries

  /// Reads one file. `including` holds the files that led here, from the first on.
  mutating func read(_ content: [UInt8], file: String, including: [[UInt8]], include: Include) {
    let octets = content.span
    let outer = (file: writer.file, origin: origin, owner: owner, hash: ownerHash, outside: ownerIsOutside)
    writer.file = file
    forgetOwnerText()
    var lexer = ZoneLexer()
    if let encoding = Self.otherEncoding(octets) {
      zone.add(fault: ZoneFault(position: SourcePosition(file: file, line: 1, column: 1), cause: .wrongEncoding(encoding)))
    } else {
      if octets.count >= 3, octets[0] == 0xEF, octets[1] == 0xBB, octets[2] == 0xBF {
        lexer = ZoneLexer(offset: 3, lineStart: 3)
      }
      writer.reserve(records: Self.mostRecords(octets), octets: octets.count)
      while !isFull, lexer.next(octets) {
        if let first = lexer.pieces.first, lexer.slips.isEmpty, !lexer.beginsBlank, !first.isQuoted, octets[first.start] == 0x24 {
          readDirective(octets, lexer, content, including: including, include: include)
        } else {
          readEntry(octets, lexer)
        }
      }
      if lexer.gaveUp {
        zone.add(
          fault: ZoneFault(position: SourcePosition(file: file, line: lexer.line, column: 1), cause: .gaveUp))
      }
    }
    (writer.file, origin, owner, ownerHash, ownerIsOutside) = outer
    ownerNumber = -1
    forgetOwnerText()
  }

  /// How many records a file can have at most: one a line, of which the shortest is ` NS a`.
  private static func mostRecords(_ octets: Span<UInt8>) -> Int {
    var (feeds, returns) = (0, 0)
    // Without a branch, so that many octets are compared at once.
    for index in octets.indices {
      feeds &+= octets[index] == 0x0A ? 1 : 0
      returns &+= octets[index] == 0x0D ? 1 : 0
    }
    if feeds > 0, returns > 0 {
      for index in 1..<octets.count where octets[index] == 0x0A && octets[index &- 1] == 0x0D { returns &-= 1 }
    }
    return min(feeds + returns, octets.count / 6) + 1
  }

  private static func otherEncoding(_ octets: Span<UInt8>) -> String? {
    guard octets.count >= 2 else { return nil }
    let mark = (octets[0], octets[1])
    return mark == (0xFF, 0xFE) || mark == (0xFE, 0xFF) ? "UTF-16" : nil
  }

  /// Reads an entry that is a record.
  mutating func readEntry(_ octets: Span<UInt8>, _ lexer: ZoneLexer) {
    guard lexer.slips.isEmpty else {
      tell(lexer.slips, octets)
      return
    }
    if lexer.beginsBlank {
      guard !owner.isEmpty else {
        fault(octets, lexer.pieces[0], .noOwner)
        return
      }
      readRecord(octets, lexer, from: 0)
    } else {
      readOwner(octets, lexer.pieces[0])
      readRecord(octets, lexer, from: 1)
    }
  }

  mutating func tell(_ slips: [ZoneLexer.Slip], _ octets: Span<UInt8>) {
    for slip in slips {
      let cause: ZoneFault.Cause
      switch slip.kind {
      case .strayClose: cause = .strayClose
      case .neverClosed: cause = .neverClosed
      case .unterminatedQuote: cause = .unterminatedQuote
      case .nulOctet: cause = .nulOctet
      case .tooLong: cause = .entryTooLong(octets: ZoneLexer.longestEntry)
      }
      let place = Piece(start: slip.start, end: slip.start, line: slip.line, lineStart: slip.lineStart)
      fault(octets, place, cause)
    }
  }

  // MARK: Record

  private mutating func readRecord(_ octets: Span<UInt8>, _ lexer: ZoneLexer, from start: Int) {
    var ttl: UInt32?
    var recordClass: RRClass?
    var classIndex = start
    var index = start
    while index < lexer.pieces.count, !lexer.pieces[index].isQuoted {
      let piece = lexer.pieces[index]
      let text = octets.extracting(piece.start..<piece.end)
      if ttl == nil, text[0] &- 0x30 < 10 {
        switch TTLText(text) {
        case .seconds(let seconds): ttl = seconds
        case .tooLarge:
          fault(octets, piece, .ttlTooLarge(shown(octets, piece)))
          return
        case .malformed:
          if let owner = start == 1 ? typeSpelled(octets, lexer.pieces[0]) : nil {
            fault(octets, piece, .unknownType(shown(octets, piece), nearest: nil, afterBlank: false, afterType: owner))
          } else {
            fault(octets, piece, .badTTL(shown(octets, piece)))
          }
          return
        }
      } else if recordClass == nil, let found = Self.zoneClass(text) {
        (recordClass, classIndex) = (found, index)
      } else {
        break
      }
      index &+= 1
    }
    guard index < lexer.pieces.count else {
      fault(octets, lexer.pieces[index &- 1], .missingType(owner: shown(octets, lexer.pieces[0])))
      return
    }
    guard let type = readType(octets, lexer, index, isFirst: index == start) else { return }
    let expected = zoneClass ?? recordClass ?? .in
    if let recordClass, recordClass != expected {
      fault(octets, lexer.pieces[classIndex], .classDiffers(recordClass, zone: expected))
      return
    }
    zoneClass = expected
    if let ttl { lastTTL = ttl }
    let dataStart = writer.table.data.count
    guard readData(octets, lexer, type, after: index, class: expected) else { return }
    if !add(type, ttl, from: dataStart, octets, lexer.pieces[0]) { writer.dropData(from: dataStart) }
  }

  /// The class if the word is one that a zone can have: IN, CH, HS or CLASSn (RFC 3597 §5).
  @inline(__always)
  private static func zoneClass(_ text: Span<UInt8>) -> RRClass? {
    if text.count == 2 {
      switch (text[0] | 0x20, text[1] | 0x20) {
      case (0x69, 0x6E): return .in
      case (0x63, 0x68): return .ch
      case (0x68, 0x73): return .hs
      default: return nil
      }
    }
    return text.count > 5 && text[0] | 0x20 == 0x63 ? RRClass(mnemonic: text) : nil
  }

  /// A record without a TTL: $TTL, else the last TTL written, else for the SOA its minimum, as BIND has it.
  private mutating func impliedTTL(_ octets: Span<UInt8>, _ piece: Piece, _ type: RRType, from dataStart: Int) -> UInt32 {
    if let defaultTTL { return defaultTTL }
    if let lastTTL { return lastTTL }
    if type == .soa, writer.table.data.count - dataStart >= 4 {
      let minimum = writer.table.data.suffix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      let ttl = UInt64(minimum) > TTLText.largest ? 0 : minimum
      defaultTTL = ttl
      zone.add(warning: ZoneFault(position: position(piece), cause: .ttlFromMinimum(ttl)))
      return ttl
    }
    // One line repairs them all, so it is told once.
    if !noTTLTold { fault(octets, piece, .noTTL) }
    noTTLTold = true
    return 0
  }

  /// Adds the record in hand, whose data stands at the end of the table's; false if the data is to be taken off again.
  private mutating func add(
    _ type: RRType, _ written: UInt32?, from dataStart: Int, _ octets: Span<UInt8>, _ piece: Piece
  ) -> Bool {
    guard !ownerIsOutside, !owner.isEmpty else { return false }
    guard type != .soa || owner == zone.origin.octets else {
      fault(octets, piece, .soaNotAtApex(ownerName, zone: zone.origin))
      return false
    }
    let ttl = written ?? impliedTTL(octets, piece, type, from: dataStart)
    guard writer.hasRoom else {
      isFull = true
      fault(octets, piece, writer.lacking)
      return false
    }
    if ownerNumber < 0 {
      let name = owner
      ownerNumber = writer.owner(name.span, hash: ownerHash)
    }
    let place =
      fixedPosition.map { ZoneWriter.Place(line: $0.line, column: $0.column) }
      ?? ZoneWriter.Place(line: piece.line, column: piece.start &- piece.lineStart &+ 1)
    let (outcome, rrset) = writer.add(type, ttl: ttl, owner: ownerNumber, dataStart: dataStart, at: place)
    switch outcome {
    case .second:
      let first = writer.table.position(of: rrset)
      fault(octets, piece, type == .soa ? .secondSOA(first: first) : .secondOfSingleton(type, ownerName, first: first))
      return false
    case .duplicate: zone.duplicateCount += 1
    case .added:
      if let other = writer.aliasConflict(rrset) {
        let data = type == .cname ? writer.table.type(of: other) : type
        fault(octets, piece, .aliasBesideData(ownerName, data: data, other: writer.table.position(of: other)))
      }
    }
    let smallest = writer.table.ttl(of: rrset)
    if smallest != ttl {
      writer.lower(rrset, to: ttl)
      zone.add(
        warning: ZoneFault(
          position: position(piece),
          cause: .ttlsDiffer(ownerName, type, here: ttl, set: smallest, first: writer.table.position(of: rrset))))
    }
    return outcome == .added
  }

  // MARK: Type

  private mutating func readType(_ octets: Span<UInt8>, _ lexer: ZoneLexer, _ index: Int, isFirst: Bool) -> RRType? {
    let piece = lexer.pieces[index]
    let length = piece.end &- piece.start
    var packed: UInt64 = 0
    if length <= 8 { for place in piece.start..<piece.end { packed = packed << 8 | UInt64(octets[place]) } }
    if packed != 0, packed == typeText { return lastType }
    if let type = typeSpelled(octets, piece) {
      guard !type.isMeta else {
        fault(octets, piece, .notData(type))
        return nil
      }
      (typeText, lastType) = (packed, type)
      return type
    }
    let owner = isFirst && !lexer.beginsBlank ? typeSpelled(octets, lexer.pieces[0]) : nil
    let text = shown(octets, piece)
    // Looking for a neighbour is dear, so only for faults that are kept.
    let nearest = owner == nil && zone.faults.count < ZoneFile.mostFaults ? RRType.nearest(to: text) : nil
    fault(
      octets, piece,
      .unknownType(text, nearest: nearest, afterBlank: index == 0 && lexer.beginsBlank, afterType: owner))
    return nil
  }

  private func typeSpelled(_ octets: Span<UInt8>, _ piece: Piece) -> RRType? {
    piece.isQuoted ? nil : RRType(mnemonic: octets.extracting(piece.start..<piece.end))
  }
}
