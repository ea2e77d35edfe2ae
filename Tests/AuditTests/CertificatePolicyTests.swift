import DNSWire
import Estate
import Names
import Testing

@testable import Audit

@Suite("RFC 8659 §4, RFC 8657: CAA properties") struct CAAPropertyTests {
  static func property(_ text: String) throws -> CAAProperty { try CAAProperty(try RData(type: .caa, text: text, origin: nil)) }

  @Test(
    arguments: [
      // §4.2 and RFC 8657 §5's own examples.
      ("0 issue \"ca1.example.net\"", "ca1.example.net", nil), ("0 issue \";\"", nil, nil), ("0 issue \"\"", nil, nil),
      ("0 issue \"ca1.example.net; account=230123\"", "ca1.example.net", nil), ("128 ISSUE \" CA.Example \"", "ca.example", nil),
      ("0 issue \"example.net; accounturi=https://example.net/account/1234\"", "example.net", "https://example.net/account/1234"),
      (
        "0 issuewild \"example.net; validationmethods=dns-01,ca-custom; accounturi=https://a.example/1\"", "example.net",
        "https://a.example/1"
      ),
      ("0 issue \"ca.example ;\"", "ca.example", nil),
    ] as [(String, String?, String?)])
  func `issuers are read as the grammar has them`(text: String, name: String?, account: String?) throws {
    switch try Self.property(text).meaning {
    case .issue(let issuer), .issueWild(let issuer): #expect(issuer.name == name && issuer.account == account)
    case .other: Issue.record("\(text) says who issues")
    }
  }

  @Test(arguments: [
    // RFC 8659 §4.2: "%%%%%" is malformed.
    "0 issue \"%%%%%\"", "0 issue \"ca example\"", "0 issue \"-ca.example\"", "0 issue \"ca..example\"",
    "0 issue \"ca.example; x\"",
    "0 issue \"ca.example; =x\"", "0 issue \"ca.example; a=b c\"", "0 issue \"ca.example; validationmethods=dns-01,,x\"",
    "0 issue \"ca.example; accounturi=a:1; accounturi=a:2\"", "128 tbs \"unknown\"", "0 iodef \"example.net\"",
    "0 iodef \"mailto:\"",
  ])
  func `malformed values and unknown critical tags are refused`(text: String) {
    #expect(throws: CAAProperty.Fault.self) { try Self.property(text) }
  }

  @Test(arguments: [
    "0 tbs \"unknown\"", "0 iodef \"mailto:security@example.com\"", "128 iodef \"https://iodef.example.com/\"",
    "0 contactemail \"a@b.c\"",
    "128 issuemail \"ca.example\"",
  ])
  func `other tags say nothing of who issues`(text: String) throws { #expect(try Self.property(text).meaning == .other) }
}

@Suite("RFC 8659 §3: the relevant record set, compared with the declared issuers") struct CAAPolicyTests {
  static func departure(_ records: [String], _ policy: IssuerPolicy) throws -> Departure.How? {
    policy.departure(of: try records.map { try RData(type: .caa, text: $0, origin: nil) })?.0.how
  }

  static let rows: [([String], IssuerPolicy, Departure.How?)] = [
    (["0 issue \"a.example\""], IssuerPolicy(issuers: ["A.example."]), nil),
    (["0 issue \";\""], IssuerPolicy(issuers: []), nil),
    (["0 issue \"a.example\""], IssuerPolicy(issuers: []), .added),
    (["0 issue \";\""], IssuerPolicy(issuers: ["a.example"]), .removed),
    (["0 issue \"a.example\"", "0 issuewild \";\""], IssuerPolicy(issuers: ["a.example"]), nil),
    (["0 issue \"a.example\"", "0 issuewild \"b.example\""], IssuerPolicy(issuers: ["a.example"]), .added),
    // Without `issue` anybody may issue for names that are no wildcards.
    (["0 issuewild \"a.example\""], IssuerPolicy(issuers: ["a.example"]), .unsafe),
    (["0 issue \"b.example\""], IssuerPolicy(issuers: ["a.example"]), .replaced),
    (["0 issue \"a.example; accounturi=https://a/1\""], IssuerPolicy(issuers: ["a.example"], accounts: ["https://a/1"]), nil),
    (["0 issue \"a.example; accounturi=https://a/2\""], IssuerPolicy(issuers: ["a.example"], accounts: ["https://a/1"]), .unsafe),
    (["0 issue \"a.example\""], IssuerPolicy(issuers: ["a.example"], accounts: ["https://a/1"]), .unsafe),
    (
      ["0 issue \"a.example; accounturi=https://a/1\"", "0 issue \"b.example\""],
      IssuerPolicy(issuers: ["a.example", "b.example"], accounts: ["https://a/1"]), nil
    ),
    (
      ["0 issue \"a.example\"", "0 issue \"b.example\""],
      IssuerPolicy(issuers: ["a.example", "b.example"], accounts: ["https://a/1"]), .unsafe
    ),
  ]

