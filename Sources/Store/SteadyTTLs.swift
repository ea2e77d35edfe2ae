internal import DNSWire
public import Estate
internal import FoundationEssentials
internal import GRDB
internal import Names

extension Store {
  /// How many RRsets are looked at: more than any organisation declares by hand.
  private static let mostSteady = 100_000

  /// The TTLs that authoritative servers gave with each RRset: in what they tell now, and in what they told before that.
  public func steadyTTLs() throws -> [SteadyTTL] {
    try connection.read { database, _ in
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT p.server, i.name, i.type, i.first_seen, i.last_seen, m.octets, b.first_seen, b.last_seen, n.octets
          FROM interval i JOIN place p ON p.id = i.place JOIN meaning m ON m.digest = i.meaning
          LEFT JOIN interval b ON b.id = i.previous LEFT JOIN meaning n ON n.digest = b.meaning
          WHERE p.kind = 'authoritative' AND i.is_last = 1 AND i.tells = 1 LIMIT ?
          """, arguments: [Self.mostSteady])
      var steady: [SteadyTTL] = []
      while let row = try rows.next() {
        let type: Int64 = row[2]
        guard let server = Server(row[0] as String), let name = DomainName(stored: row[1]), let type = UInt16(exactly: type)
        else {
          continue
        }
        for (from, until, octets) in [(3, 4, 5), (6, 7, 8)] {
          guard let first: Int64 = row[from], let last: Int64 = row[until], let data: Data = row[octets],
            case .reply(let reply)? = Meaning(octets: Array(data)),
            let ttl = reply.answers.first(where: { $0.name == name && $0.type == RRType(type) })?.ttl
          else { continue }
          steady.append(
            SteadyTTL(
              name, RRType(type), at: server, ttl: ttl, from: Timestamp(milliseconds: first), until: Timestamp(milliseconds: last)
            ))
        }
      }
      return steady
    }
  }
}
