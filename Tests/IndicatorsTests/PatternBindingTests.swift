import Names
import Notation
import Testing

@testable import Indicators

@Suite("STIX 2.1 §9.4 observations, against a search that tries everything") struct PatternBindingTests {
  /// One kind of bracket matches observed data whose letter it names.
  struct Sample {
    var pattern: Pattern
    var observed: [ObservedData]
  }

  @Test(arguments: 0..<20)
  func `finds a binding exactly where trying everything finds one`(seed: Int) throws {
    var random = Random(state: UInt64(seed))
    for _ in 0..<50 {
      let observed = try ObservedData.read(PatternVectors.json(Self.observedData(&random)))
      let pattern = Pattern(Self.expression(&random, levels: 3))
      let units = observed.enumerated().flatMap { index, data in Array(repeating: index, count: data.count) }
      let everything = Exhaustive(observed: observed, units: units)
      let bindings = Set(everything.bindings(pattern.expression).map { $0.map { units[$0] }.sorted() })
      let match = try pattern.matches(observed)
      let found = match.map { match in match.uses.flatMap { Array(repeating: $0.observed, count: $0.count) } }
      #expect((found == nil) == bindings.isEmpty, "\(pattern)")
      if let found { #expect(bindings.contains(found), "\(pattern): \(found)") }
    }
  }

  @Test(
    arguments: [
      // Each takes its own observation, however often one is observed.
      ("[a:n = 1] AND [a:n = 1]", [[1, 0, 0, 2]], [[0, 2]]),
      ("[a:n = 1] AND [a:n = 1]", [[1, 0, 0, 1]], nil),
      // The first bracket must give way: only the second observation is left to it.
      ("[a:n < 3] AND [a:n = 1]", [[1, 0, 0, 1], [2, 0, 0, 1]], [[0, 1], [1, 1]]),
      ("[a:n < 4] AND [a:n < 3] AND [a:n < 2]", [[1, 0, 0, 1], [2, 0, 0, 1], [3, 0, 0, 1]], [[0, 1], [1, 1], [2, 1]]),
      ("[a:n < 3] REPEATS 3 TIMES AND [a:n = 1] REPEATS 2 TIMES", [[1, 0, 0, 3], [2, 0, 0, 2]], [[0, 3], [1, 2]]),
      ("[a:n < 3] REPEATS 3 TIMES AND [a:n = 1] REPEATS 2 TIMES", [[1, 0, 0, 4], [2, 0, 0, 0 + 1]], [[0, 4], [1, 1]]),
      ("[a:n < 3] REPEATS 4 TIMES AND [a:n = 1] REPEATS 2 TIMES", [[1, 0, 0, 4], [2, 0, 0, 1]], nil),
      // Any moment of an interval will do.
      ("[a:n = 2] FOLLOWEDBY [a:n = 1]", [[1, 0, 10, 1], [2, 10, 20, 1]], [[0, 1], [1, 1]]),
      ("[a:n = 2] FOLLOWEDBY [a:n = 1]", [[1, 0, 9, 1], [2, 10, 20, 1]], nil),
      (
        "[a:n = 1] FOLLOWEDBY [a:n = 2] FOLLOWEDBY [a:n = 3]", [[1, 5, 5, 1], [2, 0, 9, 1], [3, 6, 6, 1]],
        [[0, 1], [1, 1], [2, 1]]
      ),
      ("([a:n = 1] AND [a:n = 2]) WITHIN 5 SECONDS", [[1, 0, 0, 1], [2, 5, 5, 1]], [[0, 1], [1, 1]]),
      ("([a:n = 1] AND [a:n = 2]) WITHIN 4.999 SECONDS", [[1, 0, 0, 1], [2, 5, 5, 1]], nil),
    ] as [(String, [[Int64]], [[Int]]?)])
  func `observations are used once, and by whom it suits all`(text: String, rows: [[Int64]], uses: [[Int]]?) throws {
    let json = rows.map { Self.observed(n: $0[0], first: $0[1], last: $0[2], count: $0[3]) }.joined(separator: ",")
    let match = try Pattern(text).matches(ObservedData.read(PatternVectors.json("[\(json)]")))
    #expect(match?.uses.map { [$0.observed, $0.count] } == uses)
  }

  @Test func `twenty thousand observations are searched for five in five minutes, in steps in proportion`() throws {
    let rows = (0..<20_000).map { Self.observed(n: 1, first: $0 * 100, last: $0 * 100, count: 1) }
    let late = (1...5).map { Self.observed(n: 1, first: 3_000_000 + $0, last: 3_000_000 + $0, count: 1) }
    let observed = try ObservedData.read(PatternVectors.json("[" + (rows + late).joined(separator: ",") + "]"))
    let match = try Pattern("[a:n = 1] REPEATS 5 TIMES WITHIN 300 SECONDS").matches(observed, work: 1_000_000)
    #expect(match?.uses.map(\.observed) == [20_000, 20_001, 20_002, 20_003, 20_004])
  }

  @Test(arguments: [
    "([a:n = 1] FOLLOWEDBY [a:n = 2]) REPEATS 30 TIMES AND ([a:n = 2] FOLLOWEDBY [a:n = 1]) REPEATS 31 TIMES",
    "(([a:n = 1] AND [a:n = 2]) OR ([a:n = 2] FOLLOWEDBY [a:n = 1])) REPEATS 61 TIMES",
    "([a:n = 1] REPEATS 61 TIMES OR ([a:n = 2] AND [a:n = 1])) REPEATS 1000000000 TIMES",
    "([a:n = 1] FOLLOWEDBY [a:n = 1] FOLLOWEDBY [a:n = 1] FOLLOWEDBY [a:n = 2] FOLLOWEDBY [a:n = 1] REPEATS 60 TIMES)",
  ]) func `what has no end in sight ends, with a word`(text: String) throws {
    let rows = (0..<120).map { Self.observed(n: $0 % 2 + 1, first: $0, last: $0, count: 1) }
    let observed = try ObservedData.read(PatternVectors.json("[" + rows.joined(separator: ",") + "]"))
    do {
      // Finding out that there is none is as good.
      #expect(try Pattern(text).matches(observed, work: 300_000) == nil)
    } catch let fault as MatchFault {
      #expect(fault == .tooMuchWork(limit: 300_000))
      #expect(
        fault.sentence
          == "Finding out whether the pattern matches takes more than 300000 steps. Give it less observed data, or simplify it.")
    }
  }

