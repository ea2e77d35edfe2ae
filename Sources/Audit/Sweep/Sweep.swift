import DNSWire
public import Estate
public import Names

/// One pass over a whole zone of any size at given servers, as a value.
///
/// The names of which more is judged than their records are a ``Survey`` of their own, ``head``. Of all others every server is
/// asked page by page, and a reply that is just as expected is only counted. Everything else is judged as in any audit, by
/// ``RecordDiffers``, from the observation that came: there is one judgement, and what is counted is what it would call a match.
///
/// The caller: finds out what ``head`` wants and hands it to ``begin(with:)``; asks each of ``answering`` the pages of both phases;
/// hands over what came (``met(_:)``, ``take(_:of:at:in:)``, ``leave(_:at:in:why:)``, ``end(_:)``); and at the end finds out what
/// ``last`` wants.
public struct Sweep: Sendable {
  private let plan: SweepPlan
  private let domain: Domain
  private let servers: [SocketAddress]
  private let scope: AuditScope
  private let now: Timestamp
  /// What is known of the servers, for every judgement: who answers for the zone.
  private var known = Knowledge()
  private var differing: [SocketAddress: [Difference]] = [:]
  private var redirected: [SocketAddress: [DomainName: Set<RData>]] = [:]
  private var givenUp: Set<SocketAddress> = []
  public private(set) var totals = Totals()
  public let head: Survey

  /// More than this many names that lead elsewhere are not remembered; then it may be told twice that they do.
  private static let mostRedirected = 100_000

  /// One answer that is not as declared, so small that a zone's worth of them fits.
  private struct Difference {
    var number: UInt32
    var phase: SweepPhase
    /// What stands there instead.
    var fingerprint: RRsetFingerprint
  }

  /// - Parameters:
  ///   - asksForAbsences: Whether hosts are also asked for addresses and mail exchangers that are not declared.
  ///   - key: Drawn at random: under it replies are compared with what is declared.
  public init(_ zone: DeclaredZone, at servers: [SocketAddress], asksForAbsences: Bool, key: UInt64, now: Timestamp) {
    plan = SweepPlan(zone, asksForAbsences: asksForAbsences, key: key)
    questionsPerServer = SweepPhase.allCases.reduce(0) { [plan] in $0 + plan.count(of: $1) }
    (self.servers, self.now) = (servers, now)
    var scope = AuditScope()
    scope.walks = false
    self.scope = scope
    var domain = plan.domain
    domain.secondaries = servers
    self.domain = domain
    let task = DomainTask(
      domain, questions: RecordQuestion.all(of: domain),
      keyHosts: Importance.keyHosts(of: domain).union(plan.keyHosts(among: domain.records.map(\.name))))
    head = Survey(task, by: everyCheck.filter { $0 != ServersDisagree.self }, scope: scope, now: now, knowing: Knowledge())
  }

  public static var mostJudgedFurther: Int { SweepPlan.mostOfMore }

  /// Names of which more would be judged, were there not too many: their records are compared all the same.
  public var beyond: Int { plan.beyond }

  /// How many questions each server is to answer, those of ``head`` not counted.
  public let questionsPerServer: Int

  // MARK: Asking

  /// Takes what is known of the servers, and counts what those are not asked that do not answer for the zone.
  public mutating func begin(with head: Survey) {
    totals.add(head.totals)
    known = head.knowledge
    for server in servers where !serves(server) { totals.countUntold(questionsPerServer) }
  }

  /// The servers that answer for the zone, once ``begin(with:)`` was told.
  public var answering: [Server] { servers.filter(serves).map { Server(address: $0) } }

  private func serves(_ server: SocketAddress) -> Bool {
    guard let observation = authority(of: Server(address: server)) else { return false }
    guard case .data(let records, _) = Reading(observation, domain.name, .soa) else { return false }
    return records.contains { SOA($0) != nil }
  }

  private func authority(of server: Server) -> Observation? { known.observations[Query(domain.name, .soa, at: server)] }

  /// The page of a number, counted from 0; `nil` after the last.
  public func page(_ number: Int, of phase: SweepPhase) -> QuestionPage? { plan.page(number, of: phase) }

  // MARK: What came

  /// So many replies were just as expected.
  public mutating func met(_ count: Int) { totals.countMatches(count) }

  /// Whoever runs the audit has ended it: so many questions of a phase were not asked.
  public mutating func end(_ count: Int) { totals.countUntold(count) }

  /// A server was given up: so many questions of a phase were not asked, and none of the phases after it will be.
  ///
  /// - Returns: The finding that tells of the server.
  public mutating func leave(_ count: Int, at server: Server, in phase: SweepPhase, why: Silence) -> Finding {
    givenUp.insert(server.address)
    let later = SweepPhase.allCases.filter { $0.rawValue > phase.rawValue }
    let all = count + later.reduce(0) { $0 + plan.count(of: $1) }
    totals.countUntold(all)
    var silence = why
    if case .notAsked(let words) = why { silence = .notAsked("\(words); \(all) questions to it were not asked") }
    var finding = Finding(
      NameServerUnreachable.specification.id, .medium, .couldNotTell(.silent(silence)), domain.name, nil,
      at: Place(.authoritative, server, zone: domain.name), since: now)
    finding.domain = domain.name
    return finding
  }

