import Audit
import DNSWire
import Estate
import Names
import Testing

/// Where aliases may lead (`endsIn`): every link, at the servers, through the resolver and from the roots.
@Suite("Tolerance: alias chains") struct AliasChainTests {
  static let name = "shop.example.gov."

  static func names(_ texts: String...) -> [DomainName] { texts.compactMap { try? DomainName($0) } }

  /// `shop` may lead to cdn.example and edge.example; both exist elsewhere, with what the lines say.
  static func estate(
    _ type: RRType, _ tolerance: Tolerance, serving: String,
    cdn: String = "a.cdn.example. A 203.0.113.80\na.cdn.example. AAAA 2001:db8:c::80",
    edge: String = "e.edge.example. A 203.0.113.90"
  ) throws -> ModelEstate {
    var estate = try ModelEstate()
    try estate.apply(.tolerate(name, type, tolerance))
    if !serving.isEmpty { try estate.apply(.set(.everywhere, serving)) }
    try estate.apply(.elsewhere("cdn.example.", cdn))
    try estate.apply(.elsewhere("edge.example.", edge))
    try estate.apply(.elsewhere("evil.example.", "www.evil.example. A 203.0.113.66"))
    return estate
  }

  static let toProviders = Tolerance(endsIn: names("cdn.example.", "edge.example."))

  struct Row: Sendable, CustomTestStringConvertible {
    var says: String
    var type: RRType = .cname
    var tolerance = AliasChainTests.toProviders
    var serving = "shop.example.gov. CNAME a.cdn.example."
    var cdn = "a.cdn.example. A 203.0.113.80\na.cdn.example. AAAA 2001:db8:c::80"
    /// Which checks tell of it; none: it is as intended.
    var told: Set<CheckID> = []
    var how: Departure.How = .replaced

    var testDescription: String { says }
  }

  static let within = Tolerance(
    within: ["203.0.113.80/28"].compactMap { IPPrefix($0) }, endsIn: names("cdn.example.", "edge.example."))

