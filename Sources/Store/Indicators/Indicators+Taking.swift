private import Dispatch
internal import GRDB
public import Indicators
public import Names

extension Store {
  /// Takes in what a source publishes, in one transaction.
  ///
  /// What differs from what the source said before makes a revision; the same content makes none, however often it is read. An
  /// indicator is the same as before by its id, or, in a list whose rows have none, by what it looks for.
  ///
  /// - Parameters:
  ///   - digest: Of the octets that were read. The digest of the last time is not looked into again, unless it is forced.
  ///   - isWhole: Whether this is all that the source has, so that what is missing is withdrawn; `false` for the answer to a poll
  ///     that asks for what was added. By such an answer no indicator that stands is marked less strictly than before.
  ///   - force: Takes also what is refused otherwise.
  /// - Throws: ``StoreFault``; nothing is changed then. ``StoreFault/implausible(source:before:now:)`` where the source would
  ///   suddenly be empty, or, from ten indicators on, ten times as large or as small: a broken feed looks so.
  public func take(
    _ publication: consuming Publication, from source: IndicatorSource, digest: String, isWhole: Bool = true, at time: Timestamp,
    force: Bool = false
  ) throws -> TakenPublication {
    var publication = publication
    return try connection.write { database in
      let known = try KnownIndicatorSource.fetch(database, name: source.name)
      if let known, known.source.digest == digest, !force {
        try known.source.read(again: publication, from: source, digest, at: time).update(database, id: known.id)
        return TakenPublication(revision: known.source.revision, isNew: false)
      }
      let id = try known?.id ?? KnownIndicatorSource.insert(source, publication, digest, at: time, into: database)
      let before = known?.source.revision
      let number = (before?.number ?? 0) + 1

      if !isWhole, known != nil { try publication.keepMarkings(ofSource: id, database) }
      try MarkingDefinitions.record(publication.markingDefinitions, database, source: id, isWhole: isWhole)
      let addition = try IndicatorAddition(database, at: time)
      let recorder = IndicatorRecorder(
        database: database, source: id, format: publication.format, number: number, firstID: addition.firstID)
      let counts = try recorder.take(publication.indicators, isWhole: isWhole)
      Self.free(&publication.indicators)
      let hasNewSightings = try Sighting.record(
        publication.sightings, database, source: id, number: number, isWhole: isWhole)
      let values = try WarninglistValue.record(
        publication.warninglists, database, source: id, number: number, isWhole: isWhole)
      let (added, withdrawn) = (counts.added + values.added, counts.withdrawn + values.withdrawn)
      let revision = IndicatorRevision(
        number: number, at: time, digest: digest.storable, added: added, changed: counts.changed, withdrawn: withdrawn,
        total: (before?.total ?? 0) + added - withdrawn)
      if let before, !force, !Self.isPlausible(before.total, then: revision.total) {
        throw StoreFault.implausible(source: source.name, before: before.total, now: revision.total)
      }

      if let known {
        try known.source.read(again: publication, from: source, digest, at: time).update(database, id: id)
        if revision.added + revision.changed + revision.withdrawn == 0, !hasNewSightings {
          return TakenPublication(revision: known.source.revision, isNew: false)
        }
      }
      try revision.insert(database, source: id, addition)
      return TakenPublication(revision: revision, isNew: true)
    }
  }

  /// Beside what follows: to free a million takes some time, and nothing waits for it.
  private static func free(_ indicators: inout [Indicator]) {
    let spent = indicators
    indicators = []
    DispatchQueue.global().async { withExtendedLifetime(spent) {} }
  }

  private static func isPlausible(_ before: Int, then now: Int) -> Bool {
    if before > 0, now == 0 { return false }
    return before < 10 || (now < 10 * before && 10 * now > before)
  }

  /// Keeps what the next poll of a source is to tell it, and that the source was read.
  /// - Throws: ``StoreFault``; ``StoreFault/unknownSource(_:)`` before anything was taken from it.
  public func record(_ marks: PollingMarks, of source: String, readAt time: Timestamp) throws {
    try connection.write { database in
      var (id, known) = try KnownIndicatorSource.find(database, name: source)
      known.marks = marks
      known.lastRead = max(known.lastRead, time)
      try known.update(database, id: id)
    }
  }

  /// Removes a source with all its indicators and revisions.
  /// - Throws: ``StoreFault``; ``StoreFault/unknownSource(_:)``.
  public func forget(source: String) throws {
    try connection.write { database in
      let (id, _) = try KnownIndicatorSource.find(database, name: source)
      try IndicatorAddition.keepHighWater(database)
      // What belongs to it goes with it.
      try database.execute(sql: "DELETE FROM indicator_source WHERE id = ?", arguments: [id])
    }
  }
}

extension KnownIndicatorSource {
  fileprivate static func insert(
    _ source: IndicatorSource, _ publication: Publication, _ digest: String, at time: Timestamp, into database: Database
  ) throws -> Int64 {
    try database.execute(
      sql: """
        INSERT INTO indicator_source
          (name, kind, location, format, title, publication, marking, produced, digest, first_read, last_read)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10)
        """,
      arguments: [
        source.name.storable, source.kind.rawValue, source.location.storable, publication.format.rawValue,
        publication.title?.storable, publication.id?.storable, publication.marking?.rawValue, publication.produced?.milliseconds,
        digest.storable, time.milliseconds,
      ])
    return database.lastInsertedRowID
  }

  /// The source as it is after one more reading.
  fileprivate func read(
    again publication: Publication, from source: IndicatorSource, _ digest: String, at time: Timestamp
  ) -> KnownIndicatorSource {
    var known = self
    known.source = source
    known.format = publication.format
    (known.title, known.publicationID) = (publication.title, publication.id)
    (known.marking, known.produced) = (publication.marking, publication.produced)
    known.digest = digest
    // A clock that was set back does not make it older.
    known.lastRead = max(lastRead, time)
    return known
  }

  fileprivate func update(_ database: Database, id: Int64) throws {
    try database.execute(
      sql: """
        UPDATE indicator_source SET kind = ?, location = ?, format = ?, title = ?, publication = ?, marking = ?, produced = ?, digest = ?,
          last_read = ?, etag = ?, last_modified = ?, added_after = ? WHERE id = ?
        """,
      arguments: [
        source.kind.rawValue, source.location.storable, format.rawValue, title?.storable, publicationID?.storable,
        marking?.rawValue, produced?.milliseconds, digest.storable, lastRead.milliseconds, marks.etag?.storable,
        marks.lastModified?.storable, marks.addedAfter?.storable, id,
      ])
  }
}
