import DNSWire
import Estate
import Names

/// An alias leads elsewhere than the owner lets it lead.
public enum AliasChainDiffers: Check {
  public static let specification = CheckSpecification(
    "alias-chain-differs", "An alias leads elsewhere than declared",
    sources: ["RFC 1034 §3.6.2", "RFC 6672 §3", "RFC 9156 §2.3", "AA19-024A, technique 1"],
    severity: "high for addresses of key services, medium for the rest; low where a new address proves the name by TLS",
    about: """
      Where `endsIn` is declared, the aliases are followed from the roots down, each link asked of the servers of its own zone, \
      and every link must stay below one of the declared names or of your own domains; so a link that was changed in a zone \
      on the way is found where it is. What stands at the end must exist and be among the declared values, where any are \
      declared; at the end of a chain that leads back to one of your own names it must be declared there. With `tlsProof` an \
      address that is not declared and proves by a TLS certificate to serve the name is only called unconfirmed. That is weak: \
      the actors of AA19-024A obtained valid certificates for the names they had taken over.
      """,
    advice: """
      Ask whoever runs the zone where the link stands, your provider in most cases, whether the change is theirs; then declare \
      the new end. If nobody knows of it, take the alias out until you know, and look for certificates issued since.
      """,
    fires: [
      Example(
        "a link in the provider's zone was changed",
        endingIn + [.elsewhere("cdn.example.", "edge.cdn.example. CNAME www.evil.example."), evil], how: .replaced),
      Example(
        "the end of the chain is gone", endingIn + [.elsewhere("cdn.example.", "other.cdn.example. A 203.0.113.80")],
        how: .dangling),
      Example(
        "the chain leads in a circle", endingIn + [.elsewhere("cdn.example.", "edge.cdn.example. CNAME shop.example.gov.")],
        how: .replaced),
    ],
    silent: [
      Example(
        "the chain ends where it may",
        endingIn + [.elsewhere("cdn.example.", "edge.cdn.example. CNAME b.cdn.example.\nb.cdn.example. A 203.0.113.80")]),
      Example(
        "an alias that is declared exactly, which is record-differs",
        [.declare("shop.example.gov. CNAME www.example.gov."), .set(.everywhere, "shop.example.gov. CNAME www.example.gov.")]),
    ])

  private static let endingIn: [Example.Edit] = [
    .tolerate("shop.example.gov.", .cname, Tolerance(endsIn: [(try? DomainName("cdn.example.")) ?? .root])),
    .set(.everywhere, "shop.example.gov. CNAME edge.cdn.example."),
  ]
  private static let evil = Example.Edit.elsewhere("evil.example.", "www.evil.example. A 203.0.113.66")

  public static func judge(_ domain: DomainView, _ knowledge: inout Knowledge) -> [Judged] {
    guard let walk = domain.walk else { return [] }
    return domain.questions.compactMap { question in
      guard question.isEndDeclared, question.stands == .answer, domain.isInScope(question.name) else { return nil }
      return judge(question, walk, domain, &knowledge)
    }
  }

  private static func judge(_ question: RecordQuestion, _ walk: Walk, _ domain: DomainView, _ knowledge: inout Knowledge)
    -> Judged?
  {
    let start = question.name.isWildcard ? question.name.madeUp : question.name
    let place = Place(.endpoint, nil, zone: question.name)
    let expectation = question.expectation(of: specification.id, at: place)
    var results: [(verdict: Verdict, way: Way)] = []
    // A host has addresses of both families at the end of one alias.
    for type in question.type == .cname ? [RRType.a, .aaaa] : [question.type] {
      let errand = walk.begin(start, &knowledge)
      guard let way = follow(start, type, walk, errand, &knowledge) else { return nil }
      results.append((verdict(of: way, question, domain, &knowledge), way))
    }
    guard let worst = results.min(by: { $0.verdict.rank < $1.verdict.rank }) else { return nil }
    return told(expectation, worst.verdict, worst.way, question, domain, &knowledge)
  }

  // MARK: Following