  static let rows: [Row] = [
    Row(says: "CNAME into the provider"),
    Row(says: "A behind an alias", type: .a),
    Row(says: "AAAA behind an alias", type: .aaaa),
    Row(says: "from one provider to the other", cdn: "a.cdn.example. CNAME e.edge.example."),
    Row(says: "from one provider to the other, for A", type: .a, cdn: "a.cdn.example. CNAME e.edge.example."),
    Row(
      says: "through a name of our own",
      serving: "shop.example.gov. CNAME mid.example.gov.\nmid.example.gov. CNAME a.cdn.example."),
    Row(
      says: "through a name of our own, for A", type: .a,
      serving: "shop.example.gov. CNAME mid.example.gov.\nmid.example.gov. CNAME a.cdn.example."),
    Row(says: "a DNAME in the provider's zone", cdn: "x.cdn.example. DNAME edge.example.\na.cdn.example. CNAME e.x.cdn.example."),
    Row(says: "at a name of our own that is declared", type: .a, serving: "shop.example.gov. CNAME www.example.gov."),
    Row(
      says: "at a name of our own that nobody declared", type: .a,
      serving: "shop.example.gov. CNAME new.example.gov.\nnew.example.gov. A 203.0.113.66",
      told: ["record-differs", "resolver-differs"]),
    Row(
      says: "at a name of our own that nobody declared, CNAME",
      serving: "shop.example.gov. CNAME new.example.gov.\nnew.example.gov. A 203.0.113.66",
      told: ["record-differs", "resolver-differs"]),
    Row(
      says: "at another address of a name of our own", type: .a,
      serving: "shop.example.gov. CNAME www.example.gov.\nwww.example.gov. A 203.0.113.66",
      told: ["record-differs", "resolver-differs"]),
    Row(
      says: "the first link leads away", serving: "shop.example.gov. CNAME www.evil.example.",
      told: ["record-differs", "resolver-differs"]),
    Row(
      says: "the first link leads away, for A", type: .a, serving: "shop.example.gov. CNAME www.evil.example.",
      told: ["record-differs", "resolver-differs"]),
    Row(
      says: "a link in the middle leads away", cdn: "a.cdn.example. CNAME www.evil.example.",
      told: ["alias-chain-differs", "resolver-differs"]),
    Row(
      says: "a link in the middle leads away, for A", type: .a, cdn: "a.cdn.example. CNAME www.evil.example.",
      told: ["alias-chain-differs", "resolver-differs"]),
    Row(
      says: "the end is gone", cdn: "b.cdn.example. A 203.0.113.80", told: ["alias-chain-differs"], how: .dangling),
    Row(
      says: "a name that only ends like the provider's", serving: "shop.example.gov. CNAME www.evilcdn.example.",
      told: ["record-differs", "resolver-differs"]),
    Row(
      says: "addresses in the place of the alias", serving: "shop.example.gov. A 203.0.113.80",
      told: ["record-differs", "resolver-differs"]),
    Row(
      says: "addresses in the place of the alias, for A", type: .a, serving: "shop.example.gov. A 203.0.113.80",
      told: ["record-differs", "resolver-differs"]),
    Row(
      says: "the provider's addresses in the place of the alias, declared", type: .a, tolerance: within,
      serving: "shop.example.gov. A 203.0.113.81"),
    Row(says: "declared addresses behind the alias", type: .a, tolerance: within),
    Row(
      says: "other addresses behind the alias", type: .a, tolerance: within, cdn: "a.cdn.example. A 203.0.113.66",
      told: ["alias-chain-differs", "resolver-differs"]),
    Row(
      says: "another address beside a declared one behind the alias", type: .a, tolerance: within,
      cdn: "a.cdn.example. A 203.0.113.81\na.cdn.example. A 203.0.113.66", told: ["alias-chain-differs", "resolver-differs"],
      how: .added),
    Row(
      says: "the alias declared by name, and the provider",
      tolerance: Tolerance(
        anyOf: [CNAME(target: (try? DomainName("www.evil.example.")) ?? .root).rdata], endsIn: names("cdn.example.")),
      serving: "shop.example.gov. CNAME www.evil.example.",
      told: ["alias-chain-differs", "resolver-differs"]),
  ]

  @Test(arguments: rows) func `every link is judged, where it stands`(row: Row) throws {
    var estate = try Self.estate(row.type, row.tolerance, serving: row.serving, cdn: row.cdn)
    let survey = estate.survey()
    // Of records that were changed themselves, and of values beside an alias, other findings tell.
    let told = survey.findings.filter { "\($0.name)" == Self.name }
    #expect(Set(told.map(\.check)) == row.told, "\(survey.summary)")
    #expect(told.allSatisfy { $0.intended == [row.tolerance.words] })
    if row.told.contains("alias-chain-differs") {
      #expect(survey.findings("alias-chain-differs").map(\.verdict.how) == [row.how])
    }
    let kind = row.told.isEmpty ? "match" : "mismatch"
    #expect(try survey.verdicts("alias-chain-differs", Self.name, row.type).map(\.kind) == [kind])
    if row.told.isEmpty { #expect(survey.findings.isEmpty, "\(survey.summary)") }
    #expect(survey.totals.expected == survey.verdicts.count { $0.expectation != nil })
  }

  @Test func `the zone on the way that was changed is named`() throws {
    var estate = try Self.estate(
      .cname, Self.toProviders, serving: "shop.example.gov. CNAME a.cdn.example.",
      cdn: "a.cdn.example. CNAME b.cdn.example.\nb.cdn.example. CNAME www.evil.example.")
    let finding = try #require(estate.survey().findings("alias-chain-differs").first)
    #expect(finding.place.server?.address.address == ModelEstate.elsewhere)
    #expect(finding.place.nameServer == Self.names("ns.cdn.example.").first)
    #expect(finding.query?.name == Self.names("b.cdn.example.").first)
    #expect(
      finding.observed == [
        "shop.example.gov. CNAME a.cdn.example.", "a.cdn.example. CNAME b.cdn.example.", "b.cdn.example. CNAME www.evil.example.",
        "www.evil.example. A 203.0.113.66",
      ])
  }

