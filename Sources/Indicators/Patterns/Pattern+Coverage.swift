extension Pattern {
  /// Whether OR joins what can be looked up in tables with what cannot (`MATCHES`, `LIKE` other than `'%.name'`, `!=`): ``observables``
  /// has only the one, and what meets the other alone is not found by them.
  ///
  /// A pattern of which nothing can be looked up is none of these.
  public var isPartlyLookedFor: Bool { expression.coverage == .part }
}

/// How much of an expression values that can be looked up find.
private enum Coverage: Int, Comparable {
  case nothing, part, whole

  static func < (one: Coverage, other: Coverage) -> Bool { one.rawValue < other.rawValue }

  /// Of alternatives: each must be found for itself.
  static func any(_ parts: [Coverage]) -> Coverage {
    guard let least = parts.min(), let most = parts.max() else { return .nothing }
    return least == most ? least : .part
  }

  /// Of what must be seen together: whoever finds one of them finds all.
  static func all(_ parts: [Coverage]) -> Coverage { parts.max() ?? .nothing }
}

extension ObservationExpression {
  fileprivate var coverage: Coverage {
    switch self {
    case .observation(let comparison): comparison.coverage
    case .or(let parts): .any(parts.map(\.coverage))
    case .and(let parts), .followedBy(let parts): .all(parts.map(\.coverage))
    case .qualified(let inner, _): inner.coverage
    }
  }
}

extension ComparisonExpression {
  fileprivate var coverage: Coverage {
    switch self {
    case .comparison(let comparison): comparison.coverage
    case .exists: .nothing
    case .or(let parts): .any(parts.map(\.coverage))
    case .and(let parts): .all(parts.map(\.coverage))
    }
  }
}

extension Comparison {
  fileprivate var coverage: Coverage {
    let found = observables.count
    if found == 0 { return .nothing }
    // Of a set, each member is an alternative.
    if case .set(let members) = operand, found < members.count { return .part }
    return .whole
  }
}
