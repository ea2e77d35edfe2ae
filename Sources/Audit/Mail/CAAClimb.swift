import DNSWire
import Estate
import Names

/// The way up the tree from a host to the first CAA records, as one server of the domain lets it be gone (RFC 8659 §3).
struct CAAClimb {
  struct Relevant {
    var owner: DomainName
    var records: [RData]
    /// Nil where other zones' servers gave them.
    var query: Query?
  }

  enum Found {
    case pending
    case unread(Obstacle)
    case none
    case found(Relevant)
  }

  let server: AuthoritativeServer
  let domain: DomainView
  private var known: [DomainName: Found] = [:]

  init(server: AuthoritativeServer, domain: DomainView) { (self.server, self.domain) = (server, domain) }

  var apexQuery: Query? { query(domain.domain.name) }

  private func query(_ name: DomainName) -> Query? {
    server.server.map { Query(name, .caa, at: $0, dnssecOK: domain.asksForSignatures) }
  }

  mutating func relevant(of host: DomainName, _ knowledge: inout Knowledge) -> Found {
    if let known = known[host] { return known }
    var found = here(host, &knowledge)
    if case .none = found, let parent = host.parent, parent != .root { found = relevant(of: parent, &knowledge) }
    known[host] = found
    return found
  }

  /// The records at one name; aliases are followed, and the names above their target are not climbed.
  private func here(_ name: DomainName, _ knowledge: inout Knowledge) -> Found {
    guard name.isAtOrBelow(domain.domain.name) else { return elsewhere(name, of: name, &knowledge) }
    guard let query = query(name) else { return .none }
    guard let observation = knowledge.ask(query, of: server.place) else { return .pending }
    switch Reading(observation, name, .caa) {
    case .data(let records, _):
      return records.isEmpty ? .none : .found(Relevant(owner: name, records: Set(records).inCanonicalOrder, query: query))
    case .noSuchName: return .none
    case .alias(let alias): return elsewhere(CNAME(alias)?.target ?? name, of: name, &knowledge)
    case .referral(let zone, _): return zone.isBelow(domain.domain.name) ? elsewhere(name, of: name, &knowledge) : .unread(.lame)
    case .notAuthoritative: return .unread(.lame)
    case .responseCode(let code): return .unread(.responseCode(code))
    case .truncated: return .unread(.truncated)
    case .silent(let silence): return .unread(.silent(silence))
    }
  }

  private func elsewhere(_ target: DomainName, of owner: DomainName, _ knowledge: inout Knowledge) -> Found {
    guard let walk = domain.walk else { return .none }
    switch walk.records(of: target, .caa, &knowledge) {
    case .pending: return .pending
    case .failed(let why): return .unread(.noAddress(of: target, why))
    case .found(let records):
      return records.isEmpty ? .none : .found(Relevant(owner: owner, records: Set(records).inCanonicalOrder, query: nil))
    }
  }
}