  @Test func `lists that refer to each other end, with a word`() throws {
    let refs = Array(repeating: #""a""#, count: 1000).joined(separator: ",")
    let observed = try ObservedData.read(
      PatternVectors.json(
        """
        {"type":"observed-data","first_observed":"2026-01-01T00:00:00Z","last_observed":"2026-01-01T00:00:00Z","number_observed":1,
        "objects":{"a":{"type":"a","x_refs":[\(refs)],"n":1}}}
        """))
    #expect(throws: MatchFault.tooMuchWork(limit: 1_000_000)) {
      try Pattern("[a:x_refs[*].x_refs[*].x_refs[*].x_refs[*].n = 2]").matches(observed, work: 1_000_000)
    }
  }

  // MARK: Random patterns

  static func observed(n: Int64, first: Int64, last: Int64, count: Int64) -> String {
    """
    {"type":"observed-data","first_observed":"\(Timestamp(seconds: first))","last_observed":"\(Timestamp(seconds: last))",
    "number_observed":\(count),"objects":{"0":{"type":"a","n":\(n)}}}
    """
  }

  static func observedData(_ random: inout Random) -> String {
    let rows = (0..<random.below(5)).map { _ in
      let first = Int64(random.below(12))
      return observed(
        n: Int64(random.below(3)), first: first, last: first + Int64(random.below(4)), count: Int64(1 + random.below(2)))
    }
    return "[" + rows.joined(separator: ",") + "]"
  }

