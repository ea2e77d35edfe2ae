import Audit
import Estate
import Names
import Store

extension AuditResult {
  /// What a survey found, recorded in the store where there is one: since when each finding is so, and what went away.
  init(_ survey: Survey, _ declaration: Declaration, in store: Store?, scope: Scope, started: Timestamp, at time: Timestamp) {
    organisation = declaration.organisation
    (self.started, finished) = (started, Clock.second())
    totals = survey.totals
    findings = survey.findings
    excepted = survey.excepted.map { ExceptedFinding($0.finding, $0.exception, now: time) }
    verdicts = survey.verdicts
    let judged = Set(survey.verdicts.compactMap(\.domain))
    domains = declaration.domains.filter { judged.contains($0.name) }
    (new, gone, isFirstPass) = ([], [], true)
    guard let store else {
      attachEvidence(survey)
      return
    }
    do { try record(survey, in: store, scope, at: time) } catch {
      // What was found is told all the same.
      unrecorded = "\(error)"
      attachEvidence(survey)
    }
  }

  /// What a sweep found; nothing is kept of it.
  init(_ outcome: SweepPass.Outcome, of zone: DomainName, started: Timestamp) {
    (self.started, finished) = (started, Clock.second())
    (totals, findings, verdicts) = (outcome.totals, outcome.findings, outcome.verdicts)
    (untold, isEnded) = (outcome.untold, outcome.isEnded)
    (domains, isSwept) = ([Domain(zone)], true)
    (new, gone, isFirstPass) = ([], [], true)
  }

  private mutating func record(_ survey: Survey, in store: Store, _ scope: Scope, at time: Timestamp) throws {
    let observed = survey.observations
    let standings = try store.record(observed.map { RecordedObservation($0.observation, of: $0.place) }, at: time)
    var evidence: [Query: EvidenceID] = [:]
    for (one, standing) in zip(observed, standings) { evidence[one.observation.query] = standing.evidence }
    for index in findings.indices { findings[index].evidence = findings[index].query.flatMap { evidence[$0] } }

    // What is excepted keeps its history: it is open all the while, so it does not go when an exception begins, and is not new
    // when the exception ends. While it is excepted it is never announced as new.
    for index in excepted.indices { excepted[index].finding.evidence = excepted[index].finding.query.flatMap { evidence[$0] } }
    let counted = Totals(match: totals.match, mismatch: totals.mismatch, couldNotTell: totals.couldNotTell)
    let changes = try store.record(
      findings + excepted.map(\.finding), unsettled: survey.unsettled, scope: scope, totals: counted, at: time)
    for (index, standing) in changes.standings.enumerated() {
      if index < findings.count {
        findings[index].since = standing.since
        if standing.change != .same { new.insert(findings[index]) }
      } else {
        excepted[index - findings.count].finding.since = standing.since
      }
    }
    gone = changes.gone
    isFirstPass = changes.before == nil
  }

  private mutating func attachEvidence(_ survey: Survey) {
    for index in findings.indices { findings[index] = findings[index].withEvidence(of: survey) }
    for index in excepted.indices { excepted[index].finding = excepted[index].finding.withEvidence(of: survey) }
  }
}

extension Finding {
  /// Without a store nobody can look the octets up, but their name still tells whether two passes saw the same.
  func withEvidence(of survey: Survey) -> Finding {
    guard let query, let exchange = survey.observation(of: query)?.exchange else { return self }
    var finding = self
    finding.evidence = EvidenceID(exchange)
    return finding
  }
}
