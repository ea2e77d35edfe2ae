import DNSWire
import Estate
import Names

/// Somebody else can take what a declared record points to.
public enum AliasTakeover: Check {
  public static let specification = CheckSpecification(
    "alias-takeover", "Somebody else can take what a record points to",
    sources: ["RFC 1034 §3.6.2", "can-i-take-over-xyz (CC BY 4.0)", "Emergency Directive 19-01, action 1"],
    severity: "critical where registering a domain is enough; high where a name at a service or at a name server can be claimed; "
      + "medium for an address in a cloud provider's prefix that is not in the inventory",
    about: """
      Four ways to a name that its owner forgot: the domain of a target (of a CNAME, DNAME, MX, SRV, SVCB, HTTPS or NS record, \
      or of an alias that such a target leads to in turn) is not registered; the target is a name at a service whose customers \
      choose names, and it is free; a part of the domain is delegated to name servers that do not have the zone, where the next \
      customer can create it; an address lies in a cloud provider's prefix (`clouds`) and not in the declared `inventory`, so \
      it may have been given back. DNS says all of these. With --http the page behind an alias to a known service is compared \
      with what the service shows for names that nobody has. What alias-dangling tells is here when it can be used.
      """,
    advice: """
      Remove the record now, or claim the target again: whoever has it gets the name's visitors or mail, and certificates for \
      it. If an address is still yours, add it to the `inventory`.
      """,
    fires: [
      Example(
        "the target's domain is not registered",
        [
          .elsewhere("test.", "other.test. A 203.0.113.1"), .declare("shop.example.gov. CNAME www.lapsed.test."),
          .set(.everywhere, "shop.example.gov. CNAME www.lapsed.test."),
        ], how: .dangling),
      Example(
        "the target was a name at a service, and is free",
        [
          .elsewhere("azurewebsites.net.", "www.azurewebsites.net. A 203.0.113.1"),
          .declare("shop.example.gov. CNAME gone.azurewebsites.net."),
          .set(.everywhere, "shop.example.gov. CNAME gone.azurewebsites.net."),
        ], how: .dangling),
      Example(
        "delegated to a server that does not have the zone",
        [
          .elsewhere("provider.example.", "ns9.provider.example. A 203.0.113.53"),
          .declare("shop.example.gov. NS ns9.provider.example."), .set(.everywhere, "shop.example.gov. NS ns9.provider.example."),
        ], how: .lame),
      Example(
        "an address of a cloud that is not in the inventory",
        [
          .redeclare {
            $0.clouds = ["192.0.2.0/25"].compactMap { IPPrefix($0).map { CloudPrefix($0, cloud: "aws") } }
            $0.inventory = ["192.0.2.80", "192.0.2.10", "192.0.2.53"].compactMap { IPPrefix($0) }
          }
        ], how: .unsafe),
      Example(
        "the page of a service that nobody has claimed",
        [
          .scope { $0.fetchesPages = true }, .elsewhere("bitbucket.io.", "team.bitbucket.io. A 203.0.113.1"),
          .declare("shop.example.gov. CNAME team.bitbucket.io."), .set(.everywhere, "shop.example.gov. CNAME team.bitbucket.io."),
          .answer(
            .page(page("shop.example.gov.")),
            .page(PageReply(status: 404, mediaType: "text/html", body: Array("<h1>Repository not found</h1>".utf8)))),
        ], how: .dangling),
    ],
    silent: [
      Example(
        "an alias to a name that exists",
        [
          .elsewhere("azurewebsites.net.", "ours.azurewebsites.net. A 203.0.113.1"),
          .declare("shop.example.gov. CNAME ours.azurewebsites.net."),
          .set(.everywhere, "shop.example.gov. CNAME ours.azurewebsites.net."),
        ]),
      Example(
        "a free name in a zone where only its owner can create it",
        [
          .elsewhere("partner.example.", "www.partner.example. A 203.0.113.1"),
          .declare("shop.example.gov. CNAME gone.partner.example."),
          .set(.everywhere, "shop.example.gov. CNAME gone.partner.example."),
        ]),
      Example(
        "the page was not asked for",
        [
          .elsewhere("bitbucket.io.", "team.bitbucket.io. A 203.0.113.1"), .declare("shop.example.gov. CNAME team.bitbucket.io."),
          .set(.everywhere, "shop.example.gov. CNAME team.bitbucket.io."),
        ]),
    ], needs: [.pages])

