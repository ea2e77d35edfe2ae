internal import Names

/// Looks for observed data for each bracket of a pattern, none used more often than it was observed (STIX 2.1 §9.4.1).
///
/// Where only AND and REPEATS join brackets, this is a flow from brackets to observed data, and soon found. What is left to try
/// are the ways of OR, and moments: WITHIN and FOLLOWEDBY each hold around the end of some observed data. Each way narrows when
/// brackets may be filled; a way whose flow is too small is left at once.
struct BindingSearch {
  /// When observed data must have started and ended.
  private struct Bounds {
    var startBy = Int64.max
    var endFrom = Int64.min

    func and(startBy: Int64 = .max, endFrom: Int64 = .min) -> Bounds {
      Bounds(startBy: min(self.startBy, startBy), endFrom: max(self.endFrom, endFrom))
    }
  }

  /// A node that is still to be filled, and what comes after it.
  private struct Goal {
    var node: Int
    var copies: Int
    var bounds: Bounds
    /// An index into the goals; -1 for the end.
    var next: Int
    /// Of FOLLOWEDBY: which child is next, and from when on.
    var position = 0
    var since = Int64.min
    /// Of copies that need a moment each: the index of the first one that is left, since their order says nothing.
    var floor = 0
  }

  /// Where there was more than one way: the goal, the next way, and how much stood before it.
  private struct Choice {
    var goal: Goal
    var way: Int
    var goalCount: Int
    var demandCount: Int
  }

  /// A bracket that is filled.
  private struct Demand {
    var candidates: Int
    var bounds: Bounds
    var uses: [Int: Int] = [:]
  }

  private let nodes: [PatternMatcher.Node]
  private let candidates: [Candidates]
  private let starts: [Int64]
  private let ends: [Int64]
  /// All ends of observed data that some bracket takes, in order, without doubles.
  private let moments: [Int64]
  private var left: [Int]
  private var goals: [Goal] = []
  private var choices: [Choice] = []
  private var demands: [Demand] = []

  init(nodes: [PatternMatcher.Node], candidates: [Candidates], observations: [ObservedData]) {
    (self.nodes, self.candidates) = (nodes, candidates)
    starts = observations.map(\.firstObserved.milliseconds)
    ends = observations.map(\.lastObserved.milliseconds)
    left = observations.map(\.count)
    moments = Set(candidates.flatMap(\.ends)).sorted()
  }

  /// How often each observed data is used, by its index; `nil` where there is no way.
  mutating func run(_ budget: inout WorkBudget) throws(MatchFault) -> [Int: Int]? {
    var current = add(Goal(node: nodes.count - 1, copies: 1, bounds: Bounds(), next: -1))
    while current >= 0 {
      try budget.spend(1)
      let goal = goals[current]
      guard let next = try step(goal, &budget) else {
        guard let other = try backtrack(&budget) else { return nil }
        current = other
        continue
      }
      current = next
    }
    return demands.reduce(into: [:]) { $0.merge($1.uses, uniquingKeysWith: +) }
  }

  private mutating func add(_ goal: Goal) -> Int {
    goals.append(goal)
    return goals.count - 1
  }

  /// Takes a goal on.
  ///
  /// - Returns: The goal that is next; `nil` where this one cannot be met.
  private mutating func step(_ goal: Goal, _ budget: inout WorkBudget) throws(MatchFault) -> Int? {
    switch nodes[goal.node] {
    case .observation(let test):
      return try fill(test, goal.copies, goal.bounds, &budget) ? goal.next : nil
    case .all(let children):
      try budget.spend(children.count * Self.workOfGoal)
      var next = goal.next
      for child in children.reversed() { next = add(Goal(node: child, copies: goal.copies, bounds: goal.bounds, next: next)) }
      return next
    case .between(let start, let stop, let child):
      return add(
        Goal(node: child, copies: goal.copies, bounds: goal.bounds.and(startBy: stop, endFrom: start), next: goal.next))
    case .times(let count, let child):
      let (copies, isTooMany) = goal.copies.multipliedReportingOverflow(by: count)
      return isTooMany ? nil : add(Goal(node: child, copies: copies, bounds: goal.bounds, next: goal.next))
    case .inOrder(let children) where goal.position == children.count - 1:
      return add(Goal(node: children[goal.position], copies: 1, bounds: goal.bounds.and(endFrom: goal.since), next: goal.next))
    case .any, .inOrder, .within:
      try budget.spend(Self.workOfChoice)
      choices.append(Choice(goal: goal, way: firstWay(goal), goalCount: goals.count, demandCount: demands.count))
      return try backtrack(&budget)
    }
  }

  /// A way that is kept takes memory too, so that the budget of work bounds it.
  private static let workOfChoice = 1000
  /// The same of a goal; AND adds one for each of its parts.
  private static let workOfGoal = 8

