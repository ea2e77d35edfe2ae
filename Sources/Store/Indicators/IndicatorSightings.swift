internal import GRDB
internal import Indicators
internal import Names

extension Sighting {
  /// Holds the sightings that a publication tells against those that stand, and keeps what differs.
  /// - Returns: Whether anything does.
  static func record(
    _ sightings: [Sighting], _ database: Database, source: Int64, number: Int, isWhole: Bool
  ) throws -> Bool {
    let insert = try database.cachedStatement(
      sql: """
        INSERT INTO indicator_sighting (source, first_revision, indicator, first_seen, last_seen, count, where_sighted)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """)
    var standing: [Sighting: [Int64]] = [:]
    for (id, sighting) in try fetch(database, source: source, at: nil) { standing[sighting, default: []].append(id) }
    var isNew = false
    for sighting in sightings {
      let stored = sighting.storable
      if standing[stored]?.popLast() != nil { continue }
      isNew = true
      try insert.execute(arguments: [
        source, number, stored.indicator, stored.firstSeen?.milliseconds, stored.lastSeen?.milliseconds, stored.count,
        stored.whereSighted.isEmpty ? nil : try JSON.text(stored.whereSighted),
      ])
    }
    guard isWhole else { return isNew }
    let end = try database.cachedStatement(sql: "UPDATE indicator_sighting SET last_revision = ? WHERE id = ?")
    for id in standing.values.joined() {
      isNew = true
      try end.execute(arguments: [number - 1, id])
    }
    return isNew
  }

  /// - Parameter number: Of a revision; `nil` for what stands.
  static func fetch(_ database: Database, source: Int64, at number: Int?) throws -> [(id: Int64, sighting: Sighting)] {
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT id, indicator, first_seen, last_seen, count, where_sighted FROM indicator_sighting
        WHERE source = ?1 AND iif(?2 IS NULL, last_revision IS NULL,
          first_revision <= ?2 AND (last_revision IS NULL OR last_revision >= ?2)) ORDER BY id
        """, arguments: [source, number])
    var sightings: [(Int64, Sighting)] = []
    while let row = try rows.next() {
      var sighting = Sighting(indicator: row[1])
      sighting.firstSeen = (row[2] as Int64?).map(Timestamp.init(milliseconds:))
      sighting.lastSeen = (row[3] as Int64?).map(Timestamp.init(milliseconds:))
      sighting.count = row[4]
      sighting.whereSighted = try (row[5] as String?).map(JSON.list) ?? []
      sightings.append((row[0], sighting))
    }
    return sightings
  }

  private var storable: Sighting {
    var stored = self
    stored.indicator = indicator.storable
    return stored
  }
}
