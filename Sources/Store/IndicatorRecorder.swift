internal import GRDB
internal import Indicators
internal import Notation

/// Holds the indicators of one publication against those that stand, and keeps what differs; lives as long as its transaction.
struct IndicatorRecorder {
  private struct Standing {
    var id: Int64
    var record: IndicatorRecord
  }

  private let database: Database
  private let source: Int64
  private let format: Publication.Format
  /// Of the first row that is written; the others follow it.
  private var firstID: Int64?
  /// Of the revision that this publication makes if it differs.
  private let number: Int
  /// Of those that stood before: who was told again, the same or changed.
  private var seen: Set<Int64> = []

  private(set) var added = 0
  private(set) var changed = 0
  private(set) var withdrawn = 0

  private let select: Statement
  private let insert: Statement
  private let end: Statement
  private let move: Statement

  init(_ database: Database, source: Int64, format: Publication.Format, number: Int, firstID: Int64) throws {
    (self.database, self.source, self.format, self.number) = (database, source, format, number)
    self.firstID = firstID
    // What this revision itself added stands too, and is nothing to hold anything against.
    select = try database.cachedStatement(
      sql: """
        SELECT id, \(IndicatorRecord.columns) FROM indicator
        WHERE source = ? AND key = ? AND last_revision IS NULL AND first_revision < ? ORDER BY id
        """)
    let count = IndicatorRecord.identityColumns.count + IndicatorRecord.contentColumns.count
    insert = try database.cachedStatement(
      sql: """
        INSERT INTO indicator (id, source, first_revision, \(IndicatorRecord.columns))
        VALUES (?, ?, ?\(String(repeating: ", ?", count: count)))
        """)
    end = try database.cachedStatement(sql: "UPDATE indicator SET last_revision = ? WHERE id = ?")
    move = try database.cachedStatement(sql: "UPDATE indicator SET own_id = ?, line = ?, place = ? WHERE id = ?")
  }

  /// - Parameter isWhole: Whether what is not told again is withdrawn.
  mutating func take(_ indicators: [Indicator], isWhole: Bool) throws {
    guard number > 1 else {
      return try IndicatorIndexes.adding(indicators.count, to: database) {
        for indicator in indicators { try add(IndicatorRecord(indicator, of: format)) }
      }
    }
    let repeated = repeatedKeys(indicators)
    // Those with one key are settled together, once: each alone against all others would take the square of their number.
    var groups: [String: [Int]] = [:]
    for (index, indicator) in indicators.enumerated() {
      let record = try IndicatorRecord(indicator, of: format)
      if repeated.contains(record.key.hashValue) {
        groups[record.key, default: []].append(index)
      } else {
        try settle([record])
      }
    }
    for indices in groups.values.sorted(by: { $0[0] < $1[0] }) {
      try settle(indices.map { try IndicatorRecord(indicators[$0], of: format) })
    }
    if isWhole { try withdrawOthers() }
  }

  /// The hashes of keys that stand more than once. Two keys with one hash count as one here, which costs time alone.
  private func repeatedKeys(_ indicators: [Indicator]) -> Set<Int> {
    var (hashes, repeated) = (Set<Int>(minimumCapacity: indicators.count), Set<Int>())
    for indicator in indicators {
      let hash = IndicatorRecord.key(indicator, of: format).hashValue
      if !hashes.insert(hash).inserted { repeated.insert(hash) }
    }
    return repeated
  }

  /// All indicators of one key: first those that say the same find each other, then the others are changes in their order.
  private mutating func settle(_ records: [IndicatorRecord]) throws {
    let standing = try standing(records[0].key)
    var unmatched: [IndicatorRecord] = []
    var others: [Standing] = []
    if records.count == 1, standing.count == 1 {
      guard standing[0].record.content != records[0].content else { return try keep(standing[0], as: records[0]) }
      (unmatched, others) = (records, standing)
    } else if standing.isEmpty {
      unmatched = records
    } else {
      var same = Dictionary(grouping: standing.reversed(), by: \.record.content)
      for record in records {
        if let old = same[record.content]?.popLast() { try keep(old, as: record) } else { unmatched.append(record) }
      }
      others = same.values.joined().sorted { $0.id < $1.id }
    }
    for (record, old) in zip(unmatched, others) {
      seen.insert(old.id)
      try end.execute(arguments: [number - 1, old.id])
      try write(record)
      changed += 1
    }
    for record in unmatched.dropFirst(others.count) { try add(record) }
  }

  private func standing(_ key: String) throws -> [Standing] {
    let rows = try Row.fetchCursor(select, arguments: [source, key, number])
    var standing: [Standing] = []
    while let row = try rows.next() { standing.append(Standing(id: row[0], record: IndicatorRecord(row, from: 1))) }
    return standing
  }

  /// It may have moved in its file, which is no change.
  private mutating func keep(_ old: Standing, as record: IndicatorRecord) throws {
    seen.insert(old.id)
    guard (old.record.ownID, old.record.place) != (record.ownID, record.place) else { return }
    try move.execute(arguments: [record.ownID, record.place.line, record.place.column, old.id])
  }

  private mutating func add(_ record: IndicatorRecord) throws {
    try write(record)
    added += 1
  }

  private mutating func write(_ record: IndicatorRecord) throws {
    let identity: [DatabaseValue] = [
      firstID?.databaseValue ?? .null, source.databaseValue, number.databaseValue, record.key.databaseValue,
      record.ownID?.databaseValue ?? .null,
      record.place.line.databaseValue, record.place.column.databaseValue,
    ]
    // One by one: GRDB copies a list of arguments several times, which takes longer than SQLite takes to keep them.
    insert.setUncheckedArguments([])
    for (index, value) in zip(CInt(1)..., identity) { try bind(value, index) }
    for (index, value) in zip(CInt(identity.count + 1)..., record.content) { try bind(value, index) }
    try insert.execute()
    // SQLite numbers what follows, one after the other.
    firstID = nil
  }

  private func bind(_ value: DatabaseValue, _ index: CInt) throws {
    // The statement is GRDB's, and lives as long as this; SQLite refuses an index that it does not have.
    let code = unsafe value.bind(to: insert.sqliteStatement, at: index)
    guard code == 0 else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
  }

  private mutating func withdrawOthers() throws {
    let ids = try Int64.fetchCursor(
      database, sql: "SELECT id FROM indicator WHERE source = ? AND last_revision IS NULL AND first_revision < ?",
      arguments: [source, number])
    var gone: [Int64] = []
    while let id = try ids.next() { if !seen.contains(id) { gone.append(id) } }
    for id in gone { try end.execute(arguments: [number - 1, id]) }
    withdrawn = gone.count
  }
}
