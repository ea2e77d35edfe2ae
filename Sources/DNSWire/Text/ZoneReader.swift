import Names

/// Reads entries into a ``ZoneFile``: the state that a master file carries from one line to the next.
struct ZoneReader {
  typealias Include = (_ path: String, _ at: SourcePosition) throws -> [UInt8]
  typealias Piece = ZoneLexer.Piece

  var zone: ZoneFile
  var sets = ZoneSets()
  var file = ""
  /// Set while a $GENERATE is filled in: its records and faults all stand at the directive.
  var fixedPosition: SourcePosition?

  var origin: DomainName
  var defaultTTL: UInt32?
  var lastTTL: UInt32?
  private var zoneClass: RRClass?
  private var noTTLTold = false

  // The owner in hand. A line that writes the same text again shares the name.
  private var owner: DomainName?
  private var ownerText: Range<Int>?
  private var ownerNumber = -1
  private var ownerIsOutside = false

  // The last type's text as read, so that a run of one type costs one comparison.
  private var typeText: UInt64 = 0
  private var lastType = RRType.a

  var includes = 0
  var generated = 0
  var generatedOctets = 0
  private var largeTTLSets = false

  init(origin: DomainName, defaultTTL: UInt32?, estimate: Int) {
    zone = ZoneFile(origin: origin)
    self.origin = origin
    self.defaultTTL = defaultTTL
    let records = min(estimate, 1 << 20)
    zone.records.reserveCapacity(records)
    sets.reserve(records)
  }

  /// The zone, each RRset with the one TTL that it has.
  consuming func finished() -> ZoneFile {
    if largeTTLSets {
      for index in sets.sets.indices where sets.sets[index].ttlsDiffer {
        let ttl = sets.sets[index].ttl
        var members = [Int]()
        sets.forEachRecord(of: index) { members.append($0) }
        for member in members { zone.records[member].record.ttl = ttl }
      }
    }
    return zone
  }

  // MARK: Places and faults

