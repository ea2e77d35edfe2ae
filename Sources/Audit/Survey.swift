import DNSWire
public import Estate
public import Names

/// What one audit looks at, of all that is declared.
public struct AuditScope: Sendable {
  /// Names and domains, each with what is declared below it; empty: everything declared.
  public var names: [DomainName] = []
  /// Only these addresses of authoritative servers; empty: all.
  public var servers: [IPAddress] = []
  /// In the place of the declared resolvers.
  public var resolvers: Resolvers?
  /// Whether delegations are walked from the roots. Without, only the declared servers are asked.
  public var walks = true
  public var signatureMargin: Duration = .seconds(3 * 86_400)
  /// Whether the services themselves are connected to: TLS for TLSA records, the MTA-STS page. Otherwise only DNS is asked.
  public var contactsServices = false
  /// Whether the pages behind aliases are fetched and compared with fingerprints of unclaimed services.
  public var fetchesPages = false
  /// Whether zones are enumerated, by transfer and NSEC, for names that nobody declared.
  public var enumerates = false
  /// Names from elsewhere, to be compared with what is declared.
  public var seenNames: [SeenName] = []
  /// What servers gave in earlier passes.
  public var steadyTTLs: [SteadyTTL] = []

  public init() {}
}

/// One pass over the declaration, as a value: it says what it wants to know and, once it knows, what it makes of it.
///
/// The caller repeats: take ``wanted``, ``wantedInquiries`` and ``wantedValidations``, find out, hand over with ``learn(_:)`` —
/// until all are empty.
public struct Survey: Investigation {
  /// More rounds than any honest hierarchy needs: each label and each name server's own zone costs a few.
  static let mostRounds = 200

  private let declaration: Declaration
  private let scope: AuditScope
  private let now: Timestamp
  private let checks: [any Check.Type]
  private(set) var knowledge = Knowledge()
  private var pending: [DomainTask]
  private var rounds = 0
  private var judged: [Judged] = []
  private var isSettled = false
  /// Those of which everything is judged.
  private let wholeDomains: Set<DomainName>
  /// Those in scope, by name.
  let domains: [DomainName: Domain]

  public init(_ declaration: Declaration, scope: AuditScope = AuditScope(), now: Timestamp) {
    let declaration = declaration.at(now)
    (self.declaration, self.scope, self.now, checks) = (declaration, scope, now, everyCheck)
    pending = declaration.domains.compactMap { DomainTask($0, names: scope.names) }
    wholeDomains = Set(pending.filter(\.names.isEmpty).map(\.domain.name))
    domains = Dictionary(pending.map { ($0.domain.name, $0.domain) }) { first, _ in first }
  }

  /// Judges one domain by some checks and by these questions only.
  init(_ task: DomainTask, by checks: [any Check.Type], scope: AuditScope, now: Timestamp, knowing knowledge: Knowledge) {
    declaration = Declaration(domains: [task.domain])
    (self.scope, self.now, self.checks, self.knowledge) = (scope, now, checks, knowledge)
    (pending, wholeDomains, domains) = ([task], [], [task.domain.name: task.domain])
  }

  public var wanted: [Query] { knowledge.wanted }
  public var wantedValidations: [Knowledge.Subject] { knowledge.wantedValidations }
  public var wantedInquiries: [Inquiry] { knowledge.wantedInquiries }
  public var isComplete: Bool { pending.isEmpty }
  /// Zones found on the way and their servers: what a validator needs where the hierarchy is not the public one.
  public var zones: [DomainName: [SocketAddress]] { knowledge.zones }
  /// What every place said: the parents' servers, the domains' servers, the resolvers.
  public var observations: [(place: Place, observation: Observation)] {
    knowledge.places.compactMap { one in knowledge.observations[one.query].map { (one.place, $0) } }
  }

  /// What was observed of one query.
  public func observation(of query: Query) -> Observation? { knowledge.observations[query] }

