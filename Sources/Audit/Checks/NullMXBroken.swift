import DNSWire
import Estate
import Names

/// A domain says that it takes no mail, and says otherwise too; or is declared so, and does not say it.
public enum NullMXBroken: Check {
  public static let specification = CheckSpecification(
    "null-mx-broken", "A null MX stands beside others, or a domain without mail does not say so",
    sources: ["RFC 7505 §3", "RFC 5321 §5.1"],
    severity: "high where a domain that is declared without mail names a mail exchanger; medium otherwise",
    about: """
      `MX 0 .` says that a domain takes no mail, and then it is the only MX record: beside others its meaning is open, and \
      senders refuse to deliver. A domain that is declared with `mail: none` must have it on each of its servers: without MX \
      records mail goes to the domain's own address, and whoever answers there reads it.
      """,
    advice: "Publish `MX 0 .` and nothing else, or take the null MX away where mail is wanted.",
    fires: [
      Example(
        "a null MX beside another", [.set(.everywhere, "example.gov. MX 0 .\nexample.gov. MX 10 mail.example.gov.")], how: .unsafe
      ),
      Example(
        "declared without mail, and mail is taken", [.redeclare { $0.domains[0].mail = MailPosture(isNone: true) }],
        how: .replaced),
      Example(
        "declared without mail, and nothing is said",
        [.redeclare { $0.domains[0].mail = MailPosture(isNone: true) }, .remove(.everywhere, "example.gov.", .mx)], how: .removed),
    ],
    silent: [
      Example("mail exchangers, and mail is not declared away"),
      Example(
        "a null MX alone",
        [.redeclare { $0.domains[0].mail = MailPosture(isNone: true) }, .set(.everywhere, "example.gov. MX 0 .")]),
    ])

  public static func judge(_ domain: DomainView, _ knowledge: inout Knowledge) -> [Judged] {
    let apex = domain.domain.name
    let declared = Set(
      domain.domain.records.filter { $0.type == .mx && $0.namedValues.contains(where: isNull) }.map(\.name))
    var judged: [Judged] = []
    for name in declared.union([apex]).sorted() where domain.isInScope(name) && !name.isWildcard {
      guard let published = domain.published(name, .mx, &knowledge) else { continue }
      let mail = domain.domain.mail.flatMap { $0.isNone && name == apex ? $0 : nil }
      let record = domain.declaration(of: name, .mx, where: isNull)
      let null = MX(preference: 0, exchange: .root).rdata
      let policy = PublishedPolicy(
        check: specification.id, name: name, type: .mx, wanted: [null.text], isDeclared: mail != nil || record != nil,
        declaredAt: mail == nil ? record?.declaredAt : mail?.declaredAt, isOne: { _ in true })
      judged += policy.judged(published, domain) { version in
        let isNull = version.records.contains(where: isNull)
        if isNull, version.records.count > 1 { return .departs(.unsafe("a null MX beside others"), .medium) }
        guard !isNull, mail != nil else { return isNull ? .sound : .absent }
        return version.records.isEmpty ? .departs(.removed([null]), .medium) : .departs(.replaced(version.records), .high)
      }
    }
    return judged
  }

  private static func isNull(_ record: RData) -> Bool { MX(record)?.exchange == .root }
}
