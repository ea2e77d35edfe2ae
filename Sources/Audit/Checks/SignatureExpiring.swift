import Estate
import DNSWire
import Names

/// A server gives signatures that have expired, or soon will.
public enum SignatureExpiring: Check {
  public static let specification = CheckSpecification(
    "signature-expiring", "A name server gives signatures that expire soon or have expired",
    sources: ["RFC 4034 §3.1.5", "RFC 6781 §4.4.2"],
    severity: "high where expired; medium where it expires within three days",
    about: """
      The times in the RRSIG records of each server's answers (its SOA, keys and declared records) are compared with the clock. An expired \
      signature makes the name fail for everybody who validates, and a server that stopped being re-signed is often a \
      secondary that stopped following its primary.
      """,
    advice: "Look whether the signer still runs and whether this server still gets the zone from it.",
    fires: [Example("the signature of the SOA has expired", [.declareDS("12345 13 2 \(String(repeating: "ab", count: 32))"), .validation(.secure), .set(.secondary, "example.gov. RRSIG SOA 13 2 3600 20200101000000 20191201000000 12345 example.gov. AAAA")], how: .bogus)],
    silent: [Example("a signature with weeks to go", [.declareDS("12345 13 2 \(String(repeating: "ab", count: 32))"), .validation(.secure), .set(.everywhere, "example.gov. RRSIG SOA 13 2 3600 20370101000000 20191201000000 12345 example.gov. AAAA")])])

  public static func judge(_ domain: DomainView, _ knowledge: inout Knowledge) -> [Judged] {
    guard domain.isApexInScope, domain.isSigned else { return [] }
    return domain.servers.compactMap { server in
      guard let authority = domain.authority(of: server, &knowledge), let address = server.server else { return nil }
      let expectation = Expectation(specification.id, domain.domain.name, .rrsig, at: server.place, .signed(true))
      switch authority {
      case .lame: return Judged(expectation, .couldNotTell(.lame))
      case .silent(let silence): return Judged(expectation, .couldNotTell(.silent(silence)))
      case .serves: break
      }
      let queries = [domain.authorityQuery(server), Query(domain.domain.name, .dnskey, at: address, dnssecOK: true)].compactMap(\.self)
        + domain.questions.filter { $0.stands == .answer }.compactMap { domain.query($0, server) }
      var signatures: [(owner: DomainName, signature: RRSIG, query: Query)] = []
      for query in queries {
        guard let observation = knowledge.ask(query, of: server.place) else { continue }
        for record in (observation.message?.answers ?? []) where record.type == .rrsig && record.name.isAtOrBelow(domain.domain.name) {
          if let signature = RRSIG(record.rdata) { signatures.append((record.name, signature, query)) }
        }
      }
      return judge(signatures, expectation, domain)
    }
  }

  private static func judge(
    _ signatures: [(owner: DomainName, signature: RRSIG, query: Query)], _ expectation: Expectation, _ domain: DomainView
  ) -> Judged {
    // Without signatures there is nothing to expire; dnssec-missing and dnssec-bogus tell of that.
    guard let first = signatures.min(by: { $0.signature.expires < $1.signature.expires }) else { return Judged(expectation, .match) }
    let expires = first.signature.expires
    guard expires < domain.now.advanced(by: domain.signatureMargin) else { return Judged(expectation, .match) }
    let isExpired = expires < domain.now
    let words = "the signature of \(first.owner) \(first.signature.covered) \(isExpired ? "expired" : "expires") at \(expires)"
    let verdict = Verdict.mismatch(.bogus(words))
    var finding = domain.finding(expectation, verdict, isExpired ? .high : .medium, first.query)
    (finding.name, finding.type, finding.observed) = (first.owner, first.signature.covered, [words])
    if isExpired { finding.proof = .bogus }
    return Judged(expectation, verdict, finding)
  }
}

extension RRSIG {
  /// RRSIG times count seconds in 32 bits; they are unambiguous until 2106 (RFC 4034 §3.1.5).
  fileprivate var expires: Timestamp { Timestamp(seconds: Int64(expiration)) }
}
