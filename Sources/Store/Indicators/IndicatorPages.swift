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

  private let connection: Connection
  private let owner: any AnyObject & Sendable
  private let which: Which
  /// The block that came last, by the id of its first indicator.
  private var last = Int64.min

  init(_ connection: Connection, of owner: any AnyObject & Sendable, _ which: Which) {
    (self.connection, self.owner, self.which) = (connection, owner, which)
  }

  /// The next page, at most a thousand; `nil` after the last.
  /// - Throws: ``StoreFault``
  public mutating func next() throws -> [StoredIndicator]? {
    let (condition, arguments, revision): (String, StatementArguments, Int?) =
      switch which {
      case .all: (StoredBlock.stands, [], nil)
      case .source(let id, let revision): ("source = ? AND first_revision <= ?", [id, revision], revision)
      }
    let (page, end) = try connection.read { [last] database, _ in
      var (page, end) = ([StoredIndicator](), last)
      let names = try KnownIndicatorSource.names(database)
      let blocks = try StoredBlock.fetchCursor(database, where: "first_id > ? AND \(condition)", [last] + arguments)
      while page.count < IndicatorBlock.mostIndicators, let block = try blocks.next() {
        let told = (0..<block.indicators.count).filter { block.stood($0, at: revision) }
        guard page.isEmpty || page.count + told.count <= IndicatorBlock.mostIndicators else { break }
        for index in told {
          page.append(
            StoredIndicator(
              source: names[block.source] ?? "", indicator: try block.indicators.indicator(index),
              firstRevision: block.firstRevision, lastRevision: block.lastRevision(index)))
        }
        end = block.firstID
      }
      return (page, end)
    }
    last = end
    return page.isEmpty ? nil : page
  }

  /// All that are left.
  /// - Throws: ``StoreFault``
  public consuming func all() throws -> [StoredIndicator] {
    var all: [StoredIndicator] = []
    while let page = try next() { all += page }
    return all
  }
}

extension KnownIndicatorSource {
  static func names(_ database: Database) throws -> [Int64: String] {
    var names: [Int64: String] = [:]
    for row in try Row.fetchAll(database, sql: "SELECT id, name FROM indicator_source") {
      let (id, name): (Int64, String) = (try row.value(0), try row.value(1))
      names[id] = name
    }
    return names
  }
}
