public import Estate
internal import GRDB
public import Names

/// What was seen and found, kept over time: an SQLite database in a folder of its own. One process at a time may write.
///
/// What equals the last thing seen makes an interval longer and adds nothing, so the store grows with change and not with time.
/// Each call that records is one transaction: it is kept whole or not at all, whenever the process or the machine stops.
///
/// A reference type, because it owns the connection and the folder's lock. Calls may come from any thread; they take turns.
public final class Store: Sendable {
  let connection: Connection
  private let lock: FolderLock

  /// Opens the state folder for writing; makes it, for this user only, where it is missing, and brings an older database up to
  /// date.
  /// - Throws: ``StoreFault``. A database that is damaged, newer or another program's is left as it is.
  public convenience init(folder: String) throws {
    try self.init(folder: folder, schema: .current)
  }

  /// Opens a state folder that is there, for writing.
  /// - Throws: ``StoreFault``; ``StoreFault/empty(folder:)`` before anything was recorded.
  public convenience init(existing folder: String) throws {
    guard StateFolder(path: folder).hasDatabaseFile else { throw StoreFault.empty(folder: folder) }
    try self.init(folder: folder)
  }

  /// - Parameter mostPages: The size, in pages, beyond which the disk counts as full; `nil`: as large as the disk lets it be.
  init(folder path: String, schema: Schema, mostPages: Int? = nil) throws {
    let folder = StateFolder(path: path)
    try folder.make()
    lock = try FolderLock(folder)
    try folder.makeDatabaseFile()
    connection = try Connection(writing: folder.database, schema: schema, mostPages: mostPages)
  }

  deinit {
    // First the database, then the lock: the next writer finds the log folded into the file.
    connection.close()
  }

  /// Records what one pass observed, in one transaction.
  ///
  /// An observation that means the same as the last one of its place, name and type extends its interval; any other begins a new
  /// interval, and its octets are kept as evidence. An observation that does not tell (``Meaning/tells``) never ends the interval
  /// of what was told last.
  /// - Parameter time: When the pass saw this.
  /// - Returns: How long each has been so, in the order of the observations.
  /// - Throws: ``StoreFault``; nothing is recorded then.
  public func record(_ observations: [RecordedObservation], at time: Timestamp) throws -> [Standing] {
    try connection.write { database in
      var recorder = try ObservationRecorder(database, at: time)
      return try recorder.record(observations)
    }
  }

  /// Records what one pass found, in one transaction, and says what changed since the last pass.
  ///
  /// A finding is the same as an earlier one if check, place, name, type and manner are the same. An open finding within the
  /// scope that the pass did not find again is gone, unless the pass could not tell: then it stays open, unconfirmed.
  /// - Parameters:
  ///   - unsettled: Expectations whose verdict was "could not tell", beside those that have a finding of their own.
  ///   - scope: What the pass looked at.
  /// - Throws: ``StoreFault``; nothing is recorded then.
  public func record(
    _ findings: [Finding], unsettled: [Expectation] = [], scope: Scope, totals: Totals, at time: Timestamp
  ) throws -> PassChanges {
    try connection.write { database in
      var recorder = try FindingRecorder(database, scope: scope, at: time)
      return try recorder.record(findings, unsettled: unsettled, totals: totals)
    }
  }

  /// The stored question and reply with this name; `nil` if there is none.
  /// - Throws: ``StoreFault``, also if the octets no longer have the digest that names them.
  public func evidence(_ id: EvidenceID) throws -> StoredEvidence? {
    try connection.read { try StoredEvidence.fetch($0, id, path: $1) }
  }

  /// The last pass over this scope; `nil` before the first.
  public func lastPass(_ scope: Scope) throws -> Pass? {
    try connection.read { database, _ in try Pass.fetchLast(database, scope) }
  }

  /// The findings of a declaration that are open.
  public func openFindings(declaration: String) throws -> [StoredFinding] {
    try connection.read { database, _ in try StoredFinding.fetchOpen(database, declaration: declaration).map(\.finding) }
  }
}

/// The same state, opened for reading only: beside a writer in another process, without a lock.
public final class StoreReader: Sendable {
  let connection: Connection

  /// - Throws: ``StoreFault``; ``StoreFault/empty(folder:)`` before anything was recorded.
  public init(folder path: String) throws {
    let folder = StateFolder(path: path)
    guard folder.hasDatabaseFile else { throw StoreFault.empty(folder: path) }
    connection = try Connection(reading: folder.database, schema: .current, folder: path)
  }

  deinit { connection.close() }

  /// As ``Store/evidence(_:)``.
  public func evidence(_ id: EvidenceID) throws -> StoredEvidence? {
    try connection.read { try StoredEvidence.fetch($0, id, path: $1) }
  }

  /// The evidence whose names begin so, at most two: a person gives as many digits as tell one from the others.
  public func evidence(startingWith text: String) throws -> [StoredEvidence] {
    try connection.read { database, path in
      try EvidenceID.fetch(database, startingWith: text).compactMap { try StoredEvidence.fetch(database, $0, path: path) }
    }
  }

  /// As ``Store/lastPass(_:)``.
  public func lastPass(_ scope: Scope) throws -> Pass? {
    try connection.read { database, _ in try Pass.fetchLast(database, scope) }
  }

  /// As ``Store/openFindings(declaration:)``.
  public func openFindings(declaration: String) throws -> [StoredFinding] {
    try connection.read { database, _ in try StoredFinding.fetchOpen(database, declaration: declaration).map(\.finding) }
  }
}
