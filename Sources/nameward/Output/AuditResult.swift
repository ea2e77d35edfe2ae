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
  /// Whether this is of a sweep: then not all verdicts are here.
  var isSwept = false
  /// Findings that are not in ``findings``: too many to be kept until the end.
  var untold = 0
  /// Whether somebody ended the pass before it was through.
  var isEnded = false
  /// What declared exceptions cover, apart from the findings; worst first.
  var excepted: [ExceptedFinding] = []
  /// Indicators in the data of records that mismatches saw, by that data.
  var sightings: [String: [SightedIndicator]] = [:]

  func sightings(of finding: Finding) -> [SightedIndicator] {
    sightings.isEmpty || finding.verdict.kind != "mismatch" ? [] : finding.observed.flatMap { sightings[$0] ?? [] }
  }

  /// What became of the expectations of a domain.
  func totals(of domain: Domain) -> Totals {
    // A sweep has one domain.
    isSwept ? totals : verdicts.reduce(into: Totals()) { if $1.domain == domain.name { $0.count($1) } }
  }

  /// The contract's exit code.
  var ending: Ending.Code {
    if isEnded { return .couldNotTell }
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
  /// Findings that are not listed, where there are too many.
  var unlisted: Int?
  /// Only where the pass was ended before it was through.
  var interrupted: Bool?

  init(_ result: AuditResult) {
    organisation = result.organisation
    started = result.started.description
    finished = result.finished.description
    totals = TotalsDocument(result.totals)
    findings = result.findings.map { FindingDocument($0, result.sightings(of: $0)) }
    excepted = result.excepted.map { FindingDocument($0) }
    gone = result.gone.map(FindingDocument.init)
    unlisted = result.untold > 0 ? result.untold : nil
    interrupted = result.isEnded ? true : nil
  }
}
