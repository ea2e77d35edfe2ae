import Indicators
import Notation
import Testing

@Suite("STIX 2.1 §9 grammar, against the reference validator") struct PatternGrammarTests {
  @Test func `all vectors are there`() {
    #expect(PatternVectors.validities.count == 87)
    #expect(PatternVectors.inspections.count == 19)
  }

  @Test(arguments: PatternVectors.validities)
  func `what the reference takes is read, and nothing else`(vector: PatternVectors.Validity) {
    if vector.isValid {
      #expect(throws: Never.self) { try Pattern(vector.pattern) }
    } else {
      #expect(throws: PatternFault.self) { try Pattern(vector.pattern) }
    }
  }

  @Test(
    arguments: PatternVectors.validities.filter(\.isValid).map(\.pattern) + PatternVectors.inspections.map(\.pattern)
      + PatternVectors.matches.map(\.pattern))
  func `a pattern reads back from its own text, which is a fixed point`(text: String) throws {
    // What is refused is another test's.
    guard let pattern = try? Pattern(text) else { return }
    let again = try Pattern(pattern.description)
    #expect(again == pattern)
    #expect(again.description == pattern.description)
  }

  @Test(arguments: PatternVectors.inspections.filter { $0.test == "test_comparisons" })
  func `the comparisons are those that the reference finds`(vector: PatternVectors.Inspection) throws {
    var found: [String] = []
    Self.visit(try Pattern(vector.pattern).expression) { comparison in
      let steps = comparison.path.steps.map { step in
        switch step {
        case .property(let name): name
        case .index(let index): "\(index)"
        case .any: "*"
        }
      }
      let sign = (comparison.isNegated ? "NOT " : "") + comparison.operator.rawValue
      found.append("\(comparison.path.objectType) \(steps) \(sign) \(comparison.operand)")
    }
    var expected: [String] = []
    for member in vector.expected.members ?? [] {
      for item in member.value.items ?? [] {
        let steps = item.items?.first?.items?.map { $0.string ?? "\($0.integer ?? -1)" } ?? []
        let texts = item.items?.dropFirst().compactMap(\.string) ?? []
        expected.append("\(member.name) \(steps) \(texts.joined(separator: " "))")
      }
    }
    #expect(found.sorted() == expected.sorted())
  }

  @Test(arguments: PatternVectors.inspections.filter { $0.test != "test_comparisons" })
  func `operators and qualifiers are those that the reference finds`(vector: PatternVectors.Inspection) throws {
    var (signs, qualifiers): (Set<String>, Set<String>) = ([], [])
    Self.visit(try Pattern(vector.pattern).expression, &signs, &qualifiers)
    let expected = Set(vector.expected.items?.compactMap(\.string) ?? [])
    #expect((vector.test == "test_qualifiers" ? qualifiers : signs) == expected)
  }

