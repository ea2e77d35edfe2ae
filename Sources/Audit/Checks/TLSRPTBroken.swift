import DNSWire
import Estate
import Names

/// A domain's TLS-RPT record does not do what it is published for.
public enum TLSRPTBroken: Check {
  public static let specification = CheckSpecification(
    "tls-rpt-broken", "A TLS-RPT record is broken, or missing though declared",
    sources: ["RFC 8460 §3"],
    severity: "low",
    about: """
      Each server of the domain is asked for the TXT record at `_smtp._tls`: one, that begins with `v=TLSRPTv1` and says where \
      to send reports, by mail or HTTPS. Without it nobody reports that mail to the domain could not be sent by TLS, which is \
      how an attack on MTA-STS or DANE shows. `mail: {tlsRPT: true}` declares it.
      """,
    advice: "Publish one record: `v=TLSRPTv1; rua=mailto:tls-reports@…`.",
    fires: [
      Example("a record that says nowhere to", [.set(.everywhere, "_smtp._tls.example.gov. TXT \"v=TLSRPTv1;\"")], how: .unsafe),
      Example("declared and not there", [.redeclare { $0.domains[0].mail = MailPosture(tlsRPT: true) }], how: .removed),
    ],
    silent: [
      Example("no record, and none declared"),
      Example(
        "by mail and by HTTPS",
        [
          .redeclare { $0.domains[0].mail = MailPosture(tlsRPT: true) },
          .set(.everywhere, "_smtp._tls.example.gov. TXT \"v=TLSRPTv1; rua=mailto:a@example.gov,https://r.example.gov/v1\""),
        ]),
    ])

  public static func judge(_ domain: DomainView, _ knowledge: inout Knowledge) -> [Judged] {
    guard domain.isApexInScope, let name = domain.below("_smtp", "_tls"), let published = domain.published(name, .txt, &knowledge)
    else { return [] }
    let isWanted = domain.domain.mail?.tlsRPT ?? false
    let record = domain.declaration(of: name, .txt, where: TLSRPTRecord.isOne)
    let policy = PublishedPolicy(
      check: specification.id, name: name, wanted: isWanted ? ["v=TLSRPTv1; rua=…"] : [], isDeclared: isWanted || record != nil,
      declaredAt: isWanted ? domain.domain.mail?.declaredAt : record?.declaredAt, isOne: TLSRPTRecord.isOne)
    return policy.judgedText(published, domain, kind: "TLS-RPT records", severity: .low, missing: isWanted ? .low : nil) { text in
      do throws(TLSRPTRecord.Fault) {
        _ = try TLSRPTRecord(text)
        return .sound
      } catch { return .departs(.unsafe(error.words), .low) }
    }
  }
}
