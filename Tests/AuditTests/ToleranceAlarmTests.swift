import Audit
import DNSWire
import Estate
import Names
import Testing

/// What is normal wakes nobody: resolvers and servers that say less, names of our own at the end of aliases, a pass that takes long.
@Suite("No false alarm about tolerances and changes") struct ToleranceAlarmTests {
  @Test func `a name of our own at the end of an alias is judged by all that is declared of it`() throws {
    let address = try #require(IPAddress("198.51.100.1"))
    for (name, tolerance) in [
      ("pool.example.gov.", Tolerance(originAS: [64500])),
      ("*.example.gov.", Tolerance(within: ToleranceTests.prefixes("198.51.100.0/24"))),
      ("*.example.gov.", Tolerance(anyOf: ToleranceTests.data(.a, "198.51.100.1"))),
    ] {
      for type in [RRType.cname, .a] {
        for (systems, kind) in [([64500], "match"), ([666], "mismatch")] as [([UInt32], String)] {
          var estate = try AliasChainTests.estate(
            type, AliasChainTests.toProviders, serving: "shop.example.gov. CNAME pool.example.gov.\n\(name) A \(address)")
          try estate.apply(.tolerate(name, .a, tolerance))
          estate.answers[.origin(address)] = .origins(systems)
          let survey = estate.survey()
          let isOrigin = !tolerance.originAS.isEmpty
          #expect(
            try survey.verdicts("alias-chain-differs", AliasChainTests.name, type).map(\.kind) == [isOrigin ? kind : "match"],
            "\(survey.summary)")
          if !isOrigin || kind == "match" { #expect(survey.findings.isEmpty, "\(survey.summary)") }
        }
      }
    }
  }

  @Test func `a resolver that gives an alias and no end of it has not resolved`() throws {
    for type in [RRType.a, .aaaa] {
      var estate = try AliasChainTests.estate(type, AliasChainTests.within, serving: "shop.example.gov. CNAME a.cdn.example.")
      if type == .aaaa {
        try estate.apply(.tolerate(AliasChainTests.name, type, AliasChainTests.toProviders))
      }
      try estate.tamper(ModelEstate.resolver, AliasChainTests.name, type) { message in
        message.answers.removeAll { $0.type == type }
        message.authorities = []
      }
      let survey = estate.survey()
      #expect(survey.totals.mismatch == 0, "\(survey.summary)")
      #expect(try survey.verdicts("resolver-differs", AliasChainTests.name, type).map(\.kind) == ["could not tell"])
    }
  }

  @Test func `an address of one family is exact, and the name may be an alias for the other`() throws {
    for (serving, kind) in [("2001:db8:c::80", "match"), ("2001:db8:bad::66", "mismatch")] {
      var estate = try AliasChainTests.estate(
        .a, AliasChainTests.within, serving: "shop.example.gov. CNAME a.cdn.example.",
        cdn: "a.cdn.example. A 203.0.113.80\na.cdn.example. AAAA \(serving)")
      try estate.apply(.declare("shop.example.gov. AAAA 2001:db8:c::80"))
      let survey = estate.survey()
      #expect(try survey.verdicts("resolver-differs", AliasChainTests.name, .aaaa).map(\.kind) == [kind], "\(survey.summary)")
      #expect(survey.findings.isEmpty == (kind == "match"), "\(survey.summary)")
    }
  }

  @Test func `where nothing is said of the chain, what a server adds behind the alias is not judged`() throws {
    let values = ["a.cdn.example.", "b.cdn.example."].compactMap { try? CNAME(target: DomainName($0)).rdata }
    for tolerance in [Tolerance(anyOf: values), Tolerance(allowsOthers: true)] {
      var estate = try AliasChainTests.estate(
        .cname, tolerance, serving: "shop.example.gov. CNAME a.cdn.example.",
        cdn: "a.cdn.example. CNAME e.edge.example.\nb.cdn.example. A 203.0.113.80")
      try estate.tamper(ModelEstate.resolver, AliasChainTests.name, .cname) {
        $0.answers += try ModelEstate.records("a.cdn.example. CNAME e.edge.example.")
      }
      let survey = estate.survey()
      #expect(survey.findings.isEmpty, "\(survey.summary)")
    }
  }

