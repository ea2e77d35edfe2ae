import Audit
import DNSWire
import Estate
import Names
import Testing

/// A world in which every server answers what one rule says: for delegations that no lab zone would hold.
private struct HostileWorld {
  static let root = IPAddress("192.0.2.1")!
  static let now = ModelEstate.now

  /// NS targets and additional records for a question, or nil to say with authority that there is nothing.
  var referral: (DomainName) throws -> [ResourceRecord]?
  var asked = 0
  var rounds = 0

  mutating func audit(_ declaration: Declaration) throws -> Survey {
    var survey = Survey(declaration, now: Self.now)
    survey.advance()
    while !survey.isComplete {
      rounds += 1
      try #require(rounds < 1000, "the survey does not come to an end")
      asked += survey.wanted.count
      survey.learn(try survey.wanted.map { try observe($0) })
      for inquiry in survey.wantedInquiries { survey.learn(.failed("nobody is asked"), to: inquiry) }
      for subject in survey.wantedValidations { survey.learn(.insecure, of: subject) }
      survey.advance()
    }
    return survey
  }

  private func observe(_ query: Query) throws -> Observation {
    var message = Message(header: Header(), questions: [Question(name: query.name, type: query.type)])
    message.header.isResponse = true
    if let records = try referral(query.name) {
      message.authorities = records.filter { $0.type == .ns }
      message.additionals = records.filter { $0.type != .ns }
    } else {
      message.header.authoritative = true
    }
    return Observation(query, .replied(message), at: Self.now)
  }

  static func declaration(_ server: String = "ns1.example.gov.") throws -> Declaration {
    Declaration(
      network: Network(roots: [Network.Root(address: root)], ipv6: false),
      domains: [Domain(try DomainName("example.gov."), nameServers: [NameServer(try DomainName(server))])])
  }

  static func ns(_ zone: DomainName, _ hosts: some Sequence<String>) throws -> [ResourceRecord] {
    try hosts.map { ResourceRecord(name: zone, ttl: 60, rdata: NS(nameServer: try DomainName($0)).rdata) }
  }

  static func a(_ host: String, _ address: String) throws -> ResourceRecord { try ModelEstate.records("\(host) A \(address)")[0] }
}

