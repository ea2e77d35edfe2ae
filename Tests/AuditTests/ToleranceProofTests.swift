import Audit
import DNSWire
import Estate
import Names
import Testing

/// What is found out beside DNS: who announces an address, and whether it proves the name by TLS.
@Suite("Tolerance: origins and proofs") struct ToleranceProofTests {
  static let name = "pool.example.gov."

  static func survey(
    _ tolerance: Tolerance, _ addresses: [String], name: String = name, type: RRType = .a, answers: [Inquiry: Answer] = [:],
    _ change: (inout ModelEstate) throws -> Void = { _ in }
  ) throws -> Survey {
    var estate = try ModelEstate()
    try estate.apply(.tolerate(name, type, tolerance))
    try estate.apply(.remove(.everywhere, name, type))
    try estate.apply(.set(.everywhere, addresses.map { "\(name) \(type) \($0)" }.joined(separator: "\n")))
    estate.answers = answers
    try change(&estate)
    return estate.survey()
  }

  static func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }

  static func handshake(_ address: String, _ name: String = name, port: UInt16 = 443) throws -> Inquiry {
    .handshake(TLSService(SocketAddress(address: try Self.address(address), port: port), name: try DomainName(name)))
  }

  // MARK: Origins

  @Test(arguments: [Answer.failed("no database"), .origins([]), .handshake(Handshake(chain: []))])
  func `an origin that is not known is neither inside nor outside`(answer: Answer) throws {
    let survey = try Self.survey(
      Tolerance(originAS: [64500]), ["198.51.100.1"], answers: [.origin(try Self.address("198.51.100.1")): answer])
    #expect(try survey.verdicts("record-differs", Self.name, .a).map(\.kind) == ["could not tell", "could not tell"])
    #expect(try survey.verdicts("resolver-differs", Self.name, .a).map(\.kind) == ["could not tell"])
    #expect(survey.totals.mismatch == 0)
    // The same at each server, and told once.
    #expect(survey.findings.map(\.check) == ["record-differs"], "\(survey.summary)")
    guard case .couldNotTell(.inquiry(let why))? = survey.findings.first?.verdict else {
      Issue.record("\(survey.summary)")
      return
    }
    #expect(!why.isEmpty)
    if case .failed(let words) = answer { #expect(why == words) }
  }

  @Test func `an origin is asked only of addresses that nothing else accepts`() throws {
    var asked: Set<Inquiry> = []
    let tolerance = Tolerance(
      anyOf: ToleranceTests.data(.a, "192.0.2.80"), within: ToleranceTests.prefixes("192.0.2.128/25"), originAS: [64500])
    var estate = try ModelEstate()
    try estate.apply(.tolerate(Self.name, .a, tolerance))
    try estate.apply(
      .set(.everywhere, "pool.example.gov. A 192.0.2.80\npool.example.gov. A 192.0.2.200\npool.example.gov. A 198.51.100.1"))
    let survey = estate.survey { if case .origin = $0 { asked.insert($0) } }
    #expect(asked == [.origin(try Self.address("198.51.100.1"))])
    #expect(survey.totals.couldNotTell == 3)
  }

  @Test func `servers with different addresses of unknown origin neither agree nor disagree`() throws {
    let survey = try Self.survey(Tolerance(originAS: [64500]), ["198.51.100.1"]) {
      try $0.apply(.set(.secondary, "\(Self.name) A 198.51.100.2"))
    }
    #expect(survey.findings("servers-disagree").isEmpty && survey.totals.mismatch == 0, "\(survey.summary)")
  }

  @Test func `a foreign origin is foreign, whatever is not known of another`() throws {
    let survey = try Self.survey(
      Tolerance(originAS: [64500]), ["198.51.100.1", "203.0.113.66"],
      answers: [.origin(try Self.address("203.0.113.66")): .origins([666])])
    #expect(try survey.verdicts("record-differs", Self.name, .a).map(\.kind) == ["mismatch", "mismatch"])
  }

  @Test func `an answer of thousands of addresses asks for few origins`() throws {
    var estate = try ModelEstate()
    try estate.apply(.tolerate(Self.name, .a, Tolerance(originAS: [64500])))
    try estate.tamper(ModelEstate.primary, Self.name, .a) { message in
      let name = try DomainName(Self.name)
      message.header.responseCode = .noError
      message.answers = (0..<4000).map { number in
        let octets: [UInt8] = [10, 0, UInt8(number / 256), UInt8(number % 256)]
        return ResourceRecord(name: name, ttl: 60, rdata: RData(type: .a, canonical: octets))
      }
    }
    for number in 0..<4000 {
      estate.answers[.origin(try Self.address("10.0.\(number / 256).\(number % 256)"))] = .origins([64500])
    }
    var asked: Set<Inquiry> = []
    let survey = estate.survey { if case .origin = $0 { asked.insert($0) } }
    #expect(asked.count == 64)
    #expect(
      try survey.verdicts("record-differs", Self.name, .a, at: ModelEstate.primary).map(\.kind) == ["could not tell"])
  }

  // MARK: Proof by TLS

  static let trusted = Answer.handshake(Handshake(chain: []))
  static let proving = Tolerance(within: ToleranceTests.prefixes("192.0.2.0/24"), tlsProof: true)

  @Test func `a new address that proves the name is unconfirmed, low; at a key service medium`() throws {
    for (name, severity) in [(Self.name, Severity.low), ("portal.example.gov.", .medium)] {
      let survey = try Self.survey(
        Self.proving, ["192.0.2.1", "203.0.113.80"], name: name, answers: [try Self.handshake("203.0.113.80", name): Self.trusted]
      )
      let unconfirmed = Verdict.couldNotTell(.unconfirmed(try Self.address("203.0.113.80")))
      #expect(try survey.verdicts("record-differs", name, .a) == [unconfirmed, unconfirmed])
      #expect(try survey.verdicts("resolver-differs", name, .a) == [unconfirmed])
      #expect(survey.totals.mismatch == 0)
      #expect(survey.findings.map(\.severity) == [severity, severity, severity], "\(survey.summary)")
      #expect(survey.findings.allSatisfy { $0.observed == ["203.0.113.80"] && $0.intended == [Self.proving.words] })
    }
  }

  @Test(arguments: [
    Answer.failed("connection refused"), .handshake(Handshake(chain: [], distrust: "issued for another name")), .origins([64500]),
  ]) func `what proves nothing stays a mismatch`(answer: Answer) throws {
    let survey = try Self.survey(Self.proving, ["203.0.113.80"], answers: [try Self.handshake("203.0.113.80"): answer])
    #expect(try survey.verdicts("record-differs", Self.name, .a).map(\.how) == [.replaced, .replaced])
  }

  @Test func `each address must prove it`() throws {
    let survey = try Self.survey(
      Self.proving, ["192.0.2.1", "203.0.113.80", "203.0.113.81"], answers: [try Self.handshake("203.0.113.80"): Self.trusted])
    #expect(try survey.verdicts("record-differs", Self.name, .a).map(\.how) == [.added, .added])
  }

  @Test func `the port is the network's`() throws {
    let survey = try Self.survey(
      Self.proving, ["203.0.113.80"], answers: [try Self.handshake("203.0.113.80", port: 8443): Self.trusted]
    ) { $0.declaration.network.ports.https = 8443 }
    #expect(try survey.verdicts("record-differs", Self.name, .a).map(\.kind) == ["could not tell", "could not tell"])
  }

  @Test func `hosts of name servers and mail exchangers cannot prove themselves, of whichever domain`() throws {
    let answers = [
      try Self.handshake("203.0.113.80", "mail.example.gov."): Self.trusted, try Self.handshake("203.0.113.80"): Self.trusted,
    ]
    let own = try Self.survey(Self.proving, ["203.0.113.80"], name: "mail.example.gov.", answers: answers)
    #expect(try own.verdicts("record-differs", "mail.example.gov.", .a).map(\.how) == [.replaced, .replaced])
    for type in [RRType.mx, .ns] {
      let other = try Self.survey(Self.proving, ["203.0.113.80"], answers: answers) { estate in
        let host = try DomainName(Self.name)
        let data = type == .mx ? MX(preference: 5, exchange: host).rdata : NS(nameServer: host).rdata
        let domain = Domain(
          try DomainName("other.example."), records: [DeclaredRRset(try DomainName("other.example."), type, .exactly([data]))])
        estate.declaration.domains.append(domain)
      }
      #expect(try other.verdicts("record-differs", Self.name, .a).map(\.how) == [.replaced, .replaced], "\(type)")
    }
  }

  @Test func `without consent nobody is asked, and few are asked of an answer with many`() throws {
    let addresses = (0..<9).map { "203.0.113.\($0 + 80)" }
    var count = 0
    var plain = Self.proving
    plain.tlsProof = false
    for (tolerance, answer) in [(plain, ["203.0.113.80"]), (Self.proving, addresses)] {
      var estate = try ModelEstate()
      try estate.apply(.tolerate(Self.name, .a, tolerance))
      try estate.apply(.set(.everywhere, answer.map { "\(Self.name) A \($0)" }.joined(separator: "\n")))
      let survey = estate.survey { if case .handshake = $0 { count += 1 } }
      #expect(try survey.verdicts("record-differs", Self.name, .a).map(\.how) == [.replaced, .replaced])
    }
    #expect(count == 0)
  }

  @Test func `a value that must be there is missing, whoever proves the name`() throws {
    var tolerance = Self.proving
    tolerance.allOf = ToleranceTests.data(.a, "192.0.2.80")
    let survey = try Self.survey(tolerance, ["203.0.113.80"], answers: [try Self.handshake("203.0.113.80"): Self.trusted])
    #expect(try survey.verdicts("record-differs", Self.name, .a).map(\.how) == [.replaced, .replaced])
  }

  @Test func `an address behind an accepted alias may prove the name, a strange alias may not`() throws {
    var tolerance = AliasChainTests.within
    tolerance.tlsProof = true
    for (serving, kind) in [("a.cdn.example.", "could not tell"), ("www.evil.example.", "mismatch")] {
      var estate = try AliasChainTests.estate(
        .a, tolerance, serving: "shop.example.gov. CNAME \(serving)", cdn: "a.cdn.example. A 203.0.113.66")
      estate.answers[try Self.handshake("203.0.113.66", AliasChainTests.name)] = Self.trusted
      let survey = estate.survey()
      #expect(try survey.verdicts("resolver-differs", AliasChainTests.name, .a).map(\.kind) == [kind])
      #expect(try survey.verdicts("alias-chain-differs", AliasChainTests.name, .a).map(\.kind) == [kind])
    }
  }
}
