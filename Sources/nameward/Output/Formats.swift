import ArgumentParser
import Audit
import DNSWire
import Estate
import Foundation
import Names

enum Format: String, ExpressibleByArgument, CaseIterable {
  case text, json, jsonl, csv, sarif, junit
}

extension AuditResult {
  func rendered(as format: Format, coloured: Bool, width: Int) throws -> String {
    switch format {
    case .text: TextReport(self, coloured: coloured, width: width).text
    case .json: try JSON.pretty(AuditDocument(self)) + "\n"
    case .jsonl: try findings.map { try JSON.line(FindingDocument($0)) + "\n" }.joined()
    case .csv: csv
    case .sarif: try JSON.pretty(SARIF(self)) + "\n"
    case .junit: JUnit(self).xml
    }
  }
}

enum JSON {
  static func pretty(_ value: some Encodable) throws -> String {
    try encode(value, [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
  }
  static func line(_ value: some Encodable) throws -> String { try encode(value, [.sortedKeys, .withoutEscapingSlashes]) }

  private static func encode(_ value: some Encodable, _ formatting: JSONEncoder.OutputFormatting) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = formatting
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}

extension AuditResult {
  static let columns = [
    "check", "severity", "verdict", "name", "type", "how", "kind", "server", "zone", "intended", "observed", "proof", "since",
    "evidence", "reason", "declaredAt", "advice",
  ]

  /// RFC 4180, with a header line; several values in one field are separated by "; ".
  fileprivate var csv: String {
    let rows = findings.map(FindingDocument.init).map { finding in
      [
        finding.check, finding.severity, finding.verdict, finding.name, finding.type ?? "", finding.how ?? "",
        finding.where.kind, finding.where.server ?? "", finding.where.zone, finding.intended.joined(separator: "; "),
        finding.observed.joined(separator: "; "), finding.proof, finding.since, finding.evidence ?? "", finding.reason,
        finding.declaredAt ?? "", finding.advice,
      ]
    }
    return ([Self.columns] + rows).map { $0.map(CSV.field).joined(separator: ",") + "\r\n" }.joined()
  }
}

enum CSV {
  /// A field that spreadsheets read as text: one that would begin a formula gets an apostrophe before it
  /// (OWASP, "CSV injection"), since names and record data come from outside.
  static func field(_ text: String) -> String {
    let isFormula = text.first.map { "=+-@\t\r".contains($0) } ?? false
    let safe = (isFormula ? "'" : "") + text
    guard safe.contains(where: { ",\"\r\n".contains($0) || $0 == "\r\n" }) else { return safe }
    return "\"" + safe.replacing("\"", with: "\"\"") + "\""
  }
}

/// SARIF 2.1.0 (OASIS): what code hosts show beside the declaration's lines.
struct SARIF: Encodable {
  struct Text: Encodable { var text: String }
  struct Rule: Encodable {
    var id: String
    var shortDescription: Text
    var fullDescription: Text
    var help: Text
  }
  struct Driver: Encodable {
    var name = "nameward"
    var informationUri = "https://github.com/nameward/nameward"
    var version: String
    var rules: [Rule]
  }
  struct Tool: Encodable { var driver: Driver }
  struct Artifact: Encodable { var uri: String }
  struct Region: Encodable {
    var startLine: Int
    var startColumn: Int
  }
  struct PhysicalLocation: Encodable {
    var artifactLocation: Artifact
    var region: Region?
  }
  struct LogicalLocation: Encodable {
    var fullyQualifiedName: String
    var kind = "resource"
  }
  struct Location: Encodable {
    var physicalLocation: PhysicalLocation?
    var logicalLocations: [LogicalLocation]
  }
  struct Result: Encodable {
    var ruleId: String
    var level: String
    var kind: String
    var message: Text
    var locations: [Location]
    var partialFingerprints: [String: String]
  }
  struct Run: Encodable {
    var tool: Tool
    var results: [Result]
    var columnKind = "utf16CodeUnits"
  }

  var version = "2.1.0"
  var schema = "https://json.schemastore.org/sarif-2.1.0.json"
  var runs: [Run]

  enum CodingKeys: String, CodingKey {
    case version
    case schema = "$schema"
    case runs
  }

  init(_ result: AuditResult) {
    let rules = CheckSpecification.all.map {
      Rule(
        id: $0.id.rawValue, shortDescription: Text(text: $0.title), fullDescription: Text(text: $0.about),
        help: Text(text: $0.advice))
    }
    let results = result.findings.map { finding in
      let subject = "\(finding.name) \(finding.type?.description ?? "")"
      return Result(
        ruleId: finding.check.rawValue, level: finding.sarifLevel, kind: finding.verdict.kind == "mismatch" ? "fail" : "open",
        message: Text(text: "\(subject): \(finding.verdict.words) at \(finding.place.words)\(finding.valuesInWords)"),
        locations: [
          Location(
            physicalLocation: finding.declaredAt.map {
              PhysicalLocation(
                artifactLocation: Artifact(uri: $0.file), region: Region(startLine: $0.line, startColumn: $0.column))
            }, logicalLocations: [LogicalLocation(fullyQualifiedName: subject)])
        ],
        partialFingerprints: [
          "nameward/v1": [finding.check.rawValue, subject, finding.place.server?.description ?? "", finding.verdict.how ?? ""]
            .joined(separator: "|")
        ])
    }
    runs = [Run(tool: Tool(driver: Driver(version: Nameward.configuration.version, rules: rules)), results: results)]
  }
}

extension Finding {
  fileprivate var sarifLevel: String {
    if verdict.kind != "mismatch" { return "note" }
    return switch severity {
    case .critical, .high: "error"
    case .medium: "warning"
    case .low, .info: "note"
    }
  }

  /// `, intended …, observed …`
  var valuesInWords: String {
    (intended.isEmpty ? "" : ", intended \(intended.joined(separator: "; "))")
      + (observed.isEmpty ? "" : ", observed \(observed.joined(separator: "; "))")
  }
}

/// JUnit XML as CI servers read it: a suite a domain, a case an expectation; what could not be told is skipped, with the reason.
struct JUnit {
  var result: AuditResult

  init(_ result: AuditResult) { self.result = result }

  var xml: String {
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    let totals = result.totals
    text +=
      "<testsuites name=\"nameward audit\" tests=\"\(totals.expected)\" failures=\"\(totals.mismatch)\" skipped=\"\(totals.couldNotTell)\" errors=\"0\">\n"
    for domain in result.domains {
      let verdicts = result.verdicts.filter { $0.expectation != nil && $0.domain == domain.name }
      var suite = Totals()
      for one in verdicts { suite.count(one.verdict) }
      text +=
        "  <testsuite name=\"\(Self.escaped(domain.name.description))\" tests=\"\(suite.expected)\" failures=\"\(suite.mismatch)\" skipped=\"\(suite.couldNotTell)\" errors=\"0\" timestamp=\"\(result.started)\">\n"
      for one in verdicts { text += testCase(one) }
      text += "  </testsuite>\n"
    }
    return text + "</testsuites>\n"
  }

  private func testCase(_ judged: Judged) -> String {
    guard let expectation = judged.expectation else { return "" }
    let name = "\(expectation.name) \(expectation.type) at \(expectation.place.words)"
    let opening = "    <testcase classname=\"\(Self.escaped(expectation.check.rawValue))\" name=\"\(Self.escaped(name))\""
    let words = Self.escaped(judged.verdict.words)
    switch judged.verdict {
    case .match: return opening + "/>\n"
    case .mismatch:
      return opening
        + ">\n      <failure message=\"\(words)\">\(Self.escaped(judged.finding?.valuesInWords ?? ""))</failure>\n    </testcase>\n"
    case .couldNotTell: return opening + ">\n      <skipped message=\"\(words)\"/>\n    </testcase>\n"
    }
  }

  /// XML 1.0 §2.2: control characters cannot be written at all; they are shown.
  static func escaped(_ text: String) -> String {
    text.printable.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing(
      "\"", with: "&quot;")
  }
}
