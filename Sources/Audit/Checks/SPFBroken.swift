import DNSWire
import Estate
import Names

/// A domain's SPF record does not do what it is published for.
public enum SPFBroken: Check {
  public static let specification = CheckSpecification(
    "spf-broken", "An SPF record is broken, lets everybody send, or is weaker than declared",
    sources: ["RFC 7208 §4.5", "RFC 7208 §4.6.4", "RFC 7208 §5.1", "RFC 7208 §5.2"],
    severity: "high where broken, missing though declared, or open to everybody; medium where its end is weaker than declared",
    about: """
      The record that each server of the domain serves is read by RFC 7208's grammar, and what it includes, redirects to and \
      names is looked up from the roots down: at most ten terms may ask DNS and two lookups may find nothing, a domain has one \
      record, what is included must have one, and nothing may lead back to itself. All terms are counted, since which one \
      decides depends on the sender; terms with macros are counted and not followed. A record that breaks a rule is a permanent \
      error: receivers treat the domain's mail as if it had no SPF, or refuse it. `mail: {spf: hard}` asks for `-all` at the \
      end, `soft` for `~all` at least, `mail: none` for `v=spf1 -all`; without either a domain may go without.
      """,
    advice: """
      Remove terms of services that no longer send for you, replace names by addresses that you control, and publish one record \
      only. If you did not write the term, find out who can change the zone, or what the included domain now belongs to.
      """,
    fires: [
      Example(
        "two records", [.set(.everywhere, "example.gov. TXT \"v=spf1 mx -all\"\nexample.gov. TXT \"v=spf1 -all\"")], how: .unsafe),
      Example("a word that is not SPF", [.set(.everywhere, "example.gov. TXT \"v=spf1 ipv4:192.0.2.1 -all\"")], how: .unsafe),
      Example("everybody may send", [.set(.secondary, "example.gov. TXT \"v=spf1 mx +all\"")], how: .unsafe),
      Example(
        "an included domain lets everybody send",
        [
          .elsewhere("sender.example.", "sender.example. TXT \"v=spf1 ip4:0.0.0.0/0 ~all\""),
          .set(.everywhere, "example.gov. TXT \"v=spf1 include:sender.example -all\""),
        ], how: .unsafe),
      Example(
        "an included domain has no record", [.set(.everywhere, "example.gov. TXT \"v=spf1 include:www.example.gov -all\"")],
        how: .unsafe),
      Example(
        "records that include each other",
        [
          .elsewhere("sender.example.", "sender.example. TXT \"v=spf1 include:example.gov ~all\""),
          .set(.everywhere, "example.gov. TXT \"v=spf1 include:sender.example -all\""),
        ], how: .unsafe),
      Example(
        "eleven terms that ask DNS",
        [.set(.everywhere, "example.gov. TXT \"v=spf1 \(String(repeating: "a:www.example.gov ", count: 11))-all\"")],
        how: .unsafe),
      Example(
        "three lookups that find nothing",
        [.set(.everywhere, "example.gov. TXT \"v=spf1 a:x.example.gov a:y.example.gov exists:z.example.gov -all\"")],
        how: .unsafe),
      Example(
        "a declared hard end that became soft",
        [
          .redeclare { $0.domains[0].mail = MailPosture(spf: .hard) },
          .set(.everywhere, "example.gov. TXT \"v=spf1 mx ~all\""),
        ], how: .unsafe),
      Example(
        "declared and gone",
        [.redeclare { $0.domains[0].mail = MailPosture(spf: .soft) }, .remove(.everywhere, "example.gov.", .txt)], how: .removed),
      Example(
        "a domain without mail lets a server send", [.redeclare { $0.domains[0].mail = MailPosture(isNone: true) }], how: .unsafe),
      Example(
        "an included domain that nobody answers for",
        [
          .set(.parent, "mute.gov. NS ns.mute.gov.\nns.mute.gov. A 198.51.100.66"),
          .set(.everywhere, "example.gov. TXT \"v=spf1 include:mute.gov -all\""),
        ]),
    ],
    silent: [
      Example("the model's own record"),
      Example(
        "ten terms that ask DNS, and two lookups that find nothing",
        [
          .set(
            .everywhere,
            "example.gov. TXT \"v=spf1 a:x.example.gov mx:y.example.gov \(String(repeating: "a ", count: 8))-all\"")
        ]),
      Example(
        "a record that is included, and macros",
        [
          .elsewhere("sender.example.", "sender.example. TXT \"v=spf1 ip4:192.0.2.0/24 ?all\""),
          .set(.everywhere, "example.gov. TXT \"v=spf1 include:sender.example exists:%{i}._spf.example.gov ~all\""),
        ]),
      Example("no record, and none declared", [.remove(.everywhere, "example.gov.", .txt)]),
    ])

