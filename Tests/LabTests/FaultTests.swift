import DNSWire
import Lab
import Names
import Testing

@Suite("Faults, one by one") struct Faults {
  static let text = "@ 300 SOA ns1 hostmaster 100 1800 900 604800 300\n@ NS ns1\nns1 A 192.0.2.1\nwww A 192.0.2.80\nwww TXT \"x\""
  let subject: Authority

  init() throws { subject = Authority(zones: [try zone("example.", Self.text)]) }

  /// Every packet that comes back for one query to a server with these faults.
  private func react(
    _ rules: [FaultRule], _ name: String = "www.example.", _ type: RRType = .a, over carrier: Carrier = .udp, edns: EDNS? = nil
  ) throws -> Behaviour.Reaction {
    var behaviour = Behaviour(.authority(subject), rules: rules)
    return behaviour.receive(try query(name, type, edns: edns).encoded(), from: client, over: carrier)
  }

  private func reply(
    _ fault: Fault, _ name: String = "www.example.", _ type: RRType = .a, over carrier: Carrier = .udp, edns: EDNS? = nil
  ) throws -> Message {
    let reaction = try react([FaultRule(fault)], name, type, over: carrier, edns: edns)
    return try decoded(#require(reaction.deliveries.first).octets)
  }

  @Test(arguments: [(0.0, 0...0), (0.2, 1800...2200), (0.5, 4700...5300), (1.0, 10_000...10_000)])
  func `a share of the queries is lost, and the same ones with the same seed`(probability: Double, lost: ClosedRange<Int>) throws
  {
    let octets = try query("www.example.", .a).encoded()
    func run(seed: UInt64) -> [Bool] {
      var behaviour = Behaviour(.authority(subject), rules: [FaultRule(.drop(probability: probability))], seed: seed)
      return (0..<10_000).map { _ in behaviour.receive(octets, from: client, over: .udp).deliveries.isEmpty }
    }
    let first = run(seed: 7)
    #expect(lost.contains(first.count { $0 }))
    #expect(first == run(seed: 7))
    if probability > 0, probability < 1 { #expect(first != run(seed: 8)) }
  }

  @Test func `an answer leaves later, delays added up`() throws {
    let reaction = try react([FaultRule(.delay(.milliseconds(20))), FaultRule(.delay(.milliseconds(30)))])
    #expect(reaction.deliveries.map(\.delay) == [.milliseconds(50)])
  }

  @Test func `truncation empties answers over UDP and leaves TCP whole`() throws {
    let cut = try reply(.truncate)
    #expect(cut.header.truncated && cut.answers.isEmpty && cut.header.responseCode == .noError)
    let whole = try reply(.truncate, over: .tcp)
    #expect(!whole.header.truncated && whole.answers.count == 1)
  }

  @Test(arguments: 0..<40) func `an answer that is cut is no message`(octets: Int) throws {
    let packet = try #require(react([FaultRule(.cut(octets: octets))]).deliveries.first).octets
    #expect(packet.count == octets)
    #expect(throws: WireFault.self) { try decoded(packet) }
  }

  @Test func `a lie stands where the truth would, with authority`() throws {
    let lie = try records("www.example. A 198.51.100.66")
    let told = try reply(.lie(lie))
    #expect(told.answers == lie && told.header.authoritative && told.header.responseCode == .noError)
    #expect(try reply(.lie(lie), "nowhere.example.").header.responseCode == .noError)
    #expect(try reply(.lie([])).answers.isEmpty)
  }

  @Test(arguments: [
    (Fault.Lameness.refused, ResponseCode.refused, 0), (.serverFailure, .serverFailure, 0), (.notAuthoritative, .noError, 1),
    (.upwardReferral, .noError, 0),
  ]) func `a lame server shows no authority`(lameness: Fault.Lameness, code: ResponseCode, answers: Int) throws {
    let lame = try reply(.lame(lameness))
    #expect(lame.header.responseCode == code)
    #expect(!lame.header.authoritative)
    #expect(lame.answers.count == answers)
    #expect(lame.authorities.contains { $0.name == .root && $0.type == .ns } == (lameness == .upwardReferral))
  }

  @Test func `an answer from elsewhere names its source, over UDP only`() throws {
    let elsewhere = try #require(SocketAddress("127.0.0.9:0", defaultPort: 0))
    #expect(try react([FaultRule(.answerFrom(elsewhere))]).deliveries.map(\.source) == [elsewhere])
    #expect(try react([FaultRule(.answerFrom(elsewhere))], over: .tcp).deliveries.map(\.source) == [nil])
  }

  @Test func `duplicates and forgeries come in their order`() throws {
    let right = try #require(react([]).deliveries.first).octets
    #expect(try react([FaultRule(.duplicate(copies: 3))]).deliveries.map(\.octets) == [right, right, right])
    let wrong = try records("www.example. A 198.51.100.66")
    let packets = try react([FaultRule(.forestall(wrong))]).deliveries.map(\.octets)
    #expect(packets.count == 2 && packets.last == right)
    #expect(try decoded(packets[0]).answers == wrong)
    #expect(try react([FaultRule(.forestall(wrong))], over: .tcp).deliveries.map(\.octets) == [right])
  }

  @Test func `TCP is closed, or stays silent; UDP goes on`() throws {
    #expect(try react([FaultRule(.closeConnection)], over: .tcp) == Behaviour.Reaction(deliveries: [], closes: true))
    #expect(try react([FaultRule(.silentConnection)], over: .tcp) == Behaviour.Reaction(deliveries: [], closes: false))
    for fault in [Fault.closeConnection, .silentConnection] {
      #expect(try react([FaultRule(fault)]).deliveries.count == 1)
    }
  }

  @Test func `a server that knows no EDNS says FORMERR, or nothing, or answers without; without OPT nothing is wrong`() throws {
    let edns = EDNS(options: [.nsid([])])
    let refused = try reply(.ignoreEDNS(.formatError), edns: edns)
    #expect(refused.header.responseCode == .formatError && refused.edns == nil && refused.answers.isEmpty)
    #expect(try react([FaultRule(.ignoreEDNS(.drop))], edns: edns).deliveries.isEmpty)
    let plain = try reply(.ignoreEDNS(.omit), edns: edns)
    #expect(plain.edns == nil && plain.answers.count == 1)
    for ignorance in Fault.Ignorance.allCases { #expect(try reply(.ignoreEDNS(ignorance)).answers.count == 1) }
  }

  @Test func `BADCOOKIE until the client shows the server's cookie, over UDP (RFC 7873 §5.2.3)`() throws {
    let own: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
    let first = try reply(.requireCookie, edns: EDNS(options: [.cookie(client: own, server: [])]))
    #expect(first.header.responseCode == .badCookie && first.answers.isEmpty)
    let option = try #require(first.edns?.options.first)
    #expect(try reply(.requireCookie, edns: EDNS(options: [option])).answers.count == 1)
    #expect(try reply(.requireCookie, over: .tcp, edns: EDNS(options: [.cookie(client: own, server: [])])).answers.count == 1)
    #expect(try reply(.requireCookie).answers.count == 1)
  }

  @Test func `a stale serial is behind in answers and in negative answers`() throws {
    let positive = try reply(.staleSerial(behind: 3), "example.", .soa)
    #expect(positive.answers.compactMap { SOA($0.rdata)?.serial } == [97])
    let negative = try reply(.staleSerial(behind: 101), "nowhere.example.")
    #expect(negative.authorities.compactMap { SOA($0.rdata)?.serial } == [UInt32.max])
  }

  @Test func `a fault strikes the names and types of its rule`() throws {
    let example = try DomainName("example.")
    let www = try DomainName("www.example.")
    let rows: [(FaultRule, struck: [Bool])] = [
      // www A, www TXT, example SOA
      (FaultRule(.lame(.refused)), [true, true, true]),
      (FaultRule(.lame(.refused), name: www), [true, true, false]),
      (FaultRule(.lame(.refused), name: www, type: .a), [true, false, false]),
      (FaultRule(.lame(.refused), type: .a), [true, false, false]),
      (FaultRule(.lame(.refused), name: example), [false, false, true]),
      (FaultRule(.lame(.refused), name: example, includesBelow: true), [true, true, true]),
      (FaultRule(.lame(.refused), over: .tcp), [false, false, false]),
    ]
    for (rule, struck) in rows {
      let codes = try [("www.example.", RRType.a), ("www.example.", .txt), ("example.", .soa)].map { name, type in
        try decoded(#require(react([rule], name, type).deliveries.first).octets).header.responseCode
      }
      #expect(codes.map { $0 == .refused } == struck)
    }
  }

  @Test func `queries are counted by name and type, lost ones too`() throws {
    var behaviour = Behaviour(.authority(subject), rules: [FaultRule(.drop(probability: 1))])
    for type in [RRType.a, .a, .mx] { _ = behaviour.receive(try query("WWW.example.", type).encoded(), from: client, over: .udp) }
    let www = try DomainName("www.example.")
    #expect(behaviour.counts == [.init(www, .a): 2, .init(www, .mx): 1])
    #expect(behaviour.received == 3)
    behaviour.forgetCounts()
    #expect(behaviour.counts.isEmpty && behaviour.received == 0)
  }
}

@Suite("Mangled octets") struct Mangled {
  private func packets(_ mangling: Fault.Mangling, seed: UInt64 = 1) throws -> (right: [UInt8], wrong: [UInt8]) {
    let subject = Behaviour.Role.authority(Authority(zones: [try zone("example.", Faults.text)]))
    let asked = try query("www.example.", .a).encoded()
    var (honest, broken) = (Behaviour(subject), Behaviour(subject, rules: [FaultRule(.mangle(mangling))], seed: seed))
    let right = try #require(honest.receive(asked, from: client, over: .udp).deliveries.first)
    return (right.octets, try #require(broken.receive(asked, from: client, over: .udp).deliveries.first).octets)
  }

  @Test(arguments: Fault.Mangling.allCases) func `something is wrong and the length is right`(mangling: Fault.Mangling) throws {
    let (right, wrong) = try packets(mangling)
    #expect(right != wrong)
    #expect(right.count == wrong.count)
    #expect(try packets(mangling).wrong == wrong)
  }

  @Test func `only the id is wrong`() throws {
    let (right, wrong) = try packets(.wrongID)
    #expect(right[2...] == wrong[2...])
    #expect(try decoded(wrong).header.id != 4711)
  }

  @Test func `another question is answered`() throws {
    let (_, wrong) = try packets(.wrongQuestion)
    let reply = try decoded(wrong)
    #expect(reply.header.id == 4711)
    #expect(reply.questions.first?.name.description != "www.example.")
  }

  @Test func `the question has the other case, which means the same name`() throws {
    let (right, wrong) = try packets(.otherCase)
    #expect(wrong[13..<16] == [0x57, 0x57, 0x57])
    #expect(try decoded(wrong) == decoded(right))
  }

  @Test(arguments: [Fault.Mangling.lyingCounts, .pointerLoop]) func `no decoder takes it`(mangling: Fault.Mangling) throws {
    let wrong = try packets(mangling).wrong
    #expect(throws: WireFault.self) { try decoded(wrong) }
  }

  @Test func `flipped octets leave the id alone`() throws {
    for seed in 0..<200 {
      let (right, wrong) = try packets(.flippedOctets, seed: UInt64(seed))
      #expect(wrong.prefix(2) == right.prefix(2))
    }
  }
}
