import DNSWire
import Estate
import Names

/// A record stands that lets somebody get certificates for the domain for as long as it stands.
public enum ValidationRecordPresent: Check {
  public static let specification = CheckSpecification(
    "validation-record-present", "A record lets somebody get certificates for as long as it stands",
    sources: ["draft-ietf-acme-dns-persist", "CA/Browser Forum Ballot SC-088", "RFC 8555 §8.4"],
    severity: "critical where it allows wildcards and the names below (`policy`); high otherwise",
    about: """
      `_validation-persist` TXT records are not answered once and removed, as `_acme-challenge` is: who holds the ACME account \
      that the record names can get certificates for the domain at any later time, though the attacker lost the DNS account \
      long ago. Each server of the domain is asked for the record below the domain's own name and below each declared host that \
      is a key service; an alias there is followed, as certificate authorities do. One that is declared, that names only \
      accounts of `certificates: {accounts}`, or whose `persistUntil` is past, is silent.
      """,
    advice:
      "If the account is not yours, remove the record, look for certificates issued since it appeared, and have these revoked.",
    fires: [
      Example(
        "an account that nobody declared",
        [.set(.everywhere, "_validation-persist.example.gov. TXT \"ca.example; accounturi=https://ca.example/acct/666\"")],
        how: .added),
      Example(
        "one more beside the declared account's",
        [
          .redeclare { $0.domains[0].issuers = IssuerPolicy(issuers: ["ca.example"], accounts: ["https://ca.example/acct/1"]) },
          .set(
            .secondary,
            "_validation-persist.example.gov. TXT \"ca.example; accounturi=https://ca.example/acct/1\"\n_validation-persist.example.gov. TXT \"ca.example; accounturi=https://ca.example/acct/666; policy=wildcard\""
          ),
        ], how: .added),
    ],
    silent: [
      Example("no such record"),
      Example(
        "the declared account's",
        [
          .redeclare { $0.domains[0].issuers = IssuerPolicy(issuers: ["ca.example"], accounts: ["https://ca.example/acct/1"]) },
          .set(.everywhere, "_validation-persist.example.gov. TXT \"ca.example; accounturi=https://ca.example/acct/1\""),
        ]),
      Example(
        "a record that is declared",
        [
          .declare("_validation-persist.example.gov. TXT \"ca.example; accounturi=https://ca.example/acct/9\""),
          .set(.everywhere, "_validation-persist.example.gov. TXT \"ca.example; accounturi=https://ca.example/acct/9\""),
        ]),
    ])

  public static func judge(_ domain: DomainView, _ knowledge: inout Knowledge) -> [Judged] {
    guard domain.isWalked else { return [] }
    var judged: [Judged] = []
    for subject in subjects(domain) {
      guard let name = try? DomainName("_validation-persist", origin: subject),
        // Of a declared record record-differs tells.
        !domain.domain.records.contains(where: { $0.name == name && $0.type == .txt }),
        let published = domain.published(name, .txt, &knowledge)
      else { continue }
      for version in published.versions { judged += Self.judged(version, name, domain) }
    }
    return judged
  }

  /// The domain, and the hosts for which a certificate is worth most.
  private static func subjects(_ domain: DomainView) -> [DomainName] {
    let types: Set<RRType> = [.a, .aaaa, .cname]
    let hosts = domain.questions.filter {
      $0.stands == .answer && types.contains($0.type) && $0.declared.intended != .absent && !$0.name.isWildcard
        && Importance.isKeyService($0.name, in: domain)
    }
    return Set(hosts.map(\.name) + [domain.domain.name]).filter { domain.isInScope($0) }.sorted()
  }

  private static func judged(_ version: Published.Version, _ name: DomainName, _ domain: DomainView) -> [Judged] {
    let accounts = Set(domain.domain.issuers?.accounts ?? [])
    let grants = version.records.compactMap { Grant($0) }.filter { $0.isValid(at: domain.now) }
    // Where a parameter stands twice, each certificate authority may take another of them.
    let strange = grants.filter { !$0.accounts.isSubset(of: accounts) }
    guard !strange.isEmpty else { return [] }
    let records = strange.map(\.record).inCanonicalOrder
    let departure = Departure.added(records, beside: version.records.filter { !records.contains($0) })
    return domain.servers.filter { $0.server.map(version.servers.contains) ?? false }.map { server in
      var query = version.query
      if let address = server.server { query.server = address }
      return Judged(
        reporting: Finding(
          specification.id, strange.contains(where: \.isWide) ? .critical : .high, .mismatch(departure), name, .txt,
          at: server.place, intended: accounts.sorted().map { "accounturi=\($0)" },
          observed: version.records.map(\.text).sorted(),
          since: domain.now, query: query))
    }
  }

  /// What a record grants: `issuer; key=value; …`, as RFC 8659 §4.2 writes an issue value. Text without an account, as a wildcard
  /// may answer with, grants nothing.
  private struct Grant {
    let record: RData
    let accounts: Set<String>
    let isWide: Bool
    /// In seconds since 1970; nil: for ever.
    private let end: Int64?

    init?(_ record: RData) {
      guard let text = TXT(record)?.joined else { return nil }
      var values: [String: [String]] = [:]
      for part in String(decoding: text, as: UTF8.self).split(separator: ";").dropFirst() {
        let sides = part.split(separator: "=", maxSplits: 1).map(Self.trimmed)
        if sides.count == 2 { values[sides[0].lowercased(), default: []].append(sides[1]) }
      }
      guard let accounts = values["accounturi"] else { return nil }
      (self.record, self.accounts) = (record, Set(accounts))
      isWide = values["policy"]?.contains { ["wildcard", "specific-subdomains-only"].contains($0.lowercased()) } ?? false
      let ends = values["persistuntil"] ?? []
      end = ends.count == 1 ? Int64(ends[0]) : nil
    }

    func isValid(at now: Timestamp) -> Bool { end.map { now.seconds <= $0 } ?? true }

    private static func trimmed(_ text: Substring) -> String {
      func isSpace(_ one: Character) -> Bool { one == " " || one == "\t" }
      return String(text.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    }
  }
}
