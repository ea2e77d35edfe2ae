internal import GRDB
internal import Indicators
internal import Names

/// What stands, one of each identity.
public struct ChosenIndicators: Sendable {
  /// In the order in which they came.
  public var indicators: [SharedIndicator]
  /// Others that stand too, in whose place one of these is.
  public var passedOver: Int
}

extension IndicatorHistory {
  /// The indicators that stand, of all sources. Of several with one identity it is the one that servers give to others: what was
  /// changed last, and what others sent only where no other source has it.
  /// - Throws: ``StoreFault``
  public func chosen() throws -> ChosenIndicators {
    try connection.read { database, _ in
      let sources = try SharedSource.fetchAll(database)
      var candidates: [SharedCandidate] = []
      let blocks = try StoredBlock.fetchCursor(database, where: StoredBlock.stands)
      while let block = try blocks.next() { candidates += try SharedCandidate.all(of: block, after: .min, holding: nil) }
      let beaten = try SharedCandidate.beaten(candidates, database)
      let chosen = candidates.filter { !beaten.contains($0.number) }.map { SharedIndicator($0, sources) }
      return ChosenIndicators(indicators: chosen, passedOver: beaten.count)
    }
  }

  /// The ids of indicators in whose place stands a newer one of another source, by the names of their sources. Whoever publishes a new
  /// version, or revokes, may do so in another file.
  /// - Throws: ``StoreFault``
  public func superseded() throws -> [String: Set<String>] {
    try connection.read { database, _ in
      // Ids of one source alone have nothing newer elsewhere, and rows of lists have none.
      let formats = [Publication.Format.stix1, .stix2, .misp, .openIOC].map { "'\($0.rawValue)'" }.joined(separator: ", ")
      let sources = try Int64.fetchAll(database, sql: "SELECT id FROM indicator_source WHERE format IN (\(formats))")
      guard sources.count > 1 else { return [:] }
      let names = try KnownIndicatorSource.names(database)
      let condition = "source IN (\(sources.map(String.init).joined(separator: ", "))) AND \(StoredBlock.stands)"
      let blocks = try StoredBlock.fetchCursor(database, where: condition)
      var (candidates, first): ([SharedCandidate], [SharedCandidate.Identity: Int64]) = ([], [:])
      var isOfSeveral: Set<SharedCandidate.Identity> = []
      while let block = try blocks.next() {
        for candidate in try SharedCandidate.all(of: block, after: .min, holding: nil) where candidate.key.isOwnID {
          if first.updateValue(candidate.source, forKey: candidate.identity).map({ $0 != candidate.source }) ?? false {
            isOfSeveral.insert(candidate.identity)
          }
          candidates.append(candidate)
        }
      }
      candidates.removeAll { !isOfSeveral.contains($0.identity) }
      let beaten = try SharedCandidate.beaten(candidates, database)
      let winners = Dictionary(candidates.filter { !beaten.contains($0.number) }.map { ($0.identity, $0) }) { first, _ in first }
      var ids: [String: Set<String>] = [:]
      for candidate in candidates where beaten.contains(candidate.number) {
        guard let winner = winners[candidate.identity], winner.source != candidate.source,
          winner.indicator.modified ?? Timestamp(seconds: 0) > candidate.indicator.modified ?? Timestamp(seconds: 0)
        else { continue }
        ids[names[candidate.source] ?? "", default: []].insert(candidate.indicator.id)
      }
      return ids
    }
  }
}
