import Audit
import Estate
import Names
import Store

/// What one audit found, in the shape that every format is written from.
struct AuditResult {
  var organisation: String?
  var started: Timestamp
  var finished: Timestamp
  var totals: Totals
  /// Worst first; `since` and `evidence` filled in from the store where there is one.
  var findings: [Finding]
  var verdicts: [Judged]
  /// Findings of the pass before that are gone.
  var gone: [StoredFinding]
  /// First seen in this pass.
  var new: Set<Finding>
  var isFirstPass: Bool
  /// Why the store could not keep this pass; its sentence.
  var unrecorded: String?
  var domains: [Domain]
  /// What declared exceptions cover, apart from the findings; worst first.
  var excepted: [ExceptedFinding] = []

  /// The contract's exit code.
  var ending: Ending.Code {
    // What is told for information departs from nothing that is intended.
    if totals.mismatch > 0 || findings.contains(where: { $0.verdict.kind == "mismatch" && $0.severity != .info }) {
      return .findings
    }
    return totals.couldNotTell > 0 ? .couldNotTell : .intended
  }
}

/// A finding that a declared exception covers, and for how long.
struct ExceptedFinding {
  var finding: Finding
  var exception: DeclaredException
  var left: Duration

  init(_ finding: Finding, _ exception: DeclaredException, now: Timestamp) {
    (self.finding, self.exception, left) = (finding, exception, now.duration(to: exception.expires))
  }

  /// `moved before it was declared (Ada), 12 days left`
  var words: String {
    let days = left.components.seconds / 86_400
    let time = days == 0 ? "less than a day" : days == 1 ? "1 day" : "\(days) days"
    return "\(exception.reason.printable) (\(exception.owner.printable)), \(time) left"
  }
}

/// The object that `audit --format json` prints.
struct AuditDocument: Encodable {
  var version = 1
  var organisation: String?
  var started: String
  var finished: String
  var totals: TotalsDocument
  var findings: [FindingDocument]
  var excepted: [FindingDocument]
  var gone: [FindingDocument]

  init(_ result: AuditResult) {
    organisation = result.organisation
    started = result.started.description
    finished = result.finished.description
    totals = TotalsDocument(result.totals)
    findings = result.findings.map(FindingDocument.init)
    excepted = result.excepted.map { FindingDocument($0) }
    gone = result.gone.map(FindingDocument.init)
  }
}
