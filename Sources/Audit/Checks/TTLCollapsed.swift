import DNSWire
import Estate
import Names

/// A record that was long stable is served with a very short TTL: often what goes before a change.
public enum TTLCollapsed: Check {
  public static let specification = CheckSpecification(
    "ttl-collapsed", "A record that was long stable is served with a very short TTL",
    sources: ["RFC 1034 §3.6", "AA19-024A, technique 2: short redirections", "DNS operators' practice before a migration"],
    severity: "medium where another value would be high or critical (NS, MX, key services, policies); low for the rest",
    about: """
      Whoever means to move a name for some hours lowers its TTL first, so that the world follows quickly and forgets quickly. \
      Served TTLs of 60 seconds or less are told where the declaration says 600 or more, or where the same server gave 600 or \
      more for a week before (the store knows). Content delivery networks use short TTLs as a matter of course: where that is \
      so, declare the short TTL. Silent before and inside the window of a planned change of the record.
      """,
    advice:
      "If nobody of yours is preparing a change of this record, look at the account that can change the zone now, before the change comes.",
    fires: [
      Example("a minute where the declaration says an hour", [.set(.primary, "mail.example.gov. 60 A 192.0.2.25")], how: .ttl),
      Example(
        "a minute where the server gave an hour for months",
        [
          .redeclare { for index in $0.domains[0].records.indices { $0.domains[0].records[index].ttl = nil } },
          .scope { $0.steadyTTLs = steady }, .set(.primary, "mail.example.gov. 30 A 192.0.2.25"),
        ], how: .ttl),
    ],
    silent: [
      Example("ten minutes where the declaration says an hour", [.set(.primary, "mail.example.gov. 600 A 192.0.2.25")]),
      Example(
        "a short TTL that is declared",
        [
          .redeclare { for index in $0.domains[0].records.indices { $0.domains[0].records[index].ttl = 60 } },
          .set(.primary, "mail.example.gov. 60 A 192.0.2.25"),
        ]),
      Example("another value, which is record-differs", [.set(.primary, "mail.example.gov. 60 A 203.0.113.66")]),
    ])

  /// Seconds: at most this is very short, at least that was long.
  static let short: UInt32 = 60
  static let long: UInt32 = 600
  /// How long the long TTL must have been served.
  static let steadiness = Duration.seconds(7 * 86_400)

  private static var steady: [SteadyTTL] {
    guard let name = try? DomainName("mail.example.gov."), let from = Timestamp("2026-09-01T00:00:00Z"),
      let until = Timestamp("2026-11-23T08:00:00Z")
    else { return [] }
    let server = Server(address: SocketAddress(address: .v4(0xC000_0235), port: 53))
    return [SteadyTTL(name, .a, at: server, ttl: 3600, from: from, until: until)]
  }

  public static func judge(_ domain: DomainView, _ knowledge: inout Knowledge) -> [Judged] {
    let steady = Dictionary(domain.scope.steadyTTLs.map { (Key(name: $0.name, type: $0.type, server: $0.server), $0) }) {
      $0.ttl > $1.ttl ? $0 : $1
    }
    var judged: [Judged] = []
    for server in domain.servers where server.isDeclared {
      guard let address = server.server, let authority = domain.authority(of: server, &knowledge), authority.obstacle == nil
      else {
        continue
      }
      for question in domain.questions where question.stands == .answer && !question.isImplied && domain.isInScope(question.name)
      {
        if let change = question.declared.change, change.phase(at: domain.now) != .after { continue }
        guard let query = domain.query(question, server), let observation = knowledge.ask(query, of: server.place),
          case .data(let records, let served?) = Reading(observation, question.name, question.type), !records.isEmpty,
          served <= short, case .match = question.verdict(observation, in: domain, &knowledge)
        else { continue }
        guard let usual = usual(question, steady[Key(name: question.name, type: question.type, server: address)]), usual >= long
        else {
          continue
        }
        let severity: Severity = Importance.severity(of: question.name, question.type, in: domain) >= .high ? .medium : .low
        judged.append(
          Judged(
            reporting: Finding(
              specification.id, severity, .mismatch(.ttl(served: served, declared: usual)), question.name, question.type,
              at: server.place, intended: ["TTL \(usual)"], observed: ["TTL \(served)"], since: domain.now,
              declaredAt: question.declared.declaredAt, query: query)))
      }
    }
    return judged
  }

  private struct Key: Hashable {
    var name: DomainName
    var type: RRType
    var server: Server
  }

  /// What the owner declares, else what the server gave for long.
  private static func usual(_ question: RecordQuestion, _ steady: SteadyTTL?) -> UInt32? {
    if let declared = question.declared.ttl { return declared }
    guard let steady, steady.from.duration(to: steady.until) >= steadiness else { return nil }
    return steady.ttl
  }
}
