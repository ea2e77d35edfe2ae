import DNSWire
import Estate
import Names

/// Others than declared may have certificates issued, by what CAA says.
public enum CAADiffers: Check {
  public static let specification = CheckSpecification(
    "caa-differs", "CAA lets others issue certificates than declared, or is broken",
    sources: ["RFC 8659 §3", "RFC 8659 §4", "RFC 8657", "AA19-024A, technique 3"],
    severity: "high where somebody may issue who is not declared; medium where a declared issuer may not, or a record is broken",
    about: """
      Each server of the domain is asked for the CAA records of every declared host name, and where it has none, of the names \
      above it, as certificate authorities do; above the domain the parent zones' servers are asked. The set that is found \
      first is compared with `certificates: {issuers, accounts}`: `issue` and `issuewild` name nobody else, everybody declared \
      may issue, and accounts (`accounturi`) are the declared ones. Values that are malformed and critical tags that nobody \
      knows, which stop all issuing, are told also where nothing is declared.
      """,
    advice: """
      Restore the CAA records. The hijackers of 2018 and 2019 had certificates issued within minutes of a change: look in \
      Certificate Transparency for what was issued since, and have it revoked.
      """,
    fires: [
      Example(
        "an issuer that is not declared",
        [
          issuers(["ca.example"]),
          .set(.secondary, "example.gov. CAA 0 issue \"ca.example\"\nexample.gov. CAA 0 issue \"evil.example\""),
        ],
        how: .added),
      Example(
        "a foreign issuer at a host",
        [issuers(["ca.example"]), .set(.primary, "mail.example.gov. CAA 0 issue \"evil.example\"")], how: .replaced),
      Example("a declared issuer that may not", [issuers(["ca.example", "other.example"])], how: .removed),
      Example(
        "wildcards by somebody else",
        [
          issuers(["ca.example"]),
          .set(.everywhere, "example.gov. CAA 0 issue \"ca.example\"\nexample.gov. CAA 0 issuewild \"evil.example\""),
        ], how: .added),
      Example(
        "any account of the issuer",
        [
          .redeclare {
            $0.domains[0].issuers = IssuerPolicy(issuers: ["ca.example"], accounts: ["https://ca.example/acct/1"])
          }
        ], how: .unsafe),
      Example("a critical tag that nobody knows", [.set(.everywhere, "example.gov. CAA 128 tbs \"unknown\"")], how: .unsafe),
      Example(
        "addresses for reports and no issuer",
        [issuers(["ca.example"]), .set(.everywhere, "example.gov. CAA 0 iodef \"mailto:a@example.gov\"")], how: .unsafe),
    ],
    silent: [
      Example("as declared", [issuers(["ca.example"])]),
      Example("nothing is declared of certificates", [.set(.everywhere, "example.gov. CAA 0 issue \"evil.example\"")]),
      Example(
        "the declared account, and methods",
        [
          .redeclare {
            $0.domains[0].issuers = IssuerPolicy(issuers: ["ca.example"], accounts: ["https://ca.example/acct/1"])
          },
          .set(
            .everywhere,
            "example.gov. CAA 0 issue \"ca.example; accounturi=https://ca.example/acct/1; validationmethods=dns-01,http-01\""),
        ]),
    ])

  fileprivate static func issuers(_ names: [String]) -> Example.Edit {
    .redeclare { $0.domains[0].issuers = IssuerPolicy(issuers: names) }
  }

  public static func judge(_ domain: DomainView, _ knowledge: inout Knowledge) -> [Judged] {
    guard let wanted = domain.domain.issuers else { return soundness(domain, &knowledge) }
    var judged: [Judged] = []
    let hosts = hosts(domain)
    for server in domain.servers {
      guard let authority = domain.authority(of: server, &knowledge) else { continue }
      var climb = CAAClimb(server: server, domain: domain)
      for host in hosts {
        let expectation = Expectation(
          specification.id, host, .caa, at: server.place, .proper, declaredAt: wanted.declaredAt)
        if let obstacle = authority.obstacle {
          judged.append(Judged(expectation, .couldNotTell(obstacle)))
          continue
        }
        switch climb.relevant(of: host, &knowledge) {
        case .pending: break
        case .unread(let obstacle): judged.append(Judged(expectation, .couldNotTell(obstacle)))
        case .none: judged.append(missing(expectation, wanted, climb, domain))
        case .found(let relevant): judged.append(self.judged(expectation, relevant, wanted, domain))
        }
      }
    }
    return judged
  }

