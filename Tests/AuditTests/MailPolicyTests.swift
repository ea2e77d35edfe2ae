import DNSWire
import Estate
import Names
import Testing

@testable import Audit

@Suite("RFC 7489 §6.3, §6.4, §6.6.3: DMARC records") struct DMARCRecordTests {
  @Test(
    arguments: [
      ("v=DMARC1; p=none", .none, 100), ("v=DMARC1;p=reject", .reject, 100),
      ("v = DMARC1 ; p = Quarantine ; pct = 50 ;", .quarantine, 50),
      // Appendix B.2
      ("v=DMARC1; p=none; rua=mailto:dmarc-feedback@example.com", .none, 100),
      ("v=DMARC1; p=none; rua=mailto:dmarc-feedback@example.com;ruf=mailto:auth-reports@example.com", .none, 100),
      (
        "v=DMARC1; p=quarantine; rua=mailto:dmarc-feedback@example.com, mailto:tld-test@thirdparty.example.net!10m; pct=25",
        .quarantine, 25
      ),
      // §6.6.3, step 6; RFC 9091; tags that nobody knows; two semicolons
      ("v=DMARC1; rua=mailto:a@example.com", .none, 100),
      ("v=DMARC1; p=reject; np=none; psd=n; t=n; unknown=1;; fo=0:1:d:s", .reject, 100),
    ] as [(String, MailPosture.DMARC, Int)])
  func `reads what receivers read`(text: String, policy: MailPosture.DMARC, percent: Int) throws {
    let record = try DMARCRecord(Array(text.utf8))
    #expect(record.policy == policy && record.percent == percent && record.ignored == nil)
  }

  @Test(arguments: [
    "v=dmarc1; p=none", "v=DMARC2; p=none", "p=none; v=DMARC1", "v=DMARC1, p=none", "v=DMARC1 p=none", "v=DMARC1", "v=DMARC1; p=",
    "v=DMARC1; p=block", "v=DMARC1; p=none; sp=nothing", "v=DMARC1; p=none; np=x", "v=DMARC1; p=none; p=reject", "v=DMARC1; none",
    "v=DMARC1; p=nöne",
  ])
  func `refuses what receivers ignore`(text: String) {
    #expect(DMARCRecord.isOne(Array(text.utf8)) || text.hasPrefix("p="))
    #expect(throws: DMARCRecord.Fault.self) { try DMARCRecord(Array(text.utf8)) }
  }

  @Test(arguments: [
    ("adkim=x", "adkim=x has no meaning in DMARC"), ("pct=101", "pct=101 has no meaning in DMARC"),
    ("pct=+5", "pct=+5 has no meaning in DMARC"), ("ri=day", "ri=day has no meaning in DMARC"),
    ("fo=2", "fo=2 has no meaning in DMARC"),
    ("rua=a@example.com", "'a@example.com' is no address for reports"), ("rua=mailto:a", "'mailto:a' is no address for reports"),
    ("rua=mailto:@example.com", "'mailto:@example.com' is no address for reports"),
  ])
  func `says what receivers pass over`(tag: String, words: String) throws {
    #expect(try DMARCRecord(Array("v=DMARC1; p=reject; \(tag)".utf8)).ignored == words)
  }

  @Test(arguments: ["v=spf1 -all", "google-site-verification=x", "", "v=DKIM1"]) func `other text is no record`(text: String) {
    #expect(!DMARCRecord.isOne(Array(text.utf8)))
  }

  @Test func `hostile text is refused or bounded`() {
    for part in [";", "a=b;", "=", "v=DMARC1;", "rua=mailto:a@b.example,"] {
      let text = Array(("v=DMARC1; p=none;" + String(repeating: part, count: 65_000 / part.utf8.count)).utf8)
      _ = try? DMARCRecord(text)
    }
    #expect(throws: DMARCRecord.Fault.self) {
      try DMARCRecord(Array(("v=DMARC1; p=none;" + (0..<9000).map { "a\($0)=b;" }.joined()).utf8))
    }
  }
}

@Suite("RFC 8461 §3.1, §3.2, §4.1: MTA-STS") struct MTASTSTests {
  @Test(arguments: [
    ("v=STSv1; id=20160831085700Z;", true), ("v=STSv1;id=1", true), ("v=STSv1 ; id=abcDEF123; ext=x", true),
    ("v=STSv1;", false), ("v=STSv1; id=;", false), ("v=STSv1; id=a-b;", false), ("v=stsv1; id=1;", false),
    ("v=STSv2; id=1;", false),
    ("v=STSv1; id=\(String(repeating: "1", count: 33))", false), ("v=STSv1, id=1", false), ("v=STSv1; id=1; id=2", false),
  ])
  func `a record has a version and an id of at most 32 letters and digits`(text: String, isRead: Bool) {
    #expect(MTASTSRecord.isOne(Array(text.utf8)))
    #expect(((try? MTASTSRecord(Array(text.utf8))) != nil) == isRead)
  }

  /// §3.2's own example.
  static let example =
    "version: STSv1\nmode: enforce\nmx: mail.example.com\nmx: *.example.net\nmx: backupmx.example.com\nmax_age: 604800\n"

  @Test(arguments: ["\n", "\r\n"]) func `the RFC's policy is read, whatever ends its lines`(end: String) throws {
    let text = Self.example.split(separator: "\n").joined(separator: end)
    let policy = try MTASTSPolicy(Array(text.utf8))
    #expect(policy.mode == .enforce && policy.maxAge == 604_800 && policy.exchangers.count == 3)
    // §4.1: "*.example.net" covers mx.example.net and not mx.a.example.net or example.net.
    for (host, isCovered) in [
      ("mail.example.com", true), ("MAIL.example.com.", true), ("mx.example.net", true), ("mx.a.example.net", false),
      ("example.net", false), ("mx.mail.example.com", false), ("example.com", false),
    ] {
      #expect(policy.covers(try DomainName(host)) == isCovered, "\(host)")
    }
  }

