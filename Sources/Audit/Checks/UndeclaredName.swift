import DNSWire
import Estate
import Names

/// A name of the domain that the declaration does not hold.
public enum UndeclaredName: Check {
  public static let specification = CheckSpecification(
    "undeclared-name", "A name exists that nobody declared",
    sources: ["Emergency Directive 19-01, action 1 and 4", "RFC 5936", "RFC 4034 §4", "draft-dulaunoy-dnsop-passive-dns-cof"],
    severity: """
      medium; info where the name is known from elsewhere and no server has it now, and for a certificate authority's challenge \
      at a declared name
      """,
    about: """
      Names are gathered from servers that transfer the zone to anybody (where the whole zone is declared), with --undeclared \
      also by walking the NSEC records of a signed zone, and from the files given with --names (as certificates hold them) and \
      --passive-dns. Each that is neither declared nor below a declared delegation, DNAME or other declared domain is told of, \
      with where it came from. A name from a file is asked for first, of every server, and is not told where a declared \
      wildcard answers for it. Names that attackers add (a host for a phishing page, a validation record) stand beside what is \
      intended and change nothing of it, so comparing declared records never finds them. With --undeclared it is told where no \
      server let its names be read to the end.
      """,
    advice:
      "Declare the name if it is yours. If nobody knows it, find out who created it, and look for certificates issued for it.",
    fires: [
      Example(
        "a zone transfer tells a name that is not declared",
        [
          .redeclare { $0.domains[0].isWholeZone = true },
          .answer(.openTransfer(zone: example, at: server), .openTransfer(records: 9)),
          .answer(.names(zone: example, at: server, by: .transfer), .names(ZoneNames([phishing], end: .whole))),
        ], how: .added),
      Example(
        "NSEC records tell it",
        [
          .scope { $0.enumerates = true }, .declareDS("4711 13 2 \(String(repeating: "AB", count: 32))"),
          .answer(.names(zone: example, at: server, by: .nsec), .names(ZoneNames([phishing], end: .whole))),
          .answer(.names(zone: example, at: secondary, by: .nsec), .names(ZoneNames([phishing], end: .whole))),
        ], how: .added),
      Example(
        "a certificate names it, and it exists",
        [
          .scope { $0.seenNames = [SeenName(phishing, from: .names, at: line)] },
          .set(.everywhere, "webmail-login.example.gov. A 203.0.113.66"),
        ], how: .added),
      Example(
        "a certificate names it, and no server has it", [.scope { $0.seenNames = [SeenName(phishing, from: .names, at: line)] }],
        how: .added),
      Example("names are asked for, and no server gives them", [.scope { $0.enumerates = true }]),
    ],
    silent: [
      Example(
        "names that are declared, and names between them and the domain",
        [
          .scope { $0.enumerates = true }, .answer(.openTransfer(zone: example, at: server), .openTransfer(records: 9)),
          .declare("a.b.example.gov. A 192.0.2.1"), .set(.everywhere, "a.b.example.gov. A 192.0.2.1"),
          .answer(
            .names(zone: example, at: server, by: .transfer),
            .names(ZoneNames([example, name("www.example.gov."), name("b.example.gov."), name("a.b.example.gov.")], end: .whole))),
        ]),
      Example(
        "a name of another domain in a certificate",
        [.scope { $0.seenNames = [SeenName(name("www.example.com."), from: .names, at: line)] }]),
      Example(
        "a name below a declared delegation",
        [
          .declare("child.example.gov. NS ns.child.example.gov."),
          .set(.everywhere, "child.example.gov. NS ns.child.example.gov."),
          .scope { $0.seenNames = [SeenName(name("www.child.example.gov."), from: .names, at: line)] },
        ]),
    ], needs: [.enumeration, .seenNames])

  private static func name(_ text: String) -> DomainName { (try? DomainName(text)) ?? .root }
  private static var example: DomainName { name("example.gov.") }
  private static var phishing: DomainName { name("webmail-login.example.gov.") }
  private static var server: Server { Server(address: SocketAddress(address: .v4(0xC000_0235), port: 53)) }
  private static var secondary: Server { Server(address: SocketAddress(address: .v4(0xC633_6435), port: 53)) }
  private static var line: SourcePosition { SourcePosition(file: "names.txt", line: 3, column: 1) }

