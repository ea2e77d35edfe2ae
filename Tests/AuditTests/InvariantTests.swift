import Audit
import DNSWire
import Estate
import Foundation
import Lab
import Names
import Testing

/// What is true of every audit, whatever the world answers: random changes to the model estate, each made again from its seed.
@Suite("What is true of every audit") struct InvariantTests {
  /// All of them, but where only the fast tests run.
  static let seeds = Array(UInt64(1)...(isFast ? 24 : 60)) + tolerantSeeds
  static let isFast = ProcessInfo.processInfo.environment["NAMEWARD_FAST"] != nil
  static let ds = "12345 13 2 \(String(repeating: "ab", count: 32))"

  /// SplitMix64: the same changes for the same seed everywhere.
  struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  /// Changes that leave the addresses of the servers alone, and some that bring a stranger.
  static let edits: [@Sendable (inout ModelEstate, Example.Side) throws -> Void] = [
    { try $0.apply(.set($1 == .parent ? .primary : $1, "mail.example.gov. A 203.0.113.66")) },
    { try $0.apply(.set($1 == .parent ? .secondary : $1, "www.example.gov. 86400 A 192.0.2.80")) },
    {
      try $0.apply(
        .set($1 == .parent ? .secondary : $1, "example.gov. MX 10 mail.example.gov.\nexample.gov. MX 5 mx.evil.example."))
    },
    { try $0.apply(.set($1, "example.gov. NS ns1.example.gov.")) },
    {
      try $0.apply(.set($1, "example.gov. NS ns1.example.gov.\nexample.gov. NS ns2.example.gov.\nexample.gov. NS ns3.evil.gov."))
    },
    { try $0.apply(.set($1 == .resolver ? .parent : $1, "ns1.example.gov. A 203.0.113.66")) },
    { try $0.apply(.set($1 == .parent || $1 == .resolver ? .everywhere : $1, "example.gov. TXT \"x\"")) },
    { try $0.apply(.set($1 == .parent || $1 == .resolver ? .secondary : $1, "example.gov. TXT \"v=spf1 +all\"")) },
    { estate, side in
      let side = side == .parent || side == .resolver ? Example.Side.primary : side
      try estate.apply(.remove(side, "www.example.gov.", .a))
      try estate.apply(.set(side, "www.example.gov. CNAME www.evil.example."))
    },
    { try $0.apply(.remove($1 == .parent || $1 == .resolver ? .secondary : $1, "example.gov.", .caa)) },
    { try $0.apply(.set($1 == .parent || $1 == .resolver ? .secondary : $1, "www.example.gov. NS ns.evil.example.")) },
    {
      try $0.apply(
        .set(
          $1 == .parent || $1 == .resolver ? .primary : $1,
          "example.gov. SOA ns1.example.gov. hostmaster.example.gov. 2026112302 7200 3600 1209600 3600"))
    },
    { try $0.apply(.silent($1)) },
    { try $0.apply(.lame($1 == .resolver ? .secondary : $1)) },
    { estate, _ in try estate.apply(.set(.parent, "example.gov. DS 666 13 2 \(String(repeating: "cd", count: 32))")) },
    { estate, _ in try estate.apply(.set(.parent, "example.gov. DS \(ds)")) },
    { estate, _ in try estate.apply(.validation(.bogus("no signatures"))) },
    { estate, _ in try estate.apply(.validation(.insecure)) },
    { estate, _ in try estate.apply(.validation(.indeterminate("no answer"))) },
    { estate, side in
      let faults: [Example.Side: FalseAlarmTests.Fault] = [
        .parent: .refused, .primary: .truncated, .secondary: .servfail, .everywhere: .timeout, .resolver: .notAuthoritative,
      ]
      let fault = try #require(faults[side])
      try fault.apply(&estate, side == .parent ? ModelEstate.parent : ModelEstate.secondary, nil, side == .resolver ? .a : .ns)
    },
    { estate, _ in
      try estate.tamper(ModelEstate.secondary, "www.example.gov.", .aaaa) {
        $0.answers = try ModelEstate.records("www.example.gov. CNAME www.evil.example.")
      }
    },
  ]

