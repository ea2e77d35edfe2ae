import Names

/// Puts records into a ``ZoneTable``, one after another as the file has them: which set each joins, and what does not go
/// together.
///
/// A record's data is appended to the table's before it is added, and taken off again if the record does not stay.
struct ZoneWriter {
  /// Where a record begins.
  struct Place {
    var line: Int
    var column: Int
  }

  enum Outcome {
    case added
    case duplicate
    /// Another record of a type that a name has at most once.
    case second
  }

  var table: ZoneTable
  var limits = ZoneTable.Limits()
  /// The file that records stand in from now on.
  var file = "" { didSet { fileIsNew = true } }
  private var fileIsNew = true
  /// Room asked for so far, for the files read until now.
  private var (recordRoom, textRoom) = (0, 0)

  /// An owner's sets, and a set's records, are walked up to here; those beyond are looked up.
  static let walked = 12
  private var setsBeyond = NumberTable()
  private var recordsBeyond = NumberTable()
  /// Owners of whom it was told that an alias has data beside it.
  private var conflictsTold: Set<Int> = []

  init(origin: DomainName) { table = ZoneTable(origin: origin) }

  // MARK: Room

  /// Makes room for what a file may hold, so that no column is copied while it is full. Pages that are not written cost nothing.
  ///
  /// - Parameters:
  ///   - records: How many it may have.
  ///   - octets: Its size.
  mutating func reserve(records: Int, octets: Int) {
    recordRoom = min(recordRoom + records, limits.records)
    textRoom += octets + records * (table.origin.octets.count + 2)
    Self.reserve(&table.owners, recordRoom)
    Self.reserve(&table.rrsets, recordRoom)
    Self.reserve(&table.records, recordRoom)
    Self.reserve(&table.columns, recordRoom)
    Self.reserve(&table.names, min(textRoom, limits.names))
    Self.reserve(&table.data, min(textRoom, limits.data))
    table.makeLookup(recordRoom)
  }

  /// Many small files must not copy a column each.
  private static func reserve<Element>(_ column: inout [Element], _ count: Int) {
    guard column.capacity < count else { return }
    column.reserveCapacity(column.isEmpty ? count : max(count, column.capacity / 2 * 3))
  }

  /// Whether a record more, with a long name and long data, fits the numbers that the table has.
  @inline(__always) var hasRoom: Bool {
    table.records.count < limits.records && table.names.count <= limits.names &- DomainName.mostOctets
      && table.data.count <= limits.data &- 0xFFFF
  }

  /// What there is too much of when there is no room.
  var lacking: ZoneFault.Cause {
    if table.records.count >= limits.records { return .tooManyRecords(limit: limits.records) }
    let isNames = table.names.count > limits.names - DomainName.mostOctets
    return isNames ? .tooManyOctets(.names, limit: limits.names) : .tooManyOctets(.data, limit: limits.data)
  }

  // MARK: Records

  /// The number of an owner that a record is to be added for.
  mutating func owner(_ name: Span<UInt8>, hash: UInt64) -> Int {
    table.owner(name, hash: hash) ?? table.addOwner(name, hash: hash)
  }

  /// Adds a record whose data stands at the end of the table's.
  ///
  /// - Parameters:
  ///   - owner: The owner's number.
  ///   - dataStart: Where its data begins.
  /// - Returns: What came of it, and the number of its set.
  @inline(__always)
  mutating func add(
    _ type: RRType, ttl: UInt32, owner: Int, dataStart: Int, at place: @autoclosure () -> Place
  ) -> (outcome: Outcome, rrset: Int) {
    var covered: UInt16 = 0
    if type.rawValue == 46, table.data.count &- dataStart > 1 {
      covered = UInt16(table.data[dataStart]) << 8 | UInt16(table.data[dataStart &+ 1])
    }
    let record = Int32(truncatingIfNeeded: table.records.count)
    var rrset = find(type, covered, of: owner)
    if rrset >= 0 {
      if isThere(dataStart, rrset) { return (.duplicate, rrset) }
      if type.isSingleton { return (.second, rrset) }
      table.records[Int(table.rrsets[rrset].last)].next = record
      table.rrsets[rrset].last = record
      table.rrsets[rrset].count &+= 1
      if Int(table.rrsets[rrset].count) > Self.walked { noteBeyond(record: Int(record), dataStart, rrset) }
    } else {
      rrset = addSet(type, covered, ttl, owner, record)
    }
    append(rrset, dataStart, place())
    return (.added, rrset)
  }

