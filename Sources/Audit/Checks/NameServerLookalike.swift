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
      Name servers that the parent or the zone itself names, and that are not declared, are looked at closer: whether the name \
      is one that a person would take for a declared one (a letter changed, added or left out, 0 for o, 1 for l, rn for m, the \
      declared name with something after it), and whether its address is one to which a declared name leads that should not. \
      Names that differ in a number or a single letter between hyphens or dots, or in the top-level domain, are taken for a \
      provider's families. The campaign's name servers had such names, and often the address of the redirected service. \
      delegation-differs tells that the server is not intended; this tells that it is hardly a mistake.
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
        "another number of the declared provider's family, which is delegation-differs",
        [
          .redeclare { $0.domains[0].nameServers[0].name = (try? DomainName("ns-7.dns-01.example.")) ?? .root },
          .set(.parent, "example.gov. NS ns-9.dns-02.example.\nexample.gov. NS ns2.example.gov."),
        ]),
      Example(
        "a declared name server that is the web server too",
        [.declare("shop.example.gov. A 192.0.2.53"), .set(.everywhere, "shop.example.gov. A 192.0.2.53")]),
    ])

  public static func judge(_ domain: DomainView, _ knowledge: inout Knowledge) -> [Judged] {
    guard domain.isWalked, domain.isApexInScope else { return [] }
    var declared = Set(domain.domain.nameServers.map(\.name)).union(
      domain.questions.filter { $0.name == domain.domain.name && $0.type == .ns }.flatMap(\.declared.nameServers))
    // What comes or goes as announced is the owner's own; whether it is in time, change-early and change-overdue tell.
    let changes = [domain.domain.delegationChange, domain.domain.change(of: domain.domain.name, .ns)].compactMap(\.self)
    for change in changes {
      declared.formUnion((change.was.namedValues + change.to.namedValues).compactMap { NS($0)?.nameServer })
    }
    guard !declared.isEmpty else { return [] }
    let services = serviceAddresses(domain, &knowledge)
    var told: Set<DomainName> = []
    var judged: [Judged] = []
    for (host, place, query) in named(domain, &knowledge) where !declared.contains(host) {
      guard told.count < Walk.mostServers, told.insert(host).inserted,
        let fact = fact(host, declared, services, domain, &knowledge)
      else { continue }
      judged.append(
        Judged(
          reporting: Finding(
            specification.id, .critical, .mismatch(.unsafe(fact)), domain.domain.name, .ns, at: place,
            intended: declared.sorted().map { "\($0)" }, observed: ["\(host)", fact], since: domain.now, query: query)))
    }
    return judged
  }

  private static func fact(
    _ host: DomainName, _ declared: Set<DomainName>, _ services: [IPAddress: DomainName], _ domain: DomainView,
    _ knowledge: inout Knowledge
  ) -> String? {
    if let like = declared.sorted().first(where: { Lookalike.resembles(host, $0) }) { return "\(host) imitates \(like)" }
    guard !services.isEmpty else { return nil }
    var addresses = domain.servers.filter { $0.place.nameServer == host }.compactMap { $0.server?.address.address }
    // One that the zone names and the parent does not is none of those that are asked.
    if let walk = domain.walk, case .found(let found) = walk.addresses(of: host, &knowledge) { addresses += found }
    for address in addresses.sorted() {
      if let service = services[address] { return "\(host) has the address \(address), to which \(service) leads now" }
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
        // What a tolerance or an announced change lets stand there is declared.
        let outcome = question.outcome(of: observation, at: domain.now) { $0.verdict(observation, in: domain, &knowledge) }
        guard case .mismatch? = outcome?.verdict else { continue }
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
    if family(parent(one)) == family(parent(two)) { return false }
    let (folded, wanted) = (skeleton(one), skeleton(two))
    if folded == wanted { return true }
    guard name.labelCount == other.labelCount else { return false }
    let (domain, intended) = (parent(folded), parent(wanted))
    // In the declared server's own domain a different host is a different host: ns1 and ns2 differ by a letter too.
    if domain == intended { return false }
    let ((brand, top), (wantedBrand, wantedTop)) = (split(domain), split(intended))
    // Brands have names below several top-level domains; one with a letter too few is another thing (.cm, .co).
    guard top == wantedTop || top.count != wantedTop.count && distance(top, wantedTop, atMost: 1) else { return false }
    return distance(brand, wantedBrand, atMost: brand.count < 6 ? 1 : 2)
  }

  /// With numbers, and single letters between hyphens or dots, made one: providers count their name servers' domains with these.
  private static func family(_ text: String) -> String {
    let counted = text.split(separator: ".", omittingEmptySubsequences: false).map { label in
      label.split(separator: "-", omittingEmptySubsequences: false).map { part in
        let ends = part.reversed().prefix { $0.isNumber }.count
        if ends == part.count || part.count == 1 { return "#" }
        return part.dropLast(ends) + (ends == 0 ? "" : "#")
      }.joined(separator: "-")
    }
    return counted.joined(separator: ".")
  }

  /// What stands before the last dot, and the top-level domain.
  private static func split(_ text: String) -> (brand: String, top: String) {
    guard let dot = text.lastIndex(of: ".") else { return ("", text) }
    return (String(text[..<dot]), String(text[text.index(after: dot)...]))
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
