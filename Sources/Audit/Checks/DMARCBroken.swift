import DNSWire
import Estate
import Names

/// A domain's DMARC record does not do what it is published for.
public enum DMARCBroken: Check {
  public static let specification = CheckSpecification(
    "dmarc-broken", "A DMARC record is broken, missing though declared, or weaker than declared",
    sources: ["RFC 7489 §6.3", "RFC 7489 §6.6.3", "RFC 7489 §7.1", "RFC 9091"],
    severity: """
      high where broken or missing though declared; medium where weaker than declared; low where receivers pass over a tag; info \
      where a receiver of reports did not agree to them
      """,
    about: """
      Each server of the domain is asked for the TXT records at `_dmarc`, and aliases to a provider are followed. A name has one \
      record; it begins with `v=DMARC1` in these letters, has a policy, and its tags hold what the RFC allows: otherwise \
      receivers ignore it, and the domain can be forged in mail. Where reports go to another organisation, that must have \
      agreed with a record of its own, or the reports are not sent. `mail: {dmarc: reject}` declares the weakest policy that \
      is intended, for all mail (`pct`); `mail: none` asks for `reject`. What a domain above says of names below it (`sp`) is \
      taken where the domain has no record. Without either a domain may go without.
      """,
    advice: """
      Publish one record with the declared policy. If it was weakened and nobody of yours did it, somebody prepares to send mail \
      in your name: find out who can change the zone.
      """,
    fires: [
      Example(
        "two records",
        [.set(.everywhere, "_dmarc.example.gov. TXT \"v=DMARC1; p=reject\"\n_dmarc.example.gov. TXT \"v=DMARC1; p=none\"")],
        how: .unsafe),
      Example("a comma for a semicolon", [.set(.secondary, "_dmarc.example.gov. TXT \"v=DMARC1, p=reject\"")], how: .unsafe),
      Example(
        "letters that receivers do not take for a record", [.set(.everywhere, "_dmarc.example.gov. TXT \"v=dmarc1; p=reject\"")],
        how: .unsafe),
      Example(
        "a policy that was weakened",
        [
          .redeclare { $0.domains[0].mail = MailPosture(dmarc: .reject) },
          .set(.everywhere, "_dmarc.example.gov. TXT \"v=DMARC1; p=quarantine\""),
        ], how: .unsafe),
      Example(
        "a policy for one mail in ten",
        [
          .redeclare { $0.domains[0].mail = MailPosture(dmarc: .reject) },
          .set(.everywhere, "_dmarc.example.gov. TXT \"v=DMARC1; p=reject; pct=10\""),
        ], how: .unsafe),
      Example("declared and not there", [.redeclare { $0.domains[0].mail = MailPosture(dmarc: .quarantine) }], how: .removed),
      Example(
        "reports to somebody who did not agree to them",
        [
          .elsewhere("reports.example.", "reports.example. A 192.0.2.1"),
          .set(.everywhere, "_dmarc.example.gov. TXT \"v=DMARC1; p=reject; rua=mailto:a@reports.example\""),
        ], how: .unsafe),
    ],
    silent: [
      Example("no record, and none declared"),
      Example(
        "the domain above says it for names below",
        [
          .redeclare { $0.domains[0].mail = MailPosture(dmarc: .quarantine) },
          .set(.parent, "_dmarc.gov. TXT \"v=DMARC1; p=none; sp=reject\""),
        ]),
      Example(
        "a stricter policy than declared, from a provider's name, with reports to who agreed to them",
        [
          .redeclare { $0.domains[0].mail = MailPosture(dmarc: .quarantine) },
          .elsewhere(
            "reports.example.",
            """
            example.gov._dmarc.reports.example. TXT "v=DMARC1; p=reject; np=reject; rua=mailto:a@reports.example!10m"
            example.gov._report._dmarc.reports.example. TXT "v=DMARC1"
            """),
          .set(.everywhere, "_dmarc.example.gov. CNAME example.gov._dmarc.reports.example."),
        ]),
    ])

  /// Receivers of reports that are looked up.
  private static let mostReports = 10

