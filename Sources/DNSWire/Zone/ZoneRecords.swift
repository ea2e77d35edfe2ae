/// The records of a zone, made into objects when they are asked for.
public struct ZoneRecords: RandomAccessCollection, Sendable {
  private let table: ZoneTable

  public init(_ table: ZoneTable) { self.table = table }

  public var startIndex: Int { 0 }
  public var endIndex: Int { table.recordCount }

  public subscript(record: Int) -> ZoneRecord {
    let rrset = table.rrset(of: record)
    return ZoneRecord(
      record: ResourceRecord(
        name: table.name(table.owner(of: rrset)), recordClass: table.recordClass(of: rrset), ttl: table.ttl(of: rrset),
        rdata: table.rdata(record)),
      position: table.position(record))
  }
}
