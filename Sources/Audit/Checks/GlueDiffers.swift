import Estate
import DNSWire
import Names

/// The parent zone gives a declared name server another address.
public enum GlueDiffers: Check {
  public static let specification = CheckSpecification(
    "glue-differs", "The parent zone gives a name server another address than declared",
    sources: ["RFC 1034 §4.2.1", "RFC 9471 §2", "Emergency Directive 19-01, action 1"],
    severity: "critical",
    about: """
      For each declared name server below the domain, the addresses that come with the parent's referral are compared with the \
      declared ones, IPv4 and IPv6 apart. Glue sends every resolver to an address before the zone itself is asked, so a \
      changed glue address hijacks the domain although all names look right.
      """,
    advice: """
      Ask your registrar who changed the host object of the name server, restore its addresses, and treat the registrar \
      account as taken over until you know better.
      """,
    fires: [
      Example("the parent's glue has a foreign address", [.set(.parent, "ns1.example.gov. A 203.0.113.66")], how: .replaced),
      Example("an IPv6 address that nobody declared came to the glue", [.set(.parent, "ns2.example.gov. AAAA 2001:db8:bad::66")], how: .added),
    ],
    silent: [
      Example("the zone's own address record differs, which is record-differs", [.set(.primary, "ns1.example.gov. A 203.0.113.66")])
    ])

  public static func judge(_ domain: DomainView, _ knowledge: inout Knowledge) -> [Judged] {
    guard domain.isWalked, domain.isApexInScope, let parent = domain.parent else { return [] }
    var judged: [Judged] = []
    for declared in domain.domain.nameServers where declared.name.isAtOrBelow(domain.domain.name) {
      guard case .exactly(let addresses) = declared.addresses else { continue }
      for reply in parent.replies {
        for type in domain.network.ipv6 ? [RRType.a, .aaaa] : [.a] {
          let intended = addresses.map(\.rdata).filter { $0.type == type }
          let expectation = Expectation(
            specification.id, declared.name, type, at: reply.place, intended.isEmpty ? .absent : .exactly(intended, ttl: nil),
            declaredAt: declared.declaredAt)
          if let one = judge(expectation, intended, reply, domain, &knowledge) { judged.append(one) }
        }
      }
    }
    return judged
  }

  private static func judge(
    _ expectation: Expectation, _ intended: [RData], _ reply: ParentReply, _ domain: DomainView, _ knowledge: inout Knowledge
  ) -> Judged? {
    guard let observation = reply.delegation else { return nil }
    guard let message = observation.message else { return Judged(expectation, .couldNotTell(.silent(observation.silence))) }
    let hosts = message.delegation(of: domain.domain.name).compactMap { NS($0.rdata)?.nameServer }
    // A server that the parent does not name has no glue; delegation-differs tells of it.
    guard hosts.contains(expectation.name) else {
      return Judged(expectation, intended.isEmpty ? .match : .mismatch(.removed(intended)))
    }
    var glue = message.glue(of: expectation.name, expectation.type)
    var query = reply.delegationQuery
    if glue.isEmpty, !intended.isEmpty {
      // A full referral may leave out addresses; asked for the host itself, the parent gives them.
      query = Query(expectation.name, expectation.type, at: query.server)
      guard let again = knowledge.ask(query, of: reply.place) else { return nil }
      guard let message = again.message else { return domain.judged(expectation, .couldNotTell(.silent(again.silence)), .medium, query) }
      glue = message.glue(of: expectation.name, expectation.type)
    }
    let verdict = Departure(intended: intended, observed: glue).map(Verdict.mismatch) ?? .match
    return domain.judged(expectation, verdict, .critical, query)
  }
}
