import DNSWire
import Estate
import Names

/// A tolerance with what else it takes to judge by it: for which name and type, and whose domain.
///
/// A value is accepted, foreign, or nothing can be told of it; so three values come out, whatever went in.
struct Acceptance {
  /// Addresses of one answer whose origin is looked up, and that are asked to prove the name: who answers decides how many there
  /// are.
  static let mostOrigins = 64
  static let mostProofs = 8

  let tolerance: Tolerance
  /// As it was asked: for a wildcard, a name that it makes.
  let name: DomainName
  let type: RRType
  let domain: DomainView

  private enum Standing {
    case accepted, foreign
    /// Nothing could be found out; why.
    case unknown(String)
  }

  /// - Parameter isWhole: Whether values that are not in the chain are not there. An authority need not follow aliases.
  func verdict(_ chain: AliasChain, isWhole: Bool, _ knowledge: inout Knowledge) -> Verdict {
    if chain.isEndless || chain.links.contains(where: { !accepts($0, of: chain) }) {
      return .mismatch(.replaced(chain.data))
    }
    // What counts are the records of the declared type at the name, or at the end of its aliases.
    let seen = Set(type == .cname ? chain.links.filter { $0.owner == chain.name }.map(\.data) : chain.values.map(\.data))
    var foreign: Set<RData> = []
    var unknown: String?
    var lookUps = Self.mostOrigins
    for value in chain.orderedValues {
      switch standing(of: value, &lookUps, &knowledge) {
      case .accepted: break
      case .foreign: foreign.insert(value.data)
      case .unknown(let why): unknown = unknown ?? why
      }
    }
    let set = Tolerance.Observed(values: seen, isWhole: isWhole, shown: chain.data)
    if !foreign.isEmpty {
      if tolerance.departure(of: set, foreign: []) == nil, let address = unconfirmed(foreign, &knowledge) {
        return .couldNotTell(.unconfirmed(address))
      }
      if type == .cname { return .mismatch(.replaced(chain.data)) }
    }
    if let departure = tolerance.departure(of: set, foreign: foreign) { return .mismatch(departure) }
    return unknown.map { .couldNotTell(.inquiry($0)) } ?? .match
  }

  // MARK: Aliases

  private func accepts(_ link: AliasChain.Link, of chain: AliasChain) -> Bool {
    if tolerance.allOf.contains(link.data) || tolerance.anyOf.contains(link.data) { return true }
    if type == .cname, tolerance.allowsOthers, link.owner == chain.name { return true }
    guard !tolerance.endsIn.isEmpty else { return false }
    return isAwaited(link.target) || domain.declaration.domains.contains { link.target.isAtOrBelow($0.name) }
  }

  private func isAwaited(_ name: DomainName) -> Bool { tolerance.endsIn.contains { name.isAtOrBelow($0) } }

  /// The name that owns the first link of a chain that is not accepted.
  func firstForeign(in chain: AliasChain) -> DomainName? { chain.links.first { !accepts($0, of: chain) }?.owner }

  // MARK: Values

  private func standing(of value: AliasChain.Value, _ lookUps: inout Int, _ knowledge: inout Knowledge) -> Standing {
    // A delegation in the place of the name, or addresses in the place of an alias, are no values of the type.
    if type == .cname ? value.owner == name : value.data.type != type { return .foreign }
    if tolerance.accepts(value.data) { return .accepted }
    // Behind an alias whose end is somebody's that was named, addresses are that provider's to choose. At one of our own names, they
    // are not: whoever can change the alias could add an address beside it.
    if value.owner != name, !constrainsEnds, isAwaited(value.owner) || isDeclared(value) { return .accepted }
    guard !tolerance.originAS.isEmpty, let address = IPAddress(octets: value.data.octets.span) else { return .foreign }
    lookUps &-= 1
    guard lookUps >= 0 else { return .unknown("of more than \(Self.mostOrigins) addresses the origin is not looked up") }
    // Not known yet: the round is thrown away.
    guard let answer = knowledge.ask(.origin(address)) else { return .unknown("") }
    switch answer {
    case .origins(let systems) where systems.isEmpty: return .unknown("no autonomous system is known to announce \(address)")
    case .origins(let systems): return tolerance.originAS.contains(where: systems.contains) ? .accepted : .foreign
    case .failed(let why): return .unknown(why)
    default: return .unknown("the origin of \(address) was not told")
    }
  }

