import ArgumentParser
import Audit
import DNSWire
import Estate
import Names

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
    /// All results of a run have it, or none (SARIF 2.1.0 §3.27.23).
    var suppressions: [Suppression]?
  }
  /// `external`: by the declaration, not in the thing that was looked at (§3.35.2).
  struct Suppression: Encodable {
    var kind = "external"
    var justification: String
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
    func told(_ finding: Finding, _ suppressions: [Suppression]?) -> Result {
      let subject = "\(finding.name) \(finding.type?.description ?? "")"
      let known = result.sightings(of: finding).map { "; \($0.words)".printable }.joined()
      return Result(
        ruleId: finding.check.rawValue, level: finding.sarifLevel, kind: finding.verdict.kind == "mismatch" ? "fail" : "open",
        message: Text(text: "\(subject): \(finding.verdict.words) at \(finding.place.words)\(finding.valuesInWords)\(known)"),
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
        ], suppressions: suppressions)
    }
    let results =
      result.findings.map { told($0, result.excepted.isEmpty ? nil : []) }
      + result.excepted.map { told($0.finding, [Suppression(justification: $0.words)]) }
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
