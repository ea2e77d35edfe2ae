import ArgumentParser
import DNSWire
import Estate
import Lab
import Names

extension Nameward {
  struct Drill: AsyncParsableCommand {
    enum Form: String, ExpressibleByArgument, CaseIterable { case text, json }

    static let configuration = CommandConfiguration(
      abstract: "Replay the campaign of AA19-024A on loopback and see it caught.",
      discussion: """
        Starts a root, a top-level domain, a model agency with two name servers, a resolver and a hijacker on loopback addresses, \
        audits the agency, changes what the hijackers changed, and audits again. Nothing leaves this machine.
        """)

    @Option(name: .long, help: ArgumentHelp("text or json.", valueName: "format"))
    var format = Form.text

    func run() async throws {
      let campaign = try await Campaign.begin()
      let report: DrillReport
      do { report = try await drill(campaign) } catch {
        await campaign.end()
        throw error
      }
      await campaign.end()
      if format == .json { Console.print(try JSON.pretty(report) + "\n") }
      guard report.steps.allSatisfy(\.caught) else { throw Ending(.findings, "a step of the drill was not caught") }
    }

    private func drill(_ campaign: Campaign) async throws -> DrillReport {
      tell("A model agency on loopback, port \(campaign.hierarchy.port). Audit before anything happens:\n")
      let before = try await campaign.audit()
      tell(before)
      guard before.ending == .intended else {
        throw Ending(
          .error,
          "the model agency is not as intended before the attack, so the drill shows nothing. This is a defect; please report it."
        )
      }
      var report = DrillReport(steps: [])
      for step in try Campaign.steps(against: campaign.victim) {
        tell("\n── \(step.title)\n")
        try await step.act(campaign.hierarchy)
        let clock = ContinuousClock()
        let start = clock.now
        let result = try await campaign.audit()
        let seconds = clock.now - start
        tell(result)
        let outcome = DrillReport.Step(step, result, seconds: seconds)
        tell(
          outcome.caught
            ? "── \(step.expected.isEmpty ? "seen" : "caught") in \(outcome.seconds) s (exit code \(result.ending.rawValue))\n"
            : "── NOT caught\n")
        report.steps.append(outcome)
      }
      return report
    }

    private func tell(_ line: String) { if format == .text { Console.print(line) } }

    private func tell(_ result: AuditResult) {
      if format == .text { Console.print(TextReport(result, coloured: Console.isColoured, width: Console.width).text) }
    }
  }
}

/// What `drill --format json` prints.
struct DrillReport: Encodable {
  struct Step: Encodable {
    var step: String
    var technique: String
    var caught: Bool
    var seconds: Double
    /// The findings that caught it.
    var seen: [String]
    /// What was done and not seen.
    var blind: [String]

    init(_ step: Campaign.Step, _ result: AuditResult, seconds: Duration) {
      self.step = step.title
      technique = step.technique
      let found = result.findings.filter { $0.verdict.kind == "mismatch" }
      blind = step.expected.filter { expected in !found.contains { expected.isMet(by: $0) } }.map {
        "\($0.check) \($0.name) \($0.type)"
      }
      seen = found.map { "\($0.check) \($0.name) \($0.type?.description ?? "") \($0.verdict.how ?? "") at \($0.place.words)" }
      let ending: Ending.Code = step.expected.isEmpty ? .intended : .findings
      caught = blind.isEmpty && result.ending == ending
      let (whole, attoseconds) = seconds.components
      self.seconds = Double(whole) + (Double(attoseconds) / 1e15).rounded() / 1000
    }
  }

  var steps: [Step]
}

extension Campaign.Expected {
  func isMet(by finding: Finding) -> Bool {
    finding.check.rawValue == check && finding.name == name && finding.type == type
  }
}
