public import DNSWire
public import Names

/// A zone as a server gave it out.
public struct ZoneCopy: Hashable, Sendable {
  public let zone: DomainName
  /// The zone's SOA, which is the first of the records too.
  public let soa: ResourceRecord
  public let serial: UInt32
  /// Every record once, without the SOA that closes a transfer.
  public let records: [ResourceRecord]

  /// `nil` unless the first record is the zone's SOA and readable.
  public init?(_ zone: DomainName, records: [ResourceRecord]) {
    guard let soa = records.first, soa.name == zone, let data = SOA(soa.rdata) else { return nil }
    (self.zone, self.soa, self.serial, self.records) = (zone, soa, data.serial, records)
  }
}

/// Records that come and go. TTLs do not tell records apart (RFC 2181 §5).
struct ZoneContents {
  private struct Key: Hashable {
    var name: DomainName
    var rdata: RData

    init(_ record: ResourceRecord) { (name, rdata) = (record.name, record.rdata) }
  }

  private var records: [ResourceRecord?] = []
  private var places: [Key: Int] = [:]

  init(_ records: some Sequence<ResourceRecord> = []) {
    for record in records { add(record) }
  }

  var count: Int { places.count }
  var all: [ResourceRecord] { records.compactMap(\.self) }

  /// Adds a record; says whether it was not there before.
  @discardableResult mutating func add(_ record: ResourceRecord) -> Bool {
    let key = Key(record)
    guard places[key] == nil else { return false }
    places[key] = records.count
    records.append(record)
    return true
  }

  /// Takes a record away; says whether it was there.
  mutating func remove(_ record: ResourceRecord) -> Bool {
    guard let place = places.removeValue(forKey: Key(record)) else { return false }
    records[place] = nil
    return true
  }
}
