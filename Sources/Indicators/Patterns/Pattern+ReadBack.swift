internal import Names

extension Pattern {
  /// Whether it is the same when it is written and read back, as which patterns are kept.
  ///
  /// A short one is tried. Of a long one each constant is looked at: to write a million comparisons and read them back takes long, and
  /// in all but their constants they are as short ones are.
  var isReadBack: Bool {
    if expression.comparisons <= Self.mostTried { return (try? Pattern("\(self)", within: .written)) == self }
    return expression.hasReadableConstants
  }

  private static let mostTried = 1000
}

extension ObservationExpression {
  fileprivate var comparisons: Int {
    switch self {
    case .observation(let comparison): comparison.count
    case .and(let parts), .or(let parts), .followedBy(let parts): parts.reduce(0) { $0 + $1.comparisons }
    case .qualified(let inner, _): inner.comparisons
    }
  }

  fileprivate var hasReadableConstants: Bool {
    switch self {
    case .observation(let comparison): comparison.hasReadableConstants
    case .and(let parts), .or(let parts), .followedBy(let parts): parts.allSatisfy(\.hasReadableConstants)
    case .qualified(let inner, _): inner.hasReadableConstants
    }
  }
}

extension ComparisonExpression {
  fileprivate var hasReadableConstants: Bool {
    switch self {
    case .comparison(let comparison): comparison.hasReadableConstants
    case .exists: true
    case .and(let parts), .or(let parts): parts.allSatisfy(\.hasReadableConstants)
    }
  }
}

extension Comparison {
  fileprivate var hasReadableConstants: Bool {
    let constants: [Constant] =
      switch operand {
      case .constant(let constant): [constant]
      case .set(let set): set
      }
    let algorithm: String? =
      if path.steps.contains(.property("hashes")), case .property(let name)? = path.steps.last { name } else { nil }
    return constants.allSatisfy { constant in
      switch constant {
      case .string(let text): algorithm.map { HashAlgorithm.isValue(text, named: $0) } ?? true
      case .float(let number): number.isFinite
      case .timestamp(let time): time.hasWrittenYear
      case .integer, .boolean, .hex, .binary: true
      }
    }
  }
}