  public static func judge(_ domain: DomainView, _ knowledge: inout Knowledge) -> [Judged] {
    let declared = DeclaredNames(domain.domain, beside: domain.declaration.domains)
    var told: Set<DomainName> = []
    var judged: [Judged] = []
    var ends: [ZoneNames.End] = []
    for server in domain.servers where domain.isApexInScope && domain.isWalked {
      for (method, names) in enumerated(by: server, domain, &knowledge) {
        ends.append(names.end)
        // A name that a zone holds is there of itself, whatever wildcard would answer for it.
        for name in names.names where !declared.covers(name, byWildcard: false) && told.insert(name).inserted {
          let source = "told by \(method == .transfer ? "zone transfer" : "NSEC records")"
          judged.append(added(name, server.place, source, declared.severity(of: name), domain, nil))
        }
      }
    }
    judged += hidden(ends, domain)
    for seen in domain.scope.seenNames where seen.name.isBelow(domain.domain.name) && domain.isInScope(seen.name) {
      guard !declared.covers(seen.name, byWildcard: true), told.insert(seen.name).inserted else { continue }
      if let one = judge(seen, declared, domain, &knowledge) { judged.append(one) }
    }
    return judged
  }

  private static func enumerated(
    by place: AuthoritativeServer, _ domain: DomainView, _ knowledge: inout Knowledge
  ) -> [(Inquiry.Enumeration, ZoneNames)] {
    let zone = domain.domain.name
    guard let server = place.server, let authority = domain.authority(of: place, &knowledge), authority.obstacle == nil else {
      return []
    }
    var found: [(Inquiry.Enumeration, ZoneNames)] = []
    if domain.domain.isWholeZone || domain.scope.enumerates,
      case .openTransfer(_?)? = knowledge.ask(.openTransfer(zone: zone, at: server)),
      case .names(let names)? = knowledge.ask(.names(zone: zone, at: server, by: .transfer))
    {
      found.append((.transfer, names))
    }
    if domain.scope.enumerates, domain.isSigned,
      case .names(let names)? = knowledge.ask(.names(zone: zone, at: server, by: .nsec))
    {
      found.append((.nsec, names))
    }
    return found
  }

  /// Where names were asked for and none of the servers gave them all: that nothing was found then says nothing.
  private static func hidden(_ ends: [ZoneNames.End], _ domain: DomainView) -> [Judged] {
    guard domain.scope.enumerates, domain.isWalked, domain.isApexInScope, !ends.contains(.whole) else { return [] }
    let stopped = ends.lazy.compactMap { if case .stopped(let why) = $0 { why } else { nil } }.first
    let why = stopped ?? "no server transfers the zone, and it has no NSEC records that lead from name to name"
    return [
      Judged(
        reporting: Finding(
          specification.id, .info, .couldNotTell(.inquiry(why)), domain.domain.name, nil,
          at: Place(.authoritative, nil, zone: domain.domain.name), since: domain.now))
    ]
  }

