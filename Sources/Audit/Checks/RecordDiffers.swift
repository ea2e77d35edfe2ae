import DNSWire
import Estate
import Names

/// A server of the zone serves other records than declared.
public enum RecordDiffers: Check {
  public static let specification = CheckSpecification(
    "record-differs", "A name server serves other records than declared",
    sources: ["RFC 2181 §5", "AA19-024A, technique 2", "Emergency Directive 19-01, action 1"],
    severity: "critical for NS, DS and MX; high for addresses of key services, CAA and TLSA; medium for the rest",
    about: """
      Every address of every name server, declared or delegated, is asked for every declared RRset, and the whole set is \
      compared: order says nothing, a missing or an additional value is a departure. Where the whole zone is declared, hosts \
      must not have gained an address or mail exchanger either. The hijackers changed A and MX records through the accounts \
      of DNS administrators, for hours at a time.
      """,
    advice: """
      If nobody of yours made this change, the account that can change the zone is in other hands: restore the record, change \
      that account's password, check its second factor, look for certificates issued since. If it was yours, declare it.
      """,
    fires: [
      Example("a foreign mail exchanger", [.set(.primary, "example.gov. MX 10 mx.evil.example.")], how: .replaced),
      Example(
        "one foreign address beside the declared one",
        [.set(.secondary, "www.example.gov. A 192.0.2.80\nwww.example.gov. A 203.0.113.66")], how: .added),
      Example("the CAA record is gone", [.remove(.everywhere, "example.gov.", .caa)], how: .removed),
      Example("an IPv6 address where none is declared", [.set(.primary, "mail.example.gov. AAAA 2001:db8:bad::66")], how: .added),
      Example(
        "an alias in the place of an address",
        [.remove(.primary, "www.example.gov.", .a), .set(.primary, "www.example.gov. CNAME www.evil.example.")], how: .replaced),
      Example(
        "the name was delegated away",
        [.remove(.primary, "www.example.gov.", .a), .set(.primary, "www.example.gov. NS ns.evil.example.")], how: .replaced),
    ],
    silent: [
      Example(
        "the same values in another order",
        [
          .set(.primary, "example.gov. TXT \"second\"\nexample.gov. TXT \"v=spf1 mx -all\""),
          .declare("example.gov. TXT \"second\""),
          .set(.secondary, "example.gov. TXT \"v=spf1 mx -all\"\nexample.gov. TXT \"second\""),
        ]),
      Example("a name that is not declared", [.set(.everywhere, "unknown.example.gov. A 192.0.2.99")]),
      Example("a secondary says nothing, which is no departure", [.silent(.secondary)]),
    ])

  public static func judge(_ domain: DomainView, _ knowledge: inout Knowledge) -> [Judged] {
    var judged: [Judged] = []
    var inquired: [Knowledge.Subject: Int] = [:]
    for server in domain.servers {
      guard let authority = domain.authority(of: server, &knowledge) else { continue }
      var redirected = domain.redirected
      var repeated: [(index: Int, to: Set<RData>)] = []
      for question in domain.questions where domain.isInScope(question.name) {
        guard var one = judge(question, server, authority, domain, &knowledge) else { continue }
        if case .mismatch(let departure) = one.verdict {
          let target = departure.redirection(of: question.type)
          if question.isImplied, !target.isEmpty { repeated.append((judged.count, target)) }
          if !question.isImplied { redirected[question.name, default: []].formUnion(target) }
        }
        // What could not be found out beside DNS is the same whichever server gave the address: told at the least of them.
        if case .couldNotTell(.inquiry) = one.verdict, let here = one.finding?.place.server {
          let subject = Knowledge.Subject(question.name, question.type)
          if let other = inquired[subject], let there = judged[other].finding?.place.server, there < here {
            one.finding = nil
          } else {
            if let other = inquired[subject] { judged[other].finding = nil }
            inquired[subject] = judged.count
          }
        }
        judged.append(one)
      }
      // Where the finding of a declared RRset tells of it already. A server may redirect one type only, and each elsewhere.
      for (index, target) in repeated {
        guard let name = judged[index].expectation?.name, target.isSubset(of: redirected[name] ?? []) else { continue }
        judged[index].finding = nil
      }
    }
    return judged
  }

  private static func judge(
    _ question: RecordQuestion, _ server: AuthoritativeServer, _ authority: Authority, _ domain: DomainView,
    _ knowledge: inout Knowledge
  ) -> Judged? {
    let expectation = question.expectation(of: specification.id, at: server.place)
    if let obstacle = authority.obstacle { return Judged(expectation, .couldNotTell(obstacle)) }
    guard var query = domain.query(question, server), let observation = knowledge.ask(query, of: server.place) else { return nil }
    let first = question.outcome(of: observation, at: domain.now) { $0.verdict(observation, in: domain, &knowledge) }
    guard var outcome = first else { return nil }
    let further = domain.furtherQueries(question, query.server, isResolver: false)
    if let worse = question.contradiction(of: outcome, further, server.place, domain, &knowledge) { (outcome, query) = worse }
    let verdict = outcome.verdict
    switch verdict {
    case .match: return Judged(expectation, .match)
    case .couldNotTell(let obstacle):
      return domain.judged(expectation, verdict, Importance.severity(of: obstacle, question.name, in: domain), query)
    case .mismatch(let departure):
      let severity: Severity = departure.how == .ttl ? .low : Importance.severity(of: question.name, question.type, in: domain)
      // That a name exists which must not is told with the other names that the wildcard makes.
      if question.forbidsWildcard { return Judged(expectation, verdict) }
      var judged = domain.judged(expectation, verdict, severity, query)
      if departure.how == .ttl { judged.finding?.check = TTLAboveDeclared.specification.id }
      judged.finding = outcome.told(judged.finding, question.change(behind: outcome), domain)
      judged.finding?.proof = domain.proof(of: question.name, question.type, knowledge)
      return judged
    }
  }
}
