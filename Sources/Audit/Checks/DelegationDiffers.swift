import DNSWire
import Estate
import Names

/// The parent zone names other servers than the owner does.
public enum DelegationDiffers: Check {
  public static let specification = CheckSpecification(
    "delegation-differs", "The parent zone delegates to other name servers than declared",
    sources: ["RFC 1034 §4.2.2", "RFC 9199", "Emergency Directive 19-01, action 1"],
    severity: "critical",
    about: """
      Each server of the parent zone is asked for the delegation of the domain, and the NS records of its referral are \
      compared with the declared name servers. Whoever controls the delegation controls every name below it; in 2019 this \
      was changed through stolen registrar and registry accounts, often for less than a day.
      """,
    advice: """
      Call your registrar on a number you already have and ask who changed the name servers. Restore the delegation, change \
      the passwords of the accounts that can change it and put a registry lock on the domain. Then search for certificates \
      issued since the change.
      """,
    fires: [
      Example(
        "the parent names a server of somebody else's", [.set(.parent, "example.gov. NS ns1.evil.example.")], how: .replaced),
      Example(
        "the parent names one server more",
        [.set(.parent, "example.gov. NS ns1.example.gov.\nexample.gov. NS ns2.example.gov.\nexample.gov. NS ns3.evil.example.")],
        how: .added),
      Example("the parent names one server less", [.set(.parent, "example.gov. NS ns1.example.gov.")], how: .removed),
    ],
    silent: [
      Example(
        "the parent names the declared servers in another order",
        [.set(.parent, "example.gov. NS ns2.example.gov.\nexample.gov. NS ns1.example.gov.")]),
      Example("the zone's own NS records differ, which is record-differs", [.set(.primary, "example.gov. NS ns1.example.gov.")]),
    ])

  public static func judge(_ domain: DomainView, _ knowledge: inout Knowledge) -> [Judged] {
    guard domain.isWalked, domain.isApexInScope else { return [] }
    let zone = domain.domain.name
    let intended = domain.domain.nameServers.map { NS(nameServer: $0.name).rdata }
    // Where no name server is declared, that there is a delegation is all that can be expected of it.
    let isAny = intended.isEmpty && domain.domain.delegationChange == nil
    func expectation(_ place: Place) -> Expectation {
      Expectation(
        specification.id, zone, .ns, at: place, isAny ? .authority : .exactly(intended, ttl: nil),
        declaredAt: domain.domain.nameServers.first?.declaredAt ?? domain.domain.declaredAt)
    }
    guard let parent = domain.parent else {
      return domain.noParent.map { [domain.noParent($0, expectation)] } ?? []
    }
    return parent.replies.compactMap { reply in
      guard let observation = reply.delegation else { return nil }
      let expectation = expectation(reply.place)
      switch observation.outcome {
      case .silent(let silence):
        return NameServerUnreachable.judged(expectation, .silent(silence), domain, reply.delegationQuery)
      case .replied(let message):
        if let obstacle = message.obstacle(toDelegationOf: zone) {
          return domain.judged(expectation, .couldNotTell(obstacle), .medium, reply.delegationQuery)
        }
        let observed = message.delegation(of: zone).map(\.rdata)
        if let change = domain.domain.delegationChange {
          return domain.judged(expectation, observed, change, seen: observation.at, reply.delegationQuery)
        }
        if isAny {
          return domain.judged(expectation, observed.isEmpty ? .mismatch(.removed([])) : .match, .critical, reply.delegationQuery)
        }
        let verdict = Departure(intended: intended, observed: observed).map(Verdict.mismatch) ?? .match
        return domain.judged(expectation, verdict, .critical, reply.delegationQuery)
      }
    }
  }
}
