import Estate

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