  /// Whether anything is said of what stands at the end of aliases.
  private var constrainsEnds: Bool {
    guard type == .cname else { return tolerance.constrainsValues }
    return !tolerance.within.isEmpty || !tolerance.originAS.isEmpty
      || (tolerance.allOf + tolerance.anyOf).contains { $0.type != .cname }
  }

  /// Whether it is declared of the name that owns it, now or as a change to come; that name's own verdict says when.
  private func isDeclared(_ value: AliasChain.Value) -> Bool {
    let owners = domain.declaration.domains.filter { value.owner.isAtOrBelow($0.name) }
    return owners.contains { owner in
      owner.records.contains { declared in
        guard declared.name == value.owner, declared.type == value.data.type else { return false }
        return [declared.intended, declared.change?.was, declared.change?.to].contains { intended in
          switch intended {
          case .exactly(let values)?: values.contains(value.data)
          case .tolerant(let tolerance)?: tolerance.accepts(value.data)
          case .absent?, nil: false
          }
        }
      }
    }
  }

  // MARK: Proof by TLS

  /// The first of these addresses, if each proves by TLS to serve the name; nil where one does not, or none may.
  ///
  /// Never for hosts of name servers and mail exchangers: who answers for them could have any certificate made.
  private func unconfirmed(_ foreign: Set<RData>, _ knowledge: inout Knowledge) -> IPAddress? {
    guard tolerance.tlsProof, foreign.count <= Self.mostProofs, foreign.allSatisfy({ $0.type == .a || $0.type == .aaaa }),
      !domain.declaration.domains.contains(where: { Importance.keyHosts(of: $0).contains(name) })
    else { return nil }
    let addresses = foreign.compactMap { IPAddress(octets: $0.octets.span) }.sorted()
    let host = name.isWildcard ? name.madeUp : name
    for address in addresses {
      let socket = SocketAddress(address: address, port: domain.network.ports.https)
      guard case .handshake(let handshake)? = knowledge.ask(.handshake(TLSService(socket, name: host))),
        handshake.distrust == nil
      else { return nil }
    }
    return addresses.first
  }
}

extension Tolerance {
  /// The values that were seen of the declared type.
  struct Observed {
    var values: Set<RData>
    /// Whether others are not there.
    var isWhole: Bool
    /// All that is told of it, aliases too.
    var shown: [RData]
  }

  /// How a whole set of values departs where nobody else is asked; nil where it does not.
  func departure(of observed: [RData]) -> Departure? {
    let values = Set(observed)
    let set = Observed(values: values, isWhole: true, shown: values.inCanonicalOrder)
    return departure(of: set, foreign: values.filter { !accepts($0) })
  }

  fileprivate func departure(of set: Observed, foreign: Set<RData>) -> Departure? {
    let type = set.values.first?.type
    let missing = set.isWhole ? Set(allOf).filter { type == nil || $0.type == type }.subtracting(set.values) : []
    let accepted = set.values.subtracting(foreign)
    guard foreign.isEmpty else {
      return missing.isEmpty && accepted.count >= atLeast
        ? .added(foreign.inCanonicalOrder, beside: set.shown.filter { !foreign.contains($0) }) : .replaced(set.shown)
    }
    if !missing.isEmpty || (set.isWhole && accepted.count < atLeast) {
      return .removed(missing.inCanonicalOrder, left: set.shown)
    }
    if let atMost, accepted.count > atMost { return .added([], beside: set.shown) }
    return nil
  }

