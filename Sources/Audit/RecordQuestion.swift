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
  /// Where aliases of the name may lead, as a tolerance of one of its types says.
  var aliases: [DomainName] = []

  var name: DomainName { declared.name }
  var type: RRType { declared.type }

  /// The values that are named one by one; a tolerance accepts others beside them.
  var intended: [RData] { declared.namedValues }

  var expected: Expectation.Intended {
    switch declared.intended {
    case .exactly(let values): .exactly(values, ttl: declared.ttl)
    case .tolerant(let tolerance): .tolerated(tolerance, ttl: declared.ttl)
    case .absent: .absent
    }
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
      questions.append(
        RecordQuestion(declared: declared, stands: isCut && declared.type == .ns ? .referral : .answer, zone: domain.name))
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
        questions.append(
          RecordQuestion(declared: DeclaredRRset(name, type, .absent), stands: .answer, zone: domain.name, isImplied: true))
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
  func verdict(
    _ observation: Observation, fromResolver: Bool = false, in domain: DomainView, _ knowledge: inout Knowledge
  ) -> Verdict {
    let seen = seen(in: observation, fromResolver: fromResolver)
    if let tolerance {
      return verdict(seen, of: observation, by: tolerance, fromResolver: fromResolver, domain, &knowledge)
    }
    return switch seen {
    case .records(let records, let ttl): compared(records, served: ttl)
    // Resolvers believe data without AA from a server of the zone. That it is as declared would be no proof; that it is not is one.
    case .withoutAuthority(let records): records.contains { !intended.contains($0) } ? compared(records) : .couldNotTell(.lame)
    case .nothing(let obstacle): .couldNotTell(obstacle)
    }
  }

  /// What a reply says of the records asked for.
  enum Seen {
    case records([RData], ttl: UInt32?)
    case withoutAuthority([RData])
    /// Nothing; why.
    case nothing(Obstacle)
  }

  func seen(in observation: Observation, fromResolver: Bool) -> Seen {
    let reading = Reading(observation, name, type, fromResolver: fromResolver)
    switch (stands, reading) {
    case (.glue, .referral(let cut, _)) where cut.isBelow(zone) && name.isAtOrBelow(cut):
      return .records(observation.message?.glue(of: name, type) ?? [], ttl: nil)
    case (.referral, .referral(let cut, let nameServers)) where cut == name: return .records(nameServers, ttl: nil)
    // What stands at or below a cut is never authoritative; some servers give it as an answer.
    case (.glue, .notAuthoritative(let records)) where !records.isEmpty,
      (.referral, .notAuthoritative(let records)) where !records.isEmpty:
      return .records(records, ttl: nil)
    // The name was delegated away. A resolver that refers has not resolved.
    case (_, .referral(let cut, let nameServers)) where !fromResolver && cut.isBelow(zone) && name.isAtOrBelow(cut):
      return .records(nameServers, ttl: nil)
    case (_, .data(let records, let ttl)): return .records(records, ttl: ttl)
    case (_, .noSuchName): return .records([], ttl: nil)
    case (_, .alias(let target)): return .records([target], ttl: nil)
    case (_, .notAuthoritative(let records)): return records.isEmpty ? .nothing(.lame) : .withoutAuthority(records)
    case (_, .silent(let silence)): return .nothing(.silent(silence))
    case (_, .responseCode(let code)): return .nothing(.responseCode(code))
    case (_, .truncated): return .nothing(.truncated)
    case (_, .referral): return .nothing(.lame)
    }
  }

  /// Whether an alias or a delegation has taken the name: every question about the name then departs in the same way, and one
  /// finding is enough.
  func isRedirected(_ departure: Departure) -> Bool {
    switch departure {
    case .added(let seen, _), .replaced(let seen): seen.contains { $0.type != type }
    default: false
    }
  }

  private func compared(_ observed: [RData], served: UInt32? = nil) -> Verdict {
    switch declared.intended {
    case .absent: return observed.isEmpty ? .match : .mismatch(.added(Set(observed).inCanonicalOrder))
    case .exactly(let intended):
      if let departure = Departure(intended: intended, observed: observed) { return .mismatch(departure) }
    // Judged as a tolerance.
    case .tolerant: break
    }
    if let ttl = TTLAboveDeclared.departure(served: served, declared: declared.ttl) { return .mismatch(ttl) }
    return .match
  }
}

extension DeclaredRRset {
  /// The values that the owner names one by one.
  var namedValues: [RData] {
    switch intended {
    case .exactly(let values): values
    case .tolerant(let tolerance): tolerance.allOf + tolerance.anyOf
    case .absent: []
    }
  }

  /// The hosts that an NS RRset names.
  var nameServers: [DomainName] { namedValues.compactMap { NS($0)?.nameServer } }
}
