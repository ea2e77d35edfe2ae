internal import GRDB
public import Indicators

extension IndicatorHistory {
  /// What the marking definitions say that a source told, by their ids; `nil` for one that is no TLP. Who reads what the source
  /// adds needs them: there they are named and not told again.
  /// - Parameter ids: Where they are given, only definitions with one of these.
  /// - Throws: ``StoreFault``
  public func markingDefinitions(of source: String, ids: Set<String>? = nil) throws -> [String: TLP?] {
    try connection.read { database, _ in
      let sql = "SELECT id FROM indicator_source WHERE name = ?"
      guard let id = try Int64.fetchOne(database, sql: sql, arguments: [source.storable]) else { return [:] }
      return try MarkingDefinitions.fetch(database, source: id, ids: ids)
    }
  }
}

/// What a source's marking definitions say, as the database holds it.
enum MarkingDefinitions {
  static func fetch(_ database: Database, source: Int64, ids: Set<String>?) throws -> [String: TLP?] {
    var arguments: StatementArguments = [source]
    var among = ""
    if let ids {
      among = "AND id IN (SELECT value FROM json_each(?))"
      let list = try JSON.text(ids.map(\.storable))
      arguments += [list]
    }
    let rows = try Row.fetchCursor(
      database, sql: "SELECT id, tlp FROM indicator_marking WHERE source = ? \(among)", arguments: arguments)
    var definitions: [String: TLP?] = [:]
    while let row = try rows.next() {
      let (id, label): (String, String?) = (try row.value(0), try row.optionalValue(1))
      guard let label else {
        definitions.updateValue(nil, forKey: id)
        continue
      }
      guard let tlp = TLP(rawValue: label) else { throw DatabaseError.damagedIndicator }
      definitions.updateValue(tlp, forKey: id)
    }
    return definitions
  }

  /// Keeps what a publication's definitions say.
  /// - Parameter isWhole: Whether those that it does not tell are gone. Else the stricter counts of what one says and said before.
  static func record(_ definitions: [String: TLP?], _ database: Database, source: Int64, isWhole: Bool) throws {
    var before: [String: TLP?] = [:]
    if isWhole {
      try database.execute(sql: "DELETE FROM indicator_marking WHERE source = ?", arguments: [source])
    } else if !definitions.isEmpty {
      before = try fetch(database, source: source, ids: Set(definitions.keys))
    }
    let insert = try database.cachedStatement(
      sql: "INSERT OR REPLACE INTO indicator_marking (source, id, tlp) VALUES (?, ?, ?)")
    for (id, now) in definitions {
      let both = [now, before[id.storable].flatMap { $0 }].compactMap { $0 }
      try insert.execute(arguments: [source, id.storable, both.max()?.rawValue])
    }
  }
}
