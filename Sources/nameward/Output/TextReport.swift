import Audit
import DNSWire
import Estate
import Names
import Store

/// The report for a person: by domain, worst first, equal findings at several places told once, and what to do.
struct TextReport {
  var result: AuditResult
  var paint: Paint
  var width: Int

  init(_ result: AuditResult, coloured: Bool, width: Int) {
    (self.result, self.width) = (result, min(max(width, 60), 120))
    paint = Paint(isOn: coloured)
  }

  var text: String {
    var lines: [String] = []
    var advised: Set<CheckID> = []
    for domain in result.domains {
      lines += section(domain, &advised)
    }
    lines += goneLines
    if result.untold > 0 {
      lines += [paint.warn("\(result.untold) more findings are not listed; --format jsonl lists each."), ""]
    }
    if result.isEnded { lines += [paint.warn("Ended before it was through: what was not asked could not be told."), ""] }
    lines.append(summary)
    return lines.joined(separator: "\n") + "\n"
  }

  /// Findings that differ in their place only.
  struct Group {
    var first: Finding
    var places: [Place]
    var evidence: [EvidenceID]
    var isNew: Bool
  }

  private func section(_ domain: Domain, _ advised: inout Set<CheckID>) -> [String] {
    let findings = result.findings.filter { $0.domain == domain.name }
    let totals = result.totals(of: domain)
    let state =
      totals.mismatch > 0 || findings.contains { $0.verdict.kind == "mismatch" && $0.severity != .info }
      ? paint.bad("NOT AS INTENDED")
      : totals.couldNotTell > 0
        ? paint.warn("COULD NOT TELL ALL")
        : totals.excepted > 0 || result.excepted.contains { $0.finding.domain == domain.name }
          ? paint.warn("AS INTENDED BUT FOR EXCEPTIONS") : paint.good("AS INTENDED")
    var lines = ["\(paint.strong(domain.name.displayed))  \(state)  \(Self.counts(totals))"]
    for group in Self.groups(findings, new: result.new) {
      lines.append("")
      lines += describe(group, isAdvised: advised.insert(group.first.check).inserted)
    }
    lines += exceptedLines(domain)
    lines.append("")
    return lines
  }

