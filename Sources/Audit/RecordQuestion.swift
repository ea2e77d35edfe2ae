import DNSWire
public import Estate
public import Names

/// One RRset that a server of the zone is asked for, and where in its reply the values stand.
public struct RecordQuestion: Sendable {
  public enum Stands: Sendable {
    /// In the answer, with authority.
    case answer
    /// In the authority section of a referral: the NS RRset of a delegation to a child zone.
    case referral
    /// In the additional section of a referral: addresses below a delegation.
    case glue
  }

  public var declared: DeclaredRRset
  public var stands: Stands
  /// The zone that the server is asked as a server of.
  public var zone: DomainName
  /// Not declared itself: that the rest of the zone is declared says that nothing of this type is there.
  public var isImplied = false

  var name: DomainName { declared.name }
  var type: RRType { declared.type }

  var intended: [RData] {
    if case .exactly(let values) = declared.intended { values } else { [] }
  }

  var expected: Expectation.Intended {
    if case .exactly(let values) = declared.intended { .exactly(values, ttl: declared.ttl) } else { .absent }
  }

  /// Maintained by signers and servers themselves; an owner's file cannot say what they should be.
  static let selfMaintained: Set<RRType> = [.soa, .rrsig, .nsec, .nsec3, .nsec3param, .dnskey, .cds, .cdnskey, .zonemd]

  /// What whoever takes a name over would add beside what stands there.
  static let absentUnlessDeclared: [RRType] = [.a, .aaaa, .mx]
  static let absentAtApexUnlessDeclared: [RRType] = [.a, .aaaa, .mx, .txt, .caa]

  /// Every declared RRset; where the whole zone is declared, also that no other address or mail exchanger has come to a host.
  static func all(of domain: Domain) -> [RecordQuestion] {
    let cuts = Set(domain.records.filter { $0.type == .ns && $0.name != domain.name }.map(\.name))
    let hosts = Set(domain.records.filter { cuts.contains($0.name) && $0.type == .ns }.flatMap(\.nameServers))
    var questions: [RecordQuestion] = []
    var types: [DomainName: Set<RRType>] = [:]
    var order: [DomainName] = []
    for declared in domain.records where !selfMaintained.contains(declared.type) {
      let isBelowCut = !cuts.isEmpty && Self.isBelow(declared.name, cuts, domain.name)
      if isBelowCut {
        // Other data below a delegation is never answered from this zone (RFC 1034 §4.2.1).
        if hosts.contains(declared.name), declared.type == .a || declared.type == .aaaa {
          questions.append(RecordQuestion(declared: declared, stands: .glue, zone: domain.name))
        }
        continue
      }
      let isCut = cuts.contains(declared.name)
      if isCut, declared.type != .ns, declared.type != .ds { continue }
      questions.append(RecordQuestion(declared: declared, stands: isCut && declared.type == .ns ? .referral : .answer, zone: domain.name))
      if !isCut {
        if types[declared.name] == nil { order.append(declared.name) }
        types[declared.name, default: []].insert(declared.type)
      }
    }
    guard domain.isWholeZone else { return questions }
    for name in order {
      let there = types[name] ?? []
      if there.contains(.cname) || name.labels().first?.first == UInt8(ascii: "_") { continue }
      for type in name == domain.name ? absentAtApexUnlessDeclared : absentUnlessDeclared where !there.contains(type) {
        questions.append(RecordQuestion(declared: DeclaredRRset(name, type, .absent), stands: .answer, zone: domain.name, isImplied: true))
      }
    }
    return questions
  }

  private static func isBelow(_ name: DomainName, _ cuts: Set<DomainName>, _ apex: DomainName) -> Bool {
    var above = name.parent
    while let here = above, here.labelCount > apex.labelCount {
      if cuts.contains(here) { return true }
      above = here.parent
    }
    return false
  }

  /// Compares a reply with what is declared.
  func verdict(_ observation: Observation, fromResolver: Bool = false) -> Verdict {
    switch stands {
    case .glue:
      guard let message = observation.message else { return Self.unread(Reading(observation, name, type)) }
      let glue = message.glue(of: name, type)
      return Departure(intended: intended, observed: glue).map(Verdict.mismatch) ?? .match
    case .referral:
      switch Reading(observation, name, type, fromResolver: fromResolver) {
      case .referral(let zone, let nameServers) where zone == name:
        return Departure(intended: intended, observed: nameServers).map(Verdict.mismatch) ?? .match
      case let reading: return judge(reading)
      }
    case .answer:
      return judge(Reading(observation, name, type, fromResolver: fromResolver))
    }
  }

  /// Whether a finding would only repeat one of a declared RRset at the same name: an alias or a delegation has taken its place.
  func isRepeated(_ departure: Departure) -> Bool {
    guard isImplied, case .added(let strange) = departure else { return false }
    return strange.allSatisfy { $0.type != type }
  }

  private func judge(_ reading: Reading) -> Verdict {
    let observed: [RData]
    var served: UInt32?
    switch reading {
    case .data(let records, let ttl): (observed, served) = (records, ttl)
    case .noSuchName: observed = []
    case .alias(let target): observed = [target]
    case .referral(let zone, let nameServers) where zone.isBelow(self.zone): observed = nameServers
    case .referral, .notAuthoritative, .responseCode, .silent: return Self.unread(reading)
    }
    if case .absent = declared.intended {
      return observed.isEmpty ? .match : .mismatch(.added(observed))
    }
    if let departure = Departure(intended: intended, observed: observed) { return .mismatch(departure) }
    if let ttl = TTLAboveDeclared.departure(served: served, declared: declared.ttl) { return .mismatch(ttl) }
    return .match
  }

  private static func unread(_ reading: Reading) -> Verdict {
    switch reading {
    case .silent(let silence): .couldNotTell(.silent(silence))
    case .responseCode(let code): .couldNotTell(.responseCode(code))
    default: .couldNotTell(.lame)
    }
  }
}

extension DeclaredRRset {
  /// The hosts that an NS RRset names.
  var nameServers: [DomainName] {
    if case .exactly(let values) = intended { values.compactMap { NS($0)?.nameServer } } else { [] }
  }
}
