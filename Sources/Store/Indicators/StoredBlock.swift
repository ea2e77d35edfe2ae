internal import FoundationEssentials
internal import GRDB
internal import Indicators

/// A block of indicators as the database holds it, and which of them stand no more.
struct StoredBlock {
  /// Of its first indicator; the ids of the others follow.
  var firstID: Int64
  var source: Int64
  var firstRevision: Int
  var indicators: IndicatorBlock
  /// Of those that stand no more, by their places.
  private(set) var ends: [Int: End]

  struct End {
    /// In which the indicator stood.
    var lastRevision: Int
    /// The number under which others are told of it.
    var withdrawal: Int64?
  }

  /// A condition on blocks: some of their indicators stand.
  static let stands = "count > (SELECT count(*) FROM indicator_end WHERE block = first_id)"

  /// The blocks that a condition selects, in the order in which they came.
  /// - Parameter hashes: Where they are given, only blocks that hold some of these keys.
  static func fetchCursor(
    _ database: Database, where condition: String, _ arguments: StatementArguments = [], holding hashes: Set<UInt64>? = nil
  ) throws -> some Cursor<StoredBlock> {
    var (condition, arguments) = (condition, arguments)
    if let hashes {
      let ids = try ids(database, where: condition, arguments, holding: hashes)
      let list = ids.map(String.init).joined(separator: ",")
      (condition, arguments) = ("first_id IN (SELECT value FROM json_each(?))", ["[\(list)]"])
    }
    let ends = try database.makeStatement(sql: "SELECT place, last_revision, withdrawal FROM indicator_end WHERE block = ?")
    return try Row.fetchCursor(
      database,
      sql: """
        SELECT first_id, source, first_revision, count, \(IndicatorBlock.columns) FROM indicator_block
        WHERE \(condition) ORDER BY first_id
        """, arguments: arguments
    ).map { try StoredBlock($0, ends) }
  }

  private static func ids(
    _ database: Database, where condition: String, _ arguments: StatementArguments, holding hashes: Set<UInt64>
  ) throws -> [Int64] {
    let rows = try Row.fetchCursor(
      database, sql: "SELECT first_id, count, hashes FROM indicator_block WHERE \(condition)", arguments: arguments)
    var ids: [Int64] = []
    while let row = try rows.next() {
      let (id, count, octets): (Int64, Int, Data) = (try row.value(0), try row.value(1), try row.value(2))
      if try IndicatorBlock.hashes(Array(octets), count: count).contains(where: hashes.contains) { ids.append(id) }
    }
    return ids
  }

  private init(_ row: Row, _ ends: Statement) throws {
    let (id, count): (Int64, Int) = (try row.value(0), try row.value(3))
    guard id > 0, id < 1 << 62, (1...IndicatorBlock.mostIndicators).contains(count) else { throw DatabaseError.damagedIndicator }
    firstID = id
    source = try row.value(1)
    firstRevision = try row.value(2)
    indicators = try IndicatorBlock(row, from: 4, count: count)
    self.ends = [:]
    let rows = try Row.fetchCursor(ends, arguments: [id])
    while let row = try rows.next() {
      let place: Int = try row.value(0)
      self.ends[place] = End(lastRevision: try row.value(1), withdrawal: try row.optionalValue(2))
    }
  }

  func id(_ index: Int) -> Int64 { firstID + Int64(index) }

  /// `nil` while it stands.
  func lastRevision(_ index: Int) -> Int? { ends[index]?.lastRevision }

  /// - Parameter revision: `nil` for now.
  func stood(_ index: Int, at revision: Int?) -> Bool {
    guard let revision else { return ends[index] == nil }
    return firstRevision <= revision && lastRevision(index).map { $0 >= revision } ?? true
  }
}

extension StoredBlock {
  /// Adds indicators that a revision of a source brought, in their order, from this id on.
  static func insert(
    _ indicators: [Indicator], of format: Publication.Format, into database: Database, source: Int64, revision: Int,
    firstID: Int64
  ) throws {
    let statement = try database.makeStatement(
      sql: """
        INSERT INTO indicator_block (first_id, source, first_revision, count, \(IndicatorBlock.columns))
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """)
    var id = firstID
    func insert(_ rows: [IndicatorBlock.Columns]) throws {
      for row in rows {
        try statement.execute(
          arguments: [id, source, revision, row.count, row.hashes, row.identities, row.criteria, row.said])
        id += Int64(row.count)
      }
    }
    // So many at a time that all processors have work, and so few that what waits takes little memory.
    let most = 64 * IndicatorBlock.mostIndicators
    var rows: [IndicatorBlock.Columns] = []
    for start in stride(from: 0, to: indicators.count, by: most) {
      let part = indicators[start..<min(start + most, indicators.count)]
      rows = try IndicatorBlock.made(of: part, format, as: \.inColumns) { () throws in try insert(rows) }
    }
    try insert(rows)
  }
}
