internal import GRDB
public import Indicators

/// An indicator and who published it.
public struct StoredIndicator: Hashable, Sendable {
  /// The name of the source.
  public var source: String
  /// Its place is where it stood in its file last.
  public var indicator: Indicator
  /// The revisions of the source in which it says this, from the first on.
  public var firstRevision: Int
  /// Absent while it stands.
  public var lastRevision: Int?
}

/// Indicators in pages, so that a million needs no more memory than a thousand.
public struct IndicatorPages: Sendable {
  enum Which: Sendable {
    case all
    case source(id: Int64, revision: Int)
  }

  static let pageSize = 1000

  private let connection: Connection
  private let owner: any AnyObject & Sendable
  private let which: Which
  /// The row that came last.
  private var last: Int64 = 0

  init(_ connection: Connection, of owner: any AnyObject & Sendable, _ which: Which) {
    (self.connection, self.owner, self.which) = (connection, owner, which)
  }

  /// The next page, at most a thousand; `nil` after the last.
  /// - Throws: ``StoreFault``
  public mutating func next() throws -> [StoredIndicator]? {
    let (condition, arguments): (String, StatementArguments) =
      switch which {
      case .all: ("i.last_revision IS NULL", [])
      case .source(let id, let revision):
        (
          "i.source = ? AND i.first_revision <= ? AND (i.last_revision IS NULL OR i.last_revision >= ?)",
          [id, revision, revision]
        )
      }
    let page = try connection.read { [last] database, _ in
      try StoredIndicator.fetch(database, where: "i.id > ? AND \(condition)", [last] + arguments, limit: Self.pageSize)
    }
    guard let end = page.last else { return nil }
    last = end.id
    return page.map(\.stored)
  }

  /// All that are left.
  /// - Throws: ``StoreFault``
  public consuming func all() throws -> [StoredIndicator] {
    var all: [StoredIndicator] = []
    while let page = try next() { all += page }
    return all
  }
}

/// What changed from one revision of a source to another.
public struct IndicatorDifference: Hashable, Sendable {
  public struct Change: Hashable, Sendable {
    public var before: Indicator
    public var after: Indicator
  }

  public var added: [Indicator] = []
  public var changed: [Change] = []
  public var withdrawn: [Indicator] = []
  /// Of a warninglist.
  public var addedValues: [WarninglistValue] = []
  public var withdrawnValues: [WarninglistValue] = []

  public init() {}
}

extension StoredIndicator {
  static func fetch(
    _ database: Database, where condition: String, _ arguments: StatementArguments, limit: Int = -1
  ) throws -> [(id: Int64, record: IndicatorRecord, stored: StoredIndicator)] {
    let columns = (IndicatorRecord.identityColumns + IndicatorRecord.contentColumns).map { "i.\($0)" }.joined(separator: ", ")
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT i.id, s.name, i.first_revision, i.last_revision, \(columns)
        FROM indicator i JOIN indicator_source s ON s.id = i.source WHERE \(condition) ORDER BY i.id LIMIT ?
        """, arguments: arguments + [limit])
    var page: [(Int64, IndicatorRecord, StoredIndicator)] = []
    while let row = try rows.next() {
      let record = IndicatorRecord(row, from: 4)
      let stored = StoredIndicator(
        source: row[1], indicator: try record.indicator(), firstRevision: row[2], lastRevision: row[3])
      page.append((row[0], record, stored))
    }
    return page
  }
}

extension IndicatorDifference {
  /// Who is told of, and what.
  private struct Telling: Hashable {
    let key: String
    let content: [DatabaseValue]

    init(_ record: IndicatorRecord) { (key, content) = (record.key, record.content) }
  }

  static func fetch(_ database: Database, source: Int64, from: Int, to: Int) throws -> IndicatorDifference {
    func standsOnly(at one: Int, notAt other: Int) throws -> [(id: Int64, record: IndicatorRecord, stored: StoredIndicator)] {
      let stands = "(i.first_revision <= ? AND (i.last_revision IS NULL OR i.last_revision >= ?))"
      return try StoredIndicator.fetch(
        database, where: "i.source = ? AND \(stands) AND NOT \(stands)", [source, one, one, other, other])
    }
    // What changed and changed back is no difference.
    var same = Dictionary(grouping: try standsOnly(at: from, notAt: to).reversed()) { Telling($0.record) }
    let after = try standsOnly(at: to, notAt: from).filter { same[Telling($0.record)]?.popLast() == nil }
    var before = Dictionary(grouping: same.values.joined().sorted { $0.id > $1.id }, by: \.record.key)
    var difference = IndicatorDifference()
    for new in after {
      if let old = before[new.record.key]?.popLast() {
        difference.changed.append(Change(before: old.stored.indicator, after: new.stored.indicator))
      } else {
        difference.added.append(new.stored.indicator)
      }
    }
    difference.withdrawn = before.values.joined().sorted { $0.id < $1.id }.map(\.stored.indicator)
    difference.addedValues = try WarninglistValue.fetch(database, source: source, at: to, notAt: from)
    difference.withdrawnValues = try WarninglistValue.fetch(database, source: source, at: from, notAt: to)
    return difference
  }
}
