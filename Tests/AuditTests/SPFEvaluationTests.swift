import Audit
import DNSWire
import Estate
import Names
import Testing

@Suite("RFC 7208 §4.6.4, §5, §6.1: what a published SPF record comes to") struct SPFEvaluationTests {
  /// The estate with this record at the domain, and these lines in the zone of a mail service elsewhere.
  static func survey(_ record: String, elsewhere lines: [String] = [], mail: MailPosture? = nil) throws -> Survey {
    try ModelEstate.audited { estate in
      try estate.apply(.elsewhere("sender.example.", (lines + ["sender.example. A 192.0.2.99"]).joined(separator: "\n")))
      try estate.apply(.set(.everywhere, "example.gov. TXT \"\(record)\""))
      estate.declaration.domains[0].mail = mail
    }
  }

  static func told(_ survey: Survey) -> String? {
    let findings = survey.findings("spf-broken")
    #expect(findings.count <= 1)
    guard case .mismatch(.unsafe(let words))? = findings.first?.verdict else { return nil }
    return words
  }

  /// Ten lookups: through `include` and `redirect` together.
  static let rows: [(record: String, elsewhere: [String], words: String?)] = [
    ("v=spf1 \(String(repeating: "a ", count: 10))-all", [], nil),
    ("v=spf1 \(String(repeating: "a ", count: 11))-all", [], "more than 10 terms ask DNS; 'a' is the first beyond"),
    // What stands behind `all` is not evaluated (§5.1).
    ("v=spf1 -all \(String(repeating: "a ", count: 11))", [], nil),
    ("v=spf1 -all include:nothing.example.gov redirect=nothing.example.gov", [], nil),
    (
      "v=spf1 include:sender.example a -all",
      ["sender.example. TXT \"v=spf1 \(String(repeating: "exists:%{i}.x.example.gov ", count: 8))?all\""], nil
    ),
    (
      "v=spf1 include:sender.example a mx -all",
      ["sender.example. TXT \"v=spf1 \(String(repeating: "ptr ", count: 8))?all\""],
      "more than 10 terms ask DNS; 'mx' is the first beyond"
    ),
    (
      "v=spf1 \(String(repeating: "a ", count: 10))redirect=sender.example", ["sender.example. TXT \"v=spf1 -all\""],
      "more than 10 terms ask DNS; 'redirect=sender.example' is the first beyond"
    ),
    // §4.6.4: lookups that find nothing; a name without IPv4 address has one of IPv6, and a macro is not followed.
    ("v=spf1 a:n1.example.gov a:n2.example.gov -all", [], nil),
    (
      "v=spf1 a:n1.example.gov a:n2.example.gov mx:www.example.gov -all", [],
      "more than 2 lookups find nothing; that of 'mx:www.example.gov' is the first beyond"
    ),
    (
      "v=spf1 a:n1.example.gov a:n2.example.gov a:six.sender.example a:%{d}.example -all",
      ["six.sender.example. AAAA 2001:db8::1"], nil
    ),
    (
      "v=spf1 mx:sender.example -all",
      (1...11).map { "sender.example. MX \($0) m\($0).sender.example." },
      "'mx:sender.example' leads to more than 10 mail exchangers"
    ),
    ("v=spf1 mx:sender.example -all", ["sender.example. MX 0 ."], nil),
    // §5.2, §6.1
    ("v=spf1 include:sender.example -all", [], "'include:sender.example' leads to a name without an SPF record"),
    ("v=spf1 redirect=sender.example", [], "'redirect=sender.example' leads to a name without an SPF record"),
    ("v=spf1 redirect=no.example.gov", [], "'redirect=no.example.gov' leads to a name without an SPF record"),
    (
      "v=spf1 include:sender.example -all", ["sender.example. TXT \"v=spf1 -all\"", "sender.example. TXT \"v=spf1 +a -all\""],
      "2 SPF records at sender.example."
    ),
    (
      "v=spf1 include:sender.example -all", ["sender.example. TXT \"v=spf1 ipv4:1\""],
      "'ipv4:1' in the SPF record of sender.example. is not SPF"
    ),
    (
      "v=spf1 include:a.sender.example -all",
      ["a.sender.example. CNAME b.sender.example.", "b.sender.example. TXT \"v=spf1 -all\""], nil
    ),
    // Loops, also across zones.
    ("v=spf1 include:example.gov -all", [], "'include:example.gov' leads back to a record that it stands in"),
    ("v=spf1 redirect=example.gov", [], "'redirect=example.gov' leads back to a record that it stands in"),
    (
      "v=spf1 include:sender.example -all",
      ["sender.example. TXT \"v=spf1 include:a.sender.example\"", "a.sender.example. TXT \"v=spf1 redirect=sender.example\""],
      "'redirect=sender.example' leads back to a record that it stands in"
    ),
    // The same record twice is no loop.
    ("v=spf1 include:sender.example ?include:sender.example -all", ["sender.example. TXT \"v=spf1 ~all\""], nil),
    // Everybody.
    ("v=spf1 +all", [], "'+all' lets everybody send"),
    ("v=spf1 all", [], "'all' lets everybody send"),
    ("v=spf1 ip6:::/0 -all", [], "'ip6:::/0' lets everybody send"),
    ("v=spf1 mx/0 -all", [], "'mx/0' lets everybody send"),
    ("v=spf1 -ip4:0.0.0.0/0 ~all", [], nil),
    ("v=spf1 include:sender.example -all", ["sender.example. TXT \"v=spf1 all\""], "'all' lets everybody send"),
    ("v=spf1 -include:sender.example -all", ["sender.example. TXT \"v=spf1 all\""], nil),
    ("v=spf1 redirect=sender.example", ["sender.example. TXT \"v=spf1 +all\""], "'+all' lets everybody send"),
    (
      "v=spf1 a:\(String(repeating: "x", count: 64)).example.gov -all", [],
      "'a:\(String(repeating: "x", count: 64)).example.gov' holds what cannot be a name"
    ),
  ]