  @Test(arguments: [
    // AND before OR before FOLLOWEDBY; what stands in parentheses as it would stand without them loses them.
    ("[a:b=1] FOLLOWEDBY [a:b=2] OR [a:b=3] AND [a:b=4]", "[a:b = 1] FOLLOWEDBY [a:b = 2] OR [a:b = 3] AND [a:b = 4]"),
    ("(([a:b=1]) FOLLOWEDBY ([a:b=2] OR ([a:b=3] AND [a:b=4])))", "[a:b = 1] FOLLOWEDBY [a:b = 2] OR [a:b = 3] AND [a:b = 4]"),
    ("([a:b=1] FOLLOWEDBY [a:b=2]) AND [a:b=3]", "([a:b = 1] FOLLOWEDBY [a:b = 2]) AND [a:b = 3]"),
    ("([a:b=1] AND [a:b=2]) AND [a:b=3]", "([a:b = 1] AND [a:b = 2]) AND [a:b = 3]"),
    ("[(a:b=1 OR a:b=2) AND (a:b=3 AND a:b=4)]", "[(a:b = 1 OR a:b = 2) AND (a:b = 3 AND a:b = 4)]"),
    ("[(a:b=1 AND a:b=2) OR a:b=3]", "[a:b = 1 AND a:b = 2 OR a:b = 3]"),
    ("([a:b=1]) WITHIN 5 SECONDS WITHIN 6 SECONDS", "([a:b = 1] WITHIN 5 SECONDS) WITHIN 6 SECONDS"),
    ("([a:b=1] AND [a:b=2]) REPEATS 2 TIMES", "([a:b = 1] AND [a:b = 2]) REPEATS 2 TIMES"),
    ("[a:b<>+5 OR a:b==-.5]", "[a:b != 5 OR a:b = -0.5]"),
    ("[a:'b'.'c-d'.'AND'[*][0] IN ()]", "[a:b.'c-d'.'AND'[*][0] IN ()]"),
    ("[EXISTS a:b AND NOT EXISTS a:c]", "[EXISTS a:b AND NOT EXISTS a:c]"),
    ("[a:b = h'FFd8' OR a:b = b'/9g=' OR a:b = true]", "[a:b = h'ffd8' OR a:b = b'/9g=' OR a:b = true]"),
    (#"[a:b = 'it\'s a \\']"#, #"[a:b = 'it\'s a \\']"#),
    ("/* c */[a:b // to the end\n = 1]", "[a:b = 1]"),
    ("[a:b\u{3000}=\u{A0}t'2026-01-31T08:00:00.50Z']", "[a:b = t'2026-01-31T08:00:00.500Z']"),
    ("[a:b = 100000000000000000000.0 OR a:b = 0.00000012]", "[a:b = 100000000000000000000.0 OR a:b = 0.00000012]"),
  ]) func `a pattern has one form`(written: String, form: String) throws {
    #expect(try Pattern(written).description == form)
  }

  @Test func `a day past the end of its month counts on, as the grammar allows it`() throws {
    #expect(try Pattern("[x:created = t'2024-02-30T12:00:00Z']") == Pattern("[x:created = t'2024-03-01T12:00:00Z']"))
    #expect(try Pattern("[x:created = t'2023-02-29T00:00:00Z']") == Pattern("[x:created = t'2023-03-01T00:00:00Z']"))
  }

  @Test func `both ends of the 64 bits are read, and one more is not`() throws {
    #expect(throws: Never.self) { try Pattern("[a:b = 9223372036854775807 OR a:b = -9223372036854775808]") }
    #expect(throws: PatternFault.self) { try Pattern("[a:b = 9223372036854775808]") }
  }

  private static func visit(_ expression: ObservationExpression, _ take: (Comparison) -> Void) {
    switch expression {
    case .observation(let comparison): visit(comparison, take)
    case .and(let parts), .or(let parts), .followedBy(let parts): for part in parts { visit(part, take) }
    case .qualified(let inner, _): visit(inner, take)
    }
  }

  private static func visit(_ expression: ComparisonExpression, _ take: (Comparison) -> Void) {
    switch expression {
    case .comparison(let comparison): take(comparison)
    case .exists: break
    case .and(let parts), .or(let parts): for part in parts { visit(part, take) }
    }
  }

  private static func visit(_ expression: ObservationExpression, _ signs: inout Set<String>, _ qualifiers: inout Set<String>) {
    let (sign, parts): (String, [ObservationExpression])
    switch expression {
    case .observation: return
    case .and(let children): (sign, parts) = ("AND", children)
    case .or(let children): (sign, parts) = ("OR", children)
    case .followedBy(let children): (sign, parts) = ("FOLLOWEDBY", children)
    case .qualified(let inner, let qualifier):
      qualifiers.insert("\(qualifier)")
      return visit(inner, &signs, &qualifiers)
    }
    signs.insert(sign)
    for part in parts { visit(part, &signs, &qualifiers) }
  }
}
