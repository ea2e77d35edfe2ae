public import Names

/// A zone's records laid flat: columns in the place of objects. Memory grows with the file only.
///
/// Owners, RRsets and records have numbers from 0 in the order in which the file first has them. A number that is not below
/// its count is a programmer's mistake and traps.
public struct ZoneTable: Sendable {
  // These lie open to other modules, so that walking over a million of them costs no call each.

  /// 8 octets an owner.
  @usableFromInline struct Owner: Sendable {
    @usableFromInline var nameStart: UInt32
    /// The newest of its sets, from which a ring of ``RRset/next`` leads to the oldest.
    @usableFromInline var lastSet: Int32
  }

  /// 28 octets an RRset.
  @usableFromInline struct RRset: Sendable {
    @usableFromInline var owner: UInt32
    @usableFromInline var ttl: UInt32
    /// First and last of its records, a chain of ``Record/next``.
    @usableFromInline var first: Int32
    var last: Int32
    @usableFromInline var count: UInt32 = 1
    /// The owner's next set in the order of the file; after the newest the oldest.
    @usableFromInline var next: Int32
    @usableFromInline var type: RRType
    /// What an RRSIG covers, else 0: signatures form a set per type that they cover, whose TTL is theirs (RFC 4034 §3).
    var covered: UInt16
  }

  /// 16 octets a record; columns of the text stand apart.
  @usableFromInline struct Record: Sendable {
    @usableFromInline var rrset: UInt32
    @usableFromInline var dataStart: UInt32
    /// The next record of its set, or -1.
    @usableFromInline var next: Int32 = -1
    var line: UInt32
  }

  /// What 32-bit numbers can count; a test may lower it.
  struct Limits {
    var names = Int(UInt32.max)
    var data = Int(UInt32.max)
    var records = Int(Int32.max)
  }

  /// The zone's own name; every owner is at or below it.
  public let origin: DomainName
  /// Owner names in wire form, lower-cased, end to end, each once, in the order of first appearance.
  public internal(set) var names: [UInt8] = []
  /// Records' data in canonical wire form, end to end.
  public internal(set) var data: [UInt8] = []
  @usableFromInline var owners: [Owner] = []
  @usableFromInline var rrsets: [RRset] = []
  @usableFromInline var records: [Record] = []
  /// For each record where it begins in its line, from 1; `farColumn` for what stands in `farColumns`.
  var columns: [UInt16] = []
  var farColumns: [Int32: Int] = [:]
  static let farColumn = UInt16.max
  /// Which file the records from a number on stand in.
  var files: [(first: Int, name: String)] = []
  @usableFromInline var zoneClass = RRClass.in
  /// Owners by name.
  var lookup = NumberTable()
  let seed = UInt64(bitPattern: Int64(Hasher().finalize()))

  init(origin: DomainName) { self.origin = origin }

  // MARK: Owners

  /// How many names have records.
  @inlinable public var ownerCount: Int { owners.count }

  /// Where an owner's name begins in ``names``; it ends at its zero octet.
  @inlinable public func nameStart(_ owner: Int) -> Int { Int(owners[owner].nameStart) }

  /// Where an owner's name stands in ``names``, its zero octet too.
  @inlinable public func nameRange(_ owner: Int) -> Range<Int> {
    nameStart(owner)..<(owner + 1 < owners.count ? nameStart(owner + 1) : names.count)
  }

  /// The owner's name, as an object.
  public func name(_ owner: Int) -> DomainName { DomainName(wire: names.span.extracting(nameRange(owner))) }

  /// RRsets of one owner, in the order of the file.
  @inlinable public func forEachRRset(of owner: Int, _ body: (Int) -> Void) {
    let last = owners[owner].lastSet
    var rrset = last
    repeat {
      rrset = rrsets[Int(rrset)].next
      body(Int(rrset))
    } while rrset != last
  }

  // MARK: RRsets

  /// How many RRsets there are, in the order of their first record.
  @inlinable public var rrsetCount: Int { rrsets.count }

  @inlinable public func owner(of rrset: Int) -> Int { Int(rrsets[rrset].owner) }
  @inlinable public func type(of rrset: Int) -> RRType { rrsets[rrset].type }
  /// Seconds: the smallest that its records are written with (RFC 2181 §5.2).
  @inlinable public func ttl(of rrset: Int) -> UInt32 { rrsets[rrset].ttl }
  /// The zone's class: all its records have one.
  @inlinable public func recordClass(of rrset: Int) -> RRClass { zoneClass }
  /// How many records it has.
  @inlinable public func count(of rrset: Int) -> Int { Int(rrsets[rrset].count) }
  /// Where its first record begins.
  public func position(of rrset: Int) -> SourcePosition { position(Int(rrsets[rrset].first)) }

  /// The numbers of its records, in the order of the file.
  @inlinable public func forEachRecord(of rrset: Int, _ body: (Int) -> Void) {
    var record = rrsets[rrset].first
    while record >= 0 {
      body(Int(record))
      record = records[Int(record)].next
    }
  }

  /// Its records' data, as objects.
  public func records(of rrset: Int) -> [RData] {
    var data = [RData]()
    data.reserveCapacity(count(of: rrset))
    forEachRecord(of: rrset) { data.append(rdata($0)) }
    return data
  }

  /// The fingerprint of its data: what ``RRsetFingerprint`` says of ``records(of:)``, without the objects.
  public func fingerprint(of rrset: Int, key: UInt64) -> RRsetFingerprint {
    var sum: UInt64 = 0
    let octets = data.span
    var record = rrsets[rrset].first
    while record >= 0 {
      let range = dataRange(Int(record))
      sum &+= RRsetFingerprint.hash(octets, from: range.lowerBound, to: range.upperBound, key: key)
      record = records[Int(record)].next
    }
    return RRsetFingerprint(value: sum)
  }

  // MARK: Records

  @inlinable public var recordCount: Int { records.count }

  /// Where a record's data stands in ``data``.
  @inlinable public func dataRange(_ record: Int) -> Range<Int> {
    Int(records[record].dataStart)..<(record + 1 < records.count ? Int(records[record + 1].dataStart) : data.count)
  }

  @inlinable public func rrset(of record: Int) -> Int { Int(records[record].rrset) }

  /// Where a record begins in its file. Lines beyond 4,294,967,295 are that line.
  public func position(_ record: Int) -> SourcePosition {
    var (low, high) = (0, files.count)
    while low + 1 < high {
      let middle = (low + high) / 2
      if files[middle].first <= record { low = middle } else { high = middle }
    }
    let short = columns[record]
    let column = short == Self.farColumn ? farColumns[Int32(record)] ?? Int(short) : Int(short)
    return SourcePosition(file: files[low].name, line: Int(records[record].line), column: column)
  }

  /// A record's data, as an object.
  public func rdata(_ record: Int) -> RData {
    RData(type: type(of: rrset(of: record)), canonical: Array(data[dataRange(record)]))
  }
}

extension DomainName {
  /// Octets that are known to be one name in wire form.
  init(wire octets: Span<UInt8>) {
    var place = 0
    self = (try? DomainName(octets, at: &place)) ?? .root
  }
}
