import Audit
import DNSWire
import Estate
import Names
import Testing

/// An exception moves a finding apart, never makes it a match, and cannot hide its own end.
@Suite("Exceptions") struct ExceptionTests {
  static let foreign = Example.Edit.set(.everywhere, "www.example.gov. A 203.0.113.66")

  static func exception(
    _ check: CheckID, _ name: String? = nil, _ type: RRType? = nil, domain: String? = nil, days: Int = 30
  ) throws -> DeclaredException {
    DeclaredException(
      check, domain: try domain.map { try DomainName($0) }, name: try name.map { try DomainName($0) }, type: type,
      reason: "known", owner: "Ada", expires: ModelEstate.now.advanced(by: .seconds(86_400 * days)),
      declaredAt: SourcePosition(file: "nameward.yaml", line: 7, column: 5))
  }

  static func survey(
    _ exceptions: [DeclaredException], scope: AuditScope = AuditScope(), _ edits: Example.Edit...
  ) throws -> Survey {
    try ModelEstate.audited(scope: scope) { estate in
      estate.declaration.exceptions = exceptions
      for edit in edits { try estate.apply(edit) }
    }
  }

  @Test(
    arguments: [
      ("www.example.gov.", .a, nil), ("www.example.gov.", nil, nil), (nil, nil, "example.gov."), (nil, .a, "example.gov."),
      ("www.example.gov.", .a, "example.gov."),
    ] as [(String?, RRType?, String?)])
  func `what it covers is counted apart, and is neither a match nor a mismatch`(
    name: String?, type: RRType?, domain: String?
  ) throws {
    let (plain, before) = (try Self.survey([]), try Self.survey([], Self.foreign))
    let both = try ["record-differs", "resolver-differs"].map {
      try Self.exception(CheckID(rawValue: $0), name, type, domain: domain)
    }
    let survey = try Self.survey(both, Self.foreign)
    #expect(survey.findings.isEmpty, "\(survey.summary)")
    #expect(before.totals.mismatch == 3)
    #expect(survey.totals.excepted == 3 && survey.totals.mismatch == 0 && survey.totals.couldNotTell == 0)
    #expect(survey.totals.match == plain.totals.match - 3 && survey.totals.expected == plain.totals.expected - 3)
    #expect(survey.excepted.map(\.finding) == before.findings)
    #expect(Set(survey.excepted.map(\.exception)) == Set(both))
  }

  @Test(
    arguments: [
      ("mail.example.gov.", nil, nil), ("www.example.gov.", .aaaa, nil), ("example.gov.", nil, nil), (nil, nil, "gov."),
      (nil, nil, nil),
    ] as [(String?, RRType?, String?)])
  func `another name, another type, another domain and none at all are not covered`(
    name: String?, type: RRType?, domain: String?
  ) throws {
    let survey = try Self.survey(
      [try Self.exception("record-differs", name, type, domain: domain)], .silent(.resolver), Self.foreign)
    #expect(survey.totals.excepted == 0 && survey.findings("record-differs").count == 2)
  }

  @Test func `another check is not covered`() throws {
    let survey = try Self.survey([try Self.exception("resolver-differs", "www.example.gov.", .a)], Self.foreign)
    #expect(survey.totals.excepted == 1 && survey.findings("record-differs").count == 2)
    #expect(survey.findings("resolver-differs").isEmpty)
  }

