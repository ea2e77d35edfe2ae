import DNSWire
public import Estate
public import Names

/// What every place serves now of domains that nobody has declared yet: what a first declaration is proposed from.
///
/// It knows no intention, so it judges nothing. What it finds may already be an attacker's.
public struct Census: Investigation {
  private let declaration: Declaration
  private let now: Timestamp
  private let seenNames: [SeenName]
  private var knowledge = Knowledge()
  private var pending: [DomainName]
  private var rounds = 0
  /// In the order in which they were asked for.
  public private(set) var domains: [ServedDomain] = []

  /// - Parameters:
  ///   - declaration: Its network and resolvers are used, and nothing else.
  ///   - seenNames: Names that are looked at beside the conventional ones.
  public init(_ domains: [DomainName], seenNames: [SeenName] = [], with declaration: Declaration, now: Timestamp) {
    (pending, self.seenNames, self.declaration, self.now) = (domains, seenNames, declaration, now)
  }

  public var wanted: [Query] { knowledge.wanted }
  public var wantedInquiries: [Inquiry] { knowledge.wantedInquiries }
  public var wantedValidations: [Knowledge.Subject] { knowledge.wantedValidations }
  public var isComplete: Bool { pending.isEmpty }
  public var zones: [DomainName: [SocketAddress]] { knowledge.zones }

  public mutating func learn(_ observations: [Observation]) {
    for observation in observations { knowledge.learn(observation) }
  }

  public mutating func learn(_ answer: Answer, to inquiry: Inquiry) { knowledge.learn(answer, to: inquiry) }

  public mutating func learn(_ validation: Validation, of subject: Knowledge.Subject) {
    knowledge.learn(validation, of: subject)
  }

  public mutating func advance() {
    knowledge.beginRound()
    rounds += 1
    if rounds == Survey.mostRounds { knowledge.end(at: now) }
    var unfinished: [DomainName] = []
    for name in pending {
      let missesBefore = knowledge.misses
      let served = count(name)
      if knowledge.misses == missesBefore { domains.append(served) } else { unfinished.append(name) }
    }
    pending = unfinished
    if pending.isEmpty { knowledge.beginRound() }
  }

  /// One domain, as far as it is known.
  private mutating func count(_ name: DomainName) -> ServedDomain {
    var served = ServedDomain(name)
    guard let task = DomainTask(Domain(name), names: []) else { return served }
    let view = DomainView(
      task, in: declaration, now: now, scope: AuditScope(), walk: Walk(declaration.network), &knowledge)
    served.readParent(view)
    served.servers = view.servers.map(\.place)
    served.noParent = view.noParent
    let places = view.servers.map(\.place) + declaration.resolvers.servers.map { Place(.resolver, $0, zone: name) }
    var asked: Set<DomainName> = []
    var names = conventionalNames(below: name) + enumerated(view, &served)
    // What is found names further hosts: mail exchangers, alias targets, name servers of the zone itself.
    while !names.isEmpty {
      for one in names where asked.insert(one).inserted {
        for type in Self.types(at: one, of: name) { served.add(voices(one, type, places)) }
      }
      names = served.targets.subtracting(asked).sorted()
    }
    served.leaveOutWildcardAnswers()
    return served
  }

  /// What each place says of one name and type.
  private mutating func voices(_ name: DomainName, _ type: RRType, _ places: [Place]) -> [Voice] {
    var voices: [Voice] = []
    for place in places {
      guard let server = place.server else { continue }
      let isResolver = place.kind == .resolver
      let query = Query(name, type, at: server, recursionDesired: isResolver)
      guard let observation = knowledge.ask(query, of: place) else { continue }
      voices.append(Voice(name, type, Reading(observation, name, type, fromResolver: isResolver), place))
    }
    return voices
  }

  // MARK: Names

  /// Names that a server gives away: by transfer, else by NSEC; one server is enough.
  private mutating func enumerated(_ view: DomainView, _ served: inout ServedDomain) -> [DomainName] {
    var names = seenNames.map(\.name).filter { $0.isBelow(served.name) }
    for server in view.servers.compactMap(\.server) {
      for method in [Inquiry.Enumeration.transfer, .nsec] {
        guard let answer = knowledge.ask(.names(zone: served.name, at: server, by: method)) else { return names }
        guard case .names(let found) = answer, !found.names.isEmpty else { continue }
        names += found.names.prefix(Self.mostNames).filter { $0.isAtOrBelow(served.name) }
        served.enumeration = ServedDomain.Enumeration(server: server, method: method, isWhole: found.end == .whole)
        return names
      }
    }
    return names
  }

  static let mostNames = 5000

  private func conventionalNames(below domain: DomainName) -> [DomainName] {
    let labels =
      ["", "*"] + Importance.keyServices.sorted() + ["api", "autoconfig", "ftp", "mta-sts", "ns3", "ns4"]
      + ["_dmarc", "_mta-sts", "_smtp._tls", "_25._tcp.mail", "_443._tcp.www"]
      + ["default", "google", "k1", "mail", "s1", "s2", "selector1", "selector2"].map { "\($0)._domainkey" }
    return labels.compactMap { $0.isEmpty ? domain : try? DomainName($0, origin: domain) }
  }

  /// The types that a declaration of such a name holds.
  private static func types(at name: DomainName, of domain: DomainName) -> [RRType] {
    if name == domain { return [.ns, .a, .aaaa, .mx, .txt, .caa, .https] }
    if name.isWildcard { return [.a, .aaaa, .mx, .txt] }
    guard let first = name.labels().first, first.first == UInt8(ascii: "_") else { return [.a, .aaaa, .mx, .txt, .caa, .https] }
    let isService = name.labels().contains { ["_tcp", "_udp", "_tls"].contains(String(decoding: $0, as: UTF8.self)) }
    return isService ? [.tlsa, .srv, .txt] : [.txt]
  }
}
