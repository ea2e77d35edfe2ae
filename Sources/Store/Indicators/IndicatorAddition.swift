internal import GRDB
internal import Names

/// When a revision is added, and the number of the first that it brings: of its indicators, and then of those that it withdraws.
///
/// Numbers and times grow together: what has the next number was added a microsecond later. So who asks for what came after the last
/// that he has misses nothing, wherever his page ended.
struct IndicatorAddition {
  /// Of the first: microseconds since 1970.
  var at: Int64
  var firstID: Int64

  /// When the one of this number was added.
  func time(of number: Int64) -> Int64 { at &+ (number &- firstID) }

  /// The greatest number and the greatest time that are used.
  private static let used = """
    WITH used(number) AS (
        SELECT max(id, coalesce((SELECT max(first_id + count - 1) FROM indicator_block), 0),
          coalesce((SELECT max(withdrawal) FROM indicator_end), 0)) FROM indicator_high_water),
      last(at, first) AS (SELECT added_at, first_id FROM indicator_revision ORDER BY added_at DESC LIMIT 1)
    SELECT number, max(added_at, coalesce((SELECT at + max(0, number - first) FROM last), 0)) FROM used, indicator_high_water
    """

  init(at: Int64, firstID: Int64) { (self.at, self.firstID) = (at, firstID) }

  /// A millisecond after the last one where the clock stands or goes back: by then versions of objects are told apart.
  init(_ database: Database, at time: Timestamp) throws {
    let uncountable = DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the additions cannot be counted")
    guard let row = try Row.fetchOne(database, sql: Self.used) else { throw uncountable }
    let (number, moment): (Int64, Int64) = (try row.value(0), try row.value(1))
    guard (0..<1 << 62).contains(number), (0..<1 << 62).contains(moment) else { throw uncountable }
    firstID = number + 1
    at = max(time.milliseconds, moment / 1000 + 1) * 1000
  }

  /// Keeps up to where numbers and times were used, before some of them go.
  static func keepHighWater(_ database: Database) throws {
    try database.execute(sql: "UPDATE indicator_high_water SET (id, added_at) = (\(used))")
  }

  /// The number of the last one that was added at this moment or before it; 0 where none was.
  /// - Parameter moment: Microseconds since 1970.
  static func lastNumber(addedBy moment: Int64, _ database: Database) throws -> Int64 {
    let row = try Row.fetchOne(
      database,
      sql: "SELECT added_at, first_id FROM indicator_revision WHERE added_at <= ? ORDER BY added_at DESC LIMIT 1",
      arguments: [moment])
    guard let row else { return 0 }
    let (added, first): (Int64, Int64) = (try row.value(0), try row.value(1))
    let (number, isBeyond) = first.addingReportingOverflow(moment &- added)
    let next = try Int64.fetchOne(
      database, sql: "SELECT min(first_id) FROM indicator_revision WHERE added_at > ?", arguments: [moment])
    return min(isBeyond ? .max : number, (next ?? 1 << 62) - 1)
  }
}
