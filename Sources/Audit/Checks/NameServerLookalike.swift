import DNSWire
import Estate
import Names

/// A name server that nobody declared imitates one that is, or stands where the domain's services were moved to.
public enum NameServerLookalike: Check {
  public static let specification = CheckSpecification(
    "name-server-lookalike", "An undeclared name server imitates a declared one",
    sources: ["AA19-024A, technique 2", "Talos, DNSpionage (2018-11-27)", "UTS 39 §4"],
    severity: "critical",
    about: """
      Name servers that the parent or the zone itself names, and that are not declared, are looked at closer: whether the name is \
      one that a person would take for a declared one (a letter changed, added or left out, 0 for o, 1 for l, rn for m, the \
      declared name with something after it), and whether its address is also that of a service in the answers. The campaign's \
      name servers had such names, and often the address of the redirected service. delegation-differs tells that the server is \
      not intended; this tells that it is no mistake.
      """,
    advice:
      "Treat it as an attack: have the registry restore the delegation and lock it, and change the registrar account's password.",
    fires: [
      Example(
        "a letter changed",
        [
          .set(.parent, "example.gov. NS ns1.examp1e.gov.\nexample.gov. NS ns2.example.gov."),
          .elsewhere("examp1e.gov.", "ns1.examp1e.gov. A 203.0.113.53"),
        ], how: .unsafe),
      Example(
        "the declared name with something after it",
        [.set(.secondary, "example.gov. NS ns1.example.gov.evil.example.\nexample.gov. NS ns2.example.gov.")], how: .unsafe),
      Example(
        "the name server is where the mail was moved to",
        [
          .set(.parent, "example.gov. NS ns.cloud.example.\nexample.gov. NS ns2.example.gov."),
          .elsewhere("cloud.example.", "ns.cloud.example. A 203.0.113.66"), .set(.secondary, "mail.example.gov. A 203.0.113.66"),
        ], how: .unsafe),
    ],
    silent: [
      Example(
        "an undeclared name server with a name of its own, which is delegation-differs",
        [
          .set(.parent, "example.gov. NS a.dns-hosting.example.\nexample.gov. NS ns2.example.gov."),
          .elsewhere("dns-hosting.example.", "a.dns-hosting.example. A 203.0.113.53"),
        ]),
      Example("declared name servers with names like each other"),
      Example(
        "a declared name server that is the web server too",
        [.declare("shop.example.gov. A 192.0.2.53"), .set(.everywhere, "shop.example.gov. A 192.0.2.53")]),
    ])

  public static func judge(_ domain: DomainView, _ knowledge: inout Knowledge) -> [Judged] {
    guard domain.isWalked, domain.isApexInScope else { return [] }
    let declared = Set(domain.domain.nameServers.map(\.name)).union(
      domain.questions.filter { $0.name == domain.domain.name && $0.type == .ns }.flatMap(\.declared.nameServers))
    guard !declared.isEmpty else { return [] }
    let services = serviceAddresses(domain, &knowledge)
    var told: Set<DomainName> = []
    var judged: [Judged] = []
    for (host, place, query) in named(domain, &knowledge) where !declared.contains(host) {
      guard !told.contains(host), let fact = fact(host, declared, services, domain) else { continue }
      told.insert(host)
      judged.append(
        Judged(
          reporting: Finding(
            specification.id, .critical, .mismatch(.unsafe(fact)), domain.domain.name, .ns, at: place,
            intended: declared.sorted().map { "\($0)" }, observed: ["\(host)", fact], since: domain.now, query: query)))
    }
    return judged
  }

  private static func fact(
    _ host: DomainName, _ declared: Set<DomainName>, _ services: [IPAddress: DomainName], _ domain: DomainView
  ) -> String? {
    if let like = declared.sorted().first(where: { Lookalike.resembles(host, $0) }) { return "\(host) imitates \(like)" }
    for server in domain.servers where server.place.nameServer == host {
      if let address = server.server?.address.address, let service = services[address] {
        return "\(host) has the address \(address), to which \(service) leads now"
      }
    }
    return nil
  }