  // MARK: Changes

  @Test(arguments: [-30, 10]) func `a server that changes at the window's first second, during a pass that began before it`(
    seconds: Int64
  ) throws {
    var estate = try ModelEstate()
    try PlannedChangeTests.announce(&estate, "www.example.gov.", .a, to: try PlannedChangeTests.set(.a, "192.0.2.81"))
    PlannedDelegationTests.announcing(
      .ns, was: try PlannedChangeTests.set(.ns, "ns1.example.gov.", "ns2.example.gov."),
      to: try PlannedChangeTests.set(.ns, "ns1.example.gov."), &estate)
    estate.present = PlannedChangeTests.from.advanced(by: .seconds(-60))
    estate.lie = { query, observation in
      var observation = observation
      observation.at = PlannedChangeTests.from.advanced(by: .seconds(seconds))
      return observation
    }
    try estate.apply(.set(.everywhere, "www.example.gov. A 192.0.2.81\nexample.gov. NS ns1.example.gov."))
    try estate.apply(.set(.parent, "example.gov. NS ns1.example.gov."))
    let survey = estate.survey()
    #expect(Set(survey.findings("change-early").compactMap(\.type)) == (seconds < 0 ? [.a, .ns] : []), "\(survey.summary)")
    #expect((survey.totals.mismatch == 0) == (seconds > 0), "\(survey.summary)")
  }

  @Test(arguments: [(31 + 2 * 1440 - 2, false), (31 + 2 * 1440, true)])
  func `resolvers remember a delegation for the TTL that the parent gave it, which is not ours to declare`(
    minute: Int, isTold: Bool
  ) throws {
    var estate = try ModelEstate()
    try PlannedDelegationTests.declareThird(&estate)
    PlannedDelegationTests.announcing(
      .ns, was: try PlannedChangeTests.set(.ns, "ns1.example.gov.", "ns2.example.gov."),
      to: try PlannedChangeTests.set(.ns, "ns1.example.gov.", "ns3.example.gov."), &estate)
    try PlannedDelegationTests.moveServers(&estate, minute: minute)
    try estate.apply(.set(.resolver, PlannedDelegationTests.oldSet))
    let survey = estate.survey()
    #expect(survey.findings.map(\.check) == (isTold ? ["change-overdue"] : []), "\(survey.summary)")
  }

  // MARK: Cost

  @Test func `thousands of addresses at a name of our own cost no look at every domain each`() throws {
    var estate = try AliasChainTests.estate(
      .a, AliasChainTests.toProviders, serving: "shop.example.gov. CNAME pool.example.gov.")
    let pool = try DomainName("pool.example.gov.")
    estate.declaration.domains[0].records.append(
      DeclaredRRset(pool, .a, .tolerant(Tolerance(within: ToleranceTests.prefixes("10.0.0.0/8")))))
    for number in 0..<2000 { estate.declaration.domains.append(Domain(try DomainName("d\(number).example."))) }
    try estate.tamper(ModelEstate.primary, AliasChainTests.name, .a) { message in
      message.answers += (0..<4000).map { number in
        ResourceRecord(name: pool, ttl: 60, rdata: RData(type: .a, canonical: [10, 0, UInt8(number / 256), UInt8(number % 256)]))
      }
    }
    var scope = AuditScope()
    scope.names = [ModelEstate.domain]
    estate.declaration.resolvers = Resolvers()
    let clock = ContinuousClock()
    var verdicts: [Verdict] = []
    let took = try clock.measure {
      verdicts = try estate.survey(scope: scope).verdicts("record-differs", AliasChainTests.name, .a, at: ModelEstate.primary)
    }
    #expect(verdicts == [.match] && took < .seconds(10), "\(took)")
  }
}