  @Test(arguments: rows) func `nobody else may issue, and everybody declared`(
    records: [String], policy: IssuerPolicy, how: Departure.How?
  ) throws {
    #expect(try Self.departure(records, policy) == how)
  }

  private static func survey(_ change: (inout ModelEstate) throws -> Void) throws -> Survey {
    try ModelEstate.audited { estate in
      estate.declaration.domains[0].issuers = IssuerPolicy(issuers: ["ca.example"])
      try change(&estate)
    }
  }

  @Test func `each host at each server is expected, and one set is told of once`() throws {
    let survey = try Self.survey { try $0.apply(.remove(.primary, "example.gov.", .caa)) }
    let verdicts = survey.verdicts.filter { $0.expectation?.check == "caa-differs" }
    // The apex and four hosts at two servers.
    #expect(verdicts.count == 10 && verdicts.count { $0.verdict.how == .removed } == 5)
    let told = survey.findings("caa-missing")
    #expect(told.map(\.name) == [ModelEstate.domain] && told.map { $0.place.server?.address.address } == [ModelEstate.primary])
    #expect(survey.findings("caa-differs").isEmpty)
  }

  @Test func `a set at the host hides that of the domain, and a host that is an alias has its target's`() throws {
    let survey = try Self.survey { estate in
      try estate.apply(.set(.everywhere, "www.example.gov. CAA 0 issue \"evil.example\""))
      try estate.apply(.elsewhere("cdn.example.", "shop.cdn.example. CAA 0 issue \"other.example\""))
      try estate.apply(.declare("shop.example.gov. CNAME shop.cdn.example."))
      try estate.apply(.set(.everywhere, "shop.example.gov. CNAME shop.cdn.example."))
    }
    #expect(Set(survey.findings("caa-differs").map(\.name.description)) == ["www.example.gov.", "shop.example.gov."])
  }

  @Test func `the zone above is asked by its own servers, and the root is not`() throws {
    let above = try Self.survey { estate in
      try estate.apply(.remove(.everywhere, "example.gov.", .caa))
      try estate.apply(.set(.parent, "gov. CAA 0 issue \"evil.example\""))
    }
    #expect(Set(above.findings("caa-differs").map(\.name.description)) == ["gov."])
    var estate = try ModelEstate()
    estate.declaration.domains[0].issuers = IssuerPolicy(issuers: ["ca.example"])
    try estate.apply(.remove(.everywhere, "example.gov.", .caa))
    _ = estate.survey()
    #expect(!estate.asked.contains { $0.type == .caa && $0.name == .root })
    #expect(
      estate.asked.contains {
        $0.type == .caa && $0.name.description == "gov." && $0.server.address.address == ModelEstate.parent
      })
  }

  @Test func `a server that is silent leaves its sets open`() throws {
    let survey = try Self.survey { try $0.apply(.silent(.secondary)) }
    #expect(survey.verdicts.count { $0.expectation?.check == "caa-differs" && $0.verdict.kind == "could not tell" } == 5)
    #expect(survey.findings("caa-missing").isEmpty)
    #expect(survey.unsettled.contains { $0.check == "caa-missing" && $0.name == ModelEstate.domain })
  }
}

@Suite("RFC 6698 §2.1, RFC 7671 §5: TLSA records and what a server shows") struct TLSAMatchTests {
  static let own = Handshake.Certificate(octets: Array("own".utf8), publicKey: Array("key".utf8))
  static let authority = Handshake.Certificate(
    octets: Array("authority".utf8), publicKey: Array("authority key".utf8), isAnchor: true)
  // By sha256sum and sha512sum.
  static let key256 = "2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683"
  static let own256 = "5b3975651c3cab92d044c096dc30a1c2d9525497457472de48c51ecb363d1f4a"
  static let own512 =
    "bcabe3f2dc4019baf5cc08625ae0aa59f844953301b893666d22d8ceae6978c160915b1bf26145640fa987660ec818aeb684a46372f5946eec7f6205026849ee"
  static let authority256 = "8f76fd501bb68ef71f4e276bc28f29bce1003b0c2c9d9478de81b5bfc0cde1e9"
  static let full = "6f776e"

