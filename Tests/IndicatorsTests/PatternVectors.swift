import Fixtures
import Notation
import Testing

/// The tests of the reference tools, as data.
enum PatternVectors {
  static func file(_ name: String) throws -> JSONValue {
    try JSONValue(Fixture.octets("stix-patterns/\(name)"))
  }

  /// A pattern and whether the reference validator takes it.
  struct Validity: Sendable, CustomTestStringConvertible {
    var group: String
    var pattern: String
    var isValid: Bool
    var testDescription: String { "\(group): \(pattern)" }
  }

  static let validities: [Validity] = ((try? file("validator-v21.json"))?["cases"]?.items ?? []).map {
    Validity(
      group: $0["group"]?.string ?? "", pattern: $0["pattern"]?.string ?? "", isValid: $0["valid"]?.boolean ?? false)
  }

  /// What the reference inspector finds in a pattern.
  struct Inspection: Sendable, CustomTestStringConvertible {
    var test: String
    var pattern: String
    var expected: JSONValue
    var testDescription: String { "\(test): \(pattern)" }
  }

  static let inspections: [Inspection] = ((try? file("validator-v21.json"))?["inspector_cases"]?.items ?? []).compactMap { item in
    item["expected"].map {
      Inspection(test: item["test"]?.string ?? "", pattern: item["pattern"]?.string ?? "", expected: $0)
    }
  }

  /// A pattern, what it is held against, and what the reference matcher says.
  struct Match: Sendable, CustomTestStringConvertible {
    var test: String
    var pattern: String
    var expected: String
    var ids: [String]
    var observations: JSONValue
    var testDescription: String { "\(test): \(pattern)" }
  }

  static let matches: [Match] = {
    guard let file = try? file("matcher-v21.json"), let observations = file["observations"] else { return [] }
    return (file["cases"]?.items ?? []).compactMap { item in
      observations[item["observations"]?.string ?? ""].map {
        Match(
          test: item["test"]?.string ?? "", pattern: item["pattern"]?.string ?? "", expected: item["expect"]?.string ?? "",
          ids: item["expected_ids"]?.items?.compactMap(\.string) ?? [item["expected_ids"]?.string].compactMap { $0 },
          observations: $0)
      }
    }
  }()

  static func json(_ text: String) throws -> JSONValue { try JSONValue(Array(text.utf8)) }
}
