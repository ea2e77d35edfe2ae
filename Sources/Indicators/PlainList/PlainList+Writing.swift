extension PlainList {
  /// The values of indicators, each once, a line each, not defanged: what another program reads.
  ///
  /// - Returns: The file; how many indicators it cannot say: those whose values must be seen together, or that have none; and of how many
  ///   it says a part, one alternative without another.
  public static func file(of indicators: [Indicator]) -> (text: String, leftOut: Int, inPart: Int) {
    var (text, leftOut, inPart, known) = ("", 0, 0, Set<Observable>())
    for indicator in indicators {
      let values = indicator.observables.filter(\.isSufficient).map(\.observable).filter { isSayable($0) }
      if values.isEmpty { leftOut += 1 } else if indicator.isMore(than: values.count) { inPart += 1 }
      for value in values where known.insert(value).inserted { text += line(value) + "\n" }
    }
    return (text, leftOut, inPart)
  }

  /// Whether a list is read back as the same value.
  private static func isSayable(_ observable: Observable) -> Bool {
    switch observable {
    case .certificateHash, .other: false
    default: says(observable, in: line(observable))
    }
  }

  private static func line(_ observable: Observable) -> String {
    switch observable {
    case .name(_, .below): "*." + observable.value
    case .name(_, .wholeAndBelow): "." + observable.value
    default: observable.value
    }
  }
}