  private static func page(_ host: String) -> WebPage {
    WebPage(
      SocketAddress(address: .v4(0xCB00_7101), port: 80), host: (try? DomainName(host)) ?? .root, path: "/", isSecure: false)
  }

  public static func judge(_ domain: DomainView, _ knowledge: inout Knowledge) -> [Judged] {
    guard let walk = domain.walk else { return [] }
    var judged: [Judged] = []
    for (source, question, target) in AliasDangling.sources(domain) {
      judged += unclaimed(target, source, question, domain, walk, &knowledge)
    }
    for question in domain.questions where question.stands != .glue && domain.isInScope(question.name) && !question.isImplied {
      for value in question.intended {
        switch value.type {
        case .ns where question.name != domain.domain.name:
          if let host = NS(value)?.nameServer { judged += abandoned(host, question, domain, walk, &knowledge) }
        case .a, .aaaa: judged += givenBack(value, question, domain)
        default: break
        }
      }
    }
    return judged
  }

  // MARK: Targets

  private static func unclaimed(
    _ target: DomainName, _ source: DeclaredRRset, _ question: RecordQuestion?, _ domain: DomainView, _ walk: Walk,
    _ knowledge: inout Knowledge
  ) -> [Judged] {
    guard !domain.isOwn(target), !target.isWildcard, case .found(let exists) = walk.exists(target, &knowledge),
      AliasDangling.isServed(target, question, domain, &knowledge)
    else { return [] }
    if !exists { return free(target, source, domain, knowledge) }
    guard source.type == .cname else { return [] }
    return further(target, source, domain, walk, &knowledge) + page(target, source, domain, walk, &knowledge)
  }

  /// What does not exist and can be had by somebody else. Of what cannot, alias-dangling tells.
  private static func free(
    _ target: DomainName, _ source: DeclaredRRset, _ domain: DomainView, _ knowledge: Knowledge
  ) -> [Judged] {
    if let free = knowledge.highestFree(above: target) {
      return [dangling(target, source, "\(free) is not registered", .critical, domain)]
    }
    guard let service = UnclaimedService.of(target) else { return [] }
    return [dangling(target, source, "\(target) is free at \(service.name)", .high, domain)]
  }

  /// Aliases that the target leads to in turn: the last of them can be lost as the first can. All cost what one lookup may.
  private static func further(
    _ target: DomainName, _ source: DeclaredRRset, _ domain: DomainView, _ walk: Walk, _ knowledge: inout Knowledge
  ) -> [Judged] {
    var here = target
    for _ in 0..<Walk.mostAliases {
      guard case .found(let records) = walk.records(of: here, .cname, for: target, &knowledge) else { return [] }
      guard let next = records.lazy.compactMap({ CNAME($0)?.target }).first, !domain.isOwn(next) else { return [] }
      here = next
      guard case .found(let exists) = walk.exists(here, for: target, &knowledge) else { return [] }
      if !exists { return free(here, source, domain, knowledge) }
    }
    return []
  }

  private static func page(
    _ target: DomainName, _ source: DeclaredRRset, _ domain: DomainView, _ walk: Walk, _ knowledge: inout Knowledge
  ) -> [Judged] {
    guard domain.scope.fetchesPages, let service = UnclaimedService.of(target), case .page(let text) = service.sign,
      case .found(let addresses) = walk.addresses(behind: target, &knowledge)
    else { return [] }
    let host = source.name.isWildcard ? source.name.madeUp : source.name
    var failure: String?
    for address in addresses.prefix(mostPages) {
      let place = SocketAddress(address: address, port: domain.network.ports.http)
      switch knowledge.ask(.page(WebPage(place, host: host, path: "/", isSecure: false))) {
      case .page(let reply)?:
        guard reply.body.holds(text) else { return [] }
        return [dangling(target, source, "\(service.name) says that nobody has claimed \(host)", .high, domain)]
      case .failed(let why)?: failure = failure ?? why
      case nil: return []
      default: continue
      }
    }
    guard let failure else { return [] }
    return [
      Judged(
        reporting: Finding(
          specification.id, .low, .couldNotTell(.inquiry(failure)), source.name, source.type,
          at: Place(.endpoint, nil, zone: target), intended: source.namedValues.map(\.text), since: domain.now,
          declaredAt: source.declaredAt))
    ]
  }

  /// Addresses of one target that are tried until one answers.
  private static let mostPages = 3

  private static func dangling(
    _ target: DomainName, _ source: DeclaredRRset, _ fact: String, _ severity: Severity, _ domain: DomainView
  ) -> Judged {
    finding(.dangling(target: target), source, Place(.endpoint, nil, zone: target), fact, severity, domain)
  }

