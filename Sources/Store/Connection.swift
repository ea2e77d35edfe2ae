internal import GRDB

/// One connection to the database. Every error leaves it as a ``StoreFault``.
struct Connection: Sendable {
  private let queue: DatabaseQueue
  private let path: String

  /// How long to wait for a lock that another program holds.
  private static let patience = 5.0  // seconds
  /// Up to this size the whole file is read and checked when it is opened for writing; SQLite checks the pages of a larger one as
  /// it comes to them.
  private static let mostOctetsChecked = 256 << 20

  init(writing path: String, schema: Schema, mostPages: Int?) throws {
    self.path = path
    queue = try Self.reporting(path) {
      let queue = try DatabaseQueue(path: path, configuration: Self.configuration(readonly: false))
      try queue.writeWithoutTransaction { database in
        // The questions come first, so that a file which is refused is not written to.
        let version = try schema.check(database, path: path)
        try Self.checkPages(database, path: path)
        guard try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL") == "wal" else {
          throw StoreFault.cannotShare(path: path, "no write-ahead log can be kept beside it")
        }
        // A commit waits for the disk. There is one to a pass, so it costs nothing, and what was reported outlives a power cut.
        try database.execute(sql: "PRAGMA synchronous = FULL")
        if let mostPages { _ = try Int.fetchOne(database, sql: "PRAGMA max_page_count = \(mostPages)") }
        try schema.migrate(database, from: version)
      }
      return queue
    }
  }

  init(reading path: String, schema: Schema, folder: String) throws {
    self.path = path
    queue = try Self.reporting(path) {
      let queue = try DatabaseQueue(path: path, configuration: Self.configuration(readonly: true))
      try queue.read { database in
        let version = try schema.check(database, path: path)
        if version == 0 { throw StoreFault.empty(folder: folder) }
        guard version == schema.version else {
          throw StoreFault.older(path: path, version: version, known: schema.version)
        }
      }
      return queue
    }
  }

  func close() {
    // An open statement could delay closing; the connection is then closed when the last one ends.
    try? queue.close()
  }

  /// Runs the body in one transaction, which is rolled back on a throw.
  func write<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try Self.reporting(path) { try queue.write(body) }
  }

  func read<Result>(_ body: (Database, _ path: String) throws -> Result) throws -> Result {
    try Self.reporting(path) { try queue.read { try body($0, path) } }
  }

  private static func reporting<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch { throw StoreFault(error, path: path) }
  }

  private static func configuration(readonly: Bool) -> Configuration {
    var configuration = Configuration()
    configuration.readonly = readonly
    configuration.foreignKeysEnabled = true
    configuration.busyMode = .timeout(patience)
    configuration.label = "store"
    configuration.prepareDatabase { database in
      // The file may come from elsewhere: no function is run because a schema says so, and a page that lies is an error.
      try database.execute(sql: "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON")
    }
    return configuration
  }

  private static func checkPages(_ database: Database, path: String) throws {
    let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
    let size = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 0
    guard pages.multipliedReportingOverflow(by: size).partialValue <= mostOctetsChecked else { return }
    let words = try String.fetchOne(database, sql: "PRAGMA quick_check(1)") ?? "no answer to a check"
    guard words == "ok" else { throw StoreFault.damaged(path: path, words) }
  }
}
