import Audit
import DNSWire
import Estate
import Names
import Testing

@Suite("undeclared-name: what stands in a zone, and what is only like it") struct UndeclaredNamesTests {
  static func name(_ text: String) throws -> DomainName { try DomainName(text) }
  static var primary: Server { Server(address: SocketAddress(address: ModelEstate.primary, port: 53)) }

  /// The names of the findings, after the primary transferred these names.
  static func told(
    transferred names: [String], _ change: (inout ModelEstate) throws -> Void = { _ in }
  ) throws -> [String: Severity] {
    let survey = try ModelEstate.audited { estate in
      try estate.apply(.answer(.openTransfer(zone: ModelEstate.domain, at: primary), .openTransfer(records: 9)))
      try estate.apply(
        .answer(
          .names(zone: ModelEstate.domain, at: primary, by: .transfer),
          .names(ZoneNames(try names.map { try name($0) }, end: .whole))))
      try change(&estate)
    }
    return Dictionary(survey.findings("undeclared-name").map { ("\($0.name)", $0.severity) }) { one, _ in one }
  }

  @Test func `a domain that is declared separately, and all below it`() throws {
    let names = ["child.example.gov.", "ns.child.example.gov.", "www.deep.below.example.gov.", "below.example.gov."]
    let told = try Self.told(transferred: names) { estate in
      for child in ["child.example.gov.", "deep.below.example.gov."] {
        estate.declaration.domains.append(
          Domain(try Self.name(child), nameServers: [NameServer(try Self.name("ns1.example.gov."))]))
      }
    }
    #expect(told.isEmpty)
  }

  @Test func `a name below a DNAME, which leads it away`() throws {
    let names = ["old.example.gov.", "www.old.example.gov.", "www.new.example.gov."]
    let told = try Self.told(transferred: names) { try $0.apply(.declare("old.example.gov. DNAME new.example.gov.")) }
    #expect(told == ["www.new.example.gov.": .medium])
  }

  @Test func `a name that a zone holds stands beside a declared wildcard, and one that a list holds is answered by it`() throws {
    let told = try Self.told(transferred: ["login.example.gov."]) { estate in
      try estate.apply(.declare("*.example.gov. A 192.0.2.80"))
      try estate.apply(.set(.everywhere, "*.example.gov. A 192.0.2.80\nlogin.example.gov. A 203.0.113.66"))
      estate.scope.seenNames = [SeenName(try Self.name("any.example.gov."), from: .names, at: Self.line)]
    }
    #expect(told == ["login.example.gov.": .medium])
  }

  @Test func `a challenge of a certificate authority at a declared name is information`() throws {
    let told = try Self.told(transferred: [
      "_acme-challenge.www.example.gov.", "_acme-challenge.example.gov.", "_acme-challenge.login.example.gov.",
    ])
    #expect(
      told == [
        "_acme-challenge.www.example.gov.": .info, "_acme-challenge.example.gov.": .info,
        "_acme-challenge.login.example.gov.": .medium,
      ])
  }

  @Test func `keys that a name server signals for the zones it serves (RFC 9615)`() throws {
    let signal = "_dsboot.other.example._signal.ns1.example.gov."
    #expect(try Self.told(transferred: [signal, "_signal.ns1.example.gov."]).keys.sorted() == ["_signal.ns1.example.gov."])
    #expect(try Self.told(transferred: ["_dsboot.other.example._signal.www.example.gov."]).count == 1)
  }

  private static var line: SourcePosition { SourcePosition(file: "names.txt", line: 3, column: 1) }

  private static func seen(_ text: String, _ change: (inout ModelEstate) throws -> Void) throws -> [Finding] {
    try ModelEstate.audited { estate in
      estate.scope.seenNames = [SeenName(try name(text), from: .names, at: line)]
      try change(&estate)
    }.findings("undeclared-name")
  }

  @Test(arguments: [Example.Side.primary, .secondary]) func `every server is asked whether it has the name`(side: Example.Side)
    throws
  {
    let told = try Self.seen("login.example.gov.") { try $0.apply(.set(side, "login.example.gov. A 203.0.113.66")) }
    #expect(told.map(\.severity) == [.medium])
    #expect(told.first?.place.server?.address.address == (side == .primary ? ModelEstate.primary : ModelEstate.secondary))
  }

  @Test func `a server that is silent leaves open what the other does not have`() throws {
    let gone = try Self.seen("login.example.gov.") { try $0.apply(.silent(.primary)) }
    #expect(gone.map(\.severity) == [.info])
    #expect(gone.first?.observed == ["named in names.txt:3:1; no server that answered has it now"])
    let untold = try Self.seen("login.example.gov.") { estate in
      for address in [ModelEstate.primary, ModelEstate.secondary] {
        try estate.fail(address, "login.example.gov.", .a, .timedOut(attempts: 4))
      }
    }
    #expect(untold.map(\.verdict.kind) == ["could not tell"])
  }

  @Test func `a certificate for a wildcard below a declared name is no name`() throws {
    #expect(try Self.seen("*.example.gov.") { _ in }.isEmpty)
    #expect(try Self.seen("*.www.example.gov.") { _ in }.isEmpty)
    #expect(try Self.seen("*.login.example.gov.") { _ in }.map(\.severity) == [.info])
    let there = try Self.seen("*.example.gov.") { try $0.apply(.set(.everywhere, "*.example.gov. A 203.0.113.66")) }
    #expect(there.map(\.severity) == [.medium])
  }

  @Test func `names that were asked for and that nobody gives are not told as none`() throws {
    for (end, words) in [
      (ZoneNames.End.hidden, "no server transfers the zone, and it has no NSEC records that lead from name to name"),
      (.stopped("5000 names"), "5000 names"),
    ] {
      let survey = try ModelEstate.audited { estate in
        estate.scope.enumerates = true
        try estate.apply(.set(.parent, "example.gov. DS 1 13 2 \(String(repeating: "ab", count: 32))"))
        try estate.apply(.answer(.names(zone: ModelEstate.domain, at: Self.primary, by: .nsec), .names(ZoneNames([], end: end))))
      }
      #expect(survey.findings("undeclared-name").map(\.verdict) == [.couldNotTell(.inquiry(words))])
      #expect(survey.findings("undeclared-name").map(\.severity) == [.info])
    }
  }

  @Test func `hashes of names are no names (RFC 5155 §3)`() throws {
    let records = try ModelEstate.records(
      """
      example.gov. SOA ns1.example.gov. h.example.gov. 1 1 1 1 1
      www.example.gov. A 192.0.2.80
      0p9mhaveqvm6t7vbl5lop2u3t2rp3tom.example.gov. NSEC3 1 1 12 aabbccdd 2t7b4g4vsa5smi47k61mv5bv1a22bojr A RRSIG
      0p9mhaveqvm6t7vbl5lop2u3t2rp3tom.example.gov. RRSIG NSEC3 7 3 3600 20150420235959 20051021000000 40430 example.gov. AA==
      www.example.gov. RRSIG A 7 3 3600 20150420235959 20051021000000 40430 example.gov. AA==
      """)
    #expect(ZoneNames(of: records, end: .whole).names == (try [Self.name("example.gov."), Self.name("www.example.gov.")]))
  }
}

