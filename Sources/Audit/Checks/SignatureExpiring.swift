import DNSWire
import Estate
import Names

/// A server gives signatures that have expired, or soon will.
public enum SignatureExpiring: Check {
  public static let specification = CheckSpecification(
    "signature-expiring", "A name server gives signatures that expire soon or have expired",
    sources: ["RFC 4034 §3.1.5", "RFC 6781 §4.4.2"],
    severity: "high where expired or not valid yet; medium where it expires within three days",
    about: """
      The times in the RRSIG records of each server's answers (its SOA, keys and declared records) are compared with the clock. An expired \
      signature makes the name fail for everybody who validates, and a server that stopped being re-signed is often a \
      secondary that stopped following its primary.
      """,
    advice: "Look whether the signer still runs and whether this server still gets the zone from it.",
    fires: [
      Example(
        "the signature of the SOA has expired",
        [
          .declareDS("12345 13 2 \(String(repeating: "ab", count: 32))"), .validation(.secure),
          .set(.secondary, "example.gov. RRSIG SOA 13 2 3600 20200101000000 20191201000000 12345 example.gov. AAAA"),
        ], how: .bogus)
    ],
    silent: [
      Example(
        "a signature with weeks to go",
        [
          .declareDS("12345 13 2 \(String(repeating: "ab", count: 32))"), .validation(.secure),
          .set(.everywhere, "example.gov. RRSIG SOA 13 2 3600 20370101000000 20191201000000 12345 example.gov. AAAA"),
        ])
    ])

  public static func judge(_ domain: DomainView, _ knowledge: inout Knowledge) -> [Judged] {
    guard domain.isApexInScope, domain.isSigned else { return [] }
    return domain.servers.compactMap { server in
      guard let authority = domain.authority(of: server, &knowledge), let address = server.server else { return nil }
      let expectation = Expectation(specification.id, domain.domain.name, .rrsig, at: server.place, .signed(true))
      if let obstacle = authority.obstacle { return Judged(expectation, .couldNotTell(obstacle)) }
      let queries =
        [domain.authorityQuery(server), Query(domain.domain.name, .dnskey, at: address, dnssecOK: true)].compactMap(\.self)
        + domain.questions.filter { $0.stands == .answer }.compactMap { domain.query($0, server) }
      var signatures: [Served] = []
      for query in queries {
        guard let observation = knowledge.ask(query, of: server.place) else { continue }
        for record in (observation.message?.answers ?? [])
        where record.type == .rrsig && record.name.isAtOrBelow(domain.domain.name) {
          // A signature by another zone is that zone's own concern.
          if let signature = RRSIG(record.rdata), signature.signer == domain.domain.name {
            signatures.append(Served(owner: record.name, signature: signature, query: query))
          }
        }
      }
      return judge(signatures, expectation, domain)
    }
  }

  private static func judge(_ signatures: [Served], _ expectation: Expectation, _ domain: DomainView) -> Judged {
    // An RRset is good for as long as the best of its signatures: during a key roll an old one may stand beside it (RFC 6840 §5.11).
    let sets = Dictionary(grouping: signatures) { Knowledge.Subject($0.owner, $0.signature.covered) }
    let best = sets.values.compactMap { $0.max { $0.secondsLeft(domain.now) < $1.secondsLeft(domain.now) } }
    func order(_ one: Served) -> (Int32, DomainName, RRType) { (one.secondsLeft(domain.now), one.owner, one.signature.covered) }
    // Without signatures there is nothing to expire; dnssec-missing and dnssec-bogus tell of that.
    guard let first = best.min(by: { order($0) < order($1) }) else { return Judged(expectation, .match) }
    let left = first.secondsLeft(domain.now)
    guard Int64(left) < domain.scope.signatureMargin.components.seconds else { return Judged(expectation, .match) }
    let isValid = left > 0
    let verb = first.isEarly(domain.now) ? "is not valid before" : isValid ? "expires at" : "expired at"
    let time = first.isEarly(domain.now) ? first.signature.inception : first.signature.expiration
    let words = "the signature of \(first.owner) \(first.signature.covered) \(verb) \(RRSIG.time(time, near: domain.now))"
    let verdict = Verdict.mismatch(.bogus(words))
    var finding = domain.finding(expectation, verdict, isValid ? .medium : .high, first.query)
    (finding.name, finding.type, finding.observed) = (first.owner, first.signature.covered, [words])
    if !isValid { finding.proof = .bogus }
    return Judged(expectation, verdict, finding)
  }

  /// A signature as a server gave it.
  private struct Served {
    /// By how much a signer's clock may be ahead of ours; what libunbound allows.
    private static let skewSeconds: Int32 = 3600

    var owner: DomainName
    var signature: RRSIG
    var query: Query

    func isEarly(_ now: Timestamp) -> Bool { RRSIG.seconds(to: signature.inception, from: now) > Self.skewSeconds }

    /// Until it expires; negative where it has, or is not valid yet.
    func secondsLeft(_ now: Timestamp) -> Int32 { isEarly(now) ? .min : RRSIG.seconds(to: signature.expiration, from: now) }
  }
}

extension RRSIG {
  /// The times in a signature are serial numbers (RFC 4034 §3.1.5, RFC 1982): 32 bits that begin anew in 2106, read as the moment
  /// nearest to the present.
  fileprivate static func seconds(to time: UInt32, from now: Timestamp) -> Int32 {
    Int32(bitPattern: time &- UInt32(truncatingIfNeeded: now.seconds))
  }

  fileprivate static func time(_ time: UInt32, near now: Timestamp) -> Timestamp {
    Timestamp(seconds: now.seconds &+ Int64(seconds(to: time, from: now)))
  }
}
