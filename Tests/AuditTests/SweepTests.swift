import Audit
import DNSWire
import Estate
import Names
import Testing

/// A sweep counts what is as intended without decoding it. It must say what a survey says that decodes everything.
@Suite("A sweep says what a survey says") struct SweepTests {
  /// Changes to what only a larger zone has.
  static let edits: [@Sendable (inout ModelEstate, Example.Side) throws -> Void] = [
    { try $0.apply(.set($1, "host1.example.gov. A 192.0.2.101\nhost1.example.gov. A 203.0.113.66")) },
    { try $0.apply(.set($1, "host2.example.gov. 7200 A 192.0.2.103")) },
    { try $0.apply(.set($1, "host2.example.gov. AAAA 2001:db8:bad::1")) },
    { try $0.apply(.remove($1, "host1.example.gov.", .a)) },
    { estate, side in
      try estate.apply(.remove(side, "host1.example.gov.", .a))
      try estate.apply(.set(side, "host1.example.gov. CNAME www.evil.example."))
    },
    { estate, side in
      try estate.apply(.remove(side, "host2.example.gov.", .a))
      try estate.apply(.set(side, "host2.example.gov. NS ns.evil.example."))
    },
    { try $0.apply(.set($1, "ftp.example.gov. CNAME www.evil.example.")) },
    { try $0.apply(.set($1, "child.example.gov. NS ns.evil.example.")) },
    { try $0.apply(.set($1, "child.example.gov. NS ns.child.example.gov.")) },
    { try $0.apply(.set($1, "ns.child.example.gov. A 203.0.113.99")) },
    { try $0.apply(.remove($1, "ns.child.example.gov.", .aaaa)) },
    { try $0.apply(.remove($1, "far.example.gov.", .ns)) },
    { try $0.apply(.remove($1, "child.example.gov.", .ds)) },
    { try $0.apply(.set($1, "notes.example.gov. TXT \"one\" \"three\"")) },
    { try $0.apply(.set($1, "send.example.gov. TXT \"v=spf1 +all\"")) },
    { try $0.apply(.set($1, "*.wild.example.gov. A 203.0.113.7")) },
    { try $0.apply(.set($1, "_sip._tcp.example.gov. SRV 0 5 5060 sip.evil.example.")) },
    { try $0.apply(.set($1, "old.example.gov. DNAME evil.example.")) },
  ]

  static func estate(_ seed: UInt64) throws -> SweptEstate {
    var swept = try SweptEstate(try InvariantTests.estate(seed))
    var dice = InvariantTests.Dice(state: seed &+ 1000)
    for _ in 0..<Int.random(in: 0...4, using: &dice) {
      let side: Example.Side = [.primary, .secondary, .everywhere].randomElement(using: &dice) ?? .primary
      try edits.randomElement(using: &dice)?(&swept.estate, side)
    }
    return swept
  }

  static let seeds = Array(UInt64(1)...(InvariantTests.isFast ? 40 : 200))

  @Test(arguments: seeds) func `on an estate with random changes`(seed: UInt64) throws {
    var estate = try Self.estate(seed)
    let (survey, sweep) = (try estate.surveyed(), try estate.swept())
    #expect(survey.totals == sweep.totals)
    #expect(survey.departures == sweep.departures)
    #expect(survey.findings == sweep.findings)
    // However few replies come together.
    #expect(try estate.swept(handful: 1) == sweep)
  }

  @Test func `on the estate as it is intended, and nearly everything is counted without being read`() throws {
    var estate = try SweptEstate(try ModelEstate())
    let (survey, sweep) = (try estate.surveyed(), try estate.swept())
    #expect(survey == sweep)
    #expect(sweep.departures.isEmpty)
    #expect(sweep.totals.match == sweep.totals.expected)
  }

