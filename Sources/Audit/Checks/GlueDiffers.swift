import DNSWire
import Estate
import Names

/// The parent zone, or its own, gives a declared name server another address.
public enum GlueDiffers: Check {
  public static let specification = CheckSpecification(
    "glue-differs", "A name server has another address than declared, in the parent's glue or in its own zone",
    sources: ["RFC 1034 §4.2.1", "RFC 9471 §2", "Emergency Directive 19-01, action 1"],
    severity: "critical",
    about: """
      For each name server that is declared with addresses, those that come with the parent's referral are compared with the \
      declared ones, IPv4 and IPv6 apart; outside the domain, where a parent need not give any, also those that the server's \
      own zone gives. Glue sends every resolver to an address before the zone itself is asked, so a changed glue address \
      hijacks the domain although all names look right; so does a changed address at the operator of the name server.
      """,
    advice: """
      Ask your registrar who changed the host object of the name server, restore its addresses, and treat the registrar \
      account as taken over until you know better. Where the server's own zone gives the address, call whoever runs it.
      """,
    fires: [
      Example("the parent's glue has a foreign address", [.set(.parent, "ns1.example.gov. A 203.0.113.66")], how: .replaced),
      Example(
        "an IPv6 address that nobody declared came to the glue", [.set(.parent, "ns2.example.gov. AAAA 2001:db8:bad::66")],
        how: .added),
    ],
    silent: [
      Example(
        "the zone's own address record differs, which is record-differs", [.set(.primary, "ns1.example.gov. A 203.0.113.66")])
    ])

  public static func judge(_ domain: DomainView, _ knowledge: inout Knowledge) -> [Judged] {
    guard domain.isApexInScope, let walk = domain.walk, let parent = domain.parent else { return [] }
    var judged: [Judged] = []
    for declared in domain.domain.nameServers {
      guard case .exactly(let addresses) = declared.addresses else { continue }
      // Nobody needs the address of a server that has yet to come, or is going.
      guard !domain.movingHosts.contains(declared.name) || domain.isDelegated(to: declared.name) else { continue }
      let isOutside = !declared.name.isAtOrBelow(domain.domain.name)
      // Also where this machine has no IPv6: the answer comes over IPv4, and those who have it follow it.
      for type in [RRType.a, .aaaa] {
        let intended = addresses.map(\.rdata).filter { $0.type == type }
        func expectation(_ place: Place) -> Expectation {
          Expectation(
            specification.id, declared.name, type, at: place, intended.isEmpty ? .absent : .exactly(intended, ttl: nil),
            declaredAt: declared.declaredAt)
        }
        if isOutside {
          let found = walk.addresses(of: declared.name, type, &knowledge)
          judged += judge(expectation(Place(.endpoint, nil, zone: declared.name)), intended, found, domain)
        }
        // Addresses of names outside the parent zone are not the parent's to give, and no careful resolver takes them.
        guard !isOutside || declared.name.isAtOrBelow(parent.zone) else { continue }
        judged += parent.replies.compactMap { reply in
          judge(expectation(reply.place), intended, reply, isNeeded: !isOutside, domain, &knowledge)
        }
      }
    }
    return judged
  }

  /// Compares with what the servers of the host's own zone say.
  private static func judge(
    _ expectation: Expectation, _ intended: [RData], _ found: Found<[IPAddress]>, _ domain: DomainView
  ) -> [Judged] {
    switch found {
    case .pending: return []
    case .failed(let why):
      let obstacle = Obstacle.noAddress(of: expectation.name, why)
      // Told of once, not for each family.
      guard expectation.type == .a else { return [Judged(expectation, .couldNotTell(obstacle))] }
      return [NameServerUnreachable.judged(expectation, obstacle, domain, nil)]
    case .found(let addresses):
      let addresses = addresses.map(\.rdata)
      if let change = domain.domain.change(of: expectation.name, expectation.type) {
        return [domain.judged(expectation, addresses, change, seen: domain.seen, nil)]
      }
      let verdict = Departure(intended: intended, observed: addresses).map(Verdict.mismatch) ?? .match
      return [domain.judged(expectation, verdict, .critical, nil)]
    }
  }

  private static func judge(
    _ expectation: Expectation, _ intended: [RData], _ reply: ParentReply, isNeeded: Bool, _ domain: DomainView,
    _ knowledge: inout Knowledge
  ) -> Judged? {
    guard let observation = reply.delegation else { return nil }
    let zone = domain.domain.name
    guard let message = observation.message else { return Judged(expectation, .couldNotTell(.silent(observation.silence))) }
    if let obstacle = message.obstacle(toDelegationOf: zone) { return Judged(expectation, .couldNotTell(obstacle)) }
    let hosts = message.delegation(of: zone).compactMap { NS($0.rdata)?.nameServer }
    // A server that the parent does not name has no glue; delegation-differs tells of it.
    guard hosts.contains(expectation.name) else {
      let isMissed = isNeeded && !intended.isEmpty && !domain.movingHosts.contains(expectation.name)
      return Judged(expectation, isMissed ? .mismatch(.removed(intended)) : .match)
    }
    var glue = message.glue(of: expectation.name, expectation.type)
    var query = reply.delegationQuery
    let change = domain.domain.change(of: expectation.name, expectation.type)
    if isNeeded, case .removed? = Departure(intended: intended, observed: glue) {
      // A full referral may leave out addresses; asked for the host itself, the parent gives them.
      query = Query(expectation.name, expectation.type, at: query.server)
      guard let again = knowledge.ask(query, of: reply.place) else { return nil }
      guard let message = again.message else {
        return domain.judged(expectation, .couldNotTell(.silent(again.silence)), .medium, query)
      }
      if let obstacle = message.obstacleToReading { return domain.judged(expectation, .couldNotTell(obstacle), .medium, query) }
      glue = message.glue(of: expectation.name, expectation.type)
    }
    let departure = Departure(intended: intended, observed: glue)
    // Without glue, or with some of it, a host beside the domain can still be looked up (RFC 9471 §2.2).
    if !isNeeded, case .removed? = departure { return Judged(expectation, .match) }
    if let change { return domain.judged(expectation, glue, change, seen: observation.at, query) }
    return domain.judged(expectation, departure.map(Verdict.mismatch) ?? .match, .critical, query)
  }
}
