internal import GRDB
public import Names

/// The identifiers of what others are given, drawn when the store was made.
public struct SharedCollections: Hashable, Sendable {
  public var indicators: String
  public var findings: String
  /// What others send.
  public var received: String
}

extension StoreReader {
  /// - Throws: ``StoreFault``
  public var sharedCollections: SharedCollections {
    get throws {
      try connection.read { database, _ in
        func id(_ name: String) throws -> String {
          let id = try String.fetchOne(database, sql: "SELECT id FROM shared_collection WHERE name = ?", arguments: [name])
          guard let id else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a collection has no identifier") }
          return id
        }
        return SharedCollections(indicators: try id("indicators"), findings: try id("findings"), received: try id("received"))
      }
    }
  }

  /// What became of objects that were sent; `nil` where it is not known, or no longer.
  /// - Throws: ``StoreFault``
  public func receivedStatus(_ id: String) throws -> String? {
    try connection.read { database, _ in
      try String.fetchOne(database, sql: "SELECT text FROM received_status WHERE id = ?", arguments: [id.storable])
    }
  }
}

extension Store {
  /// How long it is kept what became of objects that were sent.
  private static let statusLife: Int64 = 7 * 86_400_000  // milliseconds

  /// Keeps what became of objects that were sent, for a week.
  /// - Throws: ``StoreFault``
  public func record(receivedStatus text: String, id: String, at time: Timestamp) throws {
    try connection.write { database in
      try database.execute(
        sql: "DELETE FROM received_status WHERE at < ?", arguments: [time.milliseconds - Self.statusLife])
      try database.execute(
        sql: "INSERT OR REPLACE INTO received_status (id, at, text) VALUES (?, ?, ?)",
        arguments: [id.storable, time.milliseconds, text.storable])
    }
  }
}
