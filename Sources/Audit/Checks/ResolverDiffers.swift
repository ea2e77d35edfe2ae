import DNSWire
import Estate
import Names

/// Resolvers give the public other records than declared.
public enum ResolverDiffers: Check {
  public static let specification = CheckSpecification(
    "resolver-differs", "Resolvers give other records than declared",
    sources: ["RFC 8499 §6", "AA19-024A, technique 2"],
    severity: "as record-differs, one step lower: a cache may be late",
    about: """
      Every declared RRset is asked of the configured resolvers, and k of n must give the declared values. Resolvers show what \
      the public sees: a value that was changed and changed back lives on in their caches, and a resolver may be tampered \
      with where no name server is. A resolver that fails or is silent is neither for nor against.
      """,
    advice: """
      If the name servers are right, the resolver holds an old value until its TTL runs out (public resolvers can be asked to \
      forget it) or it was tampered with. If the name servers differ too, see record-differs first.
      """,
    fires: [Example("the resolver was poisoned", [.set(.resolver, "www.example.gov. A 203.0.113.66")], how: .replaced)],
    silent: [Example("the resolver says nothing", [.silent(.resolver)])])

  public static func judge(_ domain: DomainView, _ knowledge: inout Knowledge) -> [Judged] {
    guard !domain.resolvers.servers.isEmpty else { return [] }
    var judged: [Judged] = []
    var redirected: [Redirection: Set<RData>] = [:]
    for question in domain.questions where question.stands == .answer && domain.isInScope(question.name) {
      judged += judge(question, domain, &knowledge, &redirected)
    }
    return judged + silentResolvers(domain, knowledge)
  }

  /// A name that a resolver was seen to send elsewhere; told once.
  private struct Redirection: Hashable {
    var name: DomainName
    var resolver: Server
  }

  private static func judge(
    _ question: RecordQuestion, _ domain: DomainView, _ knowledge: inout Knowledge, _ redirected: inout [Redirection: Set<RData>]
  ) -> [Judged] {
    let resolvers = domain.resolvers
    let needed = max(1, resolvers.agree)
    var matches = 0
    var different: [(server: Server, departure: Departure, outcome: Outcome, query: Query)] = []
    var doubts: [(obstacle: Obstacle, query: Query)] = []
    var isPending = false
    for server in resolvers.servers {
      var query = domain.query(question, resolver: server)
      let there = Place(.resolver, server, zone: domain.domain.name)
      guard let observation = knowledge.ask(query, of: there) else {
        isPending = true
        continue
      }
      let first = question.outcome(of: observation, at: domain.now, fromResolver: true) {
        $0.verdict(observation, fromResolver: true, in: domain, &knowledge)
      }
      guard var outcome = first else {
        isPending = true
        continue
      }
      let further = domain.furtherQueries(question, server, isResolver: true)
      if let worse = question.contradiction(of: outcome, further, there, domain, &knowledge) { (outcome, query) = worse }
      switch outcome.verdict {
      case .match, .mismatch(.ttl): matches += 1
      case .mismatch(let departure): different.append((server, departure, outcome, query))
      case .couldNotTell(let obstacle): if obstacle.isBesideDNS { doubts.append((obstacle, query)) }
      }
    }
    if isPending { return [] }
    let place = Place(.resolver, resolvers.servers.count == 1 ? resolvers.servers.first : nil, zone: domain.domain.name)
    let expectation = question.expectation(of: specification.id, at: place)
    let unanswered = resolvers.servers.count - matches - different.count
    if matches >= needed { return [Judged(expectation, .match)] }
    // Undecided for want of what is found out beside DNS, and not of an answer.
    if let doubt = doubts.first, matches + unanswered >= needed, unanswered == doubts.count {
      return [doubted(expectation, doubt.obstacle, doubt.query, question, domain)]
    }
    guard let worst = different.min(by: { $0.server < $1.server }), matches + unanswered < needed else {
      let obstacle = Obstacle.noQuorum(answered: matches + different.count, needed: needed, of: resolvers.servers.count)
      return [Judged(expectation, .couldNotTell(obstacle))]
    }
    let severity = Importance.severity(of: question.name, question.type, in: domain).oneStepLower
    var judged = [Judged(expectation, .mismatch(worst.departure))]
    for one in different {
      let target = one.departure.redirection(of: question.type)
      if !target.isEmpty {
        let redirection = Redirection(name: question.name, resolver: one.server)
        if question.isImplied, target.isSubset(of: redirected[redirection] ?? []) { continue }
        redirected[redirection, default: []].formUnion(target)
      }
      var finding = domain.finding(expectation, .mismatch(one.departure), severity, one.query)
      finding = one.outcome.told(finding, question.change(behind: one.outcome), domain, inCache: true) ?? finding
      finding.place.server = one.server
      finding.proof = domain.proof(of: question.name, question.type, knowledge)
      judged.append(Judged(reporting: finding))
    }
    return judged
  }

  private static func doubted(
    _ expectation: Expectation, _ obstacle: Obstacle, _ query: Query, _ question: RecordQuestion, _ domain: DomainView
  ) -> Judged {
    // That the origin is not known is told where the authorities are judged.
    guard case .unconfirmed = obstacle else { return Judged(expectation, .couldNotTell(obstacle)) }
    return domain.judged(
      expectation, .couldNotTell(obstacle), Importance.severity(of: obstacle, question.name, in: domain), query)
  }

  /// One finding for each resolver that answered nothing at all.
  private static func silentResolvers(_ domain: DomainView, _ knowledge: Knowledge) -> [Judged] {
    domain.resolvers.servers.compactMap { server in
      var last: Obstacle?
      var query: Query?
      for question in domain.questions where question.stands == .answer && domain.isInScope(question.name) {
        let asked = domain.query(question, resolver: server)
        guard let observation = knowledge.observations[asked] else { continue }
        guard case .nothing(let obstacle) = question.seen(in: observation, fromResolver: true) else { return nil }
        (last, query) = (obstacle, asked)
      }
      guard let last else { return nil }
      let place = Place(.resolver, server, zone: domain.domain.name)
      return Judged(
        reporting: Finding(
          NameServerUnreachable.specification.id, .medium, .couldNotTell(last), domain.domain.name, nil, at: place,
          since: domain.now, query: query))
    }
  }
}
