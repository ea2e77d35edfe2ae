import DNSWire
import Estate
import Names

// What the checks share: how a question is put to a server, and how a verdict becomes a finding.
extension DomainView {
  func query(_ question: RecordQuestion, _ server: AuthoritativeServer) -> Query? {
    server.server.map { Query(question.name, question.type, at: $0, dnssecOK: asksForSignatures) }
  }

  func query(_ question: RecordQuestion, resolver: Server) -> Query {
    Query(question.name, question.followsAlias ? .a : question.type, at: resolver, recursionDesired: true)
  }

  /// What is asked beside a declared alias: who has the alias for those who ask for it may have something else for the others.
  func furtherQueries(_ question: RecordQuestion, _ server: Server, isResolver: Bool) -> [Query] {
    guard question.followsAlias, question.stands == .answer else { return [] }
    return (isResolver ? [RRType.aaaa] : [.a, .aaaa]).map {
      Query(
        question.name, $0, at: server, recursionDesired: isResolver, dnssecOK: !isResolver && asksForSignatures)
    }
  }

  private var proofWithoutValidation: Proof { !isSigned && parent != nil ? .unsigned : .unknown }

  /// What the validator said of an RRset, where it was asked.
  func proof(of name: DomainName, _ type: RRType, _ knowledge: Knowledge) -> Proof {
    guard isSigned else { return proofWithoutValidation }
    return switch knowledge.validations[Knowledge.Subject(name, type)] {
    case .secure?: .signed
    case .insecure?: .unsigned
    case .bogus?: .bogus
    case .indeterminate?, nil: .unknown
    }
  }

  /// The verdict with its finding; none for a match.
  func judged(_ expectation: Expectation, _ verdict: Verdict, _ severity: Severity, _ query: Query?) -> Judged {
    if case .match = verdict { return Judged(expectation, verdict) }
    return Judged(expectation, verdict, finding(expectation, verdict, severity, query))
  }

  /// What a parent zone holds, where a change of it is announced.
  func judged(
    _ expectation: Expectation, _ observed: [RData], _ change: PlannedChange, seen: Timestamp? = nil, _ query: Query?
  ) -> Judged {
    let outcome = change.outcome(at: change.moment(now, seen: seen), of: observed)
    var judged = judged(expectation, outcome.verdict, .critical, query)
    judged.finding = outcome.told(judged.finding, change, self)
    return judged
  }

  func finding(_ expectation: Expectation, _ verdict: Verdict, _ severity: Severity, _ query: Query?) -> Finding {
    var observed: [String] = []
    if case .mismatch(let departure) = verdict {
      switch departure {
      case .replaced(let seen): observed = seen.map { $0.described(beside: expectation.type) }
      case .added(let strange, let beside): observed = (beside + strange).map { $0.described(beside: expectation.type) }
      case .removed(_, let left): observed = left.map { $0.described(beside: expectation.type) }
      case .ttl(let served, _): observed = ["TTL \(served)"]
      case .unsafe(let fact): observed = [fact]
      case .lame, .unsigned, .bogus, .dangling: break
      }
      if case .tolerated(let tolerance, _) = expectation.intended {
        observed += tolerance.miscounted(departure, expectation.type)
      }
    }
    if case .couldNotTell(.unconfirmed(let address)) = verdict { observed = ["\(address)"] }
    var wanted: [String] =
      switch expectation.intended {
      case .exactly(let records, _): records.map(\.text)
      case .tolerated(let tolerance, _): [tolerance.words]
      default: []
      }
    if case .mismatch(.ttl(_, let declared)) = verdict { wanted = ["TTL \(declared)"] }
    return Finding(
      expectation.check, severity, verdict, expectation.name, expectation.type, at: expectation.place, intended: wanted,
      observed: observed, proof: proofWithoutValidation, since: now, declaredAt: expectation.declaredAt, query: query)
  }

  /// Nobody could be asked, since the parent zone's servers could not be had.
  func noParent(_ why: DeadEnd, _ expectation: (Place) -> Expectation) -> Judged {
    let place = Place(.parent, nil, zone: domain.name.parent ?? .root)
    return NameServerUnreachable.judged(expectation(place), .noParent(why), self, nil)
  }
}

extension RData {
  /// Presentation form; with the type where it is not the one asked for.
  fileprivate func described(beside asked: RRType) -> String {
    type == asked ? text : "\(type) \(text)"
  }
}

extension Tolerance {
  /// What is wrong with the number of values where each one is accepted.
  fileprivate func miscounted(_ departure: Departure, _ type: RRType) -> [String] {
    func count(_ values: [RData]) -> Int { values.count { $0.type == type } }
    return switch departure {
    case .removed(let missing, let left) where missing.isEmpty: ["too few: \(count(left)) of at least \(atLeast)"]
    case .added(let foreign, let seen) where foreign.isEmpty: ["too many: \(count(seen)) of at most \(atMost ?? 0)"]
    default: []
    }
  }
}

extension Obstacle {
  /// The answer was read, and what it takes to judge it could not be found out.
  var isBesideDNS: Bool {
    switch self {
    case .unconfirmed, .inquiry: true
    default: false
    }
  }
}

extension IPAddress {
  /// The address as an A or AAAA record's data.
  var rdata: RData {
    switch self {
    case .v4: RData(type: .a, canonical: octets)
    case .v6: RData(type: .aaaa, canonical: octets)
    }
  }
}

extension Observation {
  var silence: Silence {
    if case .silent(let silence) = outcome { silence } else { .notAsked("") }
  }
}

extension Message {
  /// Why the reply says nothing of the delegation of `zone`, if it does not: neither NS records nor, with authority, that there
  /// are none.
  func obstacle(toDelegationOf zone: DomainName) -> Obstacle? {
    if let obstacle = obstacleToReading { return obstacle }
    return header.authoritative || !delegation(of: zone).isEmpty ? nil : .lame
  }

  /// Why nothing in the reply can be taken for what the server holds.
  var obstacleToReading: Obstacle? {
    let code = header.responseCode
    if code != .noError, code != .nameError { return .responseCode(code) }
    return header.truncated ? .truncated : nil
  }
}

extension Severity {
  var oneStepLower: Severity {
    switch self {
    case .critical: .high
    case .high: .medium
    case .medium: .low
    case .low, .info: .info
    }
  }
}