  /// The name servers that the parent and the zone's own servers name.
  private static func named(
    _ domain: DomainView, _ knowledge: inout Knowledge
  ) -> [(host: DomainName, place: Place, query: Query)] {
    var named: [(DomainName, Place, Query)] = []
    let zone = domain.domain.name
    for reply in domain.parent?.replies ?? [] {
      for record in reply.delegation?.message?.delegation(of: zone) ?? [] {
        if let host = NS(record.rdata)?.nameServer { named.append((host, reply.place, reply.delegationQuery)) }
      }
    }
    for server in domain.servers {
      guard let address = server.server else { continue }
      let query = Query(zone, .ns, at: address, dnssecOK: domain.asksForSignatures)
      guard case .data(let records, _)? = knowledge.ask(query, of: server.place).map({ Reading($0, zone, .ns) }) else { continue }
      for host in records.prefix(Walk.mostServers).compactMap({ NS($0)?.nameServer }) {
        named.append((host, server.place, query))
      }
    }
    return named
  }

  /// Addresses that are served for declared names and are not declared there: where visitors were moved to.
  private static func serviceAddresses(_ domain: DomainView, _ knowledge: inout Knowledge) -> [IPAddress: DomainName] {
    var addresses: [IPAddress: DomainName] = [:]
    for question in domain.questions where question.stands == .answer && (question.type == .a || question.type == .aaaa) {
      for server in domain.servers {
        guard let query = domain.query(question, server), let observation = knowledge.ask(query, of: server.place),
          case .data(let records, _) = Reading(observation, question.name, question.type)
        else { continue }
        for record in records where !question.intended.contains(record) {
          if let address = IPAddress(octets: record.octets.span) { addresses[address] = question.name }
        }
      }
    }
    return addresses
  }
}

/// Whether a person would take one host name for another.
enum Lookalike {
  static func resembles(_ name: DomainName, _ other: DomainName) -> Bool {
    if name == other { return false }
    let (one, two) = (text(name), text(other))
    // The declared name with something before or after it: `ns1.example.gov.evil.example`.
    if one.contains(two + ".") || one.hasPrefix(two) { return true }
    // The same host below a domain that looks the same, or a host of nearly the same name in the same domain's place.
    let (folded, wanted) = (skeleton(one), skeleton(two))
    if folded == wanted { return true }
    guard name.labelCount == other.labelCount else { return false }
    let (domain, intended) = (parent(folded), parent(wanted))
    // In the declared server's own domain a different host is a different host: ns1 and ns2 differ by a letter too.
    if domain == intended { return false }
    return distance(domain, intended, atMost: domain.count < 8 ? 1 : 2)
  }

  private static func text(_ name: DomainName) -> String { String("\(name)".dropLast()) }
  private static func parent(_ text: String) -> String {
    text.firstIndex(of: ".").map { String(text[text.index(after: $0)...]) } ?? text
  }

  /// With characters that look alike made one, as UTS 39 §4 does it for all scripts; here those of host names.
  private static func skeleton(_ text: String) -> String {
    var out = text.replacing("rn", with: "m").replacing("vv", with: "w").replacing("-", with: "")
    for (from, to) in [("0", "o"), ("1", "l"), ("i", "l"), ("5", "s"), ("3", "e"), ("8", "b")] {
      out = out.replacing(from, with: to)
    }
    return out
  }

  /// Whether so few letters have to be changed, added or left out.
  private static func distance(_ one: String, _ two: String, atMost most: Int) -> Bool {
    let (left, right) = (Array(one.utf8.prefix(255)), Array(two.utf8.prefix(255)))
    guard abs(left.count - right.count) <= most else { return false }
    var row = Array(0...right.count)
    for (line, octet) in left.enumerated() {
      var diagonal = row[0]
      row[0] = line + 1
      for column in 1..<(right.count + 1) {
        let next = octet == right[column - 1] ? diagonal : min(diagonal, row[column], row[column - 1]) + 1
        (diagonal, row[column]) = (row[column], next)
      }
    }
    return row[right.count] <= most
  }
}