  @Test(arguments: [true, false]) func `an expired exception covers nothing, and its end is told with reason and owner`(
    isNeeded: Bool
  ) throws {
    let exception = try Self.exception("record-differs", "www.example.gov.", .a, days: 0)
    let survey = try isNeeded ? Self.survey([exception], Self.foreign) : Self.survey([exception])
    let finding = try #require(survey.findings("exception-expired").first)
    #expect(finding.severity == .medium && finding.declaredAt?.line == 7 && finding.domain == ModelEstate.domain)
    #expect(
      finding.verdict
        == .mismatch(
          .unsafe(
            "the exception for record-differs (known; Ada) expired at 2026-11-23T09:00:00Z and covers nothing any more")))
    #expect(survey.findings("record-differs").count == (isNeeded ? 2 : 0) && survey.findings("exception-unused").isEmpty)
    #expect(survey.totals.excepted == 0 && survey.totals.mismatch == (isNeeded ? 4 : 1))
  }

  @Test(arguments: ["exception-expired", "exception-unused"] as [CheckID])
  func `what is told of exceptions cannot be excepted`(check: CheckID) throws {
    let survey = try Self.survey([
      try Self.exception("record-differs", "www.example.gov.", .a, days: 0),
      try Self.exception("record-differs", "mail.example.gov."),
      try Self.exception(check, domain: "example.gov."),
    ])
    #expect(!survey.findings(check).isEmpty && survey.totals.excepted == 0)
  }

  @Test func `an exception that covers nothing is told after a pass over its whole domain`() throws {
    let exception = try Self.exception("record-differs", "www.example.gov.", .a)
    let survey = try Self.survey([exception])
    #expect(survey.findings.map(\.check) == ["exception-unused"])
    #expect(survey.findings.first?.severity == .low)
    #expect(survey.totals.mismatch == 1)
  }

  @Test func `it is not told by a pass over a part`() throws {
    let exceptions = [try Self.exception("record-differs", "www.example.gov.", .a)]
    var scopes = [AuditScope(), AuditScope(), AuditScope(), AuditScope()]
    scopes[0].names = [try DomainName("mail.example.gov.")]
    scopes[1].servers = [ModelEstate.primary]
    scopes[2].resolvers = Resolvers()
    scopes[3].walks = false
    for scope in scopes { #expect(try Self.survey(exceptions, scope: scope).findings("exception-unused").isEmpty) }
  }

  @Test(arguments: [
    Example.Edit.silent(.secondary), .lame(.primary), .silent(.parent), .silent(.resolver),
  ]) func `nor while something that it may cover could not be told`(edit: Example.Edit) throws {
    let checks: [CheckID] = ["record-differs", "ttl-above-declared", "change-early"]
    let exceptions = try checks.map { try Self.exception($0, "www.example.gov.", .a) }
    let survey = try Self.survey(exceptions, edit)
    let isOpen =
      switch edit {
      case .silent(.secondary), .lame, .silent(.parent): true
      default: false
      }
    #expect(survey.findings("exception-unused").isEmpty == isOpen, "\(survey.summary)")
  }

  @Test func `a silent server that is excepted takes along what lies behind it`() throws {
    let known = try Self.survey(
      [try Self.exception("name-server-unreachable", "ns2.example.gov.")], .silent(.secondary))
    let before = try Self.survey([], .silent(.secondary))
    #expect(known.findings.isEmpty && known.totals.couldNotTell == 0, "\(known.summary)")
    #expect(before.totals.couldNotTell > 1 && known.totals.excepted == before.totals.couldNotTell)
    #expect(known.totals.match == before.totals.match)
    // What an earlier pass found there is neither confirmed nor gone.
    #expect(known.unsettled.count == before.unsettled.count)
  }

  @Test func `of two servers that are lame only the excepted one is moved apart`() throws {
    let survey = try ModelEstate.audited { estate in
      try estate.apply(.silent(.secondary))
      try estate.apply(.lame(.primary))
      estate.declaration.exceptions = [try Self.exception("name-server-unreachable", "ns2.example.gov.")]
    }
    #expect(survey.findings.contains { $0.check == "server-lame" } && survey.totals.couldNotTell > 0)
    #expect(survey.excepted.map(\.finding.place.server?.address.address) == [ModelEstate.secondary])
  }

  @Test func `an excepted departure that tells of others leaves none of them counted and untold`() throws {
    let survey = try ModelEstate.audited { estate in
      estate.declaration.resolvers = Resolvers()
      try estate.apply(.remove(.everywhere, "www.example.gov.", .a))
      try estate.apply(.set(.everywhere, "www.example.gov. CNAME www.elsewhere.example."))
      estate.declaration.exceptions = [try Self.exception("record-differs", "www.example.gov.", .a)]
    }
    #expect(survey.findings.isEmpty && survey.totals.mismatch == 0, "\(survey.summary)")
    #expect(survey.totals.excepted == 6)
  }

  @Test func `only the domain asked for tells of its exceptions`() throws {
    var scope = AuditScope()
    scope.names = [try DomainName("mail.example.gov.")]
    let survey = try Self.survey([try Self.exception("record-differs", "www.example.gov.", days: -1)], scope: scope)
    #expect(survey.findings.isEmpty)
  }
}
