import Names

// The owner of an entry, and the names of directives.

extension ZoneReader {
  mutating func readOwner(_ octets: Span<UInt8>, _ piece: Piece) {
    if let ownerText, Self.same(octets, ownerText, piece) { return }
    ownerNumber = -1
    if !piece.isQuoted {
      let origin = origin.octets
      if let found = ahead.owner(octets, piece.start..<piece.end, under: origin.span, writer.table) {
        owner.removeAll(keepingCapacity: true)
        ahead.append(found, to: &owner)
        if found.kind == .relative && originIsInside || isInside(owner) {
          (ownerText, ownerHash, ownerIsOutside) = (piece.start..<piece.end, found.hash, false)
          return
        }
      }
    }
    readUnusualOwner(octets, piece)
  }

  private func isInside(_ owner: [UInt8]) -> Bool {
    let zone = zone.origin.octets
    var cut = 0
    while owner.count &- cut > zone.count { cut &+= 1 &+ Int(owner[cut]) }
    guard owner.count &- cut == zone.count else { return false }
    for index in zone.indices where owner[cut &+ index] != zone[index] { return false }
    return true
  }

  /// Reads an owner that is not plain, no name, or outside the zone.
  private mutating func readUnusualOwner(_ octets: Span<UInt8>, _ piece: Piece) {
    let name = readName(octets, piece)
    // Without a name the record, and what follows with a blank owner, belongs to one we do not know; its data is still checked.
    owner = (name ?? zone.origin).octets
    ownerHash = tableHash(owner.span, seed: writer.table.seed)
    ownerText = name == nil ? nil : piece.start..<piece.end
    ownerIsOutside = name?.isAtOrBelow(zone.origin) != true
    if let name, ownerIsOutside { fault(octets, piece, .outsideZone(name, zone: zone.origin)) }
  }

  var ownerName: DomainName { DomainName(wire: owner.span) }

  /// Offsets are of one file, and $ORIGIN and $GENERATE forget them, so equal text is the equal name.
  static func same(_ octets: Span<UInt8>, _ earlier: Range<Int>, _ piece: Piece) -> Bool {
    guard earlier.count == piece.end &- piece.start else { return false }
    var (one, other) = (earlier.lowerBound, piece.start)
    while one < earlier.upperBound {
      if octets[one] != octets[other] { return false }
      one &+= 1
      other &+= 1
    }
    return true
  }

  mutating func forgetOwnerText() {
    ownerText = nil
    ahead.forget()
  }

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
}