  func position(_ offset: Int, line: Int, lineStart: Int) -> SourcePosition {
    fixedPosition ?? SourcePosition(file: file, line: line, column: offset &- lineStart &+ 1)
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
    let outer = (file: self.file, origin: origin, owner: owner, number: ownerNumber, outside: ownerIsOutside)
    self.file = file
    ownerText = nil
    var lexer = ZoneLexer()
    if let encoding = Self.otherEncoding(octets) {
      zone.add(fault: ZoneFault(position: SourcePosition(file: file, line: 1, column: 1), cause: .wrongEncoding(encoding)))
    } else {
      if octets.count >= 3, octets[0] == 0xEF, octets[1] == 0xBB, octets[2] == 0xBF {
        lexer = ZoneLexer(offset: 3, lineStart: 3)
      }
      while lexer.next(octets) {
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
    (self.file, origin, owner, ownerNumber, ownerIsOutside) = outer
    ownerText = nil
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
      guard owner != nil else {
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

  // MARK: Owner

  private mutating func readOwner(_ octets: Span<UInt8>, _ piece: Piece) {
    if let ownerText, Self.same(octets, ownerText, piece) { return }
    guard let name = readName(octets, piece) else {
      // The record and what follows with a blank owner belong to a name we do not know; their data is still checked.
      (owner, ownerText, ownerIsOutside) = (zone.origin, nil, true)
      return
    }
    owner = name
    ownerText = piece.start..<piece.end
    ownerIsOutside = !name.isAtOrBelow(zone.origin)
    if ownerIsOutside {
      fault(octets, piece, .outsideZone(name, zone: zone.origin))
    } else {
      ownerNumber = sets.owner(name)
    }
  }

  /// Offsets are of one file, and $ORIGIN and $GENERATE forget them, so equal text is the equal name.
  private static func same(_ octets: Span<UInt8>, _ earlier: Range<Int>, _ piece: Piece) -> Bool {
    guard earlier.count == piece.end &- piece.start else { return false }
    var (one, other) = (earlier.lowerBound, piece.start)
    while one < earlier.upperBound {
      if octets[one] != octets[other] { return false }
      one &+= 1
      other &+= 1
    }
    return true
  }

  mutating func forgetOwnerText() { ownerText = nil }

  /// A name of the file; tells the fault and gives `nil` if it is none.
  mutating func readName(_ octets: Span<UInt8>, _ piece: Piece) -> DomainName? {
    let text = octets.extracting(piece.start..<piece.end)
    if text.count == 1, text[0] == 0x40, !piece.isQuoted { return origin }
    if !piece.isASCII, !checkEncoding(octets, piece) { return nil }
    do {
      return try DomainName(text: text, origin: origin)
    } catch {
      fault(octets, piece, plus: error.place ?? 0, .badName(shown(octets, piece), error))
      return nil
    }
  }

  /// Tells octets that are no UTF-8, as a fault, and Unicode that would be served raw, as a warning.
  private mutating func checkEncoding(_ octets: Span<UInt8>, _ piece: Piece) -> Bool {
    var copy = [UInt8]()
    for index in piece.start..<piece.end { copy.append(octets[index]) }
    if let bad = firstOctetThatIsNotUTF8(copy) {
      fault(octets, piece, plus: bad, .notUTF8(octet: copy[bad], name: shown(octets, piece)))
      return false
    }
    let text = String(decoding: copy.prefix(256), as: UTF8.self)
    let ascii = (try? DomainName(displayed: text))?.description
    zone.add(
      warning: ZoneFault(
        position: position(piece),
        cause: .rawUnicode(name: shown(octets, piece), ascii: text.hasSuffix(".") ? ascii : ascii.map { String($0.dropLast()) })))
    return true
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
    guard let rdata = readData(octets, lexer, type, after: index, class: expected), !ownerIsOutside, let owner else { return }
    guard type != .soa || owner == zone.origin else {
      fault(octets, lexer.pieces[0], .soaNotAtApex(owner, zone: zone.origin))
      return
    }
    let seconds = ttl ?? impliedTTL(octets, lexer.pieces[0], rdata)
    let record = ResourceRecord(name: owner, recordClass: expected, ttl: seconds, rdata: rdata)
    add(record, octets, lexer.pieces[0])
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
  private mutating func impliedTTL(_ octets: Span<UInt8>, _ piece: Piece, _ rdata: RData) -> UInt32 {
    if let defaultTTL { return defaultTTL }
    if let lastTTL { return lastTTL }
    let count = rdata.octets.count
    if rdata.type == .soa, count >= 4 {
      let minimum = rdata.octets[(count - 4)...].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
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

  private mutating func add(_ record: ResourceRecord, _ octets: Span<UInt8>, _ piece: Piece) {
    if ownerNumber < 0 { ownerNumber = sets.owner(record.name) }
    let index = zone.records.count
    let (outcome, set) = sets.add(record.rdata, ttl: record.ttl, owner: ownerNumber, after: zone.records)
    switch outcome {
    case .second(let first):
      let place = zone.records[first].position
      let type = record.type
      fault(octets, piece, type == .soa ? .secondSOA(first: place) : .secondOfSingleton(type, record.name, first: place))
      return
    case .duplicate: zone.duplicateCount += 1
    case .added:
      zone.records.append(ZoneRecord(record: record, position: position(piece)))
      if let other = sets.aliasConflict(record.type, owner: ownerNumber, index: index) {
        let otherType = zone.records[other].record.type
        let place = zone.records[other].position
        let data = record.type == .cname ? otherType : record.type
        fault(octets, piece, .aliasBesideData(record.name, data: data, other: place))
      }
    }
    let ttl = sets.sets[set].ttl
    if ttl != record.ttl {
      sets.lower(set, to: record.ttl)
      largeTTLSets = true
      let first = zone.records[Int(sets.sets[set].first)].position
      zone.add(
        warning: ZoneFault(
          position: position(piece),
          cause: .ttlsDiffer(
            record.name, record.type, here: record.ttl, set: ttl, first: first)))
    }
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