  @Test(arguments: rows) func `a record is followed to its end`(record: String, elsewhere: [String], words: String?) throws {
    let survey = try Self.survey(record, elsewhere: elsewhere)
    #expect(Self.told(survey) == words, "\(survey.summary)")
    #expect(survey.verdicts.count { $0.expectation?.check == "spf-broken" } == 1)
  }

  static let ends: [(record: String, elsewhere: [String], mail: MailPosture, words: String?)] = [
    ("v=spf1 mx -all", [], MailPosture(spf: .hard), nil),
    ("v=spf1 mx ~all", [], MailPosture(spf: .hard), "the record ends in ~all"),
    ("v=spf1 mx ~all", [], MailPosture(spf: .soft), nil),
    ("v=spf1 mx ?all", [], MailPosture(spf: .soft), "the record ends in ?all, or without all"),
    ("v=spf1 mx", [], MailPosture(spf: .soft), "the record ends in ?all, or without all"),
    ("v=spf1 mx ?all", [], MailPosture(spf: .any), nil),
    ("v=spf1 redirect=sender.example", ["sender.example. TXT \"v=spf1 a -all\""], MailPosture(spf: .hard), nil),
    (
      "v=spf1 redirect=sender.example", ["sender.example. TXT \"v=spf1 a ~all\""], MailPosture(spf: .hard),
      "the record ends in ~all"
    ),
    // What an included record ends in does not end the record.
    (
      "v=spf1 include:sender.example", ["sender.example. TXT \"v=spf1 -all\""], MailPosture(spf: .hard),
      "the record ends in ?all, or without all"
    ),
    ("v=spf1 -all", [], MailPosture(isNone: true), nil),
    (
      "v=spf1 ip4:192.0.2.1 -all", [], MailPosture(isNone: true),
      "the domain is declared without mail, and its SPF record lets servers send"
    ),
  ]

  @Test(arguments: ends)
  func `the end is compared with the declared one`(record: String, elsewhere: [String], mail: MailPosture, words: String?) throws
  {
    #expect(Self.told(try Self.survey(record, elsewhere: elsewhere, mail: mail)) == words)
  }

  @Test func `an included name whose servers are silent leaves it open, and a fault beside it does not`() throws {
    func verdict(_ record: String) throws -> [Verdict] {
      let survey = try ModelEstate.audited { estate in
        try estate.apply(.set(.parent, "mute.gov. NS ns.mute.gov.\nns.mute.gov. A 198.51.100.66"))
        try estate.apply(.set(.everywhere, "example.gov. TXT \"\(record)\""))
      }
      return survey.findings("spf-broken").map(\.verdict)
    }
    #expect(try verdict("v=spf1 include:mute.gov -all").map(\.kind) == ["could not tell"])
    #expect(try verdict("v=spf1 include:mute.gov include:www.example.gov -all").map(\.how) == [.unsafe])
  }

