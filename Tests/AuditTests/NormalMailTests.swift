import DNSWire
import Estate
import Names
import Testing

@testable import Audit

/// Records as organisations publish them, with the shapes of large providers' own.
@Suite("Mail and certificate policies of ordinary estates are no alarm") struct NormalMailTests {
  static let providers: [(apex: String, lines: String)] = [
    (
      "google.example.",
      """
      _spf.google.example. TXT "v=spf1 include:_netblocks.google.example include:_netblocks2.google.example include:_netblocks3.google.example ~all"
      _netblocks.google.example. TXT "v=spf1 ip4:192.0.2.0/25 ip4:198.51.100.0/24 ~all"
      _netblocks2.google.example. TXT "v=spf1 ip6:2001:db8:4000::/36 ip6:2001:db8:8000::/33 ~all"
      _netblocks3.google.example. TXT "v=spf1 ip4:203.0.113.0/24 ~all"
      """
    ),
    (
      "outlook.example.",
      """
      spf.protection.outlook.example. TXT "v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/48 include:spfd.protection.outlook.example -all"
      spfd.protection.outlook.example. TXT "v=spf1 ip4:198.51.100.0/24 -all"
      """
    ),
    (
      "esp.example.",
      """
      _u.example.gov._spf.smart.esp.example. TXT "v=spf1 ip4:192.0.2.7 ~all"
      spf.esp.example. TXT "v=spf1 exists:%{ir}._ip.%{h}._ehlo.%{d}._spf.esp.example include:%{i}._ip.%{h}._ehlo.%{d}._spf.esp.example ~all"
      """
    ),
  ]

  static func findings(_ lines: String, mail: MailPosture? = nil, issuers: IssuerPolicy? = nil) throws -> [Finding] {
    let survey = try ModelEstate.audited { estate in
      for provider in providers { try estate.apply(.elsewhere(provider.apex, provider.lines)) }
      try estate.apply(.redeclare { $0.domains[0].records.removeAll { $0.type == .txt || $0.type == .caa } })
      estate.declaration.domains[0].isWholeZone = false
      try estate.apply(.set(.everywhere, lines))
      (estate.declaration.domains[0].mail, estate.declaration.domains[0].issuers) = (mail, issuers)
    }
    return survey.findings
  }

  @Test(arguments: [
    "v=spf1 include:_spf.google.example include:spf.protection.outlook.example ip4:192.0.2.1 -all",
    "v=spf1 mx a:www.example.gov include:_spf.google.example exists:%{i}._spf.%{d2} ~all",
    "V=SPF1 include:spf.esp.example -all", "v=spf1 redirect=_spf.google.example", "v=spf1  ip4:192.0.2.1  -all ",
    "v=spf1 include:%{i}._spf.%{d}.esp.example include:_u.example.gov._spf.smart.esp.example -all", "v=spf1 +mx/28 ?ptr ~all",
    "v=spf1 ip4:192.0.2.1/32 ip6:2001:db8::1 a//64 mx:example.gov//64 -all", "v=spf1 -all exp=explain.%{d}",
    "v=spf1 a -all unknown=x",
  ]) func `SPF records`(text: String) throws {
    let others = "google-site-verification=abc\"\nexample.gov. TXT \"MS=ms12345678\"\nexample.gov. TXT \"v=spf10 is another thing"
    let lines = "example.gov. TXT \"\(others)\"\nexample.gov. TXT \"\(text)\""
    #expect(try Self.findings(lines).isEmpty)
    #expect(try Self.findings(lines, mail: MailPosture(spf: .soft)).isEmpty)
  }

  @Test func `an SPF record in several strings is one`() throws {
    #expect(try Self.findings("example.gov. TXT \"v=spf1 ip4:192.0.2.1 inc\" \"lude:_spf.google.example -all\"").isEmpty)
  }

  @Test(arguments: [
    "v=DMARC1; p=reject; rua=mailto:d@example.gov; ruf=mailto:f@example.gov; fo=1:d:s; adkim=s; aspf=r; pct=100; ri=86400; rf=afrf",
    "v=DMARC1;p=REJECT;sp=none;np=reject;psd=n;t=n", "v=DMARC1; p=quarantine; x-unknown=1; rua=mailto:d@example.gov!10m",
    "v=DMARC1;  p=reject ;; ", "v=DMARC1; p=reject; rua=mailto:a@example.gov,mailto:b@sub.example.gov",
  ]) func `DMARC records`(text: String) throws {
    #expect(try Self.findings("_dmarc.example.gov. TXT \"\(text)\"").isEmpty)
    #expect(try Self.findings("_dmarc.example.gov. TXT \"\(text)\"", mail: MailPosture(dmarc: .quarantine)).isEmpty)
  }

  @Test func `a wildcard answers at every name of a policy and is none`() throws {
    #expect(try Self.findings("*.example.gov. TXT \"v=spf1 -all\"\n*._tls.example.gov. TXT \"other\"").isEmpty)
  }

  @Test(arguments: [
    "0 issue \"ca.example\"\nexample.gov. CAA 0 issuewild \";\"\nexample.gov. CAA 0 iodef \"mailto:a@example.gov\"",
    "0 issue \"ca.example\"\nexample.gov. CAA 0 tbs \"x\"\nexample.gov. CAA 0 issuemail \"other.example\"",
    "128 issue \"CA.example; validationmethods=dns-01\"\nexample.gov. CAA 0 issuevmc \"vmc.example; x=y\"",
    "0 issue \"ca.example\"\nexample.gov. CAA 0 issue \";\"",
    "0 issue \"ca.example\"\nexample.gov. CAA 0 issuewild \"ca.example\"",
  ]) func `CAA records`(text: String) throws {
    #expect(try Self.findings("example.gov. CAA \(text)").isEmpty)
    #expect(try Self.findings("example.gov. CAA \(text)", issuers: IssuerPolicy(issuers: ["ca.example"])).isEmpty)
  }

  @Test func `CAA that lets nobody issue, as declared`() throws {
    #expect(try Self.findings("example.gov. CAA 0 issue \";\"", issuers: IssuerPolicy(issuers: [])).isEmpty)
  }

  @Test func `two TLSA records during a roll-over fit either key`() throws {
    let keys = ["old", "new"]
    for shown in keys {
      let records = try keys.map { key in
        try #require(TLSA(try RData(type: .tlsa, text: "3 1 0 \(key.utf8.map { String($0, radix: 16) }.joined())", origin: nil)))
      }
      let certificate = Handshake.Certificate(octets: [1], publicKey: Array(shown.utf8))
      #expect(records.count { $0.matches(Handshake(chain: [certificate], distrust: "self-signed")) } == 1)
    }
  }
}