  @inline(__always)
  private mutating func append(_ rrset: Int, _ dataStart: Int, _ place: Place) {
    let record = table.records.count
    if fileIsNew {
      if table.files.last?.name != file { table.files.append((record, file)) }
      fileIsNew = false
    }
    table.records.append(
      ZoneTable.Record(
        rrset: UInt32(truncatingIfNeeded: rrset), dataStart: UInt32(truncatingIfNeeded: dataStart),
        line: UInt32(clamping: place.line)))
    if place.column >= Int(ZoneTable.farColumn) {
      table.farColumns[Int32(truncatingIfNeeded: record)] = place.column
    }
    table.columns.append(UInt16(clamping: place.column))
  }

  /// Takes off the data that was appended for a record that does not stay.
  mutating func dropData(from start: Int) { table.data.removeLast(table.data.count &- start) }

  /// The record's TTL becomes the set's if it is smaller.
  mutating func lower(_ rrset: Int, to ttl: UInt32) { table.rrsets[rrset].ttl = min(table.rrsets[rrset].ttl, ttl) }

  // MARK: Sets

  /// The set of an owner, or -1.
  @inline(__always)
  private func find(_ type: RRType, _ covered: UInt16, of owner: Int) -> Int {
    let last = table.owners[owner].lastSet
    guard last >= 0 else { return -1 }
    // The newest is the one most often asked for.
    if table.rrsets[Int(last)].type == type, table.rrsets[Int(last)].covered == covered { return Int(last) }
    return findOlder(type, covered, owner, last)
  }

  private func findOlder(_ type: RRType, _ covered: UInt16, _ owner: Int, _ last: Int32) -> Int {
    var rrset = table.rrsets[Int(last)].next
    var steps = 0
    while steps < Self.walked {
      if table.rrsets[Int(rrset)].type == type, table.rrsets[Int(rrset)].covered == covered { return Int(rrset) }
      if rrset == last { return -1 }
      rrset = table.rrsets[Int(rrset)].next
      steps &+= 1
    }
    var probe = setsBeyond.probe(hash(type, covered, owner))
    while let other = setsBeyond.next(&probe) {
      let set = table.rrsets[other]
      if set.type == type, set.covered == covered, Int(set.owner) == owner { return other }
    }
    return -1
  }

  private func hash(_ type: RRType, _ covered: UInt16, _ owner: Int) -> UInt64 {
    let key = UInt64(truncatingIfNeeded: owner) << 32 | UInt64(type.rawValue) << 16 | UInt64(covered)
    let product = (key ^ table.seed).multipliedFullWidth(by: table.seed | 0xE703_7ED1_A0B4_28DB)
    return product.high ^ product.low
  }

  @inline(__always)
  private mutating func addSet(_ type: RRType, _ covered: UInt16, _ ttl: UInt32, _ owner: Int, _ record: Int32) -> Int {
    let number = table.rrsets.count
    let last = table.owners[owner].lastSet
    let next = last < 0 ? Int32(truncatingIfNeeded: number) : table.rrsets[Int(last)].next
    table.rrsets.append(
      ZoneTable.RRset(
        owner: UInt32(truncatingIfNeeded: owner), ttl: ttl, first: record, last: record, next: next, type: type,
        covered: covered))
    table.owners[owner].lastSet = Int32(truncatingIfNeeded: number)
    if last >= 0 {
      table.rrsets[Int(last)].next = Int32(truncatingIfNeeded: number)
      noteBeyond(set: number, from: next)
    }
    return number
  }

