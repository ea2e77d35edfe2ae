internal import Names
internal import Notation

/// What makes a pattern true: which observed data, and how often each is needed.
public struct PatternMatch: Hashable, Sendable {
  public struct Use: Hashable, Sendable {
    /// Its index among what was given.
    public var observed: Int
    /// At most as often as it was observed.
    public var count: Int
  }

  /// In the order of what was given.
  public var uses: [Use]
}

extension Pattern {
  /// Whether observed data make the pattern true (STIX 2.1 §9), and which of them do: the first ones that are found.
  ///
  /// - Parameters:
  ///   - lenient: Reads `=` with a prefix on an address as containment; by the specification it is equality of strings.
  ///   - work: Steps after which the search gives up, each of some nanoseconds.
  public func matches(_ observations: [ObservedData], lenient: Bool = false, work: Int = PatternMatcher.usualWork)
    throws(MatchFault)
    -> PatternMatch?
  {
    try PatternMatcher(self, lenient: lenient).match(observations, work: work)
  }
}

/// A pattern made ready to be held against many observed data.
public struct PatternMatcher: Sendable {
  public static let usualWork = 100_000_000

  /// A node of the pattern above the brackets; children by their index.
  enum Node: Sendable {
    /// An index into the tests.
    case observation(Int)
    case all([Int])
    case any([Int])
    case inOrder([Int])
    /// Milliseconds.
    case within(Int64, Int)
    /// The first moment, and the last one.
    case between(Int64, Int64, Int)
    case times(Int, Int)
  }

  let tests: [ObservationTest]
  let nodes: [Node]

  /// - Throws: ``MatchFault`` where a regular expression or a prefix cannot be used.
  public init(_ pattern: Pattern, lenient: Bool = false) throws(MatchFault) {
    var compiler = Compiler(isLenient: lenient)
    // Children come before what they are in: the last node is the whole.
    _ = try compiler.add(pattern.expression)
    (tests, nodes) = (compiler.tests, compiler.nodes)
  }

  /// What of observed data makes the pattern true; `nil` where nothing does.
  public func match(_ observations: [ObservedData], work: Int = PatternMatcher.usualWork) throws(MatchFault) -> PatternMatch? {
    var budget = WorkBudget(work)
    let types = observations.map { data in data.objects.map { $0["type"]?.string ?? "" } }
    var candidates: [Candidates] = []
    for test in tests {
      var found: [Int] = []
      for (index, data) in observations.enumerated()
      where !(try test.roots(in: data, types[index], observed: index, &budget).isEmpty) {
        found.append(index)
      }
      candidates.append(Candidates(found, of: observations))
    }
    var search = BindingSearch(nodes: nodes, candidates: candidates, observations: observations)
    guard let uses = try search.run(&budget) else { return nil }
    return PatternMatch(
      uses: uses.sorted { $0.key < $1.key }.map { PatternMatch.Use(observed: $0.key, count: $0.value) })
  }

  private struct Compiler {
    let isLenient: Bool
    var tests: [ObservationTest] = []
    var nodes: [Node] = []

    init(isLenient: Bool) { self.isLenient = isLenient }

    mutating func add(_ expression: ObservationExpression) throws(MatchFault) -> Int {
      switch expression {
      case .observation(let comparison): return append(try ObservationTest(comparison, isLenient: isLenient))
      case .and(let parts): return append(.all(try add(parts)))
      case .followedBy(let parts):
        let children = try add(parts)
        // A tree that no text gave may have fewer than two.
        return children.count > 1 ? append(.inOrder(children)) : children.first ?? append(.any([]))
      case .or(let parts):
        // Brackets that OR joins are one test: any observation that one of them takes will do.
        var single: [ComparisonExpression] = []
        var children: [Int] = []
        for part in parts {
          if case .observation(let comparison) = part {
            single.append(comparison)
          } else {
            children.append(try add(part))
          }
        }
        if !single.isEmpty { children.insert(append(try ObservationTest(.or(single), isLenient: isLenient)), at: 0) }
        return children.count == 1 ? children[0] : append(.any(children))
      case .qualified(let inner, let qualifier):
        let child = try add(inner)
        switch qualifier {
        case .within(let seconds):
          // The half of a step takes up what 10.3 × 1000 loses.
          let milliseconds = (seconds * 1000 + 1e-6).rounded(.down)
          return append(.within(milliseconds < 1e15 ? Int64(max(0, milliseconds)) : Int64(1e15), child))
        case .repeats(let count): return append(.times(count, child))
        case .startStop(let start, let stop):
          return append(.between(start.milliseconds, stop.milliseconds &- 1, child))
        }
      }
    }

    private mutating func add(_ parts: [ObservationExpression]) throws(MatchFault) -> [Int] {
      var children: [Int] = []
      for part in parts { children.append(try add(part)) }
      return children
    }

    private mutating func append(_ test: ObservationTest) -> Int {
      tests.append(test)
      return append(.observation(tests.count - 1))
    }

    private mutating func append(_ node: Node) -> Int {
      nodes.append(node)
      return nodes.count - 1
    }
  }
}

/// The observed data that one bracket takes.
struct Candidates {
  /// In the order in which they end.
  let observed: [Int]
  /// When they end; and how often all up to each were observed.
  let ends: [Int64]
  private let countByEnd: [Int]
  /// The same by when they start.
  private let starts: [Int64]
  private let countByStart: [Int]

  init(_ found: [Int], of observations: [ObservedData]) {
    let byEnd = found.sorted { (observations[$0].lastObserved, $0) < (observations[$1].lastObserved, $1) }
    let byStart = found.sorted { observations[$0].firstObserved < observations[$1].firstObserved }
    observed = byEnd
    ends = byEnd.map { observations[$0].lastObserved.milliseconds }
    starts = byStart.map { observations[$0].firstObserved.milliseconds }
    (countByEnd, countByStart) = (Self.sums(byEnd, observations), Self.sums(byStart, observations))
  }

  private static func sums(_ indices: [Int], _ observations: [ObservedData]) -> [Int] {
    var sums = [0]
    for index in indices { sums.append(sums[sums.count - 1] &+ observations[index].count) }
    return sums
  }

  /// At most how often those were observed that start by one moment and end from another on.
  func most(startBy latest: Int64, endFrom earliest: Int64) -> Int {
    let started = countByStart[place(in: starts) { $0 <= latest }]
    let ended = countByEnd[place(in: ends) { $0 < earliest }]
    let all = countByEnd[countByEnd.count - 1]
    // What ends before the one has started by the other where that is not earlier.
    return earliest <= latest ? started - ended : min(started, all - ended)
  }

  /// How many of a sorted list come before a border.
  func place(in sorted: [Int64], _ isBefore: (Int64) -> Bool) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if isBefore(sorted[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
