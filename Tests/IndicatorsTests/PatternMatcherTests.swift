import Indicators
import Names
import Notation
import Testing

@Suite("STIX 2.1 §9 matching, against the reference matcher") struct PatternMatcherTests {
  /// Cases that are told in another way here, each with the reason, and the pattern that then has the reference's outcome.
  static let departures: [String: (reason: String, instead: String?)] = [
    "[person:age < 20] REPEATS 2 TIMES REPEATS 2 TIMES": (
      twice, "([person:age < 20] REPEATS 2 TIMES) REPEATS 2 TIMES"
    ),
    "[person:age < 20] REPEATS 2 TIMES REPEATS 3 TIMES": (
      twice, "([person:age < 20] REPEATS 2 TIMES) REPEATS 3 TIMES"
    ),
    "[person:age < 20] REPEATS 5 TIMES REPEATS 2 TIMES": (
      twice, "([person:age < 20] REPEATS 5 TIMES) REPEATS 2 TIMES"
    ),
    "[person:age < 20] REPEATS 2 TIMES REPEATS 5 TIMES": (
      twice, "([person:age < 20] REPEATS 2 TIMES) REPEATS 5 TIMES"
    ),
    "[person:name = 'bob'] START t'1994-11-29T13:37:58Z' STOP t'1994-11-29T13:37:58Z'": (never, nil),
    "[person:name = 'bob'] START t'1994-11-29T13:37:59Z' STOP t'1994-11-29T13:37:58Z'": (never, nil),
  ]
  private static let twice =
    "The reference validator refuses a qualifier that stands twice on one bracket; the matcher did not ask it."
  private static let never = "STOP is not later than START: what can never match is told when it is read."

  @Test func `all vectors are there, and the departures are theirs`() {
    #expect(PatternVectors.matches.count == 412)
    #expect(Self.departures.keys.allSatisfy { pattern in PatternVectors.matches.contains { $0.pattern == pattern } })
  }

  @Test(arguments: PatternVectors.matches)
  func `the outcome is that of the reference`(vector: PatternVectors.Match) throws {
    let observed = try ObservedData.read(vector.observations)
    var text = vector.pattern
    if let departure = Self.departures[text] {
      #expect(throws: PatternFault.self) { try Pattern(text) }
      guard let instead = departure.instead else { return #expect(vector.expected == "no-match") }
      text = instead
    }
    switch vector.expected {
    case "parse-error": #expect(throws: PatternFault.self) { try Pattern(text) }
    case "match-error": #expect(throws: (any Error).self) { try Pattern(text).matches(observed) }
    case "match": #expect(try Pattern(text).matches(observed) != nil)
    case "no-match": #expect(try Pattern(text).matches(observed) == nil)
    default:
      let match = try Pattern(text).matches(observed)
      let ids = match?.uses.compactMap { observed[$0.observed].id } ?? []
      switch vector.test {
      case "test_matching_sdos": #expect(ids == vector.ids && !ids.isEmpty)
      case "test_match_referenced_sco_only": #expect(match == nil)
      // These two have their ids in the code of the reference's tests.
      case "test_multy_sdo_match": #expect(ids == ["observed-data--1209f166-bba6-4307-a566-60e3a6c39cd2"])
      case "test_multy_repeat_match":
        #expect(
          ids == ["observed-data--1209f166-bba6-4307-a566-60e3a6c39cd2", "observed-data--10000000-bba6-4307-a566-60e3a6c39cd2"])
      default: Issue.record("an unknown test: \(vector.test)")
      }
    }
  }

  /// Intervals, a duration, and whether it can hold a moment of each; from the reference's own unit tests.
  struct Within: Sendable { var intervals: [[Int64]], duration: Double, isIn: Bool }

  static let withins: [Within] = ((try? PatternVectors.file("matcher-v21.json"))?["interval_unit_cases"]?.items ?? []).flatMap {
    unit in
    let test = unit["test"]?.string ?? ""
    guard test.hasPrefix("test_intervals_within") || test.hasPrefix("test_within") else { return [Within]() }
    return (unit["cases"]?.items ?? []).map { row in
      let parts = row.items ?? []
      let lists = test.hasPrefix("test_within") ? Array(parts.dropLast()) : parts.first?.items ?? []
      return Within(
        intervals: lists.map { list in
          (list.items ?? []).map { $0.integer ?? Timestamp($0.string ?? "")?.seconds ?? -1 }
        },
        duration: Double(parts.last?.integer ?? -1), isIn: test.hasSuffix("_match"))
    }
  }

  @Test func `all interval cases are there`() { #expect(Self.withins.count == 26) }

  @Test(arguments: withins)
  func `WITHIN finds the moments that the reference finds`(row: Within) throws {
    let observed = try ObservedData.read(
      PatternVectors.json(
        "["
          + row.intervals.enumerated().map { index, interval in
            let times = interval.map { Timestamp(seconds: $0) }
            return """
              {"type":"observed-data","first_observed":"\(times[0])","last_observed":"\(times[1])","number_observed":1,
              "objects":{"0":{"type":"x","n":\(index)}}}
              """
          }.joined(separator: ",") + "]"))
    let parts = row.intervals.indices.map { ObservationExpression.observation(.equal($0)) }
    let pattern = Pattern(.qualified(.and(parts), .within(row.duration)))
    #expect((try pattern.matches(observed) != nil) == row.isIn)
  }
}

extension ComparisonExpression {
  fileprivate static func equal(_ number: Int) -> ComparisonExpression {
    .comparison(
      Comparison(
        path: ObjectPath("x", ["n"]), isNegated: false, operator: .equal, operand: .constant(.integer(Int64(number)))))
  }
}