  /// A name from elsewhere: whether a server has it now is asked first. Nil where it is none, or is not known yet.
  private static func judge(
    _ seen: SeenName, _ declared: DeclaredNames, _ domain: DomainView, _ knowledge: inout Knowledge
  ) -> Judged? {
    let source = "\(seen.source == .names ? "named" : "seen by passive DNS") in \(seen.position)"
    var gone: (place: Place, query: Query)?
    var last: (place: Place, obstacle: Obstacle, query: Query?)?
    for server in domain.servers {
      guard let authority = domain.authority(of: server, &knowledge) else { return nil }
      guard authority.obstacle == nil, let address = server.server else {
        last = (server.place, authority.obstacle ?? .lame, nil)
        continue
      }
      let query = Query(seen.name, .a, at: address, dnssecOK: domain.asksForSignatures)
      guard let observation = knowledge.ask(query, of: server.place) else { return nil }
      switch Reading(observation, seen.name, .a) {
      case .noSuchName: gone = gone ?? (server.place, query)
      case .referral(let zone, _) where !zone.isBelow(domain.domain.name): last = (server.place, .lame, query)
      case .notAuthoritative(let records) where records.isEmpty: last = (server.place, .lame, query)
      case .data, .alias, .referral, .notAuthoritative:
        return added(seen.name, server.place, source, declared.severity(of: seen.name), domain, query)
      case .responseCode(let code): last = (server.place, .responseCode(code), query)
      case .truncated: last = (server.place, .truncated, query)
      case .silent(let silence): last = (server.place, .silent(silence), query)
      }
    }
    if let gone {
      // A certificate for a wildcard says nothing of a wildcard in DNS.
      if seen.name.isWildcard, let parent = seen.name.parent, declared.covers(parent, byWildcard: true) { return nil }
      let fact = last == nil ? "no server has it now" : "no server that answered has it now"
      return added(seen.name, gone.place, "\(source); \(fact)", .info, domain, gone.query)
    }
    guard let last else { return nil }
    return Judged(
      reporting: Finding(
        specification.id, .low, .couldNotTell(last.obstacle), seen.name, nil, at: last.place, observed: [source],
        since: domain.now, query: last.query))
  }

  private static func added(
    _ name: DomainName, _ place: Place, _ source: String, _ severity: Severity, _ domain: DomainView, _ query: Query?
  ) -> Judged {
    Judged(
      reporting: Finding(
        specification.id, severity, .mismatch(.added([])), name, nil, at: place, observed: [source], since: domain.now,
        query: query))
  }
}

/// The names that a declaration accounts for.
private struct DeclaredNames {
  private let apex: DomainName
  private var names: Set<DomainName> = []
  private var cuts: Set<DomainName> = []
  private var wildcards: Set<DomainName> = []
  private let hosts: Set<DomainName>

  init(_ domain: Domain, beside domains: [Domain]) {
    apex = domain.name
    names = [domain.name]
    hosts = Set(domain.nameServers.map(\.name))
    for name in domain.records.map(\.name) + hosts where name.isBelow(apex) { addWithAncestors(name) }
    for set in domain.records {
      if set.type == .ns, set.name != apex { cuts.insert(set.name) }
      // RFC 6672 §2.3: nothing stands below a DNAME; what is asked for there is led away.
      if set.type == .dname, set.intended != .absent { cuts.insert(set.name) }
      if set.name.isWildcard, set.intended != .absent, let parent = set.name.parent { wildcards.insert(parent) }
    }
    // Whoever declares a domain below this one means it to be delegated, and judges its names there.
    for other in domains where other.name.isBelow(apex) {
      addWithAncestors(other.name)
      cuts.insert(other.name)
    }
  }

  /// Names between a declared one and the domain exist with it (empty non-terminals, RFC 8020 §2).
  private mutating func addWithAncestors(_ name: DomainName) {
    var here = name
    while here.isBelow(apex), names.insert(here).inserted, let parent = here.parent { here = parent }
  }

  func covers(_ name: DomainName, byWildcard: Bool) -> Bool {
    guard name.isBelow(apex), !names.contains(name) else { return true }
    var above = name.parent
    var isClosest = true
    while let here = above, here.isAtOrBelow(apex) {
      if cuts.contains(here) || isSignalling(here) { return true }
      // A wildcard answers below its parent, unless a name in between exists (RFC 4592 §3.3.1).
      if isClosest, names.contains(here) {
        if byWildcard, wildcards.contains(here) { return true }
        isClosest = false
      }
      above = here.parent
    }
    return false
  }

  /// RFC 9615 §2: below `_signal` of a name server its operator publishes the keys of the zones that it serves.
  private func isSignalling(_ name: DomainName) -> Bool {
    guard name.labels().first?.elementsEqual("_signal".utf8) ?? false, let host = name.parent else { return false }
    return hosts.contains(host)
  }

  /// What a challenge (RFC 8555 §8.4) lets somebody do is over when it is answered; which certificates there are, their logs tell.
  func severity(of name: DomainName) -> Severity {
    let isChallenge = name.labels().first?.elementsEqual("_acme-challenge".utf8) ?? false
    return isChallenge && (name.parent.map { covers($0, byWildcard: true) } ?? false) ? .info : .medium
  }
}
