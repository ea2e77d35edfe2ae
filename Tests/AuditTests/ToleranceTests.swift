import Audit
import DNSWire
import Estate
import Names
import Testing

/// What each rule of a tolerance accepts and what it does not, at the servers and through the resolver.
@Suite("Tolerance: rule by rule") struct ToleranceTests {
  static let name = "pool.example.gov."

  struct Rule: Sendable, CustomTestStringConvertible {
    var says: String
    var type: RRType
    var tolerance: Tolerance
    /// Answers that are inside, as values with a space between them.
    var inside: [String]
    var outside: [(answer: String, how: Departure.How)]

    var testDescription: String { says }
  }

  static func data(_ type: RRType, _ values: String) -> [RData] {
    values.split(separator: " ").compactMap {
      let text = type == .txt ? "\"\($0)\"" : type == .mx ? "10 \($0)" : String($0)
      return try? RData(type: type, text: text, origin: nil)
    }
  }

  static func prefixes(_ texts: String...) -> [IPPrefix] { texts.compactMap { IPPrefix($0) } }
  static func patterns(_ texts: String...) -> [TextPattern] { texts.compactMap { try? TextPattern($0) } }

  static let rules: [Rule] = [
    Rule(
      says: "allOf", type: .a, tolerance: Tolerance(allOf: data(.a, "192.0.2.80 192.0.2.81")),
      inside: ["192.0.2.80 192.0.2.81"],
      outside: [
        ("192.0.2.80", .removed), ("192.0.2.80 192.0.2.81 203.0.113.66", .added), ("192.0.2.80 203.0.113.66", .replaced),
        ("203.0.113.66", .replaced), ("", .removed),
      ]),
    Rule(
      says: "allOf and anyOf", type: .a,
      tolerance: Tolerance(allOf: data(.a, "192.0.2.80"), anyOf: data(.a, "192.0.2.81 192.0.2.82")),
      inside: ["192.0.2.80", "192.0.2.80 192.0.2.82", "192.0.2.80 192.0.2.81 192.0.2.82"],
      outside: [("192.0.2.81", .removed), ("192.0.2.80 203.0.113.66", .added), ("192.0.2.81 203.0.113.66", .replaced)]),
    Rule(
      says: "anyOf with atLeast and atMost", type: .a,
      tolerance: Tolerance(anyOf: data(.a, "192.0.2.80 192.0.2.81 192.0.2.82 192.0.2.83"), atLeast: 2, atMost: 3),
      inside: ["192.0.2.80 192.0.2.81", "192.0.2.81 192.0.2.82 192.0.2.83"],
      outside: [
        ("192.0.2.80", .removed), ("192.0.2.80 192.0.2.81 192.0.2.82 192.0.2.83", .added),
        ("192.0.2.80 203.0.113.66", .replaced), ("192.0.2.80 192.0.2.81 203.0.113.66", .added),
      ]),
    Rule(
      says: "within", type: .a, tolerance: Tolerance(within: prefixes("192.0.2.0/25", "198.51.100.7")),
      inside: ["192.0.2.0", "192.0.2.127 198.51.100.7", "192.0.2.1 192.0.2.2 192.0.2.3"],
      outside: [("192.0.2.128", .replaced), ("198.51.100.8", .replaced), ("192.0.2.1 203.0.113.66", .added), ("", .removed)]),
    Rule(
      says: "within, IPv6", type: .aaaa, tolerance: Tolerance(within: prefixes("2001:db8:5::/48", "192.0.2.0/24")),
      inside: ["2001:db8:5::1", "2001:db8:5:ffff::1 2001:db8:5::2"],
      outside: [("2001:db8:6::1", .replaced), ("::ffff:192.0.2.1", .replaced), ("2001:db8:5::1 2001:db8:bad::66", .added)]),
    Rule(
      says: "originAS", type: .a, tolerance: Tolerance(anyOf: data(.a, "192.0.2.80"), originAS: [64500, 64501]),
      inside: ["192.0.2.80", "192.0.2.80 198.51.100.1", "198.51.100.1 198.51.100.2"],
      outside: [("203.0.113.66", .replaced), ("198.51.100.1 203.0.113.66", .added)]),
    Rule(
      says: "matches", type: .txt, tolerance: Tolerance(anyOf: data(.txt, "v=spf1"), matches: patterns("^token=[0-9a-f]+$")),
      inside: ["v=spf1", "token=0a", "v=spf1 token=ff token=0"],
      outside: [("token=xyz", .replaced), ("v=spf1 token=", .added), ("see-token=0a", .replaced)]),
    Rule(
      says: "others", type: .txt, tolerance: Tolerance(allOf: data(.txt, "v=spf1"), allowsOthers: true),
      inside: ["v=spf1", "v=spf1 anything"], outside: [("anything", .removed), ("", .removed)]),
    Rule(
      says: "none is enough", type: .a, tolerance: Tolerance(within: prefixes("192.0.2.0/24"), atLeast: 0),
      inside: ["", "192.0.2.1"], outside: [("203.0.113.66", .added)]),
    Rule(
      says: "mail exchangers", type: .mx,
      tolerance: Tolerance(anyOf: data(.mx, "mail.example.gov. mail2.example.gov."), tlsProof: true),
      inside: ["mail.example.gov.", "mail2.example.gov. mail.example.gov."],
      outside: [("mx.evil.example.", .replaced), ("mail.example.gov. mx.evil.example.", .added)]),
  ]

