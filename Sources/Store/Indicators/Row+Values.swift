internal import GRDB

// The file may come from elsewhere, with columns of any type under the names of ours: a row's own subscripts end the process there.

extension Row {
  /// What a column holds.
  /// - Throws: `DatabaseError` where it is no such value, as where the column is NULL.
  func value<Value: DatabaseValueConvertible>(_ column: Int) throws -> Value {
    guard let value: Value = try optionalValue(column) else { throw DatabaseError.damagedIndicatorRow }
    return value
  }

  /// The same; `nil` where the column is NULL.
  func optionalValue<Value: DatabaseValueConvertible>(_ column: Int) throws -> Value? {
    let stored: DatabaseValue = self[column]
    if stored.isNull { return nil }
    guard let value = Value.fromDatabaseValue(stored) else { throw DatabaseError.damagedIndicatorRow }
    return value
  }
}

extension DatabaseError {
  fileprivate static let damagedIndicatorRow = DatabaseError(
    resultCode: .SQLITE_CORRUPT, message: "a row of what is kept of indicators cannot be read")
}
