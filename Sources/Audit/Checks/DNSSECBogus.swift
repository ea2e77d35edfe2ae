import DNSWire
import Estate
import Names

/// Validation of a declared record fails.
public enum DNSSECBogus: Check {
  public static let specification = CheckSpecification(
    "dnssec-bogus", "DNSSEC validation fails",
    sources: ["RFC 4035 §5", "RFC 6840"],
    severity: "critical for the whole domain; high for a single RRset",
    about: """
      Every declared RRset of a signed domain is validated by libunbound from the trust anchor down, and the validator's reason \
      is given in its words. No chain of trust where the parent holds a DS is told too. Validating resolvers answer SERVFAIL for a bogus name: its users see nothing. Bogus data may be \
      a mistake in key handling, or a forgery that validation has just stopped.
      """,
    advice: """
      Compare the DS records at the parent with the zone's keys (ds-differs), the signatures' times (signature-expiring), and \
      the record itself (record-differs). Do not turn validation off.
      """,
    fires: [
      Example(
        "signatures do not verify",
        [
          .declareDS("12345 13 2 \(String(repeating: "ab", count: 32))"),
          .set(.parent, "example.gov. DS 12345 13 2 \(String(repeating: "ab", count: 32))"),
          .validation(.bogus("signature crypto failed")),
        ], how: .bogus)
    ],
    silent: [Example("the domain is not signed", [.validation(.bogus("no keys"))])])

  public static func judge(_ domain: DomainView, _ knowledge: inout Knowledge) -> [Judged] {
    guard domain.isWalked, domain.isSigned else { return [] }
    guard let apex = knowledge.validate(domain.domain.name, .soa) else { return [] }
    let apexExpectation = expectation(domain, domain.domain.name, .soa, nil)
    let questions = domain.questions.filter { $0.stands == .answer && domain.isInScope($0.name) }
    var judged: [Judged] = []
    if domain.isApexInScope {
      judged.append(self.judged(apexExpectation, apex, .critical, domain))
    } else if let finding = self.judged(apexExpectation, apex, .critical, domain).finding {
      judged.append(Judged(reporting: finding))
    }
    // One finding for the domain where its apex already fails: every name below fails with it.
    guard case .secure = apex else {
      return judged + questions.map { Judged(expectation(domain, $0.name, $0.type, $0), verdict(apex)) }
    }
    for question in questions {
      guard var validation = knowledge.validate(question.name, question.type) else { continue }
      // The alias is ours to sign; where the owner lets it lead may be unsigned.
      if case .insecure = validation, question.tolerance.map({ !$0.endsIn.isEmpty }) ?? false {
        guard let alias = knowledge.validate(question.name, .cname) else { continue }
        validation = alias
      }
      judged.append(self.judged(expectation(domain, question.name, question.type, question), validation, .high, domain))
    }
    return judged
  }

  private static func expectation(_ domain: DomainView, _ name: DomainName, _ type: RRType, _ question: RecordQuestion?)
    -> Expectation
  {
    let place = Place(.resolver, nil, zone: domain.domain.name)
    return Expectation(specification.id, name, type, at: place, .signed(true), declaredAt: question?.declared.declaredAt)
  }

  private static func verdict(_ validation: Validation) -> Verdict {
    switch validation {
    case .secure: .match
    case .bogus(let why): .mismatch(.bogus(why))
    case .insecure: .mismatch(.unsigned)
    case .indeterminate(let why): .couldNotTell(.validation(why))
    }
  }

  private static func judged(_ expectation: Expectation, _ validation: Validation, _ severity: Severity, _ domain: DomainView)
    -> Judged
  {
    let verdict = verdict(validation)
    switch validation {
    case .secure: return Judged(expectation, verdict)
    case .insecure where domain.isCutAtParent: return Judged(expectation, verdict)
    case .insecure:
      var finding = domain.finding(expectation, verdict, severity, nil)
      finding.observed = ["no chain of trust leads to it"]
      return Judged(expectation, verdict, finding)
    case .bogus(let why):
      var finding = domain.finding(expectation, verdict, severity, nil)
      finding.observed = [why]
      finding.proof = .bogus
      return Judged(expectation, verdict, finding)
    case .indeterminate:
      return Judged(expectation, verdict, domain.finding(expectation, verdict, .medium, nil))
    }
  }
}

extension DomainView {
  /// Whether ds-differs tells why no chain of trust leads to the domain.
  fileprivate var isCutAtParent: Bool {
    guard isApexInScope, case .exactly(let intended) = domain.ds else { return false }
    return parent?.replies.contains { reply in
      switch reply.ds {
      case .data(let records, _)?:
        domain.dsChange.map { $0.outcome(at: now, of: records).verdict != .match }
          ?? (Departure(intended: intended, observed: records) != nil)
      case .noSuchName?, .alias?: true
      default: false
      }
    } ?? false
  }
}
