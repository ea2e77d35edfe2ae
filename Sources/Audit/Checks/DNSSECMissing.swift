import DNSWire
import Estate
import Names

/// A server of a signed domain gives answers without signatures.
public enum DNSSECMissing: Check {
  public static let specification = CheckSpecification(
    "dnssec-missing", "A name server of a signed domain does not sign its answers",
    sources: ["RFC 4035 §3.1.1", "RFC 4035 §2.4"],
    severity: "high",
    about: """
      Where the domain is declared with a DS, each of its servers must give the keys of the zone with their signatures. A \
      server without them holds an unsigned copy, or is not yours: while the DS stands, resolvers that validate reject what \
      it says; once the DS is removed, they believe it.
      """,
    advice:
      "Look which zone that server holds and where it gets it from. If the domain is no longer signed on purpose, declare `ds: unsigned`.",
    fires: [
      Example(
        "servers without keys below a declared DS",
        [
          .declareDS("12345 13 2 \(String(repeating: "ab", count: 32))"),
          .set(.parent, "example.gov. DS 12345 13 2 \(String(repeating: "ab", count: 32))"), .validation(.secure),
        ], how: .unsigned)
    ],
    silent: [Example("the domain is declared without DS")])

  public static func judge(_ domain: DomainView, _ knowledge: inout Knowledge) -> [Judged] {
    guard domain.isApexInScope, case .exactly = domain.domain.ds else { return [] }
    return domain.servers.compactMap { server in
      guard let authority = domain.authority(of: server, &knowledge), let address = server.server else { return nil }
      let expectation = Expectation(specification.id, domain.domain.name, .dnskey, at: server.place, .signed(true))
      if let obstacle = authority.obstacle { return Judged(expectation, .couldNotTell(obstacle)) }
      let query = Query(domain.domain.name, .dnskey, at: address, dnssecOK: true)
      guard let observation = knowledge.ask(query, of: server.place) else { return nil }
      guard let message = observation.message else {
        return domain.judged(expectation, .couldNotTell(.silent(observation.silence)), .medium, query)
      }
      if let obstacle = message.obstacleToReading { return domain.judged(expectation, .couldNotTell(obstacle), .medium, query) }
      let types = Set(message.answers.filter { $0.name == domain.domain.name }.map(\.type))
      return domain.judged(
        expectation, types.contains(.dnskey) && types.contains(.rrsig) ? .match : .mismatch(.unsigned), .high, query)
    }
  }
}
