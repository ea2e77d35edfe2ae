import DNSWire
import Estate
import Names

/// A domain's MTA-STS record or policy does not do what it is published for.
public enum MTASTSBroken: Check {
  public static let specification = CheckSpecification(
    "mta-sts-broken", "An MTA-STS record or policy is broken, missing though declared, or weaker than declared",
    sources: ["RFC 8461 §3.1", "RFC 8461 §3.2", "RFC 8461 §3.3", "RFC 8461 §4.1"],
    severity: "high where missing though declared; medium where broken or weaker than declared",
    about: """
      Each server of the domain is asked for the TXT record at `_mta-sts`: one, with an id. With `--services` the policy is \
      fetched from each address of `mta-sts.<domain>` as senders do it, without following a redirect: the certificate is \
      trusted for the name, the page is text/plain, its version, mode, age and patterns are what the RFC allows, and a pattern \
      covers each declared mail exchanger. Otherwise senders deliver without TLS, or, once they know the policy, not at all. \
      `mail: {mtaSTS: enforce}` declares the weakest mode that is intended.
      """,
    advice: """
      Put record and policy in order, and change the id with each change of the policy. A policy that a foreign address serves, \
      or whose mode was lowered, prepares the way for mail to be read in transit: find out who changed it.
      """,
    fires: [
      Example("a record without an id", [.set(.everywhere, "_mta-sts.example.gov. TXT \"v=STSv1;\"")], how: .unsafe),
      Example(
        "two records",
        [.set(.everywhere, "_mta-sts.example.gov. TXT \"v=STSv1; id=1;\"\n_mta-sts.example.gov. TXT \"v=STSv1; id=2;\"")],
        how: .unsafe),
      Example("declared and not there", [.redeclare { $0.domains[0].mail = MailPosture(mtaSTS: .testing) }], how: .removed),
      Example(
        "a policy without the exchanger", policy("version: STSv1\nmode: enforce\nmx: *.mail.example.gov\nmax_age: 86400\n"),
        how: .unsafe),
      Example(
        "a weaker mode than declared",
        policy("version: STSv1\r\nmode: testing\r\nmx: mail.example.gov\r\nmax_age: 86400\r\n") + [
          .redeclare { $0.domains[0].mail = MailPosture(mtaSTS: .enforce) }
        ], how: .unsafe),
      Example(
        "a certificate that nobody trusts",
        policy("version: STSv1\nmode: enforce\nmx: mail.example.gov\nmax_age: 86400\n", distrust: "self-signed"), how: .unsafe),
      Example(
        "a policy that could not be fetched",
        [
          .set(.everywhere, "_mta-sts.example.gov. TXT \"v=STSv1; id=1;\"\nmta-sts.example.gov. A 192.0.2.44"),
          .scope { $0.contactsServices = true },
        ]),
    ],
    silent: [
      Example(
        "a policy that covers the exchanger",
        policy("version: STSv1\r\nmode: enforce\r\nmx: *.example.gov\r\nmax_age: 86400\r\n") + [
          .redeclare { $0.domains[0].mail = MailPosture(mtaSTS: .enforce) }
        ]),
      Example("a record alone, and no service is contacted", [.set(.everywhere, "_mta-sts.example.gov. TXT \"v=STSv1; id=1;\"")]),
    ], needs: [.services])

  private static func policy(_ text: String, distrust: String? = nil) -> [Example.Edit] {
    guard let host = try? DomainName("mta-sts.example.gov."), let address = IPAddress("192.0.2.44") else { return [] }
    return [
      .set(.everywhere, "_mta-sts.example.gov. TXT \"v=STSv1; id=1;\"\nmta-sts.example.gov. A 192.0.2.44"),
      .scope { $0.contactsServices = true },
      .answer(
        page(host, at: SocketAddress(address: address, port: 443)),
        .page(PageReply(status: 200, mediaType: "text/plain; charset=utf-8", body: Array(text.utf8), distrust: distrust))),
    ]
  }

  private static func page(_ host: DomainName, at address: SocketAddress) -> Inquiry {
    .page(WebPage(address, host: host, path: "/.well-known/mta-sts.txt", isSecure: true))
  }