  @Test(
    arguments: [
      ("version: STSv1\nmode: none\nmax_age: 0", nil),
      ("version: STSv1\nmode: testing\nmx: a.example\nmax_age: 31557600\nx: y", nil),
      ("version: STSv1\nversion: other\nmode: none\nmode: enforce\nmax_age: 1", nil),
      ("", "the policy does not say version: STSv1"),
      ("version: STSv2\nmode: none\nmax_age: 0", "the policy does not say version: STSv1"),
      ("version: STSv1\nmax_age: 1", "the policy's mode is none of enforce, testing and none"),
      ("version: STSv1\nmode: Enforce\nmx: a\nmax_age: 1", "the policy's mode is none of enforce, testing and none"),
      ("version: STSv1\nmode: enforce\nmax_age: 1", "the policy names no mail exchanger"),
      ("version: STSv1\nmode: none\nmax_age: 31557601", "the policy's max_age is no number of seconds up to 31557600"),
      ("version: STSv1\nmode: none\nmax_age: -1", "the policy's max_age is no number of seconds up to 31557600"),
      ("<html>", "line 1 of the policy, '<html>', has no key"),
      (String(repeating: "a: b\n", count: 13_000), "the policy has more than 1000 lines"),
    ] as [(String, String?)])
  func `a policy says version, mode, age and exchangers`(text: String, words: String?) {
    do throws(MTASTSPolicy.Fault) {
      _ = try MTASTSPolicy(Array(text.utf8))
      #expect(words == nil)
    } catch { #expect(error.words == words) }
  }
}

@Suite("RFC 8461 §3.3: the policy's page, as senders fetch it") struct MTASTSPageTests {
  static let good = "version: STSv1\nmode: enforce\nmx: mail.example.gov\nmax_age: 86400\n"

  static let rows: [(Answer, Departure.How?, String)] = [
    (.page(PageReply(status: 200, mediaType: "text/plain", body: Array(good.utf8))), nil, "match"),
    (.page(PageReply(status: 200, mediaType: "Text/Plain;charset=us-ascii", body: Array(good.utf8))), nil, "match"),
    (.page(PageReply(status: 301, mediaType: "text/plain", body: Array(good.utf8))), .unsafe, "mismatch"),
    (.page(PageReply(status: 404, mediaType: "text/plain", body: [])), .unsafe, "mismatch"),
    (.page(PageReply(status: 200, mediaType: "text/html", body: Array(good.utf8))), .unsafe, "mismatch"),
    (.page(PageReply(status: 200, mediaType: nil, body: Array(good.utf8))), .unsafe, "mismatch"),
    (.page(PageReply(status: 200, mediaType: "text/plain", body: Array(good.utf8), distrust: "expired")), .unsafe, "mismatch"),
    (.page(PageReply(status: 200, mediaType: "text/plain", body: [UInt8](repeating: 0xFF, count: 65_536))), .unsafe, "mismatch"),
    (.failed("connection refused"), nil, "could not tell"), (.openTransfer(records: nil), nil, "could not tell"),
  ]

  @Test(arguments: rows) func `status, media type, certificate and text are as the RFC has them`(
    answer: Answer, how: Departure.How?, kind: String
  ) throws {
    var estate = try ModelEstate()
    estate.scope.contactsServices = true
    estate.declaration.network.ports.https = 8443
    let host = try DomainName("mta-sts.example.gov.")
    try estate.apply(
      .set(.everywhere, "_mta-sts.example.gov. TXT \"v=STSv1; id=1\"\nmta-sts.example.gov. CNAME www.example.gov."))
    let place = SocketAddress(address: try #require(IPAddress("192.0.2.80")), port: 8443)
    let page = WebPage(place, host: host, path: "/.well-known/mta-sts.txt", isSecure: true)
    try estate.apply(.answer(.page(page), answer))
    let survey = estate.survey()
    let pages = survey.verdicts.filter { $0.expectation?.check == "mta-sts-broken" && $0.expectation?.place.kind == .endpoint }
    #expect(pages.map(\.verdict.how) == [how] && pages.map(\.verdict.kind) == [kind])
    #expect(survey.findings("mta-sts-broken").count == (kind == "match" ? 0 : 1))
  }
}

@Suite("RFC 8460 §3: TLS-RPT records") struct TLSRPTTests {
  @Test(arguments: [
    // The section's own examples.
    ("v=TLSRPTv1;rua=mailto:reports@example.com", true), ("v=TLSRPTv1; rua=https://reporting.example.com/v1/tlsrpt", true),
    ("v=TLSRPTv1; rua=mailto:a@example.com , https://r.example.com/;", true),
    ("v=TLSRPTv1", false), ("v=TLSRPTv1; rua=", false), ("v=TLSRPTv1; rua=http://r.example.com/", false),
    ("v=tlsrptv1; rua=mailto:a@b.c", false),
    ("v=TLSRPTv1 rua=mailto:a@b.c", false), ("v=TLSRPTv1; rua=mailto:a@b.c,", false),
  ])
  func `a record says where reports go`(text: String, isRead: Bool) {
    #expect(TLSRPTRecord.isOne(Array(text.utf8)))
    #expect(((try? TLSRPTRecord(Array(text.utf8))) != nil) == isRead)
  }
}
