public import DNSWire
internal import FoundationEssentials
internal import GRDB
public import Names

extension Store {
  /// The records that a server gave out last for a zone, the SOA first; `nil` where none are kept or they cannot be read.
  public func zoneCopy(of zone: DomainName, from server: SocketAddress) throws -> [ResourceRecord]? {
    let text: Data? = try connection.read { database, _ in
      try Data.fetchOne(
        database, sql: "SELECT records FROM zone_copy WHERE zone = ? AND server = ?",
        arguments: [Data(zone.octets), server.description])
    }
    guard let text else { return nil }
    let file = ZoneFile(octets: Array(text), file: "\(zone)", origin: zone)
    return file.faultCount == 0 ? file.records.map(\.record) : nil
  }

  /// Keeps the records of a zone in the place of those that were kept for it.
  public func record(zoneCopy records: [ResourceRecord], of zone: DomainName, from server: SocketAddress) throws {
    let text = Data(ZoneFile.text(records, origin: zone).utf8)
    try connection.write { database in
      try database.execute(
        sql:
          "INSERT INTO zone_copy (zone, server, records) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET records = excluded.records",
        arguments: [Data(zone.octets), server.description, text])
    }
  }
}