  static let rows: [(String, String?, Bool)] = [
    // Usage 3 looks at neither names nor dates.
    ("3 1 1 \(key256)", "expired", true), ("3 0 1 \(own256)", "self-signed", true), ("3 0 2 \(own512)", nil, true),
    ("3 0 0 \(full)", nil, true), ("3 1 1 \(own256)", nil, false), ("3 0 1 \(authority256)", nil, false),
    ("2 0 1 \(authority256)", "not by a public authority", true), ("2 0 1 \(own256)", nil, false),
    ("1 1 1 \(key256)", nil, true), ("1 1 1 \(key256)", "expired", false),
    ("0 0 1 \(authority256)", nil, true), ("0 0 1 \(authority256)", "another name", false), ("0 0 1 \(own256)", nil, false),
  ]

  @Test(arguments: rows) func `a usage says what must fit`(text: String, distrust: String?, matches: Bool) throws {
    let record = try #require(TLSA(try RData(type: .tlsa, text: text, origin: nil)))
    #expect(record.matches(Handshake(chain: [Self.own, Self.authority], distrust: distrust)) == matches)
    #expect(record.isUsable(forMail: false))
  }

  @Test(arguments: [
    ("4 1 1 \(key256)", false, false), ("3 2 1 \(key256)", false, false), ("3 1 3 \(key256)", false, false),
    ("3 1 1 abcd", false, false),
    ("3 1 2 \(key256)", false, false), ("3 1 1 \(key256)", true, true), ("2 0 1 \(key256)", true, true),
    ("1 1 1 \(key256)", true, false),
    ("0 1 1 \(key256)", true, false), ("1 1 1 \(key256)", false, true), ("255 255 255 00", true, false),
  ]) func `what no client understands is ignored (RFC 7671 §4, RFC 7672 §3.1.3)`(text: String, isMail: Bool, isUsable: Bool)
    throws
  {
    let record = try #require(TLSA(try RData(type: .tlsa, text: text, origin: nil)))
    #expect(record.isUsable(forMail: isMail) == isUsable)
  }

  @Test(
    arguments: [
      ("_443._tcp.www.example.gov.", 443, TLSService.Beginning.atOnce), ("_25._tcp.mx.example.gov.", 25, .smtp),
      ("_587._tcp.mx.example.gov.", 587, .smtp), ("_853._tcp.ns.example.gov.", 853, .atOnce),
    ] as [(String, UInt16, TLSService.Beginning)])
  func `an owner name says port and host (RFC 6698 §3)`(name: String, port: UInt16, begins: TLSService.Beginning) throws {
    let owner = try DomainName(name)
    let service = try #require(TLSAService(owner))
    #expect(service.port == port && service.begins == begins && service.host == owner.parent?.parent)
  }

  @Test(arguments: [
    "_443._udp.www.example.gov.", "www.example.gov.", "_x._tcp.a.b.", "_70000._tcp.a.b.", "_25._tcp.", "25._tcp.a.b.",
  ])
  func `other names are of no service that is connected to`(name: String) throws {
    #expect(TLSAService(try DomainName(name)) == nil)
  }

  @Test func `ports are those of the declared network, and every address is connected to`() throws {
    let line = "_443._tcp.www.example.gov. TLSA 3 1 1 \(Self.key256)"
    var estate = try ModelEstate()
    estate.scope.contactsServices = true
    estate.declaration.network.ports.https = 8443
    try estate.apply(.declare(line))
    try estate.apply(.set(.everywhere, line))
    try estate.apply(.declareDS("12345 13 2 \(String(repeating: "ab", count: 32))"))
    try estate.apply(.set(.parent, "example.gov. DS 12345 13 2 \(String(repeating: "ab", count: 32))"))
    try estate.apply(.set(.everywhere, "www.example.gov. A 192.0.2.80\nwww.example.gov. A 192.0.2.81"))
    let host = try DomainName("www.example.gov.")
    for (address, key) in [("192.0.2.80", "key"), ("192.0.2.81", "other")] {
      let place = SocketAddress(address: try #require(IPAddress(address)), port: 8443)
      let shown = Handshake.Certificate(octets: [1], publicKey: Array(key.utf8))
      try estate.apply(.answer(.handshake(TLSService(place, name: host)), .handshake(Handshake(chain: [shown]))))
    }
    let survey = estate.survey()
    let told = survey.findings("tlsa-differs")
    #expect(told.map(\.place.server?.description) == ["192.0.2.81:8443"] && told.map(\.verdict.how) == [.replaced])
    // By sha256sum of "other".
    #expect(told.first?.observed == ["3 1 1 d9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa"])
  }
}
