internal import GRDB
internal import Indicators

/// Holds the indicators of one publication against those that stand, and keeps what differs; lives as long as its transaction.
struct IndicatorRecorder {
  let database: Database
  let source: Int64
  let format: Publication.Format
  /// Of the revision that this publication makes if it differs.
  let number: Int
  /// Of the first indicator that it adds; the others follow.
  let firstID: Int64

  /// - Parameter isWhole: Whether what is not told again is withdrawn.
  /// - Returns: How many are new, say something else, and are gone.
  func take(_ indicators: [Indicator], isWhole: Bool) throws -> (added: Int, changed: Int, withdrawn: Int) {
    guard number > 1 else {
      try insert(indicators)
      return (indicators.count, 0, 0)
    }
    var comparison = try IndicatorComparison(of: indicators, format) { hashes in
      try StandingIndicators(database, source: source, withKeys: isWhole ? nil : Set(hashes))
    }
    comparison.settle()
    let withdrawn = isWhole ? comparison.standing.withdrawOthers() : 0
    let fates = comparison.fates
    let new = zip(indicators, fates).filter { $0.1 != .stays }.map(\.0)
    try comparison.standing.write(
      to: database, lastRevision: number - 1, firstWithdrawal: firstID + Int64(new.count))
    try insert(new)
    return (fates.count { $0 == .isNew }, fates.count { $0 == .changes }, withdrawn)
  }

  private func insert(_ indicators: [Indicator]) throws {
    try StoredBlock.insert(indicators, of: format, into: database, source: source, revision: number, firstID: firstID)
  }
}
