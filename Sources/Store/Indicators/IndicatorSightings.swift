internal import GRDB
internal import Indicators
internal import Names

extension Sighting {
  /// Holds the sightings that a publication tells against those that stand, and keeps what differs.
  /// - Returns: Whether anything does.
  static func record(
    _ sightings: [Sighting], _ database: Database, source: Int64, number: Int, isWhole: Bool
  ) throws -> Bool {
    // Who sends one object after the other must not have all looked through that he sent before.
    if sightings.isEmpty, !isWhole { return false }
    let indicators = isWhole ? nil : Set(sightings.map(\.storable.indicator))
    let insert = try database.cachedStatement(
      sql: """
        INSERT INTO indicator_sighting (source, first_revision, indicator, first_seen, last_seen, count, where_sighted)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """)
    var standing: [Sighting: [Int64]] = [:]
    for (id, sighting) in try fetch(database, source: source, at: nil, of: indicators) {
      standing[sighting, default: []].append(id)
    }
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

  /// - Parameters:
  ///   - number: Of a revision; `nil` for what stands.
  ///   - indicators: Where they are given, only sightings of indicators with one of these ids.
  static func fetch(
    _ database: Database, source: Int64, at number: Int?, of indicators: Set<String>? = nil
  ) throws -> [(id: Int64, sighting: Sighting)] {
    var arguments: StatementArguments = [source, number]
    var among = ""
    if let indicators {
      among = "AND indicator IN (SELECT value FROM json_each(?3))"
      let list = try JSON.text(indicators.sorted())
      arguments += [list]
    }
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT id, indicator, first_seen, last_seen, count, where_sighted FROM indicator_sighting
        WHERE source = ?1 AND iif(?2 IS NULL, last_revision IS NULL,
          first_revision <= ?2 AND (last_revision IS NULL OR last_revision >= ?2)) \(among) ORDER BY id
        """, arguments: arguments)
    var sightings: [(id: Int64, sighting: Sighting)] = []
    while let row = try rows.next() {
      let (id, indicator): (Int64, String) = (try row.value(0), try row.value(1))
      let (first, last): (Int64?, Int64?) = (try row.optionalValue(2), try row.optionalValue(3))
      let sighted: String? = try row.optionalValue(5)
      var sighting = Sighting(indicator: indicator)
      sighting.firstSeen = first.map(Timestamp.init(milliseconds:))
      sighting.lastSeen = last.map(Timestamp.init(milliseconds:))
      sighting.count = try row.optionalValue(4)
      sighting.whereSighted = try sighted.map(JSON.list) ?? []
      sightings.append((id, sighting))
    }
    return sightings
  }

  private var storable: Sighting {
    var stored = self
    stored.indicator = indicator.storable
    return stored
  }
}