  @Test(arguments: [
    "a.cdn.example. CNAME a.cdn.example.", "a.cdn.example. CNAME b.cdn.example.\nb.cdn.example. CNAME a.cdn.example.",
    "a.cdn.example. CNAME shop.example.gov.",
    (0..<20).map { "\($0 == 0 ? "a" : "n\($0)").cdn.example. CNAME n\($0 + 1).cdn.example." }.joined(separator: "\n"),
  ]) func `a chain that does not end is told`(cdn: String) throws {
    for type in [RRType.cname, .a] {
      var estate = try Self.estate(type, Self.toProviders, serving: "shop.example.gov. CNAME a.cdn.example.", cdn: cdn)
      let survey = estate.survey()
      let finding = try #require(survey.findings("alias-chain-differs").first, "\(survey.summary)")
      #expect(finding.verdict.how == .replaced && finding.observed.last == "the chain does not end")
      #expect(estate.asked.count < 300)
    }
  }

  @Test(arguments: [Silence.timedOut(attempts: 4), .unreachable("no route")])
  func `a provider that cannot be asked is neither for nor against`(silence: Silence) throws {
    for type in [RRType.cname, .a] {
      var estate = try Self.estate(type, Self.toProviders, serving: "shop.example.gov. CNAME a.cdn.example.")
      try estate.fail(ModelEstate.elsewhere, nil, nil, silence)
      estate.declaration.resolvers = Resolvers()
      let survey = estate.survey()
      #expect(try survey.verdicts("alias-chain-differs", Self.name, type).map(\.kind) == ["could not tell"])
      #expect(survey.totals.mismatch == 0 && survey.findings.map(\.check) == ["alias-chain-differs"], "\(survey.summary)")
    }
  }

  @Test func `a link that leads away is told also where nobody answers behind it`() throws {
    var estate = try Self.estate(
      .cname, Self.toProviders, serving: "shop.example.gov. CNAME a.cdn.example.", cdn: "a.cdn.example. CNAME www.gone.invalid.")
    try estate.fail(ModelEstate.root, "invalid.", nil, .timedOut(attempts: 4))
    try estate.fail(ModelEstate.elsewhere, "www.gone.invalid.", nil, .timedOut(attempts: 4))
    let survey = estate.survey()
    #expect(survey.findings("alias-chain-differs").map(\.verdict.how) == [.replaced], "\(survey.summary)")
  }

  @Test func `one server that leads away is told, and is odd among the servers`() throws {
    var estate = try Self.estate(.cname, Self.toProviders, serving: "shop.example.gov. CNAME a.cdn.example.")
    try estate.apply(.set(.secondary, "shop.example.gov. CNAME www.evil.example."))
    let survey = estate.survey()
    let told = survey.findings.map { ($0.check, $0.place.server?.address.address) }
    #expect(Set(told.map(\.0)) == ["record-differs", "servers-disagree"], "\(survey.summary)")
    #expect(told.allSatisfy { $0.1 == ModelEstate.secondary })
  }

  @Test func `servers that lead to different places inside the tolerance agree`() throws {
    for type in [RRType.cname, .a] {
      var estate = try Self.estate(type, Self.toProviders, serving: "shop.example.gov. CNAME a.cdn.example.")
      try estate.apply(.set(.secondary, "shop.example.gov. CNAME e.edge.example."))
      let survey = estate.survey()
      #expect(survey.findings.isEmpty, "\(survey.summary)")
    }
  }

  @Test func `an alias beside its address is judged as both`() throws {
    var estate = try Self.estate(.a, Self.toProviders, serving: "shop.example.gov. CNAME a.cdn.example.")
    try estate.tamper(ModelEstate.secondary, Self.name, .a) {
      $0.answers += try ModelEstate.records("shop.example.gov. A 203.0.113.66")
    }
    let survey = estate.survey()
    #expect(try survey.verdicts("record-differs", Self.name, .a, at: ModelEstate.secondary).map(\.how) == [.replaced])
    #expect(try survey.verdicts("record-differs", Self.name, .a, at: ModelEstate.primary) == [.match])
  }