  static func expression(_ random: inout Random, levels: Int) -> ObservationExpression {
    if levels == 0 || random.below(4) == 0 {
      let comparison = Comparison(
        path: ObjectPath("a", ["n"]), isNegated: false, operator: [.equal, .lessOrEqual][random.below(2)],
        operand: .constant(.integer(Int64(random.below(3)))))
      return .observation(.comparison(comparison))
    }
    switch random.below(6) {
    case 0: return .and(parts(&random, levels))
    case 1: return .or(parts(&random, levels))
    case 2: return .followedBy(parts(&random, levels))
    case 3: return .qualified(expression(&random, levels: levels - 1), .within(Double(1 + random.below(5))))
    case 4: return .qualified(expression(&random, levels: levels - 1), .repeats(1 + random.below(3)))
    default:
      let start = Int64(random.below(10))
      return .qualified(
        expression(&random, levels: levels - 1),
        .startStop(Timestamp(seconds: start), Timestamp(seconds: start + 1 + Int64(random.below(6)))))
    }
  }

  static func parts(_ random: inout Random, _ levels: Int) -> [ObservationExpression] {
    (0..<(2 + random.below(2))).map { _ in expression(&random, levels: levels - 1) }
  }

  /// Marsaglia's xorshift: the same numbers on each run.
  struct Random {
    var state: UInt64

    mutating func below(_ limit: Int) -> Int {
      if state < 1000 { state = (state &+ 1) &* 0x9E37_79B9_7F4A_7C15 }
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int((state >> 11) % UInt64(limit))
    }
  }

  /// The reference matcher's way: all bindings of a part, out of all bindings of its parts.
  struct Exhaustive {
    var observed: [ObservedData]
    /// For each single observation the observed data that it is of.
    var units: [Int]

    func first(_ unit: Int) -> Int64 { observed[units[unit]].firstObserved.milliseconds }
    func last(_ unit: Int) -> Int64 { observed[units[unit]].lastObserved.milliseconds }

    func bindings(_ expression: ObservationExpression) -> [[Int]] {
      switch expression {
      case .observation(let comparison):
        return units.indices.filter { unit in
          ((try? Pattern(comparison).matches([observed[units[unit]]])) ?? nil) != nil
        }.map { [$0] }
      case .or(let parts): return parts.flatMap { bindings($0) }
      case .and(let parts): return joined(parts) { _, _ in true }
      case .followedBy(let parts):
        return joined(parts) { left, right in
          (left.map { first($0) }.max() ?? .min) <= (right.map { last($0) }.min() ?? .max)
        }
      case .qualified(let inner, .within(let seconds)):
        return bindings(inner).filter { binding in
          guard let earliest = binding.map({ last($0) }).min() else { return true }
          return binding.allSatisfy { first($0) <= earliest + Int64(seconds * 1000) }
        }
      case .qualified(let inner, .startStop(let start, let stop)):
        return bindings(inner).filter { $0.allSatisfy { last($0) >= start.milliseconds && first($0) < stop.milliseconds } }
      case .qualified(let inner, .repeats(let count)):
        let single = bindings(inner)
        var sets = single
        for _ in 1..<count { sets = disjoint(sets, single) { _, _ in true } }
        return sets
      }
    }

    private func joined(_ parts: [ObservationExpression], _ holds: ([Int], [Int]) -> Bool) -> [[Int]] {
      var left = bindings(parts[0])
      for part in parts.dropFirst() { left = disjoint(left, bindings(part), holds) }
      return left
    }

    /// Without doubles, so that the sets stay small.
    private func disjoint(_ left: [[Int]], _ right: [[Int]], _ holds: ([Int], [Int]) -> Bool) -> [[Int]] {
      var out: Set<[Int]> = []
      for one in left {
        for other in right where Set(one).isDisjoint(with: other) && holds(one, other) { out.insert((one + other).sorted()) }
      }
      return Array(out)
    }
  }
}
