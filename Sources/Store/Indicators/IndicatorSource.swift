internal import GRDB
public import Indicators
public import Names

/// Who publishes indicators, as the person named it.
public struct IndicatorSource: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    case file, http, taxii
    /// It sends what it has, and cannot be asked.
    case received
    /// Standard input, or what a shell puts in the place of a file: it gives what it has once.
    case pipe
  }

  /// It tells one source from another.
  public var name: String
  public var kind: Kind
  /// The path or URL where it is read.
  public var location: String

  /// - Parameter location: Where it is not the name.
  public init(_ name: String, _ kind: Kind, at location: String? = nil) {
    (self.name, self.kind, self.location) = (name, kind, location ?? name)
  }
}

/// What the next poll of a source tells it, so that it gives only what is new. Each as the source gave it.
public struct PollingMarks: Hashable, Sendable {
  /// RFC 9110 §8.8.3
  public var etag: String?
  /// RFC 9110 §8.8.2
  public var lastModified: String?
  /// TAXII 2.1 §3.4: the X-TAXII-Date-Added-Last of the last answer.
  public var addedAfter: String?

  public init(etag: String? = nil, lastModified: String? = nil, addedAfter: String? = nil) {
    (self.etag, self.lastModified, self.addedAfter) = (etag, lastModified, addedAfter)
  }
}

/// One content of a source that differs from the one before it: its indicators, or the values of its warninglist. Where all counts
/// of change are zero, only sightings differ.
public struct IndicatorRevision: Hashable, Sendable {
  /// From 1, for each source.
  public var number: Int
  /// When it was taken.
  public var at: Timestamp
  public var digest: String
  public var added: Int
  /// The source says something else about an indicator that it had before.
  public var changed: Int
  /// The source no longer has it. One that it revoked is changed, not withdrawn.
  public var withdrawn: Int
  /// How many stand in it.
  public var total: Int
}

/// A source and what is known of it.
public struct KnownIndicatorSource: Hashable, Sendable {
  public var source: IndicatorSource
  public var format: Publication.Format
  public var title: String?
  /// By which the source knows its file.
  public var publicationID: String?
  public var marking: TLP?
  public var produced: Timestamp?
  /// Of the content that was read last, also where it was no new revision.
  public var digest: String
  public var firstRead: Timestamp
  public var lastRead: Timestamp
  public var marks: PollingMarks
  public var revision: IndicatorRevision
}

/// What came of taking a publication in.
public struct TakenPublication: Hashable, Sendable {
  /// The revision that stands now.
  public var revision: IndicatorRevision
  /// Whether this publication made it. If not, the source says what it said before.
  public var isNew: Bool
}

extension IndicatorRevision {
  static let columns = "number, at, r.digest, added, changed, withdrawn, total"

  /// Reads ``columns``, from this column on.
  init(_ row: Row, from first: Int) throws {
    self.init(
      number: try row.value(first), at: Timestamp(milliseconds: try row.value(first + 1)), digest: try row.value(first + 2),
      added: try row.value(first + 3), changed: try row.value(first + 4), withdrawn: try row.value(first + 5),
      total: try row.value(first + 6))
  }

  static func fetchAll(_ database: Database, source: Int64) throws -> [IndicatorRevision] {
    try Row.fetchAll(
      database, sql: "SELECT \(columns) FROM indicator_revision r WHERE source = ? ORDER BY number", arguments: [source]
    ).map { try IndicatorRevision($0, from: 0) }
  }

  func insert(_ database: Database, source: Int64, _ addition: IndicatorAddition) throws {
    try database.execute(
      sql: """
        INSERT INTO indicator_revision (source, number, at, digest, added, changed, withdrawn, total, added_at, first_id)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        source, number, at.milliseconds, digest, added, changed, withdrawn, total, addition.at, addition.firstID,
      ])
  }
}

extension KnownIndicatorSource {
  static func fetch(_ database: Database, name: String) throws -> (id: Int64, source: KnownIndicatorSource)? {
    try fetchAll(database, where: "AND s.name = ?", arguments: [name.storable]).first
  }

  /// - Throws: ``StoreFault/unknownSource(_:)``
  static func find(_ database: Database, name: String) throws -> (id: Int64, source: KnownIndicatorSource) {
    guard let known = try fetch(database, name: name) else { throw StoreFault.unknownSource(name) }
    return known
  }

  static func fetchAll(
    _ database: Database, where condition: String = "", arguments: StatementArguments = []
  ) throws -> [(id: Int64, source: KnownIndicatorSource)] {
    // A source is there only with its first revision: both come in one transaction.
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT s.id, s.name, kind, location, format, title, publication, marking, produced, s.digest, first_read, last_read, etag,
          last_modified, added_after, \(IndicatorRevision.columns)
        FROM indicator_source s JOIN indicator_revision r ON r.source = s.id
          AND r.number = (SELECT max(number) FROM indicator_revision WHERE source = s.id)
        WHERE 1 \(condition) ORDER BY s.name
        """, arguments: arguments)
    return try rows.map { row in
      let id: Int64 = try row.value(0)
      return (id, try KnownIndicatorSource(row))
    }
  }

  /// Reads the columns of ``fetchAll(_:where:arguments:)``.
  private init(_ row: Row) throws {
    let (name, location): (String, String) = (try row.value(1), try row.value(3))
    guard let kind = IndicatorSource.Kind(rawValue: try row.value(2)), let form = Publication.Format(rawValue: try row.value(4))
    else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a source of indicators cannot be read")
    }
    let (marking, produced): (String?, Int64?) = (try row.optionalValue(7), try row.optionalValue(8))
    self.init(
      source: IndicatorSource(name, kind, at: location), format: form, title: try row.optionalValue(5),
      publicationID: try row.optionalValue(6), marking: marking.flatMap(TLP.init(rawValue:)),
      produced: produced.map(Timestamp.init(milliseconds:)), digest: try row.value(9),
      firstRead: Timestamp(milliseconds: try row.value(10)), lastRead: Timestamp(milliseconds: try row.value(11)),
      marks: PollingMarks(
        etag: try row.optionalValue(12), lastModified: try row.optionalValue(13), addedAfter: try row.optionalValue(14)),
      revision: try IndicatorRevision(row, from: 15))
  }
}

extension Span<UInt8> {
  fileprivate var hasNUL: Bool {
    for index in indices where self[index] == 0 { return true }
    return false
  }
}

extension String {
  /// A text as the database holds it: SQLite's texts end at a NUL, which hostile sources may write into JSON.
  var storable: String {
    utf8.span.hasNUL ? String(String.UnicodeScalarView(unicodeScalars.map { $0 == "\0" ? "\u{FFFD}" : $0 })) : self
  }
}
