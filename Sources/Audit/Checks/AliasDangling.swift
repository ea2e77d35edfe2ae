import DNSWire
import Estate
import Names

/// A declared record points to a name that does not exist.
public enum AliasDangling: Check {
  public static let specification = CheckSpecification(
    "alias-dangling", "A record points to a name that does not exist",
    sources: ["RFC 1034 §3.6.2", "RFC 8020", "RFC 9499 §7"],
    severity: "high",
    about: """
      The target of each declared CNAME, DNAME, MX, SRV, SVCB and HTTPS record, and each name server outside the domain, is \
      looked up from the roots down. Where its zone says with authority that no such name exists, whoever can have that name \
      created (a cloud provider's customer, the buyer of a lapsed domain) receives the traffic, and a certificate for the alias \
      with it; the name of a name server brings a share of the whole domain. A target that exists without an address is not \
      told of.
      """,
    advice: "Remove the record, or have the target created again by whom you meant it to belong to.",
    fires: [
      Example(
        "an alias to a service that was given up",
        [.declare("shop.example.gov. CNAME gone.cdn.example."), .set(.everywhere, "shop.example.gov. CNAME gone.cdn.example.")],
        how: .dangling),
      Example(
        "a delegation to a name server that is gone",
        [.declare("shop.example.gov. NS ns.gone.example."), .set(.everywhere, "shop.example.gov. NS ns.gone.example.")],
        how: .dangling),
    ],
    silent: [
      Example(
        "an alias to a name that exists",
        [.declare("shop.example.gov. CNAME www.example.gov."), .set(.everywhere, "shop.example.gov. CNAME www.example.gov.")])
    ])

  public static func judge(_ domain: DomainView, _ knowledge: inout Knowledge) -> [Judged] {
    guard let walk = domain.walk else { return [] }
    var judged: [Judged] = []
    for (source, question, target) in sources(domain) where !target.isWildcard {
      let place = Place(.endpoint, nil, zone: target)
      let expectation = Expectation(specification.id, source.name, source.type, at: place, .exists, declaredAt: source.declaredAt)
      switch walk.exists(target, &knowledge) {
      case .pending: break
      case .failed(let why):
        let verdict = Verdict.couldNotTell(.noAddress(of: target, why))
        // Servers that do not hold the zone they are named for: whoever has it created there owns the target. Of the domain's own
        // servers server-lame tells, and of its name servers elsewhere name-server-unreachable.
        let isToldElsewhere = target.isAtOrBelow(domain.domain.name) || (source.type == .ns && source.name == domain.domain.name)
        let isAbandoned = if case .useless = why { !isToldElsewhere } else { false }
        judged.append(isAbandoned ? domain.judged(expectation, verdict, .medium, nil) : Judged(expectation, verdict))
      case .found(true): judged.append(Judged(expectation, .match))
      case .found(false):
        guard isServed(target, question, domain, &knowledge) else {
          judged.append(Judged(expectation, .match))
          continue
        }
        let verdict = Verdict.mismatch(.dangling(target: target))
        var finding = domain.finding(expectation, verdict, .high, nil)
        finding.observed = ["\(target) does not exist"]
        judged.append(Judged(expectation, verdict, finding))
      }
    }
    return judged
  }

  /// While a change is under way, a target that nothing points to, yet or any more, need not exist.
  static func isServed(
    _ target: DomainName, _ question: RecordQuestion?, _ domain: DomainView, _ knowledge: inout Knowledge
  ) -> Bool {
    if question?.type ?? .ns == .ns, domain.movingHosts.contains(target) { return domain.isDelegated(to: target) }
    guard let question, question.declared.change?.phase(at: domain.now) == .inside else { return true }
    var isServed = false
    for server in domain.servers {
      guard let query = domain.query(question, server), let observation = knowledge.ask(query, of: server.place) else { continue }
      let records = (observation.message?.answers ?? []) + (observation.message?.authorities ?? [])
      if records.contains(where: { $0.name == question.name && Self.target($0.rdata) == target }) { isServed = true }
    }
    return isServed
  }

  /// What points where: declared records, and name servers that only the delegation is declared to name.
  static func sources(_ domain: DomainView) -> [(source: DeclaredRRset, question: RecordQuestion?, target: DomainName)] {
    var sources: [(source: DeclaredRRset, question: RecordQuestion?, target: DomainName)] = []
    var servers = Set(domain.isApexInScope ? domain.domain.nameServers.map(\.name) : [])
    for question in domain.questions where question.stands != .glue && domain.isInScope(question.name) {
      for target in Set(question.intended.compactMap(Self.target)).sorted() {
        // Of hosts in the zone itself record-differs tells.
        if question.type == .ns, target.isAtOrBelow(domain.domain.name) { continue }
        sources.append((question.declared, question, target))
        if question.type == .ns, question.name == domain.domain.name { servers.remove(target) }
      }
    }
    for server in domain.domain.nameServers where servers.contains(server.name) && !server.name.isAtOrBelow(domain.domain.name) {
      let declared = DeclaredRRset(
        domain.domain.name, .ns, .exactly([NS(nameServer: server.name).rdata]), declaredAt: server.declaredAt)
      sources.append((declared, nil, server.name))
    }
    return sources
  }

  /// The name that a record sends its user to; nil for none or the owner itself (RFC 7505, RFC 2782, RFC 9460) and
  /// for other types.
  static func target(_ data: RData) -> DomainName? {
    let target: DomainName? =
      switch data.type {
      case .cname: CNAME(data)?.target
      case .dname: DNAME(data)?.target
      case .svcb, .https: SVCB(data)?.target
      case .ns: NS(data)?.nameServer
      case .mx: MX(data)?.exchange
      case .srv: SRV(data)?.target
      default: nil
      }
    return target == .root ? nil : target
  }
}
