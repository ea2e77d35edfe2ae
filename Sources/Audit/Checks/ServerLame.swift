import DNSWire
import Estate
import Names

/// A server to which the delegation or the declaration points does not answer for the zone.
public enum ServerLame: Check {
  public static let specification = CheckSpecification(
    "server-lame", "A name server does not answer for the zone",
    sources: ["RFC 9499 §7 (lame delegation)", "RFC 1912 §2.8", "RFC 8906 §3"],
    severity: "high",
    about: """
      Each address of each name server, declared or delegated, is asked for the zone's SOA record and must answer with \
      authority. A server that refuses, fails, or sends the asker elsewhere does not hold the zone: whoever can have the \
      zone created on it (a shared DNS provider) takes a share of the domain's traffic.
      """,
    advice: """
      Configure the zone on that server, look why it lost it (an expired secondary, a provider account that was closed), or \
      take it out of the delegation.
      """,
    fires: [Example("a secondary no longer knows the zone", [.lame(.secondary)], how: .lame)],
    silent: [Example("a server that says nothing is unreachable, not lame", [.silent(.secondary)])])

  public static func judge(_ domain: DomainView, _ knowledge: inout Knowledge) -> [Judged] {
    guard domain.isApexInScope else { return [] }
    var judged = domain.servers.compactMap { judge($0, domain, &knowledge) }
    for host in domain.unlocated {
      let place = Place(.authoritative, nil, zone: domain.domain.name, nameServer: host.name)
      let expectation = Expectation(specification.id, domain.domain.name, .soa, at: place, .authority)
      judged.append(NameServerUnreachable.judged(expectation, .noAddress(of: host.name, host.why), domain, nil))
    }
    return judged
  }

  private static func judge(_ server: AuthoritativeServer, _ domain: DomainView, _ knowledge: inout Knowledge) -> Judged? {
    guard let query = domain.authorityQuery(server), let authority = domain.authority(of: server, &knowledge) else { return nil }
    let expectation = Expectation(specification.id, domain.domain.name, .soa, at: server.place, .authority)
    switch authority {
    case .serves: return Judged(expectation, .match)
    case .lame(let how): return domain.judged(expectation, .mismatch(.lame(how)), .high, query)
    case .unread(let obstacle):
      if !server.isDeclared { return Judged(expectation, .couldNotTell(obstacle)) }
      return NameServerUnreachable.judged(expectation, obstacle, domain, query)
    }
  }
}

/// Whether a server answers for the zone.
enum Authority {
  case serves(serial: UInt32)
  case lame(Lameness)
  /// It said nothing, or nothing whole.
  case unread(Obstacle)

  /// Why what the server says of records is no evidence; one finding tells of the server. Nil where it answers for the zone.
  var obstacle: Obstacle? {
    switch self {
    case .serves: nil
    case .lame: .lame
    case .unread(let obstacle): obstacle
    }
  }
}

extension DomainView {
  func authorityQuery(_ server: AuthoritativeServer) -> Query? {
    server.server.map { Query(domain.name, .soa, at: $0, dnssecOK: asksForSignatures) }
  }

  /// Nil while it is not known.
  func authority(of server: AuthoritativeServer, _ knowledge: inout Knowledge) -> Authority? {
    guard let query = authorityQuery(server), let observation = knowledge.ask(query, of: server.place) else { return nil }
    return switch Reading(observation, domain.name, .soa) {
    case .data(let records, _): records.first.flatMap { SOA($0) }.map { .serves(serial: $0.serial) } ?? .lame(.notAuthoritative)
    case .referral(let zone, _): .lame(.referral(to: zone))
    case .responseCode(.refused): .lame(.refused)
    case .responseCode(.serverFailure): .lame(.serverFailure)
    case .responseCode(let code): .lame(.responseCode(code))
    case .noSuchName: .lame(.responseCode(.nameError))
    case .alias, .notAuthoritative: .lame(.notAuthoritative)
    case .truncated: .unread(.truncated)
    case .silent(let silence): .unread(.silent(silence))
    }
  }
}