  /// Judges every domain whose facts are all there, and notes what the others still want.
  public mutating func advance() {
    knowledge.beginRound()
    rounds += 1
    // Judged with what is known then: a hostile delegation without end must not hide what has been seen.
    if rounds == Self.mostRounds { knowledge.end(at: now) }
    var unfinished: [DomainTask] = []
    for task in pending {
      let domain = task.domain
      let missesBefore = knowledge.misses
      let view = DomainView(task, in: declaration, now: now, scope: scope, walk: walk, &knowledge)
      let result = checks.flatMap { $0.judge(view, &knowledge) }
      // A validator is to find what the world finds, not what is declared.
      knowledge.note(view.servers.filter(\.isDelegated).compactMap { $0.server?.address }, of: domain.name)
      if knowledge.misses == missesBefore {
        judged += result.map { $0.about(domain.name) }
      } else {
        unfinished.append(task)
      }
    }
    pending = unfinished
    guard pending.isEmpty else { return }
    knowledge.beginRound()
    settle()
  }

  /// Everything is judged: what is excepted is moved apart, and exceptions without use are told of.
  private mutating func settle() {
    guard !isSettled else { return }
    isSettled = true
    var excepting = Excepting(declaration.exceptions, now: now)
    excepting.apply(to: &judged)
    judged += ExceptionUnused.judged(
      declaration, used: excepting.used, whole: wholeDomains, scope: scope, open: open, now: now)
  }

  public mutating func learn(_ observations: [Observation]) {
    for observation in observations { knowledge.learn(observation) }
  }

  public mutating func learn(_ validation: Validation, of subject: Knowledge.Subject) {
    knowledge.learn(validation, of: subject)
  }

  public mutating func learn(_ answer: Answer, to inquiry: Inquiry) { knowledge.learn(answer, to: inquiry) }

  /// What became of every expectation of the domains that are done.
  public var verdicts: [Judged] { judged }

  public var totals: Totals {
    var totals = Totals()
    for one in judged { totals.count(one) }
    return totals
  }

  /// Worst first. What two domains or two checks find of one server is told once.
  public var findings: [Finding] {
    var told: Set<Finding> = []
    return judged.filter { $0.exception == nil }.compactMap(\.finding).filter { told.insert($0.withoutOccasion).inserted }.sorted(
      by: Finding.isWorse)
  }

  private var walk: Walk? {
    scope.walks ? Walk(declaration.network) : nil
  }
}

extension Finding {
  /// What is told, whatever question it was found by.
  var withoutOccasion: Finding {
    var finding = self
    (finding.query, finding.declaredAt, finding.domain) = (nil, nil, nil)
    return finding
  }

  /// Mismatches before what could not be told; worse first; then the directive's order of work; then as a change travels.
  public static func isWorse(_ left: Finding, _ right: Finding) -> Bool {
    func key(_ finding: Finding) -> (Int, Severity, Int) {
      let isMismatch = if case .mismatch = finding.verdict { 0 } else { 1 }
      return (isMismatch, finding.severity, Importance.rank(finding.type))
    }
    let (one, two) = (key(left), key(right))
    if one.0 != two.0 { return one.0 < two.0 }
    if one.1 != two.1 { return one.1 > two.1 }
    if one.2 != two.2 { return one.2 < two.2 }
    if left.name != right.name { return left.name < right.name }
    if left.place.kind != right.place.kind { return left.place.kind < right.place.kind }
    if left.check != right.check { return left.check < right.check }
    let (here, there) = (left.place.server?.description ?? "", right.place.server?.description ?? "")
    return here == there ? left.observed.lexicographicallyPrecedes(right.observed) : here < there
  }
}

extension Survey {
  /// Why none of the root servers said anything, if none did; nil where one answered or none was asked.
  public var rootSilence: Silence? {
    guard let walk else { return nil }
    let roots = Set(walk.roots.map { walk.server($0.address) })
    var last: Silence?
    var heard: Server?
    for (query, observation) in knowledge.observations where roots.contains(query.server) {
      guard case .silent(let silence) = observation.outcome else { return nil }
      if heard.map({ $0 < query.server }) ?? true { (heard, last) = (query.server, silence) }
    }
    return last
  }
}
