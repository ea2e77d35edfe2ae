public import Names

/// Which indicators may leave in an export that is marked so (TLP 2.0): none that is stricter than the export.
public struct Release: Sendable {
  public private(set) var indicators: [Indicator] = []
  /// Stricter than the export.
  public private(set) var tooStrict = 0
  /// Without a marking: nobody said that they may leave.
  public private(set) var unmarked = 0
  /// Revoked, or harmless: nothing to warn others of.
  public private(set) var withdrawn = 0
  /// No more valid, or not yet, where the form of the export cannot say so.
  public private(set) var untimely = 0

  /// - Parameters:
  ///   - marking: Of the export.
  ///   - assumed: What an indicator without a marking counts as; `nil` where it may not leave at all.
  ///   - moment: When all must be valid; `nil` where the export says of each when it is.
  public init(_ indicators: [Indicator], marked marking: TLP, assuming assumed: TLP?, validAt moment: Timestamp? = nil) {
    for var indicator in indicators {
      guard !indicator.isRevoked, !indicator.isBenign else {
        withdrawn += 1
        continue
      }
      guard let own = indicator.marking ?? assumed else {
        unmarked += 1
        continue
      }
      guard own <= marking else {
        tooStrict += 1
        continue
      }
      if let moment, !indicator.isValid(at: moment) {
        untimely += 1
        continue
      }
      indicator.marking = own
      self.indicators.append(indicator)
    }
  }
}

extension Indicator {
  fileprivate func isValid(at moment: Timestamp) -> Bool {
    (validFrom.map { $0 <= moment } ?? true) && (validUntil.map { moment < $0 } ?? true)
  }
}
