public import DNSWire
public import Estate
public import Names

/// What one place says of a name and type.
struct Voice {
  var place: Place
  /// What it gives; the type differs from the one asked for where the name is an alias or delegated.
  var name: DomainName
  var records: [RData] = []
  var ttl: UInt32?
  /// Why nothing can be taken from what it said.
  var obstacle: Obstacle?

  init(_ name: DomainName, _ type: RRType, _ reading: Reading, _ place: Place) {
    (self.place, self.name) = (place, name)
    switch reading {
    case .data(let records, let ttl): (self.records, self.ttl) = (records, ttl)
    case .alias(let target): records = [target]
    case .referral(let zone, let nameServers) where zone == name: records = nameServers
    case .noSuchName, .referral: break
    case .notAuthoritative: obstacle = .lame
    case .responseCode(let code): obstacle = .responseCode(code)
    case .truncated: obstacle = .truncated
    case .silent(let silence): obstacle = .silent(silence)
    }
  }
}

/// An RRset as the places serve it now: who agrees, and who says something else.
public struct ServedRRset: Sendable {
  public struct Answer: Sendable {
    /// In canonical order; empty: the place says that there is none.
    public var records: [RData]
    /// The longest TTL among those that agree; absent where only resolvers do.
    public var ttl: UInt32?
    public var places: [Place]
  }

  public var name: DomainName
  public var type: RRType
  /// The one that most places give first.
  public var answers: [Answer]
  public var untold: [(place: Place, why: Obstacle)]

  /// What every place that said something agrees on, or most of them; nil where as many say one thing as another.
  public var usual: Answer? {
    guard let first = answers.first, answers.count == 1 || answers[1].places.count < first.places.count else { return nil }
    return first
  }
}

/// One domain as it is served now.
public struct ServedDomain: Sendable {
  public struct Enumeration: Sendable {
    public var server: Server
    public var method: Inquiry.Enumeration
    public var isWhole: Bool
  }

  public var name: DomainName
  /// The delegation and the DS records, as the parent's servers give them.
  public var delegation: ServedRRset?
  public var ds: ServedRRset?
  /// Addresses that the parent gives with the delegation.
  public var glue: [DomainName: [IPAddress]] = [:]
  /// Every server that was asked.
  public var servers: [Place] = []
  public var noParent: DeadEnd?
  /// In canonical order of names; those that nobody serves are not among them.
  public var records: [ServedRRset] = []
  /// How names were found beside the conventional ones.
  public var enumeration: Enumeration?

  init(_ name: DomainName) { self.name = name }

  mutating func readParent(_ view: DomainView) {
    guard let parent = view.parent else { return }
    var (delegation, ds): ([Voice], [Voice]) = ([], [])
    for reply in parent.replies {
      guard let observation = reply.delegation else { continue }
      var voice = Voice(name, .ns, Reading(observation, name, .ns), reply.place)
      // A parent refers to the zone; where one server holds both, it answers.
      if let message = observation.message, message.obstacle(toDelegationOf: name) == nil {
        voice.obstacle = nil
        voice.records = message.delegation(of: name).map(\.rdata)
        for host in voice.records.compactMap({ NS($0)?.nameServer }) where host.isAtOrBelow(parent.zone) {
          let addresses = (message.glue(of: host, .a) + message.glue(of: host, .aaaa)).compactMap {
            IPAddress(octets: $0.octets.span)
          }
          glue[host] = Set(glue[host] ?? []).union(addresses).sorted()
        }
      }
      delegation.append(voice)
      if let reading = reply.ds { ds.append(Voice(name, .ds, reading, reply.place)) }
    }
    self.delegation = ServedRRset(name, .ns, delegation)
    self.ds = ServedRRset(name, .ds, ds)
  }

  mutating func add(_ voices: [Voice]) {
    // An alias or a cut answers every question for its name; it is one RRset.
    let types = Set(voices.flatMap { $0.records.map(\.type) })
    for type in types.sorted() {
      let own = voices.map { voice in
        var voice = voice
        voice.records = voice.records.filter { $0.type == type }
        return voice
      }
      guard let name = voices.first?.name, !records.contains(where: { $0.name == name && $0.type == type }) else { continue }
      records.append(ServedRRset(name, type, own))
    }
  }

  /// Hosts of the domain that its records lead to.
  var targets: Set<DomainName> {
    var targets: Set<DomainName> = []
    for answer in records.flatMap(\.answers) + (delegation?.answers ?? []) {
      for data in answer.records {
        let target: DomainName? =
          switch data.type {
          case .ns: NS(data)?.nameServer
          case .mx: MX(data)?.exchange
          case .cname: CNAME(data)?.target
          case .srv: SRV(data)?.target
          default: nil
          }
        if let target, target.isBelow(name), targets.count < Census.mostNames { targets.insert(target) }
      }
    }
    return targets
  }

  /// A wildcard answers for every conventional name that was tried (RFC 4592); such a name is not there of itself.
  mutating func leaveOutWildcardAnswers() {
    func text(_ set: ServedRRset) -> [[RData]] { set.answers.map(\.records) }
    let wildcards = records.filter { $0.name.isWildcard && $0.name.parent == name }
    let named = targets
    records.removeAll { set in
      !set.name.isWildcard && set.name != name && !named.contains(set.name)
        && wildcards.contains { $0.type == set.type && text($0) == text(set) }
    }
    records.sort { $0.name == $1.name ? $0.type < $1.type : $0.name < $1.name }
  }
}

extension ServedRRset {
  init(_ name: DomainName, _ type: RRType, _ voices: [Voice]) {
    (self.name, self.type) = (name, type)
    untold = voices.compactMap { voice in voice.obstacle.map { (voice.place, $0) } }
    var answers: [Answer] = []
    for voice in voices where voice.obstacle == nil {
      let records = Set(voice.records).inCanonicalOrder
      let ttl = voice.place.kind == .resolver ? nil : voice.ttl
      if let index = answers.firstIndex(where: { $0.records == records }) {
        answers[index].places.append(voice.place)
        answers[index].ttl = [answers[index].ttl, ttl].compactMap(\.self).max()
      } else {
        answers.append(Answer(records: records, ttl: ttl, places: [voice.place]))
      }
    }
    self.answers = answers.enumerated().sorted {
      $0.element.places.count == $1.element.places.count
        ? $0.offset < $1.offset : $0.element.places.count > $1.element.places.count
    }.map(\.element)
  }
}
