import Audit
import DNSWire
import Estate
import Names
import Testing

/// RFC 4592: what a wildcard answers, where one is declared and where none may be.
@Suite("RFC 4592 Wildcards, declared and forbidden") struct WildcardTests {
  static let name = "*.example.gov."

  static func estate(_ intended: DeclaredRRset.Intended, serving: String) throws -> ModelEstate {
    var estate = try ModelEstate()
    estate.declaration.domains[0].records.append(DeclaredRRset(try DomainName(name), .a, intended, ttl: 3600))
    if !serving.isEmpty { try estate.apply(.set(.everywhere, serving)) }
    return estate
  }

  static func madeUp(_ estate: ModelEstate) throws -> DomainName {
    let labels = estate.asked.map(\.name).filter { "\($0)".hasPrefix("nameward-") }
    #expect(Set(labels).count == 1)
    return try #require(labels.first)
  }

  @Test(arguments: [
    DeclaredRRset.Intended.exactly(ToleranceTests.data(.a, "192.0.2.80")),
    .tolerant(Tolerance(within: ToleranceTests.prefixes("192.0.2.0/24"))),
  ]) func `a declared wildcard answers for names that do not exist`(intended: DeclaredRRset.Intended) throws {
    var right = try Self.estate(intended, serving: "*.example.gov. A 192.0.2.80")
    let survey = right.survey()
    #expect(survey.findings.isEmpty, "\(survey.summary)")
    #expect(try survey.verdicts("wildcard-differs", Self.name, .a) == [.match, .match])

    for serving in ["*.example.gov. A 203.0.113.66", ""] {
      var wrong = try Self.estate(intended, serving: serving)
      let survey = wrong.survey()
      #expect(try survey.verdicts("wildcard-differs", Self.name, .a).map(\.kind) == ["mismatch", "mismatch"])
      // One change, told once a server.
      #expect(survey.findings("record-differs").count == 2 && survey.findings("wildcard-differs").isEmpty, "\(survey.summary)")
    }
  }

  @Test func `a server that answers the wildcard itself rightly and the names that it makes wrongly is told`() throws {
    var estate = try Self.estate(
      .exactly(ToleranceTests.data(.a, "192.0.2.80")), serving: "*.example.gov. A 192.0.2.80")
    _ = estate.survey()
    let made = try Self.madeUp(estate)
    for lines in ["\(made) A 203.0.113.66", "\(made) TXT \"no address\"", "\(made) CNAME www.evil.example."] {
      var estate = estate
      try estate.apply(.set(.secondary, lines))
      let survey = estate.survey()
      #expect(try survey.verdicts("wildcard-differs", Self.name, .a, at: ModelEstate.secondary).map(\.kind) == ["mismatch"])
      let finding = try #require(survey.findings("wildcard-differs").first)
      #expect(survey.findings.count == 1 && finding.query?.name == made, "\(survey.summary)")
    }
  }

  @Test func `the name that is asked for is the same in each pass`() throws {
    var estate = try Self.estate(.absent, serving: "")
    _ = estate.survey()
    let first = try Self.madeUp(estate)
    _ = estate.survey()
    #expect(try Self.madeUp(estate) == first && first.labelCount == 3)
  }

  @Test func `where none may be, a wildcard is told once a server`() throws {
    var none = try Self.estate(.absent, serving: "")
    #expect(none.survey().findings.isEmpty)
    for line in ["*.example.gov. A 203.0.113.66", "*.example.gov. CNAME www.evil.example."] {
      var estate = try Self.estate(.absent, serving: line)
      let survey = estate.survey()
      #expect(survey.findings("wildcard-differs").map(\.verdict.how) == [.added, .added], "\(survey.summary)")
      #expect(survey.findings("record-differs").filter { $0.type == .a }.isEmpty)
    }
  }

  @Test(arguments: FalseAlarmTests.Fault.allCases)
  func `a wildcard that cannot be read is neither there nor gone`(fault: FalseAlarmTests.Fault) throws {
    for intended in [DeclaredRRset.Intended.absent, .exactly(ToleranceTests.data(.a, "192.0.2.80"))] {
      var estate = try Self.estate(intended, serving: intended == .absent ? "" : "*.example.gov. A 192.0.2.80")
      _ = estate.survey()
      let made = try Self.madeUp(estate)
      for name in [Self.name, "\(made)"] {
        var estate = estate
        try fault.apply(&estate, ModelEstate.secondary, name, .a)
        let survey = estate.survey()
        let verdicts = try survey.verdicts("wildcard-differs", Self.name, .a, at: ModelEstate.secondary)
        #expect(verdicts.map(\.kind) == ["could not tell"])
        #expect(survey.totals.mismatch == 0 && survey.findings.count == 1, "\(survey.summary)")
      }
    }
  }

  @Test func `an existing name without address is no wildcard`() throws {
    // As compact denial of existence answers for every name (RFC 9824).
    var estate = try Self.estate(.absent, serving: "")
    try estate.tamper(ModelEstate.secondary) { message in
      if message.header.responseCode == .nameError { message.header.responseCode = .noError }
    }
    #expect(estate.survey().findings.isEmpty)
  }
}
