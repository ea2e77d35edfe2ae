internal import GRDB
public import Indicators

/// A value of a warninglist, and how it is meant.
public struct WarninglistValue: Hashable, Sendable {
  public var kind: Warninglist.Kind
  public var value: String

  public init(_ value: String, _ kind: Warninglist.Kind) { (self.value, self.kind) = (value, kind) }
}

extension WarninglistValue {
  /// Holds the values that a publication has against those that stand, and keeps what differs.
  /// - Parameter isWhole: Whether what is not told again is withdrawn.
  static func record(
    _ lists: [Warninglist], _ database: Database, source: Int64, number: Int, isWhole: Bool
  ) throws -> (added: Int, withdrawn: Int) {
    let insert = try database.cachedStatement(
      sql: "INSERT INTO warninglist_value (source, first_revision, kind, value) VALUES (?, ?, ?, ?)")
    var standing: [WarninglistValue: Int64] = [:]
    let rows = try Row.fetchCursor(
      database, sql: "SELECT id, kind, value FROM warninglist_value WHERE source = ? AND last_revision IS NULL",
      arguments: [source])
    while let row = try rows.next() {
      let id: Int64 = try row.value(0)
      standing[try WarninglistValue(row, from: 1)] = id
    }
    var (known, added) = (Set<WarninglistValue>(), 0)
    for list in lists {
      for value in list.values.lazy.map({ WarninglistValue($0.storable, list.kind) }) {
        guard known.insert(value).inserted, standing.removeValue(forKey: value) == nil else { continue }
        try insert.execute(arguments: [source, number, value.kind.rawValue, value.value])
        added += 1
      }
    }
    guard isWhole else { return (added, 0) }
    let end = try database.cachedStatement(sql: "UPDATE warninglist_value SET last_revision = ? WHERE id = ?")
    for id in standing.values { try end.execute(arguments: [number - 1, id]) }
    return (added, standing.count)
  }

  /// - Parameter other: A revision in which the values did not stand.
  static func fetch(_ database: Database, source: Int64, at number: Int, notAt other: Int? = nil) throws -> [WarninglistValue] {
    func stands(_ number: String) -> String {
      "first_revision <= \(number) AND (last_revision IS NULL OR last_revision >= \(number))"
    }
    // Revisions count from 1, and none stood before.
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT kind, value FROM warninglist_value WHERE source = ?1 AND \(stands("?2")) AND NOT (\(stands("?3"))) ORDER BY id
        """, arguments: [source, number, other ?? 0])
    var values: [WarninglistValue] = []
    while let row = try rows.next() { values.append(try WarninglistValue(row, from: 0)) }
    return values
  }

  private init(_ row: Row, from first: Int) throws {
    guard let kind = Warninglist.Kind(rawValue: try row.value(first)) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a value of a warninglist cannot be read")
    }
    self.init(try row.value(first + 1), kind)
  }
}
