internal import GRDB

/// The form of the database, and the numbered steps that lead to it. A step that was shipped is never edited: the next one is
/// appended.
struct Schema: Sendable {
  /// `NMWD`: SQLite keeps it in the file's header (`PRAGMA application_id`).
  static let applicationID: Int32 = 0x4E4D_5744

  /// The SQL of each step; the first makes version 1.
  let steps: [String]

  static let current = Schema(steps: [version1, version2, version3 + sharing, version4])

  var version: Int { steps.count }

  /// Refuses a file that is not ours, is damaged, or comes from a later version. Writes nothing.
  /// - Returns: The version of the file; 0 for an empty one.
  func check(_ database: Database, path: String) throws -> Int {
    let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    let application = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
    let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
    if application == 0, version == 0, tables == 0 { return 0 }
    guard application == Self.applicationID, version > 0 else { throw StoreFault.foreign(path: path) }
    guard version <= self.version else { throw StoreFault.newer(path: path, version: version, known: self.version) }
    return version
  }

  /// Brings a file from one version to the current one. Each step is a transaction, so a process that ends in the middle leaves
  /// a whole file of some version.
  func migrate(_ database: Database, from version: Int) throws {
    for (index, step) in steps.enumerated().dropFirst(version) {
      try database.inTransaction(.immediate) {
        try database.execute(sql: step)
        // Both are kept in the header, and change with the transaction.
        try database.execute(sql: "PRAGMA application_id = \(Self.applicationID)")
        try database.execute(sql: "PRAGMA user_version = \(index + 1)")
        return .commit
      }
    }
  }
}