  @Test func `a server that is silent leaves open what it publishes, and the other's fault is told`() throws {
    let silent = try ModelEstate.audited { try $0.apply(.silent(.secondary)) }
    #expect(try silent.verdicts("spf-broken", "example.gov.", .txt).map(\.kind) == ["could not tell"])
    #expect(silent.findings("spf-broken").isEmpty)
    #expect(silent.unsettled.contains { $0.check == "dmarc-broken" && $0.place.server == nil })
    let broken = try ModelEstate.audited {
      try $0.apply(.silent(.secondary))
      try $0.apply(.set(.primary, "example.gov. TXT \"v=spf1 +all\""))
    }
    #expect(broken.findings("spf-broken").map(\.verdict.how) == [.unsafe])
    let one = try ModelEstate.audited { try $0.apply(.set(.secondary, "example.gov. TXT \"v=spf1 +all\"")) }
    #expect(one.findings("spf-broken").map(\.observed) == [["\"v=spf1 +all\"", "only at 198.51.100.53:53"]])
  }

  @Test func `without a walk the record is judged by itself`() throws {
    func findings(_ record: String) throws -> [Finding] {
      var scope = AuditScope()
      scope.walks = false
      return try ModelEstate.audited(scope: scope) { try $0.apply(.set(.everywhere, "example.gov. TXT \"\(record)\"")) }
        .findings("spf-broken")
    }
    #expect(try findings("v=spf1 include:sender.example a:no.example.gov ~all").isEmpty)
    #expect(try findings("v=spf1 include:sender.example ipv4:1 ~all").map(\.verdict.how) == [.unsafe])
  }

  // MARK: Hostile

  @Test func `includes without end, loops across zones and thousands of terms cost few questions`() throws {
    let chain = (0..<60).map { "i\($0).sender.example. TXT \"v=spf1 include:i\($0 + 1).sender.example -all\"" }
    let fan = (0..<10).map { fan in
      "f\(fan).sender.example. TXT \"v=spf1 \((0..<8).map { "include:f\(fan)\($0).sender.example" }.joined(separator: " "))\""
    }
    let exchangers = (0..<10).flatMap { one in (0..<10).map { "m\(one).sender.example. MX \($0) h\($0).z\(one).sender.example." }
    }
    let records = [
      "v=spf1 include:i0.sender.example -all",
      "v=spf1 \((0..<10).map { "include:f\($0).sender.example" }.joined(separator: " ")) -all",
      "v=spf1 \((0..<10).map { "mx:m\($0).sender.example" }.joined(separator: " ")) -all",
    ]
    for record in records {
      var estate = try ModelEstate()
      let before = { () -> Int in
        _ = estate.survey()
        return estate.asked.count
      }()
      try estate.apply(.elsewhere("sender.example.", (chain + fan + exchangers).joined(separator: "\n")))
      // Strings of at most 255 octets, put together.
      let text = stride(from: 0, to: record.utf8.count, by: 200).map { start in
        "\"\(String(decoding: Array(record.utf8).dropFirst(start).prefix(200), as: UTF8.self))\""
      }
      try estate.apply(.set(.everywhere, "example.gov. TXT \(text.joined(separator: " "))"))
      let survey = estate.survey()
      #expect(survey.findings("spf-broken").map(\.verdict.how) == [.unsafe])
      #expect(estate.asked.count < before + 420 && estate.rounds < 60, "\(estate.asked.count) in \(estate.rounds)")
    }
  }

  @Test func `a TXT record that fills a message comes to an end`() throws {
    let clock = ContinuousClock()
    let time = try clock.measure {
      let survey = try ModelEstate.audited { estate in
        try estate.tamper(ModelEstate.primary, "example.gov.", .txt) { message in
          let text = "v=spf1 " + String(repeating: "include:a.example.gov ", count: 2900) + "-all"
          message.answers = [ResourceRecord(name: ModelEstate.domain, ttl: 60, rdata: TXT(Array(text.utf8)).rdata)]
        }
      }
      #expect(survey.findings("spf-broken").map(\.verdict.how) == [.unsafe])
    }
    #expect(time < .seconds(30), "\(time)")
  }
}