  // MARK: Delegations

  /// A server of a declared delegation that does not have the zone (lame): where its customers create zones, the next one can.
  private static func abandoned(
    _ host: DomainName, _ question: RecordQuestion, _ domain: DomainView, _ walk: Walk, _ knowledge: inout Knowledge
  ) -> [Judged] {
    guard !domain.isOwn(host), case .found(let addresses) = walk.addresses(of: host, &knowledge) else { return [] }
    for address in addresses {
      let server = walk.server(address)
      guard let observation = knowledge.ask(Query(question.name, .soa, at: server)) else { return [] }
      let lameness: Lameness
      switch Reading(observation, question.name, .soa) {
      case .data(let records, _) where !records.isEmpty: continue
      case .responseCode(.refused): lameness = .refused
      case .responseCode(.serverFailure): lameness = .serverFailure
      case .responseCode(.notAuthoritative): lameness = .responseCode(.notAuthoritative)
      case .referral(let zone, _): lameness = .referral(to: zone)
      case .data, .noSuchName, .alias, .notAuthoritative: lameness = .notAuthoritative
      // Any other code says that the question was not liked, not that the zone is not there.
      case .responseCode, .silent, .truncated: continue
      }
      let place = Place(.authoritative, server, zone: question.name, nameServer: host)
      return [
        finding(.lame(lameness), question.declared, place, "\(host) does not have the zone \(question.name)", .high, domain)
      ]
    }
    return []
  }

  // MARK: Addresses

  private static func givenBack(_ value: RData, _ question: RecordQuestion, _ domain: DomainView) -> [Judged] {
    let declaration = domain.declaration
    guard !declaration.inventory.isEmpty, let address = IPAddress(octets: value.octets.span),
      !declaration.inventory.contains(where: { $0.contains(address) }),
      let cloud = declaration.clouds.first(where: { $0.prefix.contains(address) })
    else { return [] }
    let fact = "\(address) is in \(cloud.cloud)'s \(cloud.prefix) and not in the inventory"
    return [finding(.unsafe(fact), question.declared, Place(.endpoint, nil, zone: question.name), fact, .medium, domain)]
  }

  private static func finding(
    _ departure: Departure, _ source: DeclaredRRset, _ place: Place, _ fact: String, _ severity: Severity, _ domain: DomainView
  ) -> Judged {
    Judged(
      reporting: Finding(
        specification.id, severity, .mismatch(departure), source.name, source.type, at: place,
        intended: source.namedValues.map(\.text), observed: [fact], since: domain.now, declaredAt: source.declaredAt))
  }
}

extension DomainView {
  /// Whether a name belongs to a declared domain.
  func isOwn(_ name: DomainName) -> Bool { declaration.domains.contains { name.isAtOrBelow($0.name) } }
}

extension Knowledge {
  /// The name on the way to this one that does not exist and that has to be registered to have it.
  func highestFree(above name: DomainName) -> DomainName? {
    for labels in [2, name.isBelowCountryCategory ? 3 : 2] where name.labelCount >= labels {
      if case .noSuchName? = cuts[name.ancestor(labels: labels)] { return name.ancestor(labels: labels) }
    }
    return nil
  }
}

extension DomainName {
  /// Below a category of a country's domain, as `co.uk` or `com.au`, where names are registered a label further down. The public
  /// suffix list knows all of them; these are its usual words.
  fileprivate var isBelowCountryCategory: Bool {
    let labels = labels()
    guard labels.count >= 3, labels[labels.count - 1].count == 2 else { return false }
    return Self.categories.contains(String(decoding: labels[labels.count - 2], as: UTF8.self))
  }

  private static let categories: Set<String> = [
    "ac", "biz", "co", "com", "edu", "gen", "go", "gob", "gouv", "gov", "id", "info", "ltd", "me", "mil", "ne", "net", "nom",
    "or",
    "org", "plc", "sch", "web",
  ]
}

extension [UInt8] {
  /// Whether the text stands in these octets. Both are short: a page of 64 kB, a sentence.
  fileprivate func holds(_ text: String) -> Bool {
    let wanted = Array(text.utf8)
    guard let first = wanted.first, count >= wanted.count else { return false }
    return indices.prefix(count - wanted.count + 1).contains { start in
      self[start] == first && self[start..<start + wanted.count].elementsEqual(wanted)
    }
  }
}