  static func estate(_ seed: UInt64) throws -> ModelEstate {
    var dice = Dice(state: seed)
    var estate = try ModelEstate()
    try estate.apply(.declareDS(ds))
    let sides: [Example.Side] = [.parent, .primary, .secondary, .everywhere, .resolver]
    var edits = edits
    if tolerantSeeds.contains(seed) {
      try tolerate(&estate)
      edits += tolerantEdits + tolerantEdits
    }
    for _ in 0..<Int.random(in: 0...4, using: &dice) {
      guard let edit = edits.randomElement(using: &dice), let side = sides.randomElement(using: &dice) else { continue }
      try edit(&estate, side)
    }
    return estate
  }

  /// What an audit says of each expectation, without the order in which it says it.
  struct Line: Hashable {
    var check: CheckID
    var name: DomainName
    var type: RRType
    var place: Place
    var verdict: Verdict

    init(_ expectation: Estate.Expectation, _ verdict: Verdict) {
      (check, name, type, place) = (expectation.check, expectation.name, expectation.type, expectation.place)
      self.verdict = verdict
    }
  }

  static func lines(_ survey: Survey) -> [Line] {
    survey.verdicts.compactMap { judged in judged.expectation.map { Line($0, judged.verdict) } }
  }

  static func counted(_ lines: [Line]) -> [Line: Int] { lines.reduce(into: [:]) { $0[$1, default: 0] += 1 } }

  @Test(arguments: seeds) func `each expectation has one verdict, and every mismatch a finding that explains it`(seed: UInt64)
    throws
  {
    var estate = try Self.estate(seed)
    let survey = estate.survey()
    let totals = survey.totals
    #expect(totals.expected == totals.match + totals.mismatch + totals.couldNotTell)
    #expect(totals.expected + totals.excepted == survey.verdicts.count { $0.expectation != nil })
    #expect(survey.findings.allSatisfy { $0.verdict != .match })
    let findings = survey.findings.filter { $0.verdict.kind == "mismatch" }
    for line in Self.lines(survey) where line.verdict.kind == "mismatch" {
      #expect(findings.contains { Self.explains($0, line) }, "\(line)\n\(survey.summary)")
    }
    // Nobody is told of a mismatch that is not counted.
    #expect(findings.isEmpty || totals.mismatch > 0)
  }

  @Test(arguments: seeds) func `exceptions move verdicts apart: the counts add up, and nothing becomes a match or is untold`(
    seed: UInt64
  )
    throws
  {
    var estate = try Self.estate(seed)
    let before = estate.survey()
    var dice = Dice(state: seed)
    let told = before.findings.filter { _ in Bool.random(using: &dice) }
    estate.declaration.exceptions = told.map { finding in
      let isWide = Bool.random(using: &dice)
      return DeclaredException(
        finding.check, domain: isWide ? finding.domain : nil, name: isWide ? nil : finding.name,
        type: isWide ? nil : finding.type,
        reason: "known", owner: "Ada", expires: ModelEstate.now.advanced(by: .seconds(1)))
    }
    let after = estate.survey()
    #expect(Self.lines(after) == Self.lines(before))
    #expect(after.totals.expected + after.totals.excepted == before.totals.expected)
    #expect(after.totals.match == before.totals.match)
    #expect(Set(after.findings).isDisjoint(with: Set(after.excepted.map(\.finding))))
    #expect(Set(after.findings).union(after.excepted.map(\.finding)) == Set(before.findings))
    #expect(Set(told).isSubset(of: Set(after.excepted.map(\.finding))))
    #expect(after.totals.mismatch == 0 || after.findings.contains { $0.verdict.kind == "mismatch" }, "\(after.summary)")
    #expect(!after.findings.contains { $0.verdict.kind == "mismatch" } || after.totals.mismatch > 0)
  }

