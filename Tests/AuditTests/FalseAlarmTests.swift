import Audit
import DNSWire
import Estate
import Lab
import Names
import Testing

/// What honest servers and an ordinary network do is no mismatch; what cannot be read is no verdict.
@Suite("False alarms, and silence taken for a verdict") struct FalseAlarmTests {
  enum Fault: CaseIterable {
    case timeout, servfail, refused, truncated, notAuthoritative

    func apply(_ estate: inout ModelEstate, _ address: IPAddress, _ name: String?, _ type: RRType?) throws {
      switch self {
      case .timeout: try estate.fail(address, name, type, .timedOut(attempts: 4))
      case .servfail: try estate.tamper(address, name, type) { $0 = $0.empty(.serverFailure) }
      case .refused: try estate.tamper(address, name, type) { $0 = $0.empty(.refused) }
      case .truncated:
        try estate.tamper(address, name, type) {
          $0.header.truncated = true
          ($0.answers, $0.authorities, $0.additionals) = ([], [], [])
        }
      case .notAuthoritative:
        try estate.tamper(address, name, type) {
          $0.header.authoritative = false
          ($0.answers, $0.authorities, $0.additionals) = ([], [], [])
        }
      }
    }
  }

  @Test(arguments: Fault.allCases) func `a record that cannot be read is neither as intended nor not`(fault: Fault) throws {
    let survey = try ModelEstate.audited { try fault.apply(&$0, ModelEstate.primary, "www.example.gov.", .a) }
    #expect(
      try survey.verdicts("record-differs", "www.example.gov.", .a, at: ModelEstate.primary).map(\.kind) == ["could not tell"])
    #expect(survey.totals.mismatch == 0 && survey.totals.couldNotTell == 1, "\(survey.summary)")
  }

  @Test(arguments: [Fault.timeout, .servfail, .refused, .truncated, .notAuthoritative])
  func `a parent that cannot be read says nothing of the delegation and of the glue`(fault: Fault) throws {
    let survey = try ModelEstate.audited { try fault.apply(&$0, ModelEstate.parent, "example.gov.", .ns) }
    let told =
      try survey.verdicts("delegation-differs", "example.gov.", .ns)
      + ["ns1.example.gov.", "ns2.example.gov."].flatMap { host in
        try [RRType.a, .aaaa].flatMap { try survey.verdicts("glue-differs", host, $0) }
      }
    #expect(told.map(\.kind) == Array(repeating: "could not tell", count: 5))
    #expect(survey.totals.mismatch == 0, "\(survey.summary)")
  }

  @Test(arguments: [Fault.timeout, .servfail, .refused, .truncated, .notAuthoritative])
  func `DS that cannot be read is neither there nor removed`(fault: Fault) throws {
    for ds in [
      Domain.DS.unsigned, .exactly([try RData(type: .ds, text: "1 13 2 \(String(repeating: "ab", count: 32))", origin: nil)]),
    ] {
      let survey = try ModelEstate.audited { estate in
        estate.declaration.domains[0].ds = ds
        try fault.apply(&estate, ModelEstate.parent, "example.gov.", .ds)
      }
      #expect(try survey.verdicts("ds-differs", "example.gov.", .ds).map(\.kind) == ["could not tell"])
    }
  }

  @Test func `a server that truncates its SOA over TCP too is unread, not lame`() throws {
    let survey = try ModelEstate.audited { try Fault.truncated.apply(&$0, ModelEstate.secondary, nil, nil) }
    #expect(try survey.verdicts("server-lame", "example.gov.", .soa, at: ModelEstate.secondary) == [.couldNotTell(.truncated)])
    #expect(survey.totals.mismatch == 0 && survey.findings("name-server-unreachable").count == 1, "\(survey.summary)")
  }

  @Test(arguments: Fault.allCases.filter { $0 != .notAuthoritative })
  func `a resolver that cannot be read is neither for nor against`(fault: Fault) throws {
    let survey = try ModelEstate.audited { try fault.apply(&$0, ModelEstate.resolver, "www.example.gov.", .a) }
    #expect(try survey.verdicts("resolver-differs", "www.example.gov.", .a).map(\.kind) == ["could not tell"])
    #expect(survey.totals.mismatch == 0, "\(survey.summary)")
  }

  @Test func `a resolver that refers has not resolved`() throws {
    let survey = try ModelEstate.audited { estate in
      try estate.tamper(ModelEstate.resolver) {
        ($0.answers, $0.additionals) = ([], [])
        $0.authorities = try ModelEstate.records("gov. NS a.nic.gov.")
      }
    }
    #expect(survey.totals.mismatch == 0 && survey.findings.map(\.check) == ["name-server-unreachable"], "\(survey.summary)")
  }

  @Test func `a resolver counts TTLs down and adds its own records`() throws {
    let survey = try ModelEstate.audited { estate in
      try estate.tamper(ModelEstate.resolver) {
        for index in $0.answers.indices { $0.answers[index].ttl = 7 }
        $0.answers += try ModelEstate.records("unrelated.example. A 203.0.113.66")
      }
    }
    #expect(survey.findings.isEmpty, "\(survey.summary)")
  }

  @Test func `unrelated records, other classes and repetition say nothing`() throws {
    let survey = try ModelEstate.audited { estate in
      try estate.tamper(ModelEstate.primary) {
        $0.answers += $0.answers + (try ModelEstate.records("unrelated.example. A 203.0.113.66"))
        var chaos = try ModelEstate.records("www.example.gov. A 203.0.113.66")
        chaos[0].recordClass = .ch
        $0.answers += chaos
      }
    }
    #expect(survey.findings.isEmpty, "\(survey.summary)")
  }

  @Test func `no data and no such name both mean that the record is absent`() throws {
    let survey = try ModelEstate.audited { estate in
      for name in ["old.example.gov.", "old.www.example.gov."] {
        estate.declaration.domains[0].records.append(DeclaredRRset(try DomainName(name), .a, .absent))
      }
      try estate.apply(.set(.everywhere, "old.example.gov. TXT \"still here\""))
    }
    #expect(survey.findings.isEmpty, "\(survey.summary)")
  }

  @Test func `a TTL with its first bit set is zero (RFC 2181 §8)`() throws {
    let survey = try ModelEstate.audited { estate in
      try estate.tamper(ModelEstate.primary, "www.example.gov.", .a) { $0.answers[0].ttl = 0x8000_0001 }
    }
    // Nothing is too long about it; that it is short is told.
    #expect(survey.findings.map(\.check) == ["ttl-collapsed"], "\(survey.summary)")
  }

  static let cut = "lab.example.gov. NS ns.lab.example.gov.\nns.lab.example.gov. A 192.0.2.77"

  @Test(arguments: [false, true])
  func `a declared delegation with glue is as intended, also where the same server holds the child`(isShared: Bool) throws {
    let survey = try ModelEstate.audited { estate in
      estate.declaration.resolvers = Resolvers()
      for line in Self.cut.split(separator: "\n") { try estate.apply(.declare(String(line))) }
      try estate.apply(.set(.everywhere, Self.cut))
      if isShared {
        let child = try ModelEstate.records("lab.example.gov. SOA ns.lab.example.gov. h.example.gov. 1 1 1 1 1\n\(Self.cut)")
        estate.authorities[ModelEstate.primary]?.put(try Zone(apex: try DomainName("lab.example.gov."), records: child))
      }
    }
    #expect(survey.findings.isEmpty, "\(survey.summary)")
    #expect(try survey.verdicts("record-differs", "lab.example.gov.", .ns).count == 2)
    #expect(try survey.verdicts("record-differs", "ns.lab.example.gov.", .a).count == 2)
  }

  @Test(arguments: [Fault.timeout, .servfail, .refused, .truncated])
  func `glue of a child that cannot be read is not removed`(fault: Fault) throws {
    let survey = try ModelEstate.audited { estate in
      for line in Self.cut.split(separator: "\n") { try estate.apply(.declare(String(line))) }
      try estate.apply(.set(.everywhere, Self.cut))
      try fault.apply(&estate, ModelEstate.primary, "ns.lab.example.gov.", .a)
    }
    #expect(
      try survey.verdicts("record-differs", "ns.lab.example.gov.", .a, at: ModelEstate.primary).map(\.kind) == ["could not tell"])
    #expect(survey.totals.mismatch == 0, "\(survey.summary)")
  }

  @Test func `parent and child on the same server`() throws {
    let survey = try ModelEstate.audited { estate in
      let child = try #require(estate.authorities[ModelEstate.primary]?.zones.values.first)
      estate.authorities[ModelEstate.parent]?.put(child)
      estate.declaration.domains[0].ds = .unsigned
      estate.declaration.domains[0].secondaries = [SocketAddress(address: ModelEstate.parent, port: 53)]
    }
    #expect(survey.findings.isEmpty, "\(survey.summary)")
    // One server, one question, two roles: both are remembered.
    let roles = survey.observations.filter {
      $0.observation.query.server.address.address == ModelEstate.parent && $0.observation.query.type == .ns
        && $0.observation.query.name == ModelEstate.domain
    }.map(\.place.kind)
    #expect(Set(roles) == [.parent, .authoritative])
  }

  @Test func `a name server of any address found by its glue is one of ours, and silence there is told`() throws {
    let survey = try ModelEstate.audited { estate in
      estate.declaration.domains[0].nameServers = estate.declaration.domains[0].nameServers.map { NameServer($0.name, .any) }
      estate.silent = [ModelEstate.primary, ModelEstate.secondary, ModelEstate.resolver]
    }
    let told = survey.findings("name-server-unreachable").compactMap(\.place.server?.address.address)
    #expect(Set(told) == [ModelEstate.primary, ModelEstate.secondary, ModelEstate.resolver])
    #expect(survey.totals.match > 0 && survey.totals.mismatch == 0)
  }

  @Test func `glue of a host outside the parent zone is not followed`() throws {
    let survey = try ModelEstate.audited { estate in
      try estate.apply(.set(.parent, "example.gov. NS ns1.evil.example."))
      try estate.tamper(ModelEstate.parent, "example.gov.", .ns) {
        $0.additionals += try ModelEstate.records("ns1.evil.example. A 203.0.113.66")
      }
    }
    #expect(!survey.observations.contains { $0.place.server?.address.address == IPAddress("203.0.113.66") })
    #expect(survey.findings("delegation-differs").count == 1)
  }

  @Test func `a parent several labels above, behind an empty non-terminal`() throws {
    let name = try DomainName("example.co.gov.")
    let survey = try ModelEstate.audited { estate in
      try estate.apply(.set(.parent, "example.co.gov. NS ns.example.co.gov.\nns.example.co.gov. A 192.0.2.61"))
      let records = try ModelEstate.records(
        "example.co.gov. SOA ns.example.co.gov. h.example.co.gov. 1 1 1 1 1\nexample.co.gov. NS ns.example.co.gov.\nns.example.co.gov. A 192.0.2.61"
      )
      let address = try #require(IPAddress("192.0.2.61"))
      estate.authorities[address] = Authority(zones: [try Zone(apex: name, records: records)])
      estate.declaration.resolvers = Resolvers()
      estate.declaration.domains = [
        Domain(name, nameServers: [NameServer(try DomainName("ns.example.co.gov."), .exactly([address]))])
      ]
    }
    #expect(survey.findings.isEmpty && survey.totals.match == survey.totals.expected, "\(survey.summary)")
    #expect(survey.totals.expected == 4)  // NS, two families of glue, authority
  }

  @Test(arguments: [".", "gov."]) func `the root and a top-level domain can be declared`(text: String) throws {
    let name = try DomainName(text)
    let address = name == .root ? ModelEstate.root : ModelEstate.parent
    let host = try DomainName(name == .root ? "a.root.invalid." : "a.nic.gov.")
    let survey = try ModelEstate.audited { estate in
      estate.declaration.resolvers = Resolvers()
      estate.declaration.domains = [
        Domain(name, nameServers: [NameServer(host)], secondaries: [SocketAddress(address: address, port: 53)], ds: .unsigned)
      ]
      if name == .root { try Self.addRootHost(&estate) }
    }
    #expect(survey.findings.isEmpty && survey.totals.match == survey.totals.expected, "\(survey.summary)")
    #expect(try survey.verdicts("delegation-differs", text, .ns) == [.match])
  }

  private static func addRootHost(_ estate: inout ModelEstate) throws {
    var root = try #require(estate.authorities[ModelEstate.root]?.zones.values.first)
    let host = try ModelEstate.records("a.root.invalid. A 192.0.2.1")[0]
    try root.replace(host.name, .a, with: [host.rdata])
    estate.authorities[ModelEstate.root]?.put(root)
  }

  @Test(arguments: ["b\\252cher.example.gov.", "a\\.b\\000.example.gov.", "xn--bcher-kva.example.gov.", "*.example.gov."])
  func `names of any octets are asked and judged as they are`(text: String) throws {
    let same = try ModelEstate.audited { estate in
      try estate.apply(.declare("\(text) A 192.0.2.99"))
      try estate.apply(.set(.everywhere, "\(text) A 192.0.2.99"))
    }
    #expect(same.findings.isEmpty, "\(same.summary)")
    let other = try ModelEstate.audited { estate in
      try estate.apply(.declare("\(text) A 192.0.2.99"))
      try estate.apply(.set(.everywhere, "\(text) A 203.0.113.66"))
    }
    #expect(other.findings("record-differs").count == 2)
  }

  @Test func `only what was asked for is judged`() throws {
    var scope = AuditScope()
    scope.names = [try DomainName("www.example.gov.")]
    let survey = try ModelEstate.audited(scope: scope) { estate in
      try estate.apply(.set(.everywhere, "mail.example.gov. A 203.0.113.66"))
      try estate.apply(.set(.parent, "example.gov. NS ns1.evil.example."))
    }
    #expect(survey.findings.isEmpty, "\(survey.summary)")
    #expect(Set(survey.verdicts.compactMap(\.expectation?.name)) == Set(scope.names))
  }
}

extension Message {
  fileprivate func empty(_ code: ResponseCode) -> Message {
    var message = self
    message.header.responseCode = code
    (message.answers, message.authorities, message.additionals) = ([], [], [])
    return message
  }
}
