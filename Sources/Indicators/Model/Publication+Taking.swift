internal import Names

extension Publication {
  /// Adds an indicator, unless one of its values alone is met by every address: that is a mistake of its source, and would tell of all
  /// that is seen.
  mutating func take(_ indicator: Indicator) {
    if let every = indicator.observables.first(where: { $0.isSufficient && $0.observable.isEveryAddress }) {
      remark(indicator.place, every.observable.meansEveryAddress)
    } else {
      indicators.append(indicator)
    }
  }
}

extension Observable {
  /// Whether it is `0.0.0.0/0` or `::/0`.
  var isEveryAddress: Bool { if case .prefix(let prefix) = self { prefix.length == 0 } else { false } }

  var meansEveryAddress: Publication.Remark.Cause { .unsupported(value + " means every address") }
}
