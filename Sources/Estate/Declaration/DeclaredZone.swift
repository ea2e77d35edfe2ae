public import DNSWire
public import Names

/// A whole zone as its owner intends it, laid flat: what one zone file says, however large it is.
public struct DeclaredZone: Sendable {
  public let table: ZoneTable
  /// Whether a signer has written into the file.
  private let isSigned: Bool
  /// Included files, from the path that was written to the path that was read.
  private let paths: [String: String]

  public var origin: DomainName { table.origin }

  /// Whether the owner intends records of a type; others are made and renewed by servers and signers themselves.
  public func intends(_ type: RRType) -> Bool {
    // The serial moves with every change; what the owner intends is in the other records.
    type != .soa && !type.isGenerated(inSignedZone: isSigned)
  }

  /// One RRset of the table as what is declared of its name and type.
  public func declared(_ rrset: Int) -> DeclaredRRset {
    DeclaredRRset(
      table.name(table.owner(of: rrset)), table.type(of: rrset), .exactly(table.records(of: rrset)), ttl: table.ttl(of: rrset),
      declaredAt: place(table.position(of: rrset)))
  }

  /// All of it as a domain, with an object for each RRset: for small zones.
  public var domain: Domain {
    let rrsets = (0..<table.rrsetCount).filter { intends(table.type(of: $0)) }
    return Domain(origin, records: rrsets.map(declared), isWholeZone: true)
  }

  private func place(_ position: SourcePosition) -> SourcePosition {
    SourcePosition(file: paths[position.file] ?? position.file, line: position.line, column: position.column)
  }
}

extension DeclaredZone {
  /// What became of reading a zone file that stands alone, without a declaration.
  public struct Reading: Sendable {
    /// Absent when there is any fault.
    public var zone: DeclaredZone?
    /// What is wrong, in reading order: at most ``Declaration/Reading/mostFaults``.
    public var faults: [DeclarationFault]
    /// How many faults there are in all.
    public var faultCount: Int
    public var notices: [DeclarationNotice]
  }

  /// As many octets as the zone reader's offsets can count.
  private static let mostOctets = 1 << 30

  /// Reads a zone file as the whole of what is intended for the domain `origin`.
  ///
  /// - Parameter load: Gives the octets of a file that the zone includes.
  public static func read(
    _ octets: consuming [UInt8], file: String, origin: DomainName,
    load: @escaping (_ path: String, _ at: SourcePosition) throws -> [UInt8]
  ) -> Reading {
    var reader = DeclarationReader(file: file, load: load)
    let start = SourcePosition(file: file, line: 1, column: 1)
    let zone = DeclaredZone(octets, from: file, origin: origin, most: mostOctets, order: start, &reader)
    zone?.tellWhatIsLeftOut(order: start, &reader)
    return Reading(
      zone: reader.faults.count == 0 ? zone : nil,
      faults: Array(reader.faults.inReadingOrder().prefix(Declaration.Reading.mostFaults)), faultCount: reader.faults.count,
      notices: reader.notices)
  }

  /// Reads a file; what is wrong with it goes to the reader, and there may be a zone all the same.
  ///
  /// - Parameters:
  ///   - most: Octets that the file and all that it includes may have together.
  ///   - order: The place that names the file; its faults follow that place in reading order.
  init?(
    _ octets: [UInt8], from full: String, origin: DomainName, most: Int, order: SourcePosition, _ reader: inout DeclarationReader
  ) {
    let start = SourcePosition(file: full, line: 1, column: 1)
    guard octets.count <= most else {
      reader.faults.add(start, .source(.tooLarge(path: full, megabytes: most >> 20)), order: order)
      return nil
    }
    let (load, inside) = (reader.load, reader.inside)
    var rest = most - octets.count
    // Included files are seen from the zone file's folder; the zone reader knows them by the path that was written.
    var included: [String: String] = [:]
    let zone = ZoneFile(octets: octets, file: full, origin: origin) { path, at in
      guard let file = inside(path, full) else { throw OutsideFolder() }
      included[path] = file
      let octets = try load(file, at)
      rest -= octets.count
      guard rest >= 0 else { throw TooMuchIncluded(megabytes: most >> 20) }
      return octets
    }
    (table, paths) = (zone.table, included)
    isSigned = (0..<zone.table.rrsetCount).contains { zone.table.type(of: $0) == .rrsig }
    for fault in zone.faults { reader.faults.add(place(fault.position), .zoneFile(fault.cause), order: order) }
    // Faults beyond those that are kept count all the same.
    reader.faults.addUntold(zone.faultCount - zone.faults.count)
    if table.recordCount == 0, zone.faults.isEmpty { reader.faults.add(start, .source(.emptyZone), order: order) }
    for warning in zone.warnings { reader.notice(place(warning.position), .zoneFile(warning.cause)) }
  }

  /// Every record with where it was written.
  var records: some Collection<(ResourceRecord, SourcePosition)> {
    ZoneRecords(table).lazy.map { ($0.record, place($0.position)) }
  }

  private func tellWhatIsLeftOut(order: SourcePosition, _ reader: inout DeclarationReader) {
    var leftOut = LeftOut()
    for rrset in 0..<table.rrsetCount {
      // The whole zone has one class (RFC 1035 §5.2), so one fault tells of it.
      if table.recordClass(of: rrset) != .in {
        return reader.faults.add(place(table.position(of: rrset)), .notInternet(table.recordClass(of: rrset)), order: order)
      }
      let type = table.type(of: rrset)
      if type != .soa, !intends(type) { leftOut.add(type, table.count(of: rrset), at: place(table.position(of: rrset))) }
    }
    leftOut.tell(&reader)
  }
}