  /// What, why, who answers for it and for how long; like findings told once for several places.
  private func exceptedLines(_ domain: Domain) -> [String] {
    let excepted = result.excepted.filter { $0.finding.domain == domain.name }
    return Self.groups(excepted.map(\.finding), new: []).flatMap { group in
      let finding = group.first
      let subject = [finding.name.displayed, finding.type?.description ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
      let why = excepted.first { $0.finding == finding }.map { [$0.words] } ?? []
      return ["", "  \(paint.faint("EXCEPTED"))  \(paint.strong(subject))  \(finding.verdict.words)  [\(finding.check)]"]
        + labelled("because", why) + labelled("at", group.places.map(\.words)) + labelled("since", ["\(finding.since)"])
    }
  }

  static func groups(_ findings: [Finding], new: Set<Finding>) -> [Group] {
    struct Key: Hashable {
      var check: CheckID
      var name: DomainName
      var type: String?
      var verdict: String
      var observed: [String]
      var intended: [String]
      var kind: Place.Kind
    }
    var groups: [Group] = []
    var index: [Key: Int] = [:]
    for finding in findings {
      let isSilence = finding.verdict.kind != "mismatch" && finding.type == nil
      let key = Key(
        check: finding.check, name: isSilence ? finding.place.zone : finding.name, type: finding.type?.description,
        verdict: finding.verdict.words, observed: finding.observed.sorted(), intended: finding.intended.sorted(),
        kind: finding.place.kind)
      if let known = index[key] {
        groups[known].places.append(finding.place)
        if let evidence = finding.evidence, !groups[known].evidence.contains(evidence) { groups[known].evidence.append(evidence) }
      } else {
        index[key] = groups.count
        groups.append(
          Group(
            first: finding, places: [finding.place], evidence: finding.evidence.map { [$0] } ?? [], isNew: new.contains(finding)))
      }
    }
    return groups
  }

  private func describe(_ group: Group, isAdvised: Bool) -> [String] {
    let finding = group.first
    let severity = finding.verdict.kind == "mismatch" ? finding.severity.rawValue.uppercased() : "UNKNOWN"
    let subject = [finding.name.displayed, finding.type?.description ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
    var lines = [
      "  \(paint.of(finding, severity.padded(to: 8)))  \(paint.strong(subject))  \(finding.verdict.words)  [\(finding.check)]"
    ]
    if !finding.intended.isEmpty { lines += labelled("intended", finding.intended) }
    if !finding.observed.isEmpty { lines += labelled("observed", finding.observed) }
    let known = result.sightings(of: finding).flatMap { Wrapped($0.words.printable, to: width - 14).lines }
    lines += labelled("known", known.map(paint.warn))
    lines += labelled("at", group.places.map(\.words))
    lines += labelled("since", ["\(finding.since)\(group.isNew && !result.isFirstPass ? " (new)" : "")"])
    if finding.proof != .unknown { lines += labelled("proof", [finding.proof.rawValue]) }
    if let declared = finding.declaredAt { lines += labelled("declared", ["\(declared)"]) }
    if let evidence = group.evidence.first {
      // As many digits as tell one from the others; `evidence show` takes them.
      let more = group.evidence.count > 1 ? " and \(group.evidence.count - 1) more" : ""
      lines += labelled("evidence", ["\("\(evidence)".prefix(19))\(more)"])
    }
    let advice = CheckSpecification.of(finding.check)?.advice ?? ""
    lines +=
      isAdvised
      ? labelled("do", Wrapped(advice, to: width - 14).lines) : labelled("do", ["as above, `nameward explain \(finding.check)`"])
    return lines
  }

  private func labelled(_ label: String, _ values: [String]) -> [String] {
    values.enumerated().map { index, value in "    \(paint.faint((index == 0 ? label : "").padded(to: 9))) \(value)" }
  }

  private var goneLines: [String] {
    guard !result.gone.isEmpty else { return [] }
    return [paint.strong("No longer seen since the last pass")]
      + result.gone.map { gone in
        let subject = [gone.name.displayed, gone.type?.description ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
        return "  \(subject)  \(gone.how?.rawValue ?? "could not tell")  at \(gone.place.words)  [\(gone.check)]"
      } + [""]
  }

  private var summary: String {
    let new = result.findings.filter(result.new.contains).count
    let change = result.isFirstPass ? "" : "; since the last pass \(new) new, \(result.gone.count) gone"
    return "\(Self.counts(result.totals))\(change)"
  }

  static func counts(_ totals: Totals) -> String {
    "\(totals.expected) expected = \(totals.match) as intended + \(totals.mismatch) not + \(totals.couldNotTell) could not tell"
      + (totals.excepted > 0 ? "; \(totals.excepted) excepted" : "")
  }
}

extension String {
  func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}

/// Colours, where a person looks and wants them.
struct Paint {
  var isOn: Bool

  func strong(_ text: String) -> String { paint(text, "1") }
  func faint(_ text: String) -> String { paint(text, "2") }
  func good(_ text: String) -> String { paint(text, "32") }
  func warn(_ text: String) -> String { paint(text, "33") }
  func bad(_ text: String) -> String { paint(text, "31;1") }

  func of(_ finding: Finding, _ text: String) -> String {
    guard finding.verdict.kind == "mismatch" else { return paint(text, "35") }
    return switch finding.severity {
    case .critical: paint(text, "41;97;1")
    case .high: bad(text)
    case .medium: warn(text)
    case .low, .info: text
    }
  }

  private func paint(_ text: String, _ code: String) -> String { isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }
}
