internal import GRDB

/// The indexes of the table of indicators.
enum IndicatorIndexes {
  /// What each is, as the schema made it.
  private static let all = [
    "indicator_standing": "CREATE INDEX indicator_standing ON indicator (source, key) WHERE last_revision IS NULL",
    "indicator_of_source": "CREATE INDEX indicator_of_source ON indicator (source)",
  ]
  /// With fewer rows there is nothing to gain.
  static let fewestRows = 10_000

  /// Adds rows. Where they are many and those that stand are not more, the indexes are made when all rows are there: to sort a million
  /// keys takes a seventh of the time of finding a place for each as it comes.
  static func adding(_ rows: Int, to database: Database, _ add: () throws -> Void) throws {
    let last = try Int.fetchOne(database, sql: "SELECT max(id) FROM indicator") ?? 0
    guard rows >= fewestRows, last <= rows else { return try add() }
    for name in all.keys.sorted() { try database.execute(sql: "DROP INDEX \(name)") }
    try add()
    for (_, sql) in all.sorted(by: { $0.key < $1.key }) { try database.execute(sql: sql) }
  }
}