  public static func judge(_ domain: DomainView, _ knowledge: inout Knowledge) -> [Judged] {
    guard domain.isApexInScope, let name = domain.below("_dmarc"), let published = domain.published(name, .txt, &knowledge) else {
      return []
    }
    let mail = domain.domain.mail
    let wanted: MailPosture.DMARC? = mail.flatMap { $0.isNone ? .reject : $0.dmarc }
    let record = domain.declaration(of: name, .txt, where: DMARCRecord.isOne)
    let policy = PublishedPolicy(
      check: specification.id, name: name, wanted: wanted.map { ["v=DMARC1; p=\($0.rawValue)"] } ?? [],
      isDeclared: wanted != nil || record != nil, declaredAt: wanted == nil ? record?.declaredAt : mail?.declaredAt,
      isOne: DMARCRecord.isOne)
    var missing: Severity? = wanted == nil ? nil : .high
    if let wanted, published.versions.contains(where: { !$0.records.contains(where: DMARCRecord.isOne) }) {
      guard let inherited = inherited(domain, &knowledge) else { return [] }
      if let inherited, inherited.weakness(beside: wanted) == nil { missing = nil }
    }
    let judged = policy.judgedText(published, domain, kind: "DMARC records", severity: .high, missing: missing) { text in
      do throws(DMARCRecord.Fault) {
        let record = try DMARCRecord(text)
        if let weakness = record.weakness(beside: wanted) { return .departs(.unsafe(weakness), .medium) }
        return record.ignored.map { .departs(.unsafe($0), .low) } ?? .sound
      } catch { return .departs(.unsafe(error.words), .high) }
    }
    return judged + unwantedReports(published, name, domain, &knowledge)
  }

  /// What the nearest domain above with a record says of names below it: RFC 7489 asks the organisation's domain alone, RFC 9989
  /// each on the way up. Nil while it is not known.
  private static func inherited(_ domain: DomainView, _ knowledge: inout Knowledge) -> DMARCRecord?? {
    var above = domain.domain.name.parent
    while let walk = domain.walk, let parent = above, parent != .root, let name = try? DomainName("_dmarc", origin: parent) {
      switch walk.records(of: name, .txt, &knowledge) {
      case .pending: return .none
      case .failed: return .some(nil)
      case .found(let records):
        let texts = records.filter(DMARCRecord.isOne).compactMap { TXT($0)?.joined }
        if texts.count == 1, var record = try? DMARCRecord(texts[0]) {
          record.policy = record.policyBelow ?? record.policy
          return .some(record)
        }
      }
      above = parent.parent
    }
    return .some(nil)
  }

  /// RFC 7489 §7.1: who gets reports of another organisation's domain says so with a record.
  private static func unwantedReports(
    _ published: Published, _ name: DomainName, _ domain: DomainView, _ knowledge: inout Knowledge
  ) -> [Judged] {
    guard let walk = domain.walk else { return [] }
    let place = Place(.authoritative, nil, zone: domain.domain.name)
    var judged: [Judged] = []
    let texts = published.versions.flatMap(\.records).filter(DMARCRecord.isOne).compactMap { TXT($0)?.joined }
    let hosts = Set(texts.compactMap { try? DMARCRecord($0) }.flatMap(\.reports).filter { $0.scheme == "mailto" }.map(\.host))
    for host in hosts.sorted().prefix(mostReports) {
      guard let receiver = try? DomainName(host), !isOneOrganisation(receiver, domain.domain.name),
        let agreement = try? DomainName("\(domain.domain.name)_report._dmarc", origin: receiver),
        case .found(let records) = walk.records(of: agreement, .txt, &knowledge)
      else { continue }
      if records.contains(where: DMARCRecord.isOne) { continue }
      let fact = "reports go to \(host), and \(agreement) does not say that it takes them"
      judged.append(
        Judged(
          reporting: Finding(
            specification.id, .info, .mismatch(.unsafe(fact)), name, .txt, at: place, intended: ["\(agreement) TXT v=DMARC1"],
            observed: [fact], since: domain.now)))
    }
    return judged
  }

  /// Where organisations' domains begin, only the public suffix list says. In doubt two names that share more than a top-level
  /// domain belong together: what is not told is of little weight.
  private static func isOneOrganisation(_ one: DomainName, _ other: DomainName) -> Bool {
    one.isAtOrBelow(other) || other.isAtOrBelow(one) || one.ancestor(labels: 2) == other.ancestor(labels: 2)
  }
}

extension DMARCRecord {
  /// How receivers are told less than is intended; nil where they are not.
  fileprivate func weakness(beside wanted: MailPosture.DMARC?) -> String? {
    guard let wanted else { return nil }
    if policy < wanted { return "p=\(policy.rawValue), declared \(wanted.rawValue)" }
    if wanted == .none { return nil }
    if percent < 100 { return "the policy is for \(percent) of 100 mails" }
    return isTest ? "the policy is a test (t=y)" : nil
  }
}
