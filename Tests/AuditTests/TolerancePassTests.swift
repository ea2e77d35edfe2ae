import Audit
import DNSWire
import Estate
import Names
import Testing

/// What leads a client to a place that nobody declared is told, however it hides behind a tolerance, a change or an exception.
@Suite("No false pass through tolerances, changes and exceptions") struct TolerancePassTests {
  static let evil = Example.Edit.elsewhere("evil.example.", "www.evil.example. A 203.0.113.66")

  /// An alias has taken, or is taking, the place of an address.
  static func aliased(_ minute: Int) throws -> ModelEstate {
    var estate = try ModelEstate()
    try PlannedChangeTests.announce(&estate, "www.example.gov.", .a, to: .absent)
    try PlannedChangeTests.announce(
      &estate, "www.example.gov.", .cname, to: try PlannedChangeTests.set(.cname, "www.provider.example."))
    estate.present = PlannedChangeTests.minute(minute)
    try estate.apply(.elsewhere("provider.example.", "www.provider.example. A 203.0.113.80"))
    try estate.apply(.remove(.everywhere, "www.example.gov.", .a))
    try estate.apply(.set(.everywhere, "www.example.gov. 300 CNAME www.provider.example."))
    return estate
  }

  @Test(arguments: [5, 5000], ["A 203.0.113.66", "CNAME www.evil.example."])
  func `what stands beside an announced alias counts too`(minute: Int, beside: String) throws {
    for address in [ModelEstate.primary, ModelEstate.resolver] {
      for isFirst in [true, false] {
        var estate = try Self.aliased(minute)
        #expect(estate.survey().findings.isEmpty)
        try estate.tamper(address, "www.example.gov.", .a) {
          $0.answers.insert(
            contentsOf: try ModelEstate.records("www.example.gov. \(beside)"), at: isFirst ? 0 : $0.answers.count)
        }
        let survey = estate.survey()
        let check: CheckID = address == ModelEstate.resolver ? "resolver-differs" : "record-differs"
        #expect(
          try survey.verdicts(check, "www.example.gov.", .a, at: address).map(\.kind) == ["mismatch"], "\(survey.summary)")
        #expect(survey.findings(check).contains { $0.type == .a })
      }
    }
  }

  // MARK: Wildcards

  static func wildcard(_ lines: String, itself: String) throws -> ModelEstate {
    var estate = try WildcardTests.estate(
      .exactly(ToleranceTests.data(.a, "192.0.2.80")), serving: "*.example.gov. A 192.0.2.80")
    _ = estate.survey()
    let made = try WildcardTests.madeUp(estate)
    try estate.apply(.set(.secondary, itself))
    try estate.apply(.set(.secondary, "\(made) \(lines)"))
    return estate
  }

  @Test(arguments: ["*.example.gov. 86400 A 192.0.2.80", "*.example.gov. A 192.0.2.81"])
  func `what is wrong with the wildcard itself hides nothing of the names that it makes`(itself: String) throws {
    var estate = try Self.wildcard("A 203.0.113.66", itself: itself)
    let survey = estate.survey()
    #expect(try survey.verdicts("wildcard-differs", "*.example.gov.", .a, at: ModelEstate.secondary).map(\.kind) == ["mismatch"])
    #expect(survey.findings("wildcard-differs").map(\.observed) == [["203.0.113.66"]], "\(survey.summary)")
  }

  // MARK: Aliases

  @Test func `a domain of our own among the ends does not open its undeclared names`() throws {
    for (type, serving, kind) in [
      (RRType.cname, "new.example.gov.", "mismatch"), (.a, "new.example.gov.", "mismatch"), (.cname, "www.example.gov.", "match"),
      (.a, "www.example.gov.", "match"),
    ] {
      var estate = try AliasChainTests.estate(
        type, Tolerance(endsIn: AliasChainTests.names("example.gov.", "gov.")), serving: "shop.example.gov. CNAME \(serving)")
      try estate.apply(.set(.everywhere, "new.example.gov. A 203.0.113.66"))
      let survey = estate.survey()
      #expect(try survey.verdicts("alias-chain-differs", AliasChainTests.name, type).map(\.kind) == [kind], "\(survey.summary)")
    }
    // A part of it that is named may hold what it likes: it is somebody's whom the owner named.
    var estate = try AliasChainTests.estate(
      .cname, Tolerance(endsIn: AliasChainTests.names("new.example.gov.")), serving: "shop.example.gov. CNAME new.example.gov.")
    try estate.apply(.set(.everywhere, "new.example.gov. A 203.0.113.66"))
    #expect(try estate.survey().verdicts("alias-chain-differs", AliasChainTests.name, .cname) == [.match])
  }

  @Test(arguments: [RRType.a, .aaaa]) func `a resolver that is poisoned for one family is told`(type: RRType) throws {
    var estate = try AliasChainTests.estate(
      .cname, AliasChainTests.toProviders, serving: "shop.example.gov. CNAME a.cdn.example.")
    try estate.tamper(ModelEstate.resolver, AliasChainTests.name, type) {
      $0.answers = try ModelEstate.records(
        "shop.example.gov. \(type) \(type == .a ? "203.0.113.66" : "2001:db8:bad::66")")
    }
    let survey = estate.survey()
    #expect(try survey.verdicts("resolver-differs", AliasChainTests.name, .cname).map(\.kind) == ["mismatch"])
    #expect(survey.findings.map(\.check) == ["resolver-differs"] && survey.findings.first?.query?.type == type)
  }

  @Test(arguments: [RRType.a, .aaaa])
  func `a server that has the alias for who asks for it, and an address for the others, is told`(type: RRType) throws {
    for answer in ["\(type) \(type == .a ? "203.0.113.66" : "2001:db8:bad::66")", "CNAME www.evil.example."] {
      var estate = try AliasChainTests.estate(
        .cname, AliasChainTests.toProviders, serving: "shop.example.gov. CNAME a.cdn.example.")
      try estate.tamper(ModelEstate.secondary, AliasChainTests.name, type) {
        $0.answers = try ModelEstate.records("shop.example.gov. \(answer)")
      }
      let survey = estate.survey()
      #expect(
        try survey.verdicts("record-differs", AliasChainTests.name, .cname, at: ModelEstate.secondary).map(\.kind)
          == ["mismatch"], "\(survey.summary)")
      #expect(survey.findings("record-differs").map(\.query?.type) == [type])
    }
  }

  @Test func `an address beside an alias in the provider's zone counts where addresses are declared`() throws {
    var estate = try AliasChainTests.estate(
      .a, AliasChainTests.within, serving: "shop.example.gov. CNAME a.cdn.example.",
      cdn: "a.cdn.example. CNAME b.cdn.example.\nb.cdn.example. A 203.0.113.80")
    estate.declaration.resolvers = Resolvers()
    try estate.tamper(ModelEstate.elsewhere, "a.cdn.example.", .a) {
      $0.answers += try ModelEstate.records("a.cdn.example. A 203.0.113.66")
    }
    #expect(estate.survey().findings.map(\.check) == ["alias-chain-differs"])
  }

  // MARK: Exceptions

  @Test func `an exception for the servers' records hides no link that was changed at the provider`() throws {
    var estate = try AliasChainTests.estate(
      .cname, AliasChainTests.toProviders, serving: "shop.example.gov. CNAME a.cdn.example.",
      cdn: "a.cdn.example. CNAME www.evil.example.")
    estate.declaration.resolvers = Resolvers()
    try estate.apply(.set(.secondary, "shop.example.gov. CNAME old.provider.example."))
    estate.declaration.exceptions = [try ExceptionTests.exception("record-differs", AliasChainTests.name, .cname)]
    let survey = estate.survey()
    #expect(survey.findings.contains { $0.check == "alias-chain-differs" }, "\(survey.summary)")
    #expect(survey.totals.mismatch > 0)
  }

  @Test func `an exception for one alias of a name hides no other`() throws {
    var estate = try ModelEstate()
    try estate.apply(.remove(.primary, "www.example.gov.", .a))
    try estate.apply(.set(.primary, "www.example.gov. CNAME www.known.example."))
    try estate.tamper(ModelEstate.primary, "www.example.gov.", .aaaa) {
      $0.answers = try ModelEstate.records("www.example.gov. CNAME www.evil.example.")
    }
    estate.declaration.resolvers = Resolvers()
    estate.declaration.exceptions = [try ExceptionTests.exception("record-differs", "www.example.gov.", .a)]
    let survey = estate.survey()
    #expect(survey.findings("record-differs").map(\.type) == [.aaaa], "\(survey.summary)")
  }

  // MARK: Proof by TLS

  static let proving = Tolerance(within: ToleranceTests.prefixes("192.0.2.0/24"), tlsProof: true)

  @Test func `a mail exchanger behind a wildcard or an alias cannot prove itself`() throws {
    for alias in [nil, "mail.example.gov. CNAME pool.example.gov."] {
      let name = alias == nil ? "*.example.gov." : "pool.example.gov."
      var estate = try ModelEstate()
      estate.declaration.domains[0].records.removeAll { "\($0.name)" == "mail.example.gov." }
      try estate.apply(.remove(.everywhere, "mail.example.gov.", .a))
      if let alias {
        try estate.apply(.declare(alias))
        try estate.apply(.set(.everywhere, alias))
      }
      try estate.apply(.tolerate(name, .a, Self.proving))
      try estate.apply(.set(.everywhere, "\(name) A 203.0.113.80"))
      var asked: [Inquiry] = []
      let survey = estate.survey { if case .handshake = $0 { asked.append($0) } }
      let verdicts = try survey.verdicts("record-differs", name, .a)
      #expect(asked.isEmpty && verdicts.map(\.how) == [.replaced, .replaced], "\(name)")
    }
  }
}