/// Whoever writes a delegation must neither keep an audit busy nor hide behind it what is known already.
@Suite("Hostile delegations (CVE-2020-12662, RFC 9156 §2.3)") struct HostileDelegationTests {
  @Test func `a thousand name servers cost no more than a page of questions each`() throws {
    var world = HostileWorld { name in
      let zone = name.labelCount >= 2 ? name.ancestor(labels: 2) : name
      guard zone == ModelEstate.domain else { return nil }
      return try HostileWorld.ns(zone, (0..<1000).map { "ns\($0).example.gov." })
        + (0..<1000).map { try HostileWorld.a("ns\($0).example.gov.", "203.0.\($0 / 250).\($0 % 250)") }
    }
    let survey = try world.audit(try HostileWorld.declaration())
    #expect(survey.findings("delegation-differs").map(\.verdict.how) == [.added])
    let strangers = Set(survey.observations.filter { $0.place.kind == .authoritative }.compactMap { $0.place.server })
    #expect(strangers.count <= 64)
    #expect(world.asked < 200 && world.rounds < 20, "\(world.asked) questions in \(world.rounds) rounds")
  }

  @Test func `a thousand addresses of one name server are not all asked`() throws {
    var world = HostileWorld { name in
      guard name.isAtOrBelow(ModelEstate.domain) else { return nil }
      return try HostileWorld.ns(ModelEstate.domain, ["ns1.example.gov."])
        + (0..<1000).map { try HostileWorld.a("ns1.example.gov.", "203.0.\($0 / 250).\($0 % 250)") }
    }
    _ = try world.audit(try HostileWorld.declaration())
    #expect(world.asked < 400 && world.rounds < 20, "\(world.asked) questions in \(world.rounds) rounds")
  }

  /// Zones whose only name servers lie in each other.
  @Test(arguments: [1, 2, 13, 40]) func `delegations that need each other come to an end`(count: Int) throws {
    var world = HostileWorld { name in
      guard name.labelCount > 0 else { return nil }
      let zone = name.ancestor(labels: 1)
      if zone.description == "gov." { return try HostileWorld.ns(zone, (0..<count).map { "ns.z\($0)." }) }
      return try HostileWorld.ns(zone, (0..<count).map { "ns.z\($0)." })
    }
    let clock = ContinuousClock()
    var survey: Survey?
    let time = try clock.measure { survey = try world.audit(try HostileWorld.declaration()) }
    #expect(survey?.totals.couldNotTell == survey?.totals.expected)
    #expect(world.asked <= 2000 && world.rounds < 100, "\(world.asked) questions in \(world.rounds) rounds")
    #expect(time < .seconds(60), "\(time)")
  }

  @Test func `a delegation that names itself, or sends up, is a dead end`() throws {
    for target in ["example.gov.", "gov."] {
      var world = HostileWorld { name in
        name.isAtOrBelow(ModelEstate.domain) ? try HostileWorld.ns(ModelEstate.domain, [target]) : nil
      }
      let survey = try world.audit(try HostileWorld.declaration(target))
      #expect(survey.totals.match > 0 && survey.findings("name-server-unreachable").count == 1, "\(survey.summary)")
      #expect(world.asked < 40 && world.rounds < 20)
    }
    var upward = HostileWorld { name in
      name.labelCount == 0 ? nil : try HostileWorld.ns(.root, ["a.root.invalid."])
    }
    let survey = try upward.audit(try HostileWorld.declaration())
    #expect(survey.totals.match == 0 && survey.totals.mismatch == 0)
    #expect(upward.asked < 40 && upward.rounds < 20)
  }

  @Test func `each delegation leads to ever new ones, and what is known is told all the same`() throws {
    var count = 0
    var world = HostileWorld { name in
      if name == .root || name.description == "gov." { return nil }
      let zone = name.labelCount >= 2 && name.isAtOrBelow(ModelEstate.domain) ? ModelEstate.domain : name.ancestor(labels: 1)
      return try HostileWorld.ns(
        zone,
        (0..<20).map { _ in
          count += 1
          return "ns.z\(count)."
        })
    }
    let survey = try world.audit(try HostileWorld.declaration())
    #expect(survey.findings("delegation-differs").map(\.verdict.how) == [.replaced])
    #expect(world.asked < 32 * 400 + 1000 && world.rounds <= 200, "\(world.asked) questions in \(world.rounds) rounds")
  }

  @Test func `a name server in a zone as deep as names can be, a server a label, hides no known departure`() throws {
    let deep = String(repeating: "a.", count: 110) + "evil."
    var fresh = 0
    var world = HostileWorld { name in
      if name.isAtOrBelow(ModelEstate.domain) { return try HostileWorld.ns(ModelEstate.domain, [deep]) }
      guard name.labelCount > 0, name.description.hasSuffix("evil.") else { return nil }
      fresh += 1
      let zone = name.ancestor(labels: name.labelCount)
      return try HostileWorld.ns(zone, ["ns.\(zone)"]) + [try HostileWorld.a("ns.\(zone)", "203.0.113.\(fresh % 250)")]
    }
    let survey = try world.audit(try HostileWorld.declaration())
    #expect(survey.findings("delegation-differs").map(\.verdict.how) == [.replaced])
    #expect(world.rounds <= 200 && world.asked < 1000, "\(world.asked) questions in \(world.rounds) rounds")
  }

  @Test func `what is still unknown after the last round counts as could not tell, and what is known keeps its verdict`() throws {
    var survey = Survey(try HostileWorld.declaration(), now: HostileWorld.now)
    survey.advance()
    var rounds = 0
    // A caller that never learns anything.
    while !survey.isComplete {
      rounds += 1
      try #require(rounds <= 200)
      survey.advance()
    }
    #expect(rounds == 199)
    #expect(survey.totals.expected > 0 && survey.totals.couldNotTell == survey.totals.expected)
  }

  @Test func `an alias at a name server's name gives no address`() throws {
    let host = "ns1.example.com."
    let survey = try ModelEstate.audited { estate in
      estate.declaration.domains[0].nameServers = [NameServer(try DomainName(host))]
      estate.declaration.domains[0].records = []
      try estate.apply(.set(.parent, "example.gov. NS \(host)"))
      try estate.tamper(ModelEstate.root, host) {
        $0.header.authoritative = true
        $0.answers = try ModelEstate.records("\(host) CNAME ns.evil.example.\nns.evil.example. A 203.0.113.66")
      }
    }
    #expect(!survey.observations.contains { $0.place.server?.address.address == IPAddress("203.0.113.66") })
    #expect(survey.findings("name-server-unreachable").count == 1, "\(survey.summary)")
  }

  @Test func `a question is asked once`() throws {
    var estate = try ModelEstate()
    try estate.apply(.declareDS("12345 13 2 \(String(repeating: "ab", count: 32))"))
    _ = estate.survey()
    struct Asked: Hashable {
      var server: Server
      var name: DomainName
      var type: RRType
      var recurses: Bool
      // The walk asks without signatures.
      var dnssecOK: Bool
    }
    let asked = estate.asked.map {
      Asked(server: $0.server, name: $0.name, type: $0.type, recurses: $0.recursionDesired, dnssecOK: $0.dnssecOK)
    }
    let twice = Dictionary(grouping: asked) { $0 }.filter { $0.value.count > 1 }.keys
    #expect(twice.isEmpty, "\(twice.map { "\($0.name) \($0.type) at \($0.server)" })")
    #expect(estate.rounds < 10)
  }

  @Test func `a dead root of many servers costs few rounds`() throws {
    var estate = try ModelEstate()
    let roots = (1...26).compactMap { IPAddress("198.51.100.\($0)") }
    estate.declaration.network.roots = roots.map { Network.Root(address: $0) }
    estate.declaration.resolvers = Resolvers()
    estate.silent = Set(roots)
    let survey = estate.survey()
    #expect(estate.rounds <= 8, "\(estate.rounds)")
    #expect(survey.rootSilence != nil && survey.totals.mismatch == 0)
  }
}
