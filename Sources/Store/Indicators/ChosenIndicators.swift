internal import GRDB

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
}
