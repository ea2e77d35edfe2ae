import DNSWire
import Lab
import Names
import Testing

@Suite("A hierarchy on loopback") struct LabHierarchyTests {
  private static let victim = "agency.example."

  private func running(_ body: (LabHierarchy) async throws -> Void) async throws {
    let hierarchy = try await LabHierarchy.start(LabHierarchy.sampleZone(DomainName(Self.victim)))
    do { try await body(hierarchy) } catch {
      await hierarchy.stop()
      throw error
    }
    await hierarchy.stop()
  }

  /// Asks a seat over its socket.
  private func ask(_ hierarchy: LabHierarchy, _ seat: LabHierarchy.Seat, _ name: String, _ type: RRType) async throws -> Message {
    let asked = try query(name, type, recursionDesired: seat == .resolver, edns: EDNS())
    let (arrivals, _) = try await exchange(asked.encoded(), with: hierarchy.address(of: seat))
    return try decoded(#require(arrivals.first).octets)
  }

  private func rdata(_ type: RRType, _ text: String) throws -> [RData] { [try RData(type: type, text: text, origin: nil)] }

  @Test func `each level refers to the next, with glue`() async throws {
    try await running { hierarchy in
      for (seat, cut, address) in [
        (LabHierarchy.Seat.root, "example.", LabHierarchy.Seat.topLevel.address),
        (.topLevel, Self.victim, LabHierarchy.Seat.first.address),
      ] {
        let reply = try await ask(hierarchy, seat, "www.agency.example.", .a)
        #expect(!reply.header.authoritative && reply.answers.isEmpty)
        #expect(reply.authorities.first?.name.description == cut)
        #expect(reply.additionals.contains { $0.rdata.octets == address.octets })
      }
      for seat in [LabHierarchy.Seat.first, .second] {
        let reply = try await ask(hierarchy, seat, "www.agency.example.", .a)
        #expect(reply.header.authoritative)
        #expect(try lines(reply.answers) == lines("www.agency.example. A 192.0.2.80"))
      }
      let stranger = try await ask(hierarchy, .hijacker, "www.agency.example.", .a)
      #expect(stranger.header.responseCode == .refused)
    }
  }

  @Test(arguments: [
    ("www.agency.example.", RRType.a, ResponseCode.noError, "www.agency.example. A 192.0.2.80"),
    (
      "webmail.agency.example.", .a, .noError,
      "webmail.agency.example. CNAME mail.agency.example.\nmail.agency.example. A 192.0.2.25"
    ),
    ("agency.example.", .mx, .noError, "agency.example. MX 10 mail.agency.example."),
    ("nowhere.agency.example.", .a, .nameError, ""),
    ("mail.agency.example.", .txt, .noError, ""),
    ("nowhere.", .a, .nameError, ""),
  ]) func `the resolver finds what the public finds`(name: String, type: RRType, code: ResponseCode, answers: String) async throws
  {
    try await running { hierarchy in
      let reply = try await ask(hierarchy, .resolver, name, type)
      #expect(reply.header.responseCode == code)
      #expect(try lines(reply.answers) == lines(answers))
      #expect(reply.header.recursionAvailable && !reply.header.authoritative)
      #expect(reply.authorities.contains { $0.type == .soa } == answers.isEmpty)
    }
  }

  @Test func `records changed at the victim's servers are seen by all, and put back`() async throws {
    try await running { hierarchy in
      let mail = try DomainName("mail.agency.example.")
      try hierarchy.replace(mail, .a, with: rdata(.a, "198.51.100.66"), in: hierarchy.victim)
      for seat in [LabHierarchy.Seat.first, .second, .resolver] {
        let reply = try await ask(hierarchy, seat, "mail.agency.example.", .a)
        #expect(try lines(reply.answers) == lines("mail.agency.example. A 198.51.100.66"))
      }
      let serial = try await ask(hierarchy, .first, "agency.example.", .soa)
      #expect(serial.answers.compactMap { SOA($0.rdata)?.serial } == [2_026_112_302])
      try await hierarchy.restore()
      for seat in [LabHierarchy.Seat.first, .second, .resolver] {
        let reply = try await ask(hierarchy, seat, "mail.agency.example.", .a)
        #expect(try lines(reply.answers) == lines("mail.agency.example. A 192.0.2.25"))
      }
    }
  }

  @Test func `one secondary may be changed alone, silently`() async throws {
    try await running { hierarchy in
      let www = try DomainName("www.agency.example.")
      try hierarchy.replace(www, .a, with: [], in: hierarchy.victim, at: [.second], advancesSerial: false)
      #expect(try await ask(hierarchy, .first, "www.agency.example.", .a).answers.count == 1)
      #expect(try await ask(hierarchy, .second, "www.agency.example.", .a).header.responseCode == .nameError)
      #expect(hierarchy[.first]?.zones.map(\.serial) == hierarchy[.second]?.zones.map(\.serial))
    }
  }

  @Test(arguments: ["ns1.evil.example.", "ns1.hijacker.test."])
  func `a delegation changed at the parent takes the public to the hijacker, and back`(host: String) async throws {
    try await running { hierarchy in
      let name = try DomainName(host)
      var forged = try LabHierarchy.sampleZone(hierarchy.victim)
      try forged.replace(hierarchy.victim, .ns, with: rdata(.ns, host))
      try forged.replace(DomainName("mail.agency.example."), .a, with: rdata(.a, "198.51.100.66"))
      hierarchy.serve(forged, at: .hijacker)
      try hierarchy.delegate(to: [(name, [LabHierarchy.Seat.hijacker.address])])

      let parent = try await ask(hierarchy, .topLevel, "agency.example.", .ns)
      #expect(try lines(parent.authorities) == lines("agency.example. NS \(host)"))
      let glue = parent.additionals.map(\.rdata.octets)
      #expect(glue == (name.isAtOrBelow(hierarchy.parent) ? [LabHierarchy.Seat.hijacker.address.octets] : []))
      let seen = try await ask(hierarchy, .resolver, "mail.agency.example.", .a)
      #expect(try lines(seen.answers) == lines("mail.agency.example. A 198.51.100.66"))
      // The victim's own servers notice nothing: that is the point of asking the parent.
      let own = try await ask(hierarchy, .first, "mail.agency.example.", .a)
      #expect(try lines(own.answers) == lines("mail.agency.example. A 192.0.2.25"))

      try await hierarchy.restore()
      let healed = try await ask(hierarchy, .resolver, "mail.agency.example.", .a)
      #expect(try lines(healed.answers) == lines("mail.agency.example. A 192.0.2.25"))
      #expect(try await ask(hierarchy, .hijacker, "mail.agency.example.", .a).header.responseCode == .refused)
    }
  }

  @Test func `the resolver goes to the next server when one is lame, lost or cut, and fails when all are`() async throws {
    try await running { hierarchy in
      let faults: [Fault] = [
        .lame(.refused), .lame(.serverFailure), .lame(.upwardReferral), .lame(.notAuthoritative), .drop(probability: 1),
        .cut(octets: 20), .mangle(.wrongID),
      ]
      for fault in faults {
        try await hierarchy[.first]?.setFaults([FaultRule(fault)])
        let reply = try await ask(hierarchy, .resolver, "www.agency.example.", .a)
        #expect(reply.answers.count == 1, "\(fault)")
      }
      try await hierarchy[.second]?.setFaults([FaultRule(.drop(probability: 1))])
      #expect(try await ask(hierarchy, .resolver, "www.agency.example.", .a).header.responseCode == .serverFailure)
      try await hierarchy.restore()
      #expect(LabHierarchy.Seat.allCases.allSatisfy { hierarchy[$0]?.faults == [] })
      try await hierarchy[.first]?.setFaults([FaultRule(.truncate)])
      #expect(try await ask(hierarchy, .resolver, "www.agency.example.", .a).answers.count == 1)
    }
  }

  @Test func `a resolver can be poisoned by a lie of its own`() async throws {
    try await running { hierarchy in
      let www = try DomainName("www.agency.example.")
      let lie = try records("www.agency.example. A 198.51.100.66")
      try await hierarchy[.resolver]?.setFaults([FaultRule(.lie(lie), name: www, type: .a)])
      let reply = try await ask(hierarchy, .resolver, "www.agency.example.", .a)
      #expect(reply.answers == lie && !reply.header.authoritative && reply.header.recursionAvailable)
      #expect(try await ask(hierarchy, .resolver, "mail.agency.example.", .a).answers.count == 1)
    }
  }

  @Test func `a resolver refuses who wants no recursion`() async throws {
    try await running { hierarchy in
      let reply = hierarchy[.resolver]?.ask(try query("www.agency.example.", .a))
      #expect(reply?.header.responseCode == .refused)
    }
  }

  @Test func `a zone with no parent but the root, and a zone that nobody holds, are errors`() async throws {
    let example = try DomainName("example.")
    await #expect(throws: LabHierarchy.Refusal.tooHigh(example)) {
      try await LabHierarchy.start(LabHierarchy.sampleZone(example))
    }
    try await running { hierarchy in
      #expect(throws: LabHierarchy.Refusal.noSuchZone(example)) {
        try hierarchy.replace(example, .a, with: [], in: example, at: [.hijacker])
      }
    }
  }

  @Test func `hierarchies run side by side on ports of their own`() async throws {
    try await running { one in
      try await running { other in #expect(one.port != other.port) }
    }
  }
}