  /// The first way of a goal that can lead anywhere: what must end from a moment on needs no earlier one.
  private func firstWay(_ goal: Goal) -> Int {
    if case .any = nodes[goal.node] { return 0 }
    let earliest = max(goal.bounds.endFrom, goal.since)
    var (low, high) = (goal.floor, moments.count)
    while low < high {
      let middle = (low + high) / 2
      if moments[middle] < earliest { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Goes back to the last choice and takes its next way.
  private mutating func backtrack(_ budget: inout WorkBudget) throws(MatchFault) -> Int? {
    while let choice = choices.last {
      try budget.spend(1)
      goals.removeLast(goals.count - choice.goalCount)
      while demands.count > choice.demandCount { release(demands.removeLast()) }
      if let next = take(choice.way, of: choice.goal) {
        choices[choices.count - 1].way += 1
        return next
      }
      choices.removeLast()
    }
    return nil
  }

  /// Adds the goals of one way; `nil` where there are no more ways.
  private mutating func take(_ way: Int, of goal: Goal) -> Int? {
    switch nodes[goal.node] {
    case .any(let children):
      guard way < children.count else { return nil }
      let rest = goal.copies > 1 ? add(copy(of: goal, floor: 0)) : goal.next
      return add(Goal(node: children[way], copies: 1, bounds: goal.bounds, next: rest))
    case .within(let duration, let child):
      guard way < moments.count else { return nil }
      let rest = goal.copies > 1 ? add(copy(of: goal, floor: way)) : goal.next
      let end = moments[way].addingReportingOverflow(duration)
      let bounds = goal.bounds.and(startBy: end.overflow ? .max : end.partialValue, endFrom: moments[way])
      return add(Goal(node: child, copies: 1, bounds: bounds, next: rest))
    case .inOrder(let children):
      guard way < moments.count else { return nil }
      var rest = goal
      if goal.position == 0, goal.copies > 1 { rest.next = add(copy(of: goal, floor: way)) }
      (rest.copies, rest.position, rest.since, rest.floor) = (1, goal.position + 1, moments[way], 0)
      let bounds = goal.bounds.and(startBy: moments[way], endFrom: goal.since)
      return add(Goal(node: children[goal.position], copies: 1, bounds: bounds, next: add(rest)))
    default: return nil
    }
  }

  private func copy(of goal: Goal, floor: Int) -> Goal {
    var copy = goal
    (copy.copies, copy.floor) = (goal.copies - 1, floor)
    return copy
  }

  // MARK: Flow

  private func allows(_ observed: Int, _ bounds: Bounds) -> Bool {
    starts[observed] <= bounds.startBy && ends[observed] >= bounds.endFrom
  }

  private mutating func release(_ demand: Demand) {
    for (observed, count) in demand.uses { left[observed] += count }
  }

  /// Fills a bracket so many times.
  ///
  /// - Returns: Whether that can be done; if not, all is as before but for who uses what.
  private mutating func fill(_ test: Int, _ count: Int, _ bounds: Bounds, _ budget: inout WorkBudget) throws(MatchFault) -> Bool {
    let own = candidates[test]
    guard own.most(startBy: bounds.startBy, endFrom: bounds.endFrom) >= count else { return false }
    var demand = Demand(candidates: test, bounds: bounds)
    var wanted = count
    for index in own.place(in: own.ends, { $0 < bounds.endFrom })..<own.observed.count where wanted > 0 {
      try budget.spend(1)
      let observed = own.observed[index]
      let taken = min(left[observed], wanted)
      guard taken > 0, allows(observed, bounds) else { continue }
      demand.uses[observed] = taken
      left[observed] -= taken
      wanted -= taken
    }
    demands.append(demand)
    while wanted > 0 {
      let moved = try reroute(demands.count - 1, wanted, &budget)
      if moved == 0 {
        release(demands.removeLast())
        return false
      }
      wanted -= moved
    }
    return true
  }

  /// Makes room for a demand: others take something else instead, by the shortest chain of them (Edmonds and Karp 1972).
  ///
  /// - Returns: For how many times there is room now, and they are taken; 0 where no chain is left.
  private mutating func reroute(_ demand: Int, _ wanted: Int, _ budget: inout WorkBudget) throws(MatchFault) -> Int {
    /// For each observed data that was reached: who would take it, and what it would give up for it.
    var reached: [Int: (taker: Int, gives: Int?)] = [:]
    var queue: [Int] = []
    var expanded = [Bool](repeating: false, count: demands.count)
    var end: Int?

    func expand(_ taker: Int, _ gives: Int?, _ budget: inout WorkBudget) throws(MatchFault) {
      expanded[taker] = true
      let bounds = demands[taker].bounds
      try budget.spend(candidates[demands[taker].candidates].observed.count + 1)
      for observed in candidates[demands[taker].candidates].observed where allows(observed, bounds) && reached[observed] == nil {
        reached[observed] = (taker, gives)
        if left[observed] > 0 {
          end = observed
          return
        }
        queue.append(observed)
      }
    }

    try expand(demand, nil, &budget)
    var place = 0
    while end == nil, place < queue.count {
      let observed = queue[place]
      place += 1
      try budget.spend(demands.count)
      for other in demands.indices where end == nil && !expanded[other] && demands[other].uses[observed] != nil {
        try expand(other, observed, &budget)
      }
    }
    guard let last = end else { return 0 }
    // Back along the chain: first how much, then the change itself.
    var (moved, observed) = (min(wanted, left[last]), last)
    while let link = reached[observed], let gives = link.gives {
      moved = min(moved, demands[link.taker].uses[gives] ?? 0)
      observed = gives
    }
    left[last] -= moved
    observed = last
    while let link = reached[observed] {
      demands[link.taker].uses[observed, default: 0] += moved
      guard let gives = link.gives else { break }
      let kept = (demands[link.taker].uses[gives] ?? 0) - moved
      demands[link.taker].uses[gives] = kept > 0 ? kept : nil
      observed = gives
    }
    return moved
  }
}