  @Test func `the changes bring departures of every kind, so that the comparison says something`() throws {
    var kinds: Set<String> = []
    for seed in Self.seeds {
      var estate = try Self.estate(seed)
      for line in try estate.swept().departures.keys {
        kinds.insert("\(line.check) \(line.verdict.how.map(\.rawValue) ?? line.verdict.kind)")
      }
    }
    #expect(
      kinds.isSuperset(of: [
        "record-differs replaced", "record-differs added", "record-differs removed", "record-differs ttl",
        "record-differs could not tell", "server-lame lame", "servers-disagree replaced", "wildcard-differs replaced",
        "spf-broken unsafe",
      ]), "\(kinds.sorted())")
  }

  @Test func `asks for what a survey asks for, each once`() throws {
    let swept = try SweptEstate(try ModelEstate())
    let sweep = Sweep(
      try swept.zone, at: SweptEstate.servers, asksForAbsences: true, key: SweptEstate.key, now: ModelEstate.now)
    var asked: [Knowledge.Subject] = []
    for phase in SweepPhase.allCases {
      var number = 0
      while let page = sweep.page(number, of: phase) {
        number += 1
        for place in 0..<page.count {
          var offset = Int(page.starts[place])
          asked.append(.init(try DomainName(page.names.span, at: &offset), RRType(rawValue: page.types[place])))
        }
      }
    }
    #expect(asked.count == sweep.questionsPerServer)
    var head = sweep.head
    var estate = swept.estate
    estate.run(&head)
    let server = Server(address: SweptEstate.servers[0])
    let more = Set(
      head.observations.filter { $0.place.server == server }.map {
        Knowledge.Subject($0.observation.query.name, $0.observation.query.type)
      })
    #expect(more.isDisjoint(with: asked))
    var scope = AuditScope()
    scope.walks = false
    var survey = Survey(Declaration(domains: [try swept.domain]), scope: scope, now: ModelEstate.now)
    estate.run(&survey)
    let all = Set(
      survey.observations.filter { $0.place.server == server }.map {
        Knowledge.Subject($0.observation.query.name, $0.observation.query.type)
      })
    #expect(more.union(asked) == all)
    #expect(Set(asked).count == asked.count)
  }

  @Test func `names with policies beyond a bound are compared as any other`() throws {
    var text = "@ 60 SOA ns host 1 2 3 4 5\n@ 60 NS ns\nns 60 A 192.0.2.53\n"
    for number in 0..<(Sweep.mostJudgedFurther + 5) { text += "p\(number) 60 TXT \"v=spf1 -all\"\n" }
    let reading = DeclaredZone.read(Array(text.utf8), file: "z", origin: ModelEstate.domain) { _, _ in [] }
    let sweep = Sweep(
      try #require(reading.zone), at: SweptEstate.servers, asksForAbsences: false, key: 1, now: ModelEstate.now)
    // The apex is one of the names of which more is judged.
    #expect(sweep.beyond == 6)
    #expect(sweep.questionsPerServer == 6 + 1)
  }

  @Test func `a server that is given up is told of once, with all that it was not asked, and asked nothing more`() throws {
    let zone = try SweptEstate(try ModelEstate()).zone
    var sweep = Sweep(zone, at: SweptEstate.servers, asksForAbsences: true, key: 1, now: ModelEstate.now)
    let bare = Sweep(zone, at: SweptEstate.servers, asksForAbsences: false, key: 1, now: ModelEstate.now)
    let (server, other) = (Server(address: SweptEstate.servers[0]), Server(address: SweptEstate.servers[1]))
    let absences = sweep.questionsPerServer - bare.questionsPerServer
    let finding = sweep.leave(7, at: server, in: .declared, why: .notAsked("the server was given up"))
    #expect(absences > 0 && sweep.totals.couldNotTell == 7 + absences)
    #expect(finding.check == "name-server-unreachable" && finding.domain == ModelEstate.domain)
    #expect(
      finding.verdict
        == .couldNotTell(.silent(.notAsked("the server was given up; \(7 + absences) questions to it were not asked"))))
    #expect(sweep.hasGivenUp(server) && !sweep.hasGivenUp(other))
    _ = sweep.leave(3, at: other, in: .absences, why: .notAsked("the server was given up"))
    #expect(sweep.totals.couldNotTell == 10 + absences)
    sweep.end(5)
    #expect(sweep.totals.couldNotTell == 15 + absences)
  }
}
