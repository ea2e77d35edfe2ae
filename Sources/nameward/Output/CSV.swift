import Estate
import Notation

extension AuditResult {
  static let columns = [
    "check", "severity", "verdict", "name", "type", "how", "kind", "server", "zone", "intended", "observed", "proof", "since",
    "evidence", "reason", "declaredAt", "advice", "exception", "indicators",
  ]

  /// Findings, and after them what is excepted, for formats with one row each: there its verdict is `excepted`.
  var flat: [FindingDocument] {
    findings.map { FindingDocument($0, sightings(of: $0)) } + excepted.map { FindingDocument($0, verdict: "excepted") }
  }

  /// RFC 4180, with a header line; several values in one field are separated by "; ".
  var csv: String {
    let rows = flat.map { finding in
      [
        finding.check, finding.severity, finding.verdict, finding.name, finding.type ?? "", finding.how ?? "",
        finding.where.kind, finding.where.server ?? "", finding.where.zone, finding.intended.joined(separator: "; "),
        finding.observed.joined(separator: "; "), finding.proof, finding.since, finding.evidence ?? "", finding.reason,
        finding.declaredAt ?? "", finding.advice,
        finding.exception.map { "\($0.reason) (\($0.owner), until \($0.expires))" } ?? "",
        (finding.sightings ?? []).map(\.words).joined(separator: "; "),
      ]
    }
    return ([Self.columns] + rows).map { $0.map(CSVWriter.field).joined(separator: ",") + "\r\n" }.joined()
  }
}
