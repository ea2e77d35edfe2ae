import Foundation
import Names
import Testing

/// One row of a specification's table of scenarios, as it is given.
struct SpecifiedScenario: Hashable, Sendable {
  var name: String
  /// What the paragraph of that name calls the zone under test; nil where it names none.
  var zone: String?
  var mandatory: [String]
  var forbidden: [String]

  /// The rows of one specification (Markdown).
  static func all(in family: String) throws -> [SpecifiedScenario] {
    let text = try String(contentsOfFile: Zonemaster.specification(family), encoding: .utf8)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let start = try #require(lines.firstIndex { $0.hasPrefix("Scenario name") && $0.contains("| Mandatory message tag") })
    var rows = lines[(start + 2)...].prefix { $0.contains("|") }.map { line in
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      return SpecifiedScenario(
        name: cells[0], zone: zone(of: cells[0], in: lines), mandatory: tags(cells[1]), forbidden: tags(cells[2]))
    }
    // "2)" stands for all tags that are not mandatory.
    let every = Set(lines.filter { $0.hasPrefix("* ") }.map { String($0.dropFirst(2)) }.filter(isTag))
      .union(rows.flatMap(\.mandatory))
    for index in rows.indices where rows[index].forbidden == ["2)"] {
      rows[index].forbidden = every.subtracting(rows[index].mandatory).sorted()
    }
    return rows
  }

  private static func tags(_ cell: String) -> [String] {
    cell == "(none)" ? [] : cell.split { $0 == "," || $0 == " " }.map(String.init)
  }

  private static func isTag(_ text: String) -> Bool {
    text.contains("_") && text.allSatisfy { $0.isUppercase || $0.isNumber || $0 == "_" }
  }

  private static func zone(of name: String, in lines: [String]) -> String? {
    guard let start = lines.firstIndex(of: "### " + name) else { return nil }
    let paragraph = lines[(start + 1)...].prefix { !$0.hasPrefix("### ") }
    guard let line = paragraph.first(where: { $0.hasPrefix("* Zone: ") }) else { return nil }
    let word = line.dropFirst(8).split(separator: " ").first.map(String.init) ?? ""
    return word.trimmingCharacters(in: CharacterSet(charactersIn: "\"`"))
  }
}