  /// Whether a server was given up, so that nothing more is to be asked of it.
  public func hasGivenUp(_ server: Server) -> Bool { givenUp.contains(server.address) }

  /// What is to be judged of replies that are not just as expected. The caller finds out what it wants, if anything, and hands it
  /// to ``take(_:at:in:)``.
  public func judgement(
    of others: [(number: UInt32, observation: Observation)], at server: Server, in phase: SweepPhase
  ) -> Survey {
    // In the order of the questions: what came together may have overtaken each other.
    let sorted = others.sorted { $0.number < $1.number }
    let questions = sorted.compactMap { plan.question($0.number, of: phase) }
    var knowledge = Knowledge()
    if let authority = authority(of: server) { knowledge.learn(authority) }
    for one in sorted { knowledge.learn(one.observation) }
    // What is declared of other names says nothing of these.
    let bare = Domain(domain.name, secondaries: [server.address], isWholeZone: domain.isWholeZone)
    let task = DomainTask(
      bare, questions: questions, keyHosts: plan.keyHosts(among: questions.map(\.name)),
      redirected: redirected[server.address] ?? [:])
    return Survey(task, by: [RecordDiffers.self], scope: scope, now: now, knowing: knowledge)
  }

  /// Counts a judgement, and remembers what differs for the comparison of the servers.
  public mutating func take(
    _ judgement: Survey, of others: [(number: UInt32, observation: Observation)], at server: Server, in phase: SweepPhase
  ) {
    totals.add(judgement.totals)
    var differs: Set<Knowledge.Subject> = []
    for one in judgement.verdicts {
      guard case .mismatch(let departure) = one.verdict, let expectation = one.expectation else { continue }
      if departure.how != .ttl { differs.insert(Knowledge.Subject(expectation.name, expectation.type)) }
      let elsewhere = departure.redirection(of: expectation.type)
      if phase == .declared, !elsewhere.isEmpty, redirected[server.address]?.count ?? 0 < Self.mostRedirected {
        redirected[server.address, default: [:]][expectation.name, default: []].formUnion(elsewhere)
      }
    }
    guard servers.count > 1 else { return }
    for (number, observation) in others {
      let query = observation.query
      guard differs.contains(Knowledge.Subject(query.name, query.type)) else { continue }
      let held: [RData]
      switch Reading(observation, query.name, query.type) {
      case .data(let records, _): held = Array(Set(records))
      case .alias(let target): held = [target]
      case .noSuchName: held = []
      default: continue
      }
      let fingerprint = RRsetFingerprint(held, key: plan.key)
      differing[server.address, default: []].append(Difference(number: number, phase: phase, fingerprint: fingerprint))
    }
  }

  // MARK: The servers beside each other

  /// How many questions in which servers differ are looked at again for each server.
  private static let mostCandidates = 64

  /// Whether the servers hold the same zone: asked again for the worst of what differs.
  public var last: Survey {
    let questions = RecordQuestion.all(of: domain) + candidates
    let task = DomainTask(domain, questions: questions, keyHosts: [])
    return Survey(task, by: [ServersDisagree.self], scope: scope, now: now, knowing: known)
  }

  /// Counts what came of ``last``.
  public mutating func finish(with last: Survey) { totals.add(last.totals) }

  /// The worst questions of each server to which not all servers gave the same answer.
  private var candidates: [RecordQuestion] {
    struct Key: Hashable {
      var number: UInt32
      var phase: SweepPhase
    }
    var held: [Key: [RRsetFingerprint]] = [:]
    for one in differing.values.joined() {
      held[Key(number: one.number, phase: one.phase), default: []].append(one.fingerprint)
    }
    var chosen: [Key: RecordQuestion] = [:]
    for server in servers {
      var worst: [(key: Key, question: RecordQuestion)] = []
      for one in differing[server] ?? [] {
        let key = Key(number: one.number, phase: one.phase)
        // All hold the same thing that is not declared.
        if let all = held[key], all.count == servers.count, Set(all).count == 1 { continue }
        guard let question = plan.question(one.number, of: one.phase), question.stands == .answer else { continue }
        worst.append((key, question))
        guard worst.count >= 2 * Self.mostCandidates else { continue }
        worst.sort { $0.question.isWorse(than: $1.question) }
        worst.removeLast(worst.count - Self.mostCandidates)
      }
      worst.sort { $0.question.isWorse(than: $1.question) }
      for one in worst.prefix(Self.mostCandidates) { chosen[one.key] = one.question }
    }
    return chosen.values.sorted { $0.isWorse(than: $1) }
  }
}

extension RecordQuestion {
  fileprivate func isWorse(than other: RecordQuestion) -> Bool {
    Importance.order(name, type) < Importance.order(other.name, other.type)
  }
}