  /// Whether a value is accepted by what needs nobody to be asked.
  func accepts(_ value: RData) -> Bool {
    if allowsOthers || allOf.contains(value) || anyOf.contains(value) { return true }
    switch value.type {
    case .a, .aaaa:
      guard !within.isEmpty, let address = IPAddress(octets: value.octets.span) else { return false }
      return within.contains { $0.contains(address) }
    case .txt:
      guard !matches.isEmpty, let text = TXT(value)?.joined else { return false }
      return matches.contains { $0.occurs(in: text) }
    case .cname: return CNAME(value).map { alias in endsIn.contains { alias.target.isAtOrBelow($0) } } ?? false
    default: return false
    }
  }
}

extension RecordQuestion {
  /// What this question tolerates; nil where it is one exact set, or absent without an alias.
  var tolerance: Tolerance? {
    switch declared.intended {
    case .exactly: return nil
    case .tolerant(var tolerance):
      if type != .cname { tolerance.endsIn += endsIn.filter { !tolerance.endsIn.contains($0) } }
      return tolerance
    // An alias stands for every type. What is behind it is only told where the owner said that nothing is there.
    case .absent: return endsIn.isEmpty ? nil : Tolerance(endsIn: endsIn, atLeast: 0, atMost: isImplied ? nil : 0)
    }
  }

  /// Whether a resolver is asked for addresses, so that its answer holds the whole chain of a declared alias.
  var followsAlias: Bool { type == .cname && tolerance.map { !$0.endsIn.isEmpty } ?? false }

  func verdict(
    _ seen: Seen, of observation: Observation, by tolerance: Tolerance, fromResolver: Bool, _ domain: DomainView,
    _ knowledge: inout Knowledge
  ) -> Verdict {
    let (records, served, hasAuthority): ([RData], UInt32?, Bool)
    switch seen {
    case .records(let data, let ttl): (records, served, hasAuthority) = (data, ttl, true)
    case .withoutAuthority(let data): (records, served, hasAuthority) = (data, nil, false)
    case .nothing(let obstacle): return .couldNotTell(obstacle)
    }
    var chain = observation.message.map { AliasChain($0, from: name, observation.query.type) } ?? AliasChain(records, at: name)
    if chain.links.isEmpty, chain.values.isEmpty { chain = AliasChain(records, at: name) }
    let isWhole = fromResolver || chain.links.isEmpty || type == .cname
    let acceptance = Acceptance(tolerance: tolerance, name: name, type: type, domain: domain)
    let verdict = acceptance.verdict(chain, isWhole: isWhole, &knowledge)
    guard hasAuthority else {
      switch verdict {
      case .mismatch(.replaced): return verdict
      case .mismatch(.added(let foreign, _)) where !foreign.isEmpty: return verdict
      default: return .couldNotTell(.lame)
      }
    }
    if case .match = verdict, let ttl = TTLAboveDeclared.departure(served: chain.ttl ?? served, declared: declared.ttl) {
      return .mismatch(ttl)
    }
    return verdict
  }
}

extension [RecordQuestion] {
  /// Each with the places where the owner lets aliases of its name lead.
  func knowingAliases() -> [RecordQuestion] {
    var aliases: [DomainName: [DomainName]] = [:]
    for question in self {
      guard case .tolerant(let tolerance) = question.declared.intended, !tolerance.endsIn.isEmpty else { continue }
      aliases[question.name, default: []] += tolerance.endsIn
    }
    guard !aliases.isEmpty else { return self }
    return map { question in
      var question = question
      question.endsIn = Set(aliases[question.name] ?? []).sorted()
      return question
    }
  }
}

extension Importance {
  /// How bad it is that nothing could be told of a record.
  static func severity(of obstacle: Obstacle, _ name: DomainName, in domain: DomainView) -> Severity {
    guard case .unconfirmed = obstacle else { return .medium }
    return isKeyService(name, in: domain) ? .medium : .low
  }
}
