import Audit
import DNSWire
import Estate
import Names
import Probe

/// Joins a sweep, which says what is to be asked and judges what came, with the probe that asks.
struct SweepPass {
  var zone: DeclaredZone
  var servers: [SocketAddress]
  var asksForAbsences: Bool
  /// What judgement takes for the present.
  var now: Timestamp
  var settings: ProbeSettings
  var isQuiet = false
  /// Findings, the worst, and verdicts, the first, that are kept for a report; beyond them only ``tell`` is told of each.
  var mostKept: Int
  /// Told of findings as they come, each once; a batch is in the order in which it was found.
  var tell: @Sendable ([Finding]) -> Void = { _ in }

  /// How a sweep ended.
  struct Outcome: Sendable {
    var totals: Totals
    /// Worst first; at most ``mostKept``.
    var findings: [Finding]
    /// Findings beyond those that are kept.
    var untold: Int
    /// Expectations that are not plainly as intended, and those of names of which more is judged; as many are kept as findings.
    var verdicts: [Judged]
    var isEnded: Bool
  }

  func run() async -> Outcome {
    let sweep = Sweep(zone, at: servers, asksForAbsences: asksForAbsences, key: settings.fingerprintKey, now: now)
    if sweep.beyond > 0, !isQuiet {
      Console.say(
        "note: \(sweep.beyond) names with policies (SPF, CAA, null MX) or wildcards are beyond the first \(Sweep.mostJudgedFurther): "
          + "their records are compared, and what they say is not judged")
    }
    let pass = Pass(
      declaration: Declaration(), scope: AuditScope(), now: now, settings: settings, isQuiet: isQuiet)
    let probe = pass.probe
    let ledger = Ledger(sweep, isQuiet: isQuiet, mostKept: mostKept, tell: tell)
    var head = sweep.head
    await pass.run(&head, with: probe)
    let answering = await ledger.begin(head)
    await withTaskGroup(of: Void.self) { group in
      for server in answering {
        group.addTask {
          for phase in SweepPhase.allCases where await !ledger.hasGivenUp(server) {
            await probe.sweep(server, pages: { sweep.page($0, of: phase) }) { report in
              await ledger.take(report, of: server, in: phase) { await pass.run(&$0, with: probe) }
            }
          }
        }
      }
    }
    var last = await ledger.last
    await pass.run(&last, with: probe)
    return await ledger.end(last, isEnded: Task.isCancelled)
  }
}

/// Where what all servers said comes together.
actor Ledger {
  private var sweep: Sweep
  private var findings: WorstFindings
  private var verdicts: [Judged] = []
  private var progress: SweepProgress
  private let tell: @Sendable ([Finding]) -> Void

  init(_ sweep: Sweep, isQuiet: Bool, mostKept: Int, tell: @escaping @Sendable ([Finding]) -> Void) {
    (self.sweep, self.tell) = (sweep, tell)
    findings = WorstFindings(most: mostKept)
    progress = SweepProgress(isQuiet: isQuiet)
  }

  /// Returns who is to be asked.
  func begin(_ head: Survey) -> [Server] {
    sweep.begin(with: head)
    keep(head)
    progress.expected = sweep.totals.expected + sweep.questionsPerServer * sweep.answering.count
    progress.show(sweep.totals)
    return sweep.answering
  }

  func take(
    _ report: SweepReport, of server: Server, in phase: SweepPhase, investigate: (inout Survey) async -> Void
  ) async {
    sweep.met(report.met)
    for unasked in report.unasked {
      if Task.isCancelled {
        sweep.end(unasked.count)
      } else {
        keep([sweep.leave(unasked.count, at: server, in: phase, why: unasked.why)])
      }
    }
    if !report.others.isEmpty {
      var judgement = sweep.judgement(of: report.others, at: server, in: phase)
      await investigate(&judgement)
      sweep.take(judgement, of: report.others, at: server, in: phase)
      keep(judgement)
    }
    progress.show(sweep.totals)
  }

  func hasGivenUp(_ server: Server) -> Bool { sweep.hasGivenUp(server) }

  var last: Survey { sweep.last }

  func end(_ last: Survey, isEnded: Bool) -> SweepPass.Outcome {
    sweep.finish(with: last)
    keep(last)
    Console.endProgress()
    let kept = findings.sorted
    return SweepPass.Outcome(
      totals: sweep.totals, findings: kept, untold: findings.count - kept.count, verdicts: verdicts, isEnded: isEnded)
  }

  private func keep(_ survey: Survey) {
    let room = findings.most - verdicts.count
    if room > 0 { verdicts += survey.verdicts.prefix(room) }
    keep(survey.findings.map { $0.withEvidence(of: survey) })
  }

  private func keep(_ new: [Finding]) {
    guard !new.isEmpty else { return }
    tell(new)
    findings.add(new)
  }
}