  static func estate(_ rule: Rule) throws -> ModelEstate {
    var estate = try ModelEstate()
    // A target that mail may go to and that exists.
    try estate.apply(.declare("mail2.example.gov. A 192.0.2.26"))
    try estate.apply(.set(.everywhere, "mail2.example.gov. A 192.0.2.26"))
    try estate.apply(.tolerate(name, rule.type, rule.tolerance))
    for (address, systems) in [("198.51.100.1", [64500]), ("198.51.100.2", [64501, 1]), ("203.0.113.66", [666])]
      as [(String, [UInt32])]
    {
      try estate.apply(.answer(.origin(#require(IPAddress(address))), .origins(systems)))
    }
    return estate
  }

  static func serve(_ answer: String, _ type: RRType, at side: Example.Side, _ estate: inout ModelEstate) throws {
    try estate.apply(.remove(side, name, type))
    let lines = data(type, answer).map { "\(name) \(type) \($0.text)" }
    if !lines.isEmpty { try estate.apply(.set(side, lines.joined(separator: "\n"))) }
  }

  @Test(arguments: rules) func `what is inside is as intended, in any order, and servers and resolver may differ in it`(
    rule: Rule
  )
    throws
  {
    for answer in rule.inside {
      for other in rule.inside {
        var estate = try Self.estate(rule)
        try Self.serve(answer, rule.type, at: .primary, &estate)
        try Self.serve(other, rule.type, at: .secondary, &estate)
        try estate.tamper(ModelEstate.secondary, Self.name) { $0.answers.reverse() }
        let survey = estate.survey()
        #expect(survey.findings.isEmpty, "\(answer) and \(other): \(survey.summary)")
        #expect(try survey.verdicts("record-differs", Self.name, rule.type) == [.match, .match])
        #expect(try survey.verdicts("resolver-differs", Self.name, rule.type) == [.match])
      }
    }
  }

  @Test(arguments: rules) func `what is outside is told where it is, with all that was seen and what is accepted`(rule: Rule)
    throws
  {
    for (answer, how) in rule.outside {
      var estate = try Self.estate(rule)
      try Self.serve(rule.inside[0], rule.type, at: .primary, &estate)
      try Self.serve(answer, rule.type, at: .secondary, &estate)
      let survey = estate.survey()
      #expect(try survey.verdicts("record-differs", Self.name, rule.type, at: ModelEstate.primary) == [.match])
      #expect(
        try survey.verdicts("record-differs", Self.name, rule.type, at: ModelEstate.secondary).map(\.how) == [how], "\(answer)")
      let finding = try #require(survey.findings("record-differs").first, "\(answer)")
      #expect(survey.findings("record-differs").count == 1 && finding.place.server?.address.address == ModelEstate.secondary)
      #expect(finding.intended == [rule.tolerance.words])
      #expect(Set(finding.observed).isSuperset(of: Self.data(rule.type, answer).map(\.text)), "\(finding.observed)")
      #expect(survey.findings("servers-disagree").map(\.place.server) == [finding.place.server], "\(answer)")
    }
  }

  @Test(arguments: rules) func `the resolver that is outside is told, the servers are not`(rule: Rule) throws {
    for (answer, how) in rule.outside where !answer.isEmpty {
      var estate = try Self.estate(rule)
      try Self.serve(rule.inside[0], rule.type, at: .everywhere, &estate)
      try estate.tamper(ModelEstate.resolver, Self.name, rule.type) { message in
        message.answers = try ModelEstate.records(
          Self.data(rule.type, answer).map { "\(Self.name) \(rule.type) \($0.text)" }.joined(separator: "\n"))
      }
      let survey = estate.survey()
      #expect(survey.findings.map(\.check) == ["resolver-differs"], "\(answer): \(survey.summary)")
      #expect(survey.findings.map(\.verdict.how) == [how], "\(answer)")
    }
  }

  @Test(arguments: rules, FalseAlarmTests.Fault.allCases)
  func `a server that cannot be read is neither inside nor outside`(rule: Rule, fault: FalseAlarmTests.Fault) throws {
    var estate = try Self.estate(rule)
    try Self.serve(rule.inside[0], rule.type, at: .everywhere, &estate)
    try fault.apply(&estate, ModelEstate.secondary, Self.name, rule.type)
    let survey = estate.survey()
    #expect(
      try survey.verdicts("record-differs", Self.name, rule.type, at: ModelEstate.secondary).map(\.kind) == ["could not tell"])
    #expect(try survey.verdicts("record-differs", Self.name, rule.type, at: ModelEstate.primary) == [.match])
    #expect(survey.totals.mismatch == 0, "\(survey.summary)")
  }

  @Test(arguments: rules) func `without authority, what is inside proves nothing and what is foreign is told`(rule: Rule) throws {
    let answers =
      rule.inside.map { ($0, "could not tell") } + rule.outside.filter { $0.how != .removed }.map { ($0.answer, "mismatch") }
    for (answer, kind) in answers where Self.data(rule.type, answer).count <= rule.tolerance.atMost ?? .max {
      var estate = try Self.estate(rule)
      try Self.serve(rule.inside[0], rule.type, at: .primary, &estate)
      try Self.serve(answer, rule.type, at: .secondary, &estate)
      try estate.tamper(ModelEstate.secondary, Self.name, rule.type) { $0.header.authoritative = false }
      let verdicts = try estate.survey().verdicts("record-differs", Self.name, rule.type, at: ModelEstate.secondary)
      #expect(verdicts.map(\.kind) == [kind], "\(answer)")
    }
  }

  @Test(arguments: rules) func `a longer TTL is told as such, and a shorter one is not`(rule: Rule) throws {
    let answer = try #require(rule.inside.first { !$0.isEmpty })
    for (ttl, expected) in [(3600, nil), (600, nil), (3601, .ttl)] as [(UInt32, Departure.How?)] {
      var estate = try Self.estate(rule)
      try Self.serve(answer, rule.type, at: .everywhere, &estate)
      try estate.tamper(ModelEstate.primary, Self.name, rule.type) { message in
        for index in message.answers.indices { message.answers[index].ttl = ttl }
      }
      let survey = estate.survey()
      #expect(try survey.verdicts("record-differs", Self.name, rule.type, at: ModelEstate.primary).map(\.how) == [expected])
      #expect(survey.findings.map(\.check) == (expected == nil ? [] : ["ttl-above-declared"]))
    }
  }

  @Test(arguments: rules) func `an alias or a delegation in the place of the name is outside`(rule: Rule) throws {
    // An alias into our own zone too: it was not declared.
    for line in ["CNAME www.evil.example.", "CNAME www.example.gov.", "NS ns.evil.example."].map({ "\(Self.name) \($0)" }) {
      var estate = try Self.estate(rule)
      try Self.serve(rule.inside[0], rule.type, at: .everywhere, &estate)
      try estate.apply(.remove(.secondary, Self.name, rule.type))
      try estate.apply(.set(.secondary, line))
      let survey = estate.survey()
      let verdicts = try survey.verdicts("record-differs", Self.name, rule.type, at: ModelEstate.secondary)
      #expect(verdicts.map(\.kind) == ["mismatch"], "\(line)")
      #expect(survey.findings("record-differs").count == 1, "\(survey.summary)")
    }
  }

  @Test(arguments: [
    ("192.0.2.80", "too few: 1 of at least 2"), ("192.0.2.80 192.0.2.81 192.0.2.82 192.0.2.83", "too many: 4 of at most 3"),
  ])
  func `how many there are is said where that is what is wrong`(answer: String, words: String) throws {
    let rule = try #require(Self.rules.first { $0.says == "anyOf with atLeast and atMost" })
    var estate = try Self.estate(rule)
    try Self.serve(answer, .a, at: .everywhere, &estate)
    let survey = estate.survey()
    #expect(
      survey.findings("record-differs").map(\.observed) == Array(repeating: Self.data(.a, answer).map(\.text) + [words], count: 2)
    )
  }