  @Test func `a second alias beside the right one is followed too`() throws {
    for reverses in [false, true] {
      var estate = try Self.estate(.a, Self.toProviders, serving: "shop.example.gov. CNAME a.cdn.example.")
      try estate.tamper(ModelEstate.secondary, Self.name, .a) {
        $0.answers += try ModelEstate.records("shop.example.gov. CNAME www.evil.example.")
        if reverses { $0.answers.reverse() }
      }
      #expect(try estate.survey().verdicts("record-differs", Self.name, .a, at: ModelEstate.secondary).map(\.how) == [.replaced])
    }
  }

  @Test func `what is declared absent beside an alias is judged at its end`() throws {
    for (cdn, kind) in [("a.cdn.example. A 203.0.113.80", "match"), ("a.cdn.example. AAAA 2001:db8::66", "mismatch")] {
      var estate = try Self.estate(.a, Self.toProviders, serving: "shop.example.gov. CNAME a.cdn.example.", cdn: cdn)
      estate.declaration.domains[0].records.append(DeclaredRRset(try DomainName(Self.name), .aaaa, .absent))
      let survey = estate.survey()
      #expect(try survey.verdicts("resolver-differs", Self.name, .aaaa).map(\.kind) == [kind], "\(survey.summary)")
      #expect(try survey.verdicts("record-differs", Self.name, .aaaa) == [.match, .match])
    }
  }

  @Test(arguments: [RRType.cname, .a])
  func `a move from our own server to a provider is silent inside its window only`(type: RRType) throws {
    let (from, until) = (Timestamp("2026-11-23T10:00:00Z"), Timestamp("2026-11-23T11:00:00Z"))
    let was: DeclaredRRset.Intended =
      type == .a
      ? .exactly(ToleranceTests.data(.a, "192.0.2.80")) : .exactly([CNAME(target: try DomainName("www.example.gov.")).rdata])
    let change = PlannedChange(
      try DomainName(Self.name), type, was: was, to: .tolerant(Self.toProviders), from: try #require(from),
      until: try #require(until), ticket: "CHG-1")
    let old = type == .a ? "shop.example.gov. A 192.0.2.80" : "shop.example.gov. CNAME www.example.gov."
    let new = "shop.example.gov. CNAME a.cdn.example."
    for (time, serving, isSilent) in [
      ("2026-11-23T09:59:00Z", old, true), ("2026-11-23T09:59:00Z", new, false), ("2026-11-23T10:30:00Z", old, true),
      ("2026-11-23T10:30:00Z", new, true), ("2026-11-23T10:30:00Z", "shop.example.gov. CNAME www.evil.example.", false),
      ("2026-11-25T12:00:00Z", new, true), ("2026-11-25T12:00:00Z", old, type == .cname),
    ] {
      var estate = try Self.estate(type, Self.toProviders, serving: serving)
      estate.present = try #require(Timestamp(time))
      for index in estate.declaration.domains[0].records.indices
      where estate.declaration.domains[0].records[index].name == change.name {
        estate.declaration.domains[0].records[index].change = change
      }
      let survey = estate.survey()
      #expect(survey.findings.isEmpty == isSilent, "\(time) \(serving): \(survey.summary)")
      #expect(isSilent == (survey.totals.mismatch == 0))
    }
  }

  @Test func `a signed domain may lead to an unsigned provider`() throws {
    let ds = "12345 13 2 \(String(repeating: "ab", count: 32))"
    for (alias, kind) in [(Validation.secure, "match"), (.insecure, "mismatch"), (.bogus("forged"), "mismatch")] {
      var estate = try Self.estate(.a, Self.toProviders, serving: "shop.example.gov. CNAME a.cdn.example.")
      try estate.apply(.declareDS(ds))
      try estate.apply(.set(.parent, "example.gov. DS \(ds)"))
      estate.validations[Knowledge.Subject(try DomainName(Self.name), .a)] = .insecure
      estate.validations[Knowledge.Subject(try DomainName(Self.name), .cname)] = alias
      #expect(try estate.survey().verdicts("dnssec-bogus", Self.name, .a).map(\.kind) == [kind])
    }
  }
}
