internal import GRDB
public import Indicators
public import Names

/// An indicator that stands, or was withdrawn and then counts as revoked, with what a server needs to give it to others.
public struct SharedIndicator: Hashable, Sendable {
  /// Grows with every addition, and is never used again.
  public var number: Int64
  /// When it was added: microseconds since 1970. Grows with the number.
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
  /// Indicators that stand and may be given to others, in the order in which they came; and among them, as revoked, those that were
  /// withdrawn and have no id of their source's own.
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
      let start = max(number, try addedAfter.map { try IndicatorAddition.lastNumber(addedBy: $0, database) } ?? 0)
      let sources = try SharedSource.fetchAll(database)
      func offered(_ candidate: SharedCandidate) -> SharedIndicator? {
        guard !candidate.indicator.isBenign, candidate.indicator.marking.map(markings.contains) ?? includesUnmarked else {
          return nil
        }
        let shared = SharedIndicator(candidate, sources)
        return isWanted(shared) ? shared : nil
      }
      let blocks = try StoredBlock.fetchCursor(
        database, where: "first_id + count > ?1 + 1 AND \(StoredBlock.stands)", [start], holding: hashes)
      let standing = try Self.page(limit, offered, passingOver: { try SharedCandidate.beaten($0, database) }) {
        try blocks.next().map { try SharedCandidate.all(of: $0, after: start, holding: hashes) }
      }
      // What has an id of its source only that one may revoke.
      guard ids == nil else { return standing }
      var last = start
      let withdrawn = try Self.page(limit, offered, passingOver: { try SharedCandidate.notLastWithdrawn($0, database) }) {
        let next = try SharedCandidate.withdrawn(after: last, database)
        last = next.last?.number ?? last
        return next.isEmpty ? nil : next
      }
      return Array((standing + withdrawn).sorted { $0.number < $1.number }.prefix(limit))
    }
  }

  /// - Parameters:
  ///   - offered: An indicator as it is given, of those that are.
  ///   - beaten: The numbers of those in whose place stands another.
  ///   - next: The next candidates; `nil` at the end.
  private static func page(
    _ limit: Int, _ offered: (SharedCandidate) -> SharedIndicator?, passingOver beaten: ([SharedCandidate]) throws -> Set<Int64>,
    next: () throws -> [SharedCandidate]?
  ) rethrows -> [SharedIndicator] {
    var (page, isAtEnd, most): ([SharedIndicator], Bool, Int) = ([], false, limit)
    while page.count < limit, !isAtEnd {
      var candidates: [(candidate: SharedCandidate, shared: SharedIndicator)] = []
      while candidates.count < most, !isAtEnd {
        guard let some = try next() else {
          isAtEnd = true
          continue
        }
        for candidate in some { if let shared = offered(candidate) { candidates.append((candidate, shared)) } }
      }
      // To look for others of the same identity goes through the hashes of all: where many are beaten, for more at a time.
      let beaten = try beaten(candidates.map(\.candidate))
      page += candidates.filter { !beaten.contains($0.candidate.number) }.map(\.shared)
      most = most.multipliedReportingOverflow(by: 4).overflow ? .max : most * 4
    }
    return Array(page.prefix(limit))
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
  init(_ candidate: SharedCandidate, _ sources: [Int64: SharedSource]) {
    let source = sources[candidate.source]
    self.init(
      number: candidate.number, added: source?.additions[candidate.revision]?.time(of: candidate.number) ?? 0,
      key: candidate.key.text(candidate.indicator),
      hasOwnID: candidate.key.isOwnID, source: source?.name ?? "", sourceRead: source?.firstRead ?? Timestamp(milliseconds: 0),
      indicator: candidate.indicator)
  }
}

extension Indicator {
  /// By which its source tells it from others: its id, or, in a list whose rows have none, what it looks for.
  public func key(in format: Publication.Format) -> (text: String, isOwnID: Bool) {
    IndicatorKey.hasOwnID(self, of: format) ? (id, true) : (criterion.keyText, false)
  }
}