  /// Without a declaration: whether what is published can be read.
  private static func soundness(_ domain: DomainView, _ knowledge: inout Knowledge) -> [Judged] {
    let declared = domain.domain.records.filter { $0.type == .caa && !$0.namedValues.isEmpty }.map(\.name)
    var judged: [Judged] = []
    for name in Set(declared).union([domain.domain.name]).sorted() where domain.isInScope(name) {
      guard let published = domain.published(name, .caa, &knowledge) else { continue }
      let record = domain.declaration(of: name, .caa) { _ in true }
      let policy = PublishedPolicy(
        check: specification.id, name: name, type: .caa, isDeclared: record != nil, declaredAt: record?.declaredAt,
        isOne: { _ in true })
      judged += policy.judged(published, domain) { version in
        if version.records.isEmpty { return .absent }
        do throws(CAAProperty.Fault) {
          _ = try CAAPolicy(version.records)
          return .sound
        } catch { return .departs(.unsafe(error.words), .medium) }
      }
    }
    return judged
  }

  /// Declared names that a certificate may be for: those with addresses or aliases. Each once, in order.
  private static func hosts(_ domain: DomainView) -> [DomainName] {
    let types: Set<RRType> = [.a, .aaaa, .cname]
    let hosts = domain.questions.filter {
      $0.stands == .answer && types.contains($0.type) && $0.declared.intended != .absent && domain.isInScope($0.name)
    }
    return Set(hosts.map(\.name)).sorted()
  }

  private static func missing(_ expectation: Expectation, _ wanted: IssuerPolicy, _ climb: CAAClimb, _ domain: DomainView)
    -> Judged
  {
    let verdict = Verdict.mismatch(.removed(wanted.records))
    var finding = domain.finding(expectation, verdict, .high, climb.apexQuery)
    finding.check = CAAMissing.specification.id
    (finding.name, finding.intended) = (domain.domain.name, wanted.records.map(\.text))
    return Judged(expectation, verdict, finding)
  }

  /// One finding for each set, however many hosts it is relevant to.
  private static func judged(
    _ expectation: Expectation, _ relevant: CAAClimb.Relevant, _ wanted: IssuerPolicy, _ domain: DomainView
  ) -> Judged {
    guard let (departure, severity) = wanted.departure(of: relevant.records) else { return Judged(expectation, .match) }
    var finding = domain.finding(expectation, .mismatch(departure), severity, relevant.query)
    finding.name = relevant.owner
    (finding.intended, finding.observed) = (wanted.records.map(\.text), relevant.records.map(\.text))
    return Judged(expectation, .mismatch(departure), finding)
  }
}

extension IssuerPolicy {
  /// What a zone would hold to say this, without accounts.
  var records: [RData] {
    (issuers.isEmpty ? [";"] : issuers).map {
      CAA(flags: 0, tag: Array("issue".utf8), value: Array($0.utf8)).rdata
    }
  }

  /// How the relevant set departs from what is declared.
  func departure(of records: [RData]) -> (Departure, Severity)? {
    let policy: CAAPolicy
    do { policy = try CAAPolicy(records) } catch { return (.unsafe(error.words), .medium) }
    if policy.isOpen { return (.unsafe("no issue property stands in it, so everybody may issue"), .high) }
    let wanted = Set(issuers.map(Self.canonical))
    let named = policy.issuers.filter { $0.issuer.name != nil }
    let strange = named.filter { !wanted.contains(Self.canonical($0.issuer.name ?? "")) }.map(\.record)
    let missing = wanted.subtracting(named.map { Self.canonical($0.issuer.name ?? "") })
    let lacking = self.records.filter { record in
      CAA(record).map { missing.contains(Self.canonical(String(decoding: $0.value, as: UTF8.self))) } ?? false
    }
    if !strange.isEmpty {
      let beside = records.filter { !strange.contains($0) }
      return (missing.isEmpty ? .added(strange.inCanonicalOrder, beside: beside) : .replaced(records), .high)
    }
    if !lacking.isEmpty { return (.removed(lacking, left: records), .medium) }
    return accountDeparture(named.map(\.issuer))
  }

  /// RFC 8657 §3. Which issuer an account is with, its address need not say: with several issuers one of them may be without.
  private func accountDeparture(_ named: [CAAIssuer]) -> (Departure, Severity)? {
    guard !accounts.isEmpty else { return nil }
    let seen = named.compactMap(\.account)
    if let strange = seen.first(where: { !accounts.contains($0) }) {
      return (.unsafe("the account \(Array(strange.utf8).excerpt) is not declared"), .high)
    }
    if Set(issuers.map(Self.canonical)).count == 1, let open = named.first(where: { $0.account == nil }) {
      return (.unsafe("every account with \(open.name ?? "") may have certificates issued"), .medium)
    }
    if let left = accounts.first(where: { !seen.contains($0) }) {
      return (.unsafe("no record names the account \(Array(left.utf8).excerpt)"), .medium)
    }
    return nil
  }

  private static func canonical(_ issuer: String) -> String {
    let issuer = issuer.lowercased()
    return issuer.hasSuffix(".") ? String(issuer.dropLast()) : issuer
  }
}
