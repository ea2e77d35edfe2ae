internal import GRDB
public import Indicators
public import Names

/// An indicator that stands, with what a server needs to give it to others.
public struct SharedIndicator: Hashable, Sendable {
  /// Grows with every addition, and is never used again.
  public var number: Int64
  /// When it was added: microseconds since 1970. Indicators of one revision share it; each revision has a greater one.
  public var added: Int64
  /// By which its source tells it from others: its id, or what it looks for.
  public var key: String
  /// Whether the key is the id that its source gave it.
  public var hasOwnID: Bool
  public var source: String
  /// When the source was read first.
  public var sourceRead: Timestamp
  public var indicator: Indicator
}

extension StoreReader {
  /// Indicators that stand and may be given to others, in the order in which they came.
  ///
  /// Of several with one identity the one that was changed last counts, whatever it is marked with; but what others sent takes the
  /// place of none that another source has. What its source calls benign is left out; what its source revoked is not.
  /// - Parameters:
  ///   - number: Only with a greater one.
  ///   - addedAfter: Only what was added later, in microseconds since 1970.
  ///   - markings: Only what is marked so.
  ///   - includesUnmarked: Also what nobody marked.
  ///   - limit: At most so many.
  ///   - ids: Only those whose source gave them one of these, in any spelling; they are found without reading all others.
  ///   - isWanted: Only what it takes. All that is passed over is passed over in one reading.
  /// - Throws: ``StoreFault``
  public func sharedIndicators(
    after number: Int64, addedAfter: Int64? = nil, markings: [TLP], includesUnmarked: Bool, limit: Int, ids: [String]? = nil,
    where isWanted: (SharedIndicator) -> Bool = { _ in true }
  ) throws -> [SharedIndicator] {
    let hashes = ids.map { ids in Set(ids.flatMap { IndicatorKey.spellings(of: $0) }.map(\.hash)) }
    return try connection.read { database, _ in
      var start = number
      if let addedAfter {
        let first = try Int64.fetchOne(
          database, sql: "SELECT min(first_id) FROM indicator_revision WHERE added_at > ?", arguments: [addedAfter])
        guard let first else { return [] }
        start = max(start, first - 1)
      }
      let sources = try SharedSource.fetchAll(database)
      let blocks = try StoredBlock.fetchCursor(
        database, where: "first_id + count > ?1 + 1 AND \(StoredBlock.stands)", [start], holding: hashes)
      var (page, isAtEnd, most): ([SharedIndicator], Bool, Int) = ([], false, limit)
      while page.count < limit, !isAtEnd {
        var candidates: [(candidate: SharedCandidate, shared: SharedIndicator)] = []
        while candidates.count < most, !isAtEnd {
          guard let block = try blocks.next() else {
            isAtEnd = true
            continue
          }
          for candidate in try SharedCandidate.all(of: block, after: start, holding: hashes) {
            guard !candidate.indicator.isBenign, candidate.indicator.marking.map(markings.contains) ?? includesUnmarked else {
              continue
            }
            let shared = SharedIndicator(candidate, sources)
            if isWanted(shared) { candidates.append((candidate, shared)) }
          }
        }
        // To look for others of the same identity goes through the hashes of all: where many are beaten, for more at a time.
        let beaten = try SharedCandidate.beaten(candidates.map(\.candidate), database)
        page += candidates.filter { !beaten.contains($0.candidate.id) }.map(\.shared)
        most = most.multipliedReportingOverflow(by: 4).overflow ? .max : most * 4
      }
      return Array(page.prefix(limit))
    }
  }

  /// When the first indicator came, of those that are here: microseconds since 1970; `nil` where none are.
  /// - Throws: ``StoreFault``
  public func firstIndicatorAdded() throws -> Int64? {
    try connection.read { database, _ in try Int64.fetchOne(database, sql: "SELECT min(added_at) FROM indicator_revision") }
  }
}

extension IndicatorHistory {
  /// What a source says of some indicators now, by their ids; those that it has.
  /// - Throws: ``StoreFault``
  public func indicators(_ ids: [String], of source: String) throws -> [String: Indicator] {
    try connection.read { database, _ in
      let wanted = Dictionary(ids.map { (IndicatorKey(id: $0), $0) }) { first, _ in first }
      let blocks = try StoredBlock.fetchCursor(
        database, where: "source = (SELECT id FROM indicator_source WHERE name = ?)", [source.storable],
        holding: Set(wanted.keys.map(\.hash)))
      var found: [String: Indicator] = [:]
      while let block = try blocks.next() {
        for index in 0..<block.indicators.count where block.stood(index, at: nil) {
          guard let id = wanted[block.indicators.key(index)], found[id] == nil else { continue }
          found[id] = try block.indicators.indicator(index)
        }
      }
      return found
    }
  }

  /// Those of some ids that sources other than this one have now, in any spelling.
  /// - Throws: ``StoreFault``
  public func ids(_ ids: [String], ofOthersThan source: String) throws -> Set<String> {
    try connection.read { database, _ in
      var wanted: [IndicatorKey: [String]] = [:]
      for id in Set(ids) { for key in IndicatorKey.spellings(of: id) { wanted[key, default: []].append(id) } }
      let others = "source NOT IN (SELECT id FROM indicator_source WHERE name = ?)"
      let blocks = try StoredBlock.fetchCursor(
        database, where: "\(others) AND \(StoredBlock.stands)", [source.storable], holding: Set(wanted.keys.map(\.hash)))
      var found: Set<String> = []
      while let block = try blocks.next() {
        for index in 0..<block.indicators.count where block.stood(index, at: nil) {
          if let ids = wanted[block.indicators.key(index)] { found.formUnion(ids) }
        }
      }
      return found
    }
  }
}

extension SharedIndicator {
  fileprivate init(_ candidate: SharedCandidate, _ sources: [Int64: SharedSource]) {
    let source = sources[candidate.source]
    self.init(
      number: candidate.id, added: source?.added[candidate.revision] ?? 0, key: candidate.key.text(candidate.indicator),
      hasOwnID: candidate.key.isOwnID, source: source?.name ?? "", sourceRead: source?.firstRead ?? Timestamp(milliseconds: 0),
      indicator: candidate.indicator)
  }
}

/// When a revision is added, and the id of the first indicator that it may bring.
struct IndicatorAddition {
  /// Microseconds since 1970.
  var at: Int64
  var firstID: Int64

  /// A millisecond after the last one where the clock stands or goes back: by then versions of objects are told apart.
  init(_ database: Database, at time: Timestamp) throws {
    let row = try Row.fetchOne(
      database,
      sql: """
        SELECT max(w.id, coalesce((SELECT max(first_id + count - 1) FROM indicator_block), 0)),
          max(w.added_at, coalesce((SELECT max(added_at) FROM indicator_revision), 0)) FROM indicator_high_water w
        """)
    guard let row else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the additions cannot be counted") }
    firstID = row[0] + 1
    at = max(time.milliseconds, (row[1] as Int64) / 1000 + 1) * 1000
  }

  /// Keeps up to where ids and times were used, before some of them go.
  static func keepHighWater(_ database: Database) throws {
    try database.execute(
      sql: """
        UPDATE indicator_high_water SET id = max(id, coalesce((SELECT max(first_id + count - 1) FROM indicator_block), 0)),
          added_at = max(added_at, coalesce((SELECT max(added_at) FROM indicator_revision), 0))
        """)
  }
}