  /// A chain as the zones on the way gave it, link by link.
  fileprivate struct Way {
    var chain: AliasChain
    /// Who said what of each name on the way.
    var sources: [DomainName: Walk.Told] = [:]
    /// The last name, which has no alias.
    var end: DomainName
    var doesEndExist = true
    /// Why it could not be followed to its end.
    var obstacle: Obstacle?
  }

  /// Nil while something on the way is not known.
  private static func follow(
    _ start: DomainName, _ type: RRType, _ walk: Walk, _ errand: Walk.Errand, _ knowledge: inout Knowledge
  ) -> Way? {
    var way = Way(chain: AliasChain([], at: start), end: start)
    while true {
      switch walk.ask(way.end, type, on: errand, &knowledge) {
      case .pending: return nil
      case .failed(let why):
        way.obstacle = .noAddress(of: way.end, why)
        return way
      case .found(let told): way.sources[way.end] = told
      }
      guard let told = way.sources[way.end] else { return way }
      switch Reading(told.observation, way.end, type) {
      case .data(let records, _):
        way.chain.values += records.map { AliasChain.Value(owner: way.end, data: $0) }
        return way
      case .noSuchName:
        way.doesEndExist = false
        return way
      case .alias:
        let answer = told.observation.message.map { AliasChain($0, from: way.end, type) }
        // Each name's own zone is asked of it; further links in this answer are another zone's to give.
        let here = answer?.links.filter { $0.owner == way.end } ?? []
        way.chain.links += here
        way.chain.values += answer?.values.filter { $0.owner == way.end } ?? []
        guard let next = here.first?.target else {
          way.obstacle = .lame
          return way
        }
        way.chain.isEndless =
          way.chain.links.count >= AliasChain.mostLinks || here.contains { way.sources[$0.target] != nil }
        if way.chain.isEndless { return way }
        way.end = next
      case .silent(let silence): way.obstacle = .silent(silence)
      case .responseCode(let code): way.obstacle = .responseCode(code)
      case .truncated: way.obstacle = .truncated
      case .referral, .notAuthoritative: way.obstacle = .lame
      }
      if way.obstacle != nil { return way }
    }
  }

  // MARK: Judging

  /// While a change is under way, either of what was and what will be is intended.
  private static func verdict(of way: Way, _ question: RecordQuestion, _ domain: DomainView, _ knowledge: inout Knowledge)
    -> Verdict
  {
    var intentions = [question.declared.intended]
    let seen = way.sources[way.chain.name]?.observation.at ?? domain.now
    if let change = question.declared.change, change.isOpen(at: domain.now, seen: seen) { intentions = [change.was, change.to] }
    var best: Verdict?
    for intended in intentions {
      var one = question
      one.declared.intended = intended
      let verdict =
        one.tolerance.map { Self.verdict(of: way, by: one.acceptance($0, way, domain), &knowledge) } ?? way.verdict(intended)
      if best.map({ $0.rank < verdict.rank }) ?? true { best = verdict }
    }
    return best ?? .match
  }

  private static func verdict(of way: Way, by acceptance: Acceptance, _ knowledge: inout Knowledge) -> Verdict {
    let isWhole = way.obstacle == nil
    let verdict = acceptance.verdict(way.chain, isWhole: isWhole, &knowledge)
    // What was seen of a way that could not be followed to its end counts where it is wrong.
    switch verdict {
    case .mismatch(.replaced), .mismatch(.added): return verdict
    default: if let obstacle = way.obstacle { return .couldNotTell(obstacle) }
    }
    guard way.doesEndExist || way.chain.links.isEmpty else { return .mismatch(.dangling(target: way.end)) }
    return verdict
  }

