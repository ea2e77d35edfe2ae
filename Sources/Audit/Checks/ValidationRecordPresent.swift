import DNSWire
import Estate
import Names

/// A record stands that lets somebody get certificates for the domain for as long as it stands.
public enum ValidationRecordPresent: Check {
  public static let specification = CheckSpecification(
    "validation-record-present", "A record lets somebody get certificates for as long as it stands",
    sources: ["draft-ietf-acme-dns-persist", "CA/Browser Forum Ballot SC-088", "RFC 8555 §8.4"],
    severity: "critical where it allows wildcards or every name below; high otherwise",
    about: """
      `_validation-persist` TXT records are not answered once and removed, as `_acme-challenge` is: who holds the ACME account \
      that the record names can get certificates for the domain at any later time, though the attacker lost the DNS account long \
      ago. Each server of the domain is asked for the record at the domain's own name. One that is declared, or that names only \
      accounts of `certificates: {accounts}`, is silent.
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
    guard domain.isWalked, domain.isApexInScope, let name = try? DomainName("_validation-persist", origin: domain.domain.name)
    else {
      return []
    }
    // Of a declared record record-differs tells.
    if domain.domain.records.contains(where: { $0.name == name && $0.type == .txt }) { return [] }
    let accounts = domain.domain.issuers?.accounts ?? []
    return domain.servers.compactMap { server in
      guard let address = server.server, let authority = domain.authority(of: server, &knowledge), authority.obstacle == nil
      else {
        return nil
      }
      let query = Query(name, .txt, at: address, dnssecOK: domain.asksForSignatures)
      guard let observation = knowledge.ask(query, of: server.place),
        case .data(let records, _) = Reading(observation, name, .txt)
      else { return nil }
      let strange = records.filter { record in !accounts.contains { Self.account(in: record) == $0 } }
      guard !strange.isEmpty else { return nil }
      let isWide = strange.contains { Self.parameters(of: $0)["policy"]?.lowercased() == "wildcard" }
      return Judged(
        reporting: Finding(
          specification.id, isWide ? .critical : .high,
          .mismatch(.added(strange.inCanonicalOrder, beside: records.filter { !strange.contains($0) }.inCanonicalOrder)), name,
          .txt,
          at: server.place, intended: accounts.map { "accounturi=\($0)" }, observed: records.map(\.text).sorted(),
          since: domain.now,
          query: query))
    }
  }

  private static func account(in record: RData) -> String? { parameters(of: record)["accounturi"] }

  /// `issuer; key=value; …`, as RFC 8659 §4.2 writes an issue value.
  private static func parameters(of record: RData) -> [String: String] {
    let text = String(decoding: TXT(record)?.joined ?? [], as: UTF8.self)
    var parameters: [String: String] = [:]
    for part in text.split(separator: ";").dropFirst() {
      let sides = part.split(separator: "=", maxSplits: 1).map { $0.drop { $0 == " " } }
      guard sides.count == 2 else { continue }
      let value = sides[1].reversed().drop { $0 == " " }.reversed()
      parameters[sides[0].lowercased()] = String(value)
    }
    return parameters
  }
}
