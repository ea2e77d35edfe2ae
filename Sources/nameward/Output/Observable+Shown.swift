import Indicators

extension Observable {
  /// For a person: nothing makes a link of it.
  var shown: String { defanged(self) }

  /// The same, and how far below it is meant.
  var shownWithReach: String {
    guard case .name(_, let reach) = self else { return shown }
    return switch reach {
    case .whole: shown
    case .below: "below \(shown)"
    case .wholeAndBelow: "\(shown) and below"
    }
  }
}

extension Indicator {
  /// Its values for a person. A name that is meant itself and with what is below it is one.
  var shownValues: [String] {
    // What most are.
    if case .value(let observable) = criterion { return [observable.shownWithReach] }
    let values = observables.map { $0.observable }
    let known = Set(values)
    return values.compactMap { value -> String? in
      switch value {
      case .name(let name, .whole) where known.contains(.name(name, .below)):
        Observable.name(name, .wholeAndBelow).shownWithReach
      case .name(let name, .below) where known.contains(.name(name, .whole)): nil
      default: value.shownWithReach
      }
    }
  }
}

extension [String] {
  /// Labels for a person: each once, since a role is often a phase too.
  var shown: [String] {
    var known: Set<String> = []
    return filter { known.insert($0).inserted }.map { defangedText($0) }
  }
}