  private static func told(
    _ expectation: Expectation, _ verdict: Verdict, _ way: Way, _ question: RecordQuestion, _ domain: DomainView,
    _ knowledge: inout Knowledge
  ) -> Judged {
    switch verdict {
    case .match: return Judged(expectation, .match)
    case .couldNotTell(let obstacle):
      // Of the domain's own servers other checks tell, and of an origin that is not known record-differs does.
      if case .inquiry = obstacle { return Judged(expectation, verdict) }
      if way.end.isAtOrBelow(domain.domain.name) { return Judged(expectation, verdict) }
      let query = way.sources[way.end]?.observation.query
      return domain.judged(
        expectation, verdict, Importance.severity(of: obstacle, question.name, in: domain), query)
    case .mismatch:
      let foreign = question.tolerance.flatMap { question.acceptance($0, way, domain).firstForeign(in: way.chain) }
      // What the servers of the domain say of the name itself is told where they are judged.
      if domain.departs(question, in: way.wrong(from: foreign), &knowledge) { return Judged(expectation, verdict) }
      let source = foreign ?? way.end
      let told = way.sources[source]
      var finding = domain.finding(
        expectation, verdict, Importance.severity(of: question.name, question.type, in: domain), told?.observation.query)
      // Where the link stands that leads away, or the value.
      finding.place.server = told?.observation.query.server
      finding.place.nameServer = told?.nameServer
      finding.observed = way.chain.links.map { "\($0.owner) \($0.data.type) \($0.data.text)" } + Self.values(way, verdict)
      return Judged(expectation, verdict, finding)
    }
  }

  private static func values(_ way: Way, _ verdict: Verdict) -> [String] {
    if way.chain.isEndless { return ["the chain does not end"] }
    guard way.doesEndExist else { return ["\(way.end) does not exist"] }
    return way.chain.values.map(\.data).inCanonicalOrder.map { "\(way.end) \($0.type) \($0.text)" }
  }
}

extension Verdict {
  /// What is wrong comes before what is not known.
  fileprivate var rank: Int {
    switch self {
    case .mismatch: 0
    case .couldNotTell: 1
    case .match: 2
    }
  }
}

extension RecordQuestion {
  /// Whether something is declared of where aliases of the name lead.
  fileprivate var isEndDeclared: Bool {
    switch declared.intended {
    case .tolerant(let tolerance): !tolerance.endsIn.isEmpty
    case .exactly: tolerance != nil
    case .absent: false
    }
  }

  fileprivate func acceptance(_ tolerance: Tolerance, _ way: AliasChainDiffers.Way, _ domain: DomainView) -> Acceptance {
    Acceptance(tolerance: tolerance, name: way.chain.name, type: type, domain: domain)
  }
}

extension AliasChainDiffers.Way {
  /// The records that make it wrong: the alias that leads away, else what stands at the end, else the alias to nothing.
  fileprivate func wrong(from foreign: DomainName?) -> Set<RData> {
    if let foreign { return Set(chain.links.filter { $0.owner == foreign }.map(\.data)) }
    return Set(chain.values.isEmpty ? chain.links.suffix(1).map(\.data) : chain.values.map(\.data))
  }

  /// By what must stand at the name itself, wherever that leads.
  fileprivate func verdict(_ intended: DeclaredRRset.Intended) -> Verdict {
    let values = intended.namedValues
    let seen =
      chain.links.filter { $0.owner == chain.name }.map(\.data) + chain.values.filter { $0.owner == chain.name }.map(\.data)
    if seen.isEmpty, let obstacle { return .couldNotTell(obstacle) }
    return Departure(intended: values, observed: seen).map(Verdict.mismatch) ?? .match
  }
}

extension DomainView {
  /// Whether one of the domain's servers was seen to depart from what is declared, and by these records.
  fileprivate func departs(_ question: RecordQuestion, in wrong: Set<RData>, _ knowledge: inout Knowledge) -> Bool {
    for server in servers {
      guard case .serves? = authority(of: server, &knowledge), let query = query(question, server),
        let observation = knowledge.ask(query, of: server.place)
      else { continue }
      let first = question.outcome(of: observation, at: now) { $0.verdict(observation, in: self, &knowledge) }
      let further = furtherQueries(question, query.server, isResolver: false)
      let outcome = first.map { question.contradiction(of: $0, further, server.place, self, &knowledge)?.0 ?? $0 }
      switch outcome?.verdict {
      case .mismatch(.ttl)?: continue
      case .mismatch(.removed)? where wrong.isEmpty: return true
      case .mismatch(.replaced(let seen))? where wrong.isSubset(of: seen): return true
      case .mismatch(.added(let strange, let beside))? where wrong.isSubset(of: strange + beside): return true
      default: continue
      }
    }
    return false
  }
}