  public static func judge(_ domain: DomainView, _ knowledge: inout Knowledge) -> [Judged] {
    let apex = domain.domain.name
    let declared = Set(
      domain.domain.records.filter { $0.type == .txt && $0.namedValues.contains(where: SPFRecord.isOne) }.map(\.name))
    var judged: [Judged] = []
    for name in declared.union([apex]).sorted() where domain.isInScope(name) && !name.isWildcard {
      judged += judge(name, domain, &knowledge)
    }
    return judged
  }

  private static func judge(_ name: DomainName, _ domain: DomainView, _ knowledge: inout Knowledge) -> [Judged] {
    let mail = name == domain.domain.name ? domain.domain.mail : nil
    let wanted: MailPosture.SPF? = mail.flatMap { $0.isNone ? .hard : $0.spf }
    guard let published = domain.published(name, .txt, &knowledge) else { return [] }
    let record = domain.declaration(of: name, .txt, where: SPFRecord.isOne)
    let policy = PublishedPolicy(
      check: specification.id, name: name, wanted: wanted.map { [$0.words(isNone: mail?.isNone ?? false)] } ?? [],
      isDeclared: wanted != nil || record != nil, declaredAt: wanted == nil ? record?.declaredAt : mail?.declaredAt,
      isOne: SPFRecord.isOne)
    var verdicts: [[RData]: PolicyVerdict] = [:]
    var isPending = false
    for version in published.versions {
      let records = version.records.filter(SPFRecord.isOne)
      if records.isEmpty {
        verdicts[version.records] = wanted == nil ? .absent : .departs(.removed([]), .high)
        continue
      }
      let evaluation = SPFEvaluation(records, of: name, domain.walk, &knowledge)
      isPending = isPending || evaluation.isPending
      verdicts[version.records] = verdict(evaluation, records, wanted, isNone: mail?.isNone ?? false)
    }
    if isPending { return [] }
    return policy.judged(published, domain) { verdicts[$0.records] ?? .absent }
  }

  private static func verdict(
    _ evaluation: SPFEvaluation, _ records: [RData], _ wanted: MailPosture.SPF?, isNone: Bool
  ) -> PolicyVerdict {
    if let fault = evaluation.fault { return .departs(.unsafe(fault.words), .high) }
    if isNone, let record = records.first.flatMap({ TXT($0) }).flatMap({ try? SPFRecord($0.joined) }), !record.refusesEverybody {
      return .departs(.unsafe("the domain is declared without mail, and its SPF record lets servers send"), .medium)
    }
    let isWeaker =
      switch (wanted, evaluation.ending) {
      case (nil, _), (.any?, _), (_, .unknown), (_, .fail), (.soft?, .softFail): false
      default: true
      }
    if isWeaker { return .departs(.unsafe("the record ends in \(evaluation.ending.words)"), .medium) }
    return evaluation.obstacle.map { .untold($0) } ?? .sound
  }
}

extension MailPosture.SPF {
  fileprivate func words(isNone: Bool) -> String {
    if isNone { return "v=spf1 -all" }
    return switch self {
    case .hard: "v=spf1 … -all"
    case .soft: "v=spf1 … ~all, or -all"
    case .any: "v=spf1 …"
    }
  }
}

extension SPFEvaluation.Ending {
  fileprivate var words: String {
    switch self {
    case .unknown: "what could not be followed"
    case .pass: "+all"
    case .neutral: "?all, or without all"
    case .softFail: "~all"
    case .fail: "-all"
    }
  }
}