@Suite("draft-ietf-acme-dns-persist: who may have certificates for ever") struct ValidationRecordTests {
  static let own = "ca.example; accounturi=https://ca.example/acct/1"
  static let strange = "ca.example; accounturi=https://ca.example/acct/666"

  static func told(_ lines: String, _ side: Example.Side = .everywhere, elsewhere: String? = nil) throws -> [Finding] {
    try ModelEstate.audited { estate in
      estate.declaration.domains[0].issuers = IssuerPolicy(issuers: ["ca.example"], accounts: ["https://ca.example/acct/1"])
      if let elsewhere { try estate.apply(.elsewhere("evil.example.", elsewhere)) }
      try estate.apply(.set(side, lines))
    }.findings("validation-record-present")
  }

  @Test(arguments: [
    // A wildcard answers for every name (RFC 4592).
    "*.example.gov. TXT \"v=spf1 -all\"", "*.example.gov. TXT \"some; other=text\"",
    "_validation-persist.example.gov. TXT \"\(own)\"",
    "_validation-persist.example.gov. TXT \"ca.example;accounturi = https://ca.example/acct/1\"",
    "_validation-persist.example.gov. TXT \"\(strange); persistUntil=1600000000\"",
  ]) func `text without a foreign account that is still valid is silent`(line: String) throws {
    #expect(try Self.told(line).isEmpty)
  }

  @Test(
    arguments: [
      (strange, .high), ("\(strange); policy=wildcard", .critical), ("\(strange); persistUntil=4102444800", .high),
      ("\(strange); persistUntil=soon", .high), ("ca.example; AccountURI = https://ca.example/acct/666", .high),
      // Each of two may be the one that counts.
      ("\(strange); accounturi=https://ca.example/acct/1", .high), ("\(own); accounturi=https://ca.example/acct/666", .high),
    ] as [(String, Severity)]) func `a foreign account is told, however it is written`(text: String, severity: Severity) throws
  {
    let told = try Self.told("_validation-persist.example.gov. TXT \"\(text)\"")
    #expect(told.map(\.severity) == [severity, severity])
  }

  @Test func `a foreign account at one server, at a key service, behind an alias`() throws {
    #expect(
      try Self.told("_validation-persist.example.gov. TXT \"\(Self.strange)\"", .secondary).map(\.place.server?.address.address)
        == [ModelEstate.secondary])
    #expect(
      Set(try Self.told("_validation-persist.mail.example.gov. TXT \"\(Self.strange)\"").map { "\($0.name)" })
        == ["_validation-persist.mail.example.gov."])
    let behind = try Self.told(
      "_validation-persist.example.gov. CNAME v.evil.example.", elsewhere: "v.evil.example. TXT \"\(Self.strange)\"")
    #expect(behind.count == 2)
  }
}
