/// How much work is left before a search gives up, in steps of some nanoseconds.
struct WorkBudget {
  private(set) var left: Int
  private let limit: Int

  init(_ limit: Int) { (left, self.limit) = (limit, limit) }

  mutating func spend(_ steps: Int) throws(MatchFault) {
    left -= min(left, steps)
    if left == 0 { throw .tooMuchWork(limit: limit) }
  }
}
