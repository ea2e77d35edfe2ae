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

  /// What is looked for once in an answer, however many values it holds.
  private struct LookUps {
    var origins = Acceptance.mostOrigins
    var declared: [DomainName: [DeclaredRRset.Intended]] = [:]
  }

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
    var lookUps = LookUps()
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
    // Of an alias that is declared by name, what is behind it is not judged.
    guard !tolerance.endsIn.isEmpty else { return type == .cname && link.owner != chain.name }
    return isAwaited(link.target) || domain.declaration.domains.contains { link.target.isAtOrBelow($0.name) }
  }

  private func isAwaited(_ name: DomainName) -> Bool { tolerance.endsIn.contains { name.isAtOrBelow($0) } }

  /// Whether what stands at a name is for somebody to choose whom the owner named. A whole domain of our own names nobody.
  private func isSomebodys(_ name: DomainName) -> Bool {
    let ends = tolerance.endsIn.filter { name.isAtOrBelow($0) }
    guard !ends.isEmpty else { return false }
    let own = domain.declaration.domains.map(\.name).filter { name.isAtOrBelow($0) }
    return ends.contains { end in !own.contains { $0.isAtOrBelow(end) } }
  }

  /// The name that owns the first link of a chain that is not accepted.
  func firstForeign(in chain: AliasChain) -> DomainName? { chain.links.first { !accepts($0, of: chain) }?.owner }

  // MARK: Values

  private func standing(of value: AliasChain.Value, _ lookUps: inout LookUps, _ knowledge: inout Knowledge) -> Standing {
    // A delegation in the place of the name, or addresses in the place of an alias, are no values of the type.
    if type == .cname ? value.owner == name : value.data.type != type { return .foreign }
    if tolerance.accepts(value.data) { return .accepted }
    var systems = tolerance.originAS
    // Behind an alias whose end is somebody's that was named, addresses are that provider's to choose. At one of our own names, they
    // are not: whoever can change the alias could add an address beside it.
    if value.owner != name, !constrainsEnds {
      let declared = lookUps.declared[value.owner] ?? declared(of: value)
      lookUps.declared[value.owner] = declared
      if declared.contains(where: { $0.names(value.data) }) { return .accepted }
      systems += declared.flatMap(\.originAS)
    }
    guard !systems.isEmpty, let address = IPAddress(octets: value.data.octets.span) else { return .foreign }
    lookUps.origins &-= 1
    guard lookUps.origins >= 0 else { return .unknown("of more than \(Self.mostOrigins) addresses the origin is not looked up") }
    // Not known yet: the round is thrown away.
    guard let answer = knowledge.ask(.origin(address)) else { return .unknown("") }
    switch answer {
    case .origins(let known) where known.isEmpty: return .unknown("no autonomous system is known to announce \(address)")
    case .origins(let known): return systems.contains(where: known.contains) ? .accepted : .foreign
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

  /// What may stand where a value stands: anything at a provider's name, else what is declared of the name that owns it, or of a
  /// wildcard above, now or as a change to come; that name's own verdict says when.
  private func declared(of value: AliasChain.Value) -> [DeclaredRRset.Intended] {
    if isSomebodys(value.owner) { return [.tolerant(Tolerance(allowsOthers: true))] }
    let owners = domain.declaration.domains.filter { value.owner.isAtOrBelow($0.name) }
    return owners.flatMap { owner in
      let sets = owner.records.filter { $0.type == value.data.type }
      let own = sets.filter { $0.name == value.owner }
      let wildcards = sets.filter { declared in
        declared.name.isWildcard && declared.name.parent.map { value.owner.isBelow($0) } ?? false
      }
      return (own.isEmpty ? wildcards : own).flatMap { [$0.intended, $0.change?.was, $0.change?.to].compactMap(\.self) }
    }
  }

  // MARK: Proof by TLS

  /// The first of these addresses, if each proves by TLS to serve the name; nil where one does not, or none may.
  ///
  /// Never for hosts of name servers and mail exchangers: who answers for them could have any certificate made.
  private func unconfirmed(_ foreign: Set<RData>, _ knowledge: inout Knowledge) -> IPAddress? {
    guard tolerance.tlsProof, foreign.count <= Self.mostProofs, foreign.allSatisfy({ $0.type == .a || $0.type == .aaaa }),
      !isKeyHost
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

extension Acceptance {
  /// Whether name servers or mail exchangers of any declared domain stand here: by name, behind an alias or by a wildcard.
  private var isKeyHost: Bool {
    let domains = domain.declaration.domains
    var hosts = domains.reduce(into: Set<DomainName>()) { $0.formUnion(Importance.keyHosts(of: $1)) }
    var aliases = domains.flatMap(\.records).filter { $0.type == .cname }
    while let index = aliases.firstIndex(where: { hosts.contains($0.name) }) {
      hosts.formUnion(aliases.remove(at: index).namedValues.compactMap { CNAME($0)?.target })
    }
    if hosts.contains(name) { return true }
    guard let zone = name.parent, name.isWildcard || (try? DomainName("*", origin: zone).madeUp) == name else { return false }
    let declared = Set(domains.flatMap(\.records).map(\.name))
    return hosts.contains { $0.isBelow(zone) && !declared.contains($0) }
  }
}

extension DeclaredRRset.Intended {
  /// Whether it accepts a value without anybody being asked.
  fileprivate func names(_ value: RData) -> Bool {
    switch self {
    case .exactly(let values): values.contains(value)
    case .tolerant(let tolerance): tolerance.accepts(value)
    case .absent: false
    }
  }

  fileprivate var originAS: [UInt32] { if case .tolerant(let tolerance) = self { tolerance.originAS } else { [] } }
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
  /// What this question tolerates; nil where it is one exact set, or absent, without an alias.
  var tolerance: Tolerance? {
    switch declared.intended {
    // What must be there exactly stands at the end of the alias where the owner allows one.
    case .exactly(let values): return endsIn.isEmpty || type == .cname ? nil : Tolerance(allOf: values, endsIn: endsIn)
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
    // An alias without its end, and no SOA record to say that nothing is there (RFC 2308 §2.2), is no whole answer.
    if fromResolver, case .mismatch(.removed) = verdict, !chain.links.isEmpty, chain.values.isEmpty,
      let message = observation.message, message.header.responseCode == .noError,
      !message.authorities.contains(where: { $0.type == .soa })
    {
      return .couldNotTell(.lame)
    }
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

extension RecordQuestion {
  /// What answers to further questions show that the first one did not: proof against who answers, and never for it.
  func contradiction(
    of first: Outcome, _ queries: [Query], _ place: Place, _ domain: DomainView, _ knowledge: inout Knowledge
  ) -> (Outcome, Query)? {
    if case .mismatch(let departure) = first.verdict, departure.how != .ttl, departure.how != .removed { return nil }
    let isResolver = place.kind == .resolver
    for query in queries {
      guard let observation = knowledge.ask(query, of: place) else { continue }
      let outcome = outcome(of: observation, at: domain.now, fromResolver: isResolver) {
        $0.verdict(observation, fromResolver: isResolver, in: domain, &knowledge)
      }
      if let outcome, case .mismatch(let departure) = outcome.verdict, [.replaced, .added].contains(departure.how) {
        return (outcome, query)
      }
    }
    return nil
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
