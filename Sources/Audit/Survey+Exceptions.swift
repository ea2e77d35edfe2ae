import DNSWire
public import Estate
import Names

extension DeclaredException {
  /// Checks of exceptions themselves: nobody can except their findings.
  static let unexceptable: Set<CheckID> = [ExceptionExpired.specification.id, ExceptionUnused.specification.id]

  func isExpired(at now: Timestamp) -> Bool { expires <= now }

  /// Whether it is about this finding. One without a domain and a name is about none.
  func covers(_ finding: Finding) -> Bool {
    guard check == finding.check, !Self.unexceptable.contains(check), domain != nil || name != nil else { return false }
    return (domain == nil || domain == finding.domain) && (name == nil || name == finding.name)
      && (type == nil || type == finding.type)
  }

  /// Whether what came of this expectation could have been a finding that it covers.
  func mayCover(_ expectation: Expectation, of domain: DomainName?) -> Bool {
    check == expectation.check && (self.domain == nil || self.domain == domain) && (name == nil || name == expectation.name)
      && (type == nil || type == expectation.type)
  }

  /// The domain whose section tells of it: its own, else the nearest above the name, else the first.
  func home(in declaration: Declaration) -> DomainName? {
    let domains = declaration.domains.map(\.name)
    if let domain, domains.contains(domain) { return domain }
    let above = domains.filter { name?.isAtOrBelow($0) ?? false }
    return above.max { $0.labelCount < $1.labelCount } ?? domains.first
  }

  /// A finding about the exception itself, with the expectation that it was not to be so.
  func judged(_ check: CheckID, _ severity: Severity, _ fact: String, home: DomainName, now: Timestamp) -> Judged {
    let name = name ?? domain ?? home
    let place = Place(.declaration, nil, zone: home)
    let expectation = Expectation(check, name, type ?? .soa, at: place, .proper, declaredAt: declaredAt)
    let verdict = Verdict.mismatch(.unsafe("the exception for \(self.check) (\(reason); \(owner)) \(fact)"))
    let finding = Finding(check, severity, verdict, name, type, at: place, since: now, declaredAt: declaredAt)
    return Judged(expectation, verdict, finding).about(home)
  }
}

extension Survey {
  /// Departures, and what could not be told, that unexpired exceptions cover; in the order of ``findings``.
  public var excepted: [(finding: Finding, exception: DeclaredException)] {
    var told: Set<Finding> = []
    return verdicts.compactMap { one in
      guard let finding = one.finding, let exception = one.exception else { return nil }
      return told.insert(finding.withoutOccasion).inserted ? (finding, exception) : nil
    }.sorted { Finding.isWorse($0.finding, $1.finding) }
  }
}

/// Moves apart what declared exceptions cover, once everything is judged.
struct Excepting {
  private let exceptions: [CheckID: [DeclaredException]]
  private(set) var used: Set<DeclaredException> = []

  init(_ exceptions: [DeclaredException], now: Timestamp) {
    self.exceptions = Dictionary(grouping: exceptions.filter { !$0.isExpired(at: now) }, by: \.check)
  }

  mutating func apply(to judged: inout [Judged]) {
    guard !exceptions.isEmpty else { return }
    for index in judged.indices {
      guard let finding = judged[index].finding else { continue }
      let covering = (exceptions[finding.check] ?? []).filter { $0.covers(finding) }
      judged[index].exception = covering.first
      used.formUnion(covering)
    }
    if !used.isEmpty { fold(&judged) }
  }

  /// An expectation that is told of by the finding of another (Docs/Decisions/0002) is excepted where all that tells of it is:
  /// otherwise something would count as not intended that nobody is told of.
  private func fold(_ judged: inout [Judged]) {
    struct Corner: Hashable {
      var domain: DomainName?
      var server: Server?
    }
    let telling = judged.filter { $0.finding != nil }
    let here = Dictionary(grouping: telling) { Corner(domain: $0.domain, server: $0.finding?.place.server) }
    let exceptedDomains = Set(telling.filter { $0.exception != nil }.map(\.domain))
    let everywhere = Dictionary(grouping: telling.filter { exceptedDomains.contains($0.domain) }, by: \.domain)
    for index in judged.indices {
      let one = judged[index]
      guard let expectation = one.expectation, one.finding == nil, one.verdict != .match, exceptedDomains.contains(one.domain)
      else { continue }
      // Of a resolver's verdicts, findings at each of the resolvers tell; of an unsigned chain, the DS at the parent; and of what is
      // put together from several servers, those at each of them.
      let isShared = expectation.place.kind == .resolver || expectation.place.server == nil || one.isOpenBesideDNS
      let candidates =
        isShared ? everywhere[one.domain] : here[Corner(domain: one.domain, server: expectation.place.server)]
      let explaining = (candidates ?? []).filter { $0.finding?.explains(expectation, one.verdict) ?? false }
      guard !explaining.isEmpty, explaining.allSatisfy({ $0.exception != nil }) else { continue }
      judged[index].exception = explaining.first?.exception
    }
  }
}

extension Judged {
  fileprivate var isOpenBesideDNS: Bool { if case .couldNotTell(.inquiry) = verdict { true } else { false } }
}

extension Finding {
  /// Whether it tells of what became of an expectation that has no finding of its own.
  fileprivate func explains(_ expectation: Expectation, _ told: Verdict) -> Bool {
    let isUntold = if case .couldNotTell = told { true } else { false }
    // Told at one server for all.
    if case .couldNotTell(.inquiry) = told, case .couldNotTell(.inquiry) = verdict {
      return name == expectation.name && type == expectation.type
    }
    switch expectation.check {
    case DNSSECBogus.specification.id:
      return check == expectation.check && name == expectation.place.zone || (!isUntold && type == .ds && place.kind == .parent)
    case ResolverDiffers.specification.id:
      if isUntold { return check == NameServerUnreachable.specification.id && place.kind == .resolver }
      return place.kind == .resolver && name == expectation.name && check != DNSSECBogus.specification.id
    default: break
    }
    guard expectation.place.server == nil || place.server == expectation.place.server else { return false }
    if isUntold {
      switch verdict {
      case .couldNotTell: return type == nil || type == .ns
      case .mismatch(.lame): return true
      default: return false
      }
    }
    return expectation.check == GlueDiffers.specification.id ? type == .ns : name == expectation.name && type != .rrsig
  }
}