  /// By the check itself, or as Docs/Decisions/0002 folds it.
  private static func explains(_ finding: Finding, _ line: Line) -> Bool {
    let isHere = finding.place.server == line.place.server
    return switch line.check {
    case "record-differs":
      // An alias or a delegation in the place of the name is told once.
      isHere && finding.name == line.name
        && ["record-differs", "ttl-above-declared", "wildcard-differs"].contains(finding.check)
    case "wildcard-differs": isHere && finding.name == line.name && ["record-differs", line.check].contains(finding.check)
    // Where a link leads away is told at its server, and of a name's own at the servers of the domain.
    case "alias-chain-differs": finding.name == line.name && ["record-differs", line.check].contains(finding.check)
    case "glue-differs": isHere && ["glue-differs", "delegation-differs"].contains(finding.check)
    case "dnssec-bogus": ["dnssec-bogus", "ds-differs"].contains(finding.check)
    case "servers-disagree", "signature-expiring": isHere && finding.check == line.check
    case "resolver-differs": finding.check == line.check && finding.name == line.name
    default: isHere && finding.check == line.check && finding.name == line.name
    }
  }

  @Test func `how much is expected depends on which servers answer, and not on what they say`() throws {
    var expected: [[Set<Place>]: Int] = [:]
    for seed in Self.seeds {
      var estate = try Self.estate(seed)
      let survey = estate.survey()
      let places = Set(survey.verdicts.compactMap(\.expectation?.place).filter { $0.kind != .endpoint })
      let world = [places] + (Self.tolerantSeeds.contains(seed) ? [[]] : [])
      if let known = expected[world] { #expect(known == survey.totals.expected, "seed \(seed)") }
      expected[world] = survey.totals.expected
    }
    // Most changes bring no stranger.
    #expect(expected.count < Self.seeds.count / 4)
  }

  @Test(arguments: seeds) func `a second audit of the same world says the same in the same order`(seed: UInt64) throws {
    var estate = try Self.estate(seed)
    let (one, two) = (estate.survey(), estate.survey())
    #expect(Self.lines(one) == Self.lines(two))
    #expect(one.findings == two.findings)
    #expect(one.observations.map(\.place) == two.observations.map(\.place))
    #expect(one.observations.map(\.observation.query) == two.observations.map(\.observation.query))
  }

  @Test(arguments: seeds) func `a server that falls silent changes no verdict at another`(seed: UInt64) throws {
    for address in [ModelEstate.primary, ModelEstate.secondary] {
      var estate = try Self.estate(seed)
      func others(_ survey: Survey) -> [Line: Int] {
        // Servers are compared with each other, what all publish is judged as one thing, and aliases and resolvers ask whoever
        // answers.
        Self.counted(
          Self.lines(survey).filter { line in
            [.parent, .authoritative].contains(line.place.kind) && line.place.server?.address.address != address
              && line.check != "servers-disagree" && (line.place.server != nil || line.place.kind == .parent)
          })
      }
      let before = others(estate.survey())
      estate.silent.insert(address)
      #expect(before == others(estate.survey()))
    }
  }

  @Test(arguments: seeds) func `the order of records, of servers and of what is declared says nothing`(seed: UInt64) throws {
    var estate = try Self.estate(seed)
    let before = estate.survey()
    estate.declaration.domains[0].nameServers.reverse()
    estate.declaration.domains[0].records.reverse()
    for index in estate.declaration.domains[0].records.indices {
      if case .exactly(let values) = estate.declaration.domains[0].records[index].intended {
        estate.declaration.domains[0].records[index].intended = .exactly(values.reversed())
      }
    }
    let lie = estate.lie
    estate.lie = { query, observation in
      var observation = lie(query, observation)
      guard case .replied(var message) = observation.outcome else { return observation }
      message.answers.reverse()
      message.authorities.reverse()
      message.additionals.reverse()
      observation.outcome = .replied(message)
      return observation
    }
    let after = estate.survey()
    #expect(Self.counted(Self.lines(before)) == Self.counted(Self.lines(after)))
    func told(_ survey: Survey) -> Set<[String]> {
      Set(
        survey.findings.map {
          ["\($0.check)", "\($0.name)", "\($0.place)", "\($0.verdict)"] + $0.intended.sorted() + ["!"] + $0.observed.sorted()
        })
    }
    #expect(told(before) == told(after))
  }
}
