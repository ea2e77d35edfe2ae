internal import Names

extension Publication {
  /// Adds an indicator, or remarks why it is none.
  mutating func take(_ indicator: Indicator) {
    // What came as a STIX pattern is read as it was written.
    if let cause = indicator.refusal(isWritten: format == .stix2) {
      remark(indicator.place, cause)
    } else {
      indicators.append(indicator)
    }
  }
}

extension Indicator {
  /// Why it is not taken; `nil` where it is.
  ///
  /// Not one of whose values alone is met by every address: that is a mistake of its source, and would tell of all that is seen. Nor
  /// one whose pattern is not the same when it is read back: patterns are kept as texts, and nobody would look for it afterwards.
  /// - Parameter isWritten: Whether its pattern was read from a text.
  func refusal(isWritten: Bool) -> Publication.Remark.Cause? {
    if let every = observables.first(where: { $0.isSufficient && $0.observable.isEveryAddress }) {
      return every.observable.meansEveryAddress
    }
    guard !isWritten, case .pattern(let pattern) = criterion, !pattern.isReadBack else { return nil }
    return .unsupported("a pattern that says something else, or nothing, where it is written down")
  }
}

extension Observable {
  /// Whether it is `0.0.0.0/0` or `::/0`.
  var isEveryAddress: Bool { if case .prefix(let prefix) = self { prefix.length == 0 } else { false } }

  var meansEveryAddress: Publication.Remark.Cause { .unsupported(value + " means every address") }
}
