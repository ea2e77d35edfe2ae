public import DNSWire
public import Names

/// What the owner intends of a domain's mail beside its records (Posture is judged where it is declared; what is published and
/// broken is told always).
public struct MailPosture: Hashable, Sendable {
  /// DMARC's `p` (RFC 7489 §6.3), and the least that is intended. Stricter is greater.
  public enum DMARC: String, Hashable, Sendable, CaseIterable, Comparable {
    case none, quarantine, reject

    public static func < (left: DMARC, right: DMARC) -> Bool {
      (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
    }
  }

  /// The mode of an MTA-STS policy (RFC 8461 §5), and the least that is intended.
  public enum MTASTS: String, Hashable, Sendable, CaseIterable { case testing, enforce }

  /// How SPF's record is to end: `-all`, at least `~all`, or in any way (RFC 7208 §5.1).
  public enum SPF: String, Hashable, Sendable, CaseIterable { case hard, soft, any }

  /// The domain neither sends nor receives mail: null MX (RFC 7505), `v=spf1 -all`, DMARC `reject`.
  public var isNone: Bool
  public var spf: SPF?
  public var dmarc: DMARC?
  public var mtaSTS: MTASTS?
  /// Whether reports are asked for (RFC 8460).
  public var tlsRPT: Bool
  public var declaredAt: SourcePosition?

  public init(
    isNone: Bool = false, spf: SPF? = nil, dmarc: DMARC? = nil, mtaSTS: MTASTS? = nil, tlsRPT: Bool = false,
    declaredAt: SourcePosition? = nil
  ) {
    (self.isNone, self.spf, self.dmarc, self.mtaSTS, self.tlsRPT) = (isNone, spf, dmarc, mtaSTS, tlsRPT)
    self.declaredAt = declaredAt
  }
}

/// Who may issue certificates for a domain.
public struct IssuerPolicy: Hashable, Sendable {
  /// Issuer domain names as CAA has them (RFC 8659 §4.2): `letsencrypt.org`. Empty: nobody.
  public var issuers: [String]
  /// ACME account URLs (RFC 8657 §3); empty: any.
  public var accounts: [String]
  /// SHA-256 of the SubjectPublicKeyInfo of keys in use, as `sha256:` and hex digits; empty: any.
  public var keys: [String]
  public var declaredAt: SourcePosition?

  public init(issuers: [String], accounts: [String] = [], keys: [String] = [], declaredAt: SourcePosition? = nil) {
    (self.issuers, self.accounts, self.keys, self.declaredAt) = (issuers, accounts, keys, declaredAt)
  }
}

/// A name that a source outside DNS says exists or existed: a certificate, a passive-DNS record, a list.
public struct SeenName: Hashable, Sendable {
  public enum Source: String, Hashable, Sendable { case names, passiveDNS }

  public var name: DomainName
  public var source: Source
  /// The file and line.
  public var position: SourcePosition
  public var firstSeen: Timestamp?
  public var lastSeen: Timestamp?

  public init(
    _ name: DomainName, from source: Source, at position: SourcePosition, firstSeen: Timestamp? = nil, lastSeen: Timestamp? = nil
  ) {
    (self.name, self.source, self.position, self.firstSeen, self.lastSeen) = (name, source, position, firstSeen, lastSeen)
  }
}