  /// Notes a set that a walk from its owner's oldest does not reach.
  private mutating func noteBeyond(set number: Int, from oldest: Int32) {
    var rrset = oldest
    for _ in 0..<Self.walked {
      if Int(rrset) == number { return }
      rrset = table.rrsets[Int(rrset)].next
    }
    if !setsBeyond.hasRoom {
      let copy = self
      setsBeyond.makeRoom(setsBeyond.count * 2 + 1, isDense: false) { number in
        let set = copy.table.rrsets[number]
        return copy.hash(set.type, set.covered, Int(set.owner))
      }
    }
    let set = table.rrsets[number]
    setsBeyond.insert(number, hash(set.type, set.covered, Int(set.owner)))
  }

  // MARK: A set's records

  /// Whether a set has a record whose data is that at the end of the table's.
  private func isThere(_ dataStart: Int, _ rrset: Int) -> Bool {
    let set = table.rrsets[rrset]
    var record = set.first
    for _ in 0..<Self.walked {
      if isSame(Int(record), dataStart) { return true }
      record = table.records[Int(record)].next
      if record < 0 { return false }
    }
    var probe = recordsBeyond.probe(hash(table.data.span.extracting(dataStart..<table.data.count), rrset))
    while let other = recordsBeyond.next(&probe) {
      if Int(table.records[other].rrset) == rrset, isSame(other, dataStart) { return true }
    }
    return false
  }

  private func isSame(_ record: Int, _ dataStart: Int) -> Bool {
    let octets = table.data.span
    let start = Int(table.records[record].dataStart)
    let end = record &+ 1 < table.records.count ? Int(table.records[record &+ 1].dataStart) : dataStart
    guard end &- start == octets.count &- dataStart else { return false }
    for step in 0..<(end &- start) where octets[start &+ step] != octets[dataStart &+ step] { return false }
    return true
  }

  private func hash(_ data: Span<UInt8>, _ rrset: Int) -> UInt64 {
    tableHash(data, seed: table.seed ^ (UInt64(truncatingIfNeeded: rrset) &* 0x9E37_79B9_7F4A_7C15))
  }

  private mutating func noteBeyond(record: Int, _ dataStart: Int, _ rrset: Int) {
    if !recordsBeyond.hasRoom {
      let copy = self
      recordsBeyond.makeRoom(recordsBeyond.count * 2 + 1, isDense: false) { record in
        copy.hash(copy.table.data.span.extracting(copy.range(record, before: dataStart)), copy.table.rrset(of: record))
      }
    }
    recordsBeyond.insert(record, hash(table.data.span.extracting(dataStart..<table.data.count), rrset))
  }

  /// A record's data while more data that is not yet a record's follows the last one's.
  private func range(_ record: Int, before pending: Int) -> Range<Int> {
    let end = record + 1 < table.records.count ? Int(table.records[record + 1].dataStart) : pending
    return Int(table.records[record].dataStart)..<end
  }

  // MARK: Aliases

  /// The set that a new one may not stand beside (RFC 2181 §10.1), once per owner.
  mutating func aliasConflict(_ rrset: Int) -> Int? {
    let (set, owner) = (table.rrsets[rrset], table.owner(of: rrset))
    // Only a set's first record brings it, and a lone set has nothing beside it.
    guard set.count == 1, Int(set.next) != rrset, !set.type.mayStandBesideAlias else { return nil }
    var other = set.type == .cname ? Int(set.next) : find(.cname, 0, of: owner)
    if set.type == .cname {
      while other != rrset, table.rrsets[other].type.mayStandBesideAlias { other = Int(table.rrsets[other].next) }
      if other == rrset { other = -1 }
    }
    guard other >= 0, conflictsTold.insert(owner).inserted else { return nil }
    return other
  }
}

extension RRType {
  /// A name has at most one record of the type.
  var isSingleton: Bool { self == .soa || self == .cname || self == .dname }

  /// SIG, KEY, NXT, RRSIG and NSEC (RFC 2181 §10.1, RFC 4034 §3 and §4).
  var mayStandBesideAlias: Bool {
    switch rawValue {
    case 24, 25, 30, 46, 47: true
    default: false
    }
  }
}