  public static func judge(_ domain: DomainView, _ knowledge: inout Knowledge) -> [Judged] {
    guard domain.isApexInScope, let name = domain.below("_mta-sts"), let published = domain.published(name, .txt, &knowledge)
    else {
      return []
    }
    let mail = domain.domain.mail
    let record = domain.declaration(of: name, .txt, where: MTASTSRecord.isOne)
    let policy = PublishedPolicy(
      check: specification.id, name: name, wanted: mail?.mtaSTS == nil ? [] : ["v=STSv1; id=…"],
      isDeclared: mail?.mtaSTS != nil || record != nil, declaredAt: mail?.mtaSTS == nil ? record?.declaredAt : mail?.declaredAt,
      isOne: MTASTSRecord.isOne)
    let judged = policy.judgedText(
      published, domain, kind: "MTA-STS records", severity: .medium, missing: mail?.mtaSTS == nil ? nil : .high
    ) { text in
      do throws(MTASTSRecord.Fault) {
        _ = try MTASTSRecord(text)
        return .sound
      } catch { return .departs(.unsafe(error.words), .medium) }
    }
    let isPublished = published.versions.contains { $0.records.contains(where: MTASTSRecord.isOne) }
    guard isPublished || mail?.mtaSTS != nil, domain.scope.contactsServices, let walk = domain.walk else { return judged }
    return judged + pages(name, domain, walk, &knowledge)
  }

  private static func pages(_ name: DomainName, _ domain: DomainView, _ walk: Walk, _ knowledge: inout Knowledge) -> [Judged] {
    guard let host = domain.below("mta-sts"), let exchangers = exchangers(domain, &knowledge) else { return [] }
    func expectation(_ server: Server?) -> Expectation {
      Expectation(
        specification.id, name, .txt, at: Place(.endpoint, server, zone: host), .proper,
        declaredAt: domain.domain.mail?.declaredAt)
    }
    switch walk.addresses(behind: host, &knowledge) {
    case .pending: return []
    case .failed(let why): return [domain.judged(expectation(nil), .couldNotTell(.noAddress(of: host, why)), .medium, nil)]
    case .found(let addresses):
      guard !addresses.isEmpty else {
        return [
          domain.judged(expectation(nil), .mismatch(.unsafe("\(host) has no address, so nobody gets the policy")), .medium, nil)
        ]
      }
      return addresses.prefix(Walk.mostServers).compactMap { address in
        let place = SocketAddress(address: address, port: domain.network.ports.https)
        guard let answer = knowledge.ask(page(host, at: place)) else { return nil }
        let verdict = verdict(answer, exchangers, domain.domain.mail?.mtaSTS)
        return domain.judged(expectation(Server(address: place)), verdict, .medium, nil)
      }
    }
  }

  /// Declared ones; where none is declared, those that the servers give. Nil while they are not known.
  private static func exchangers(_ domain: DomainView, _ knowledge: inout Knowledge) -> [DomainName]? {
    let apex = domain.domain.name
    var records = domain.domain.records.first { $0.name == apex && $0.type == .mx }?.namedValues ?? []
    if records.isEmpty {
      guard let published = domain.published(apex, .mx, &knowledge) else { return nil }
      records = published.versions.flatMap(\.records)
    }
    return Set(records.compactMap { MX($0)?.exchange }).subtracting([.root]).sorted()
  }

  private static func verdict(_ answer: Answer, _ exchangers: [DomainName], _ wanted: MailPosture.MTASTS?) -> Verdict {
    guard case .page(let reply) = answer else {
      if case .failed(let why) = answer { return .couldNotTell(.inquiry(why)) }
      return .couldNotTell(.inquiry("no page came of it"))
    }
    func broken(_ words: String) -> Verdict { .mismatch(.unsafe(words)) }
    if let distrust = reply.distrust { return broken("its certificate is not trusted: \(distrust)") }
    // §3.3: senders do not follow redirects.
    guard reply.status == 200 else { return broken("the policy's page answers \(reply.status)") }
    let mediaType = reply.mediaType?.split(separator: ";").first.map { $0.filter { $0 != " " }.lowercased() }
    guard mediaType == "text/plain" else {
      return broken("the policy is \(Array((mediaType ?? "of no media type").utf8).excerpt), not text/plain")
    }
    let policy: MTASTSPolicy
    do { policy = try MTASTSPolicy(reply.body) } catch { return broken(error.words) }
    if let wanted, policy.mode.strength < wanted.strength {
      return broken("mode \(policy.mode.rawValue), declared \(wanted.rawValue)")
    }
    if policy.mode != .none, let left = exchangers.first(where: { !policy.covers($0) }) {
      return broken("no pattern of the policy covers \(left)")
    }
    return .match
  }
}

extension MTASTSPolicy.Mode {
  fileprivate var strength: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

extension MailPosture.MTASTS {
  fileprivate var strength: Int { self == .enforce ? MTASTSPolicy.Mode.enforce.strength : MTASTSPolicy.Mode.testing.strength }
}