  @Test func `a good AAAA hides no bad A`() throws {
    let survey = try ModelEstate.audited { estate in
      try estate.apply(.tolerate(Self.name, .a, Tolerance(within: Self.prefixes("192.0.2.0/24"))))
      try estate.apply(.tolerate(Self.name, .aaaa, Tolerance(within: Self.prefixes("2001:db8::/32"))))
      try estate.apply(.set(.everywhere, "\(Self.name) A 203.0.113.66\n\(Self.name) AAAA 2001:db8::80"))
    }
    #expect(try survey.verdicts("record-differs", Self.name, .a).map(\.kind) == ["mismatch", "mismatch"])
    #expect(try survey.verdicts("record-differs", Self.name, .aaaa) == [.match, .match])
  }

  @Test(arguments: [false, true]) func `an answer of thousands of values is judged whole`(isForeign: Bool) throws {
    let survey = try ModelEstate.audited { estate in
      try estate.apply(.tolerate(Self.name, .a, Tolerance(within: Self.prefixes("10.0.0.0/8"))))
      try estate.tamper(ModelEstate.primary, Self.name, .a) { message in
        let name = try DomainName(Self.name)
        message.header.responseCode = .noError
        message.answers = (0..<4000).map { number in
          let octets: [UInt8] = [isForeign && number == 1777 ? 11 : 10, 0, UInt8(number / 256), UInt8(number % 256)]
          return ResourceRecord(name: name, ttl: 60, rdata: RData(type: .a, canonical: octets))
        }
      }
      estate.declaration.resolvers = Resolvers()
    }
    let verdicts = try survey.verdicts("record-differs", Self.name, .a, at: ModelEstate.primary)
    #expect(verdicts.map(\.how) == [isForeign ? .added : nil])
  }
}
