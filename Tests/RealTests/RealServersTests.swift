import Foundation
import Names
import RealServers
import Testing

/// The name servers that other tests stand on: that each starts, follows, signs, lies on request and goes.
@Suite("Debian's name servers on loopback", .serialized) struct RealServersTests {
  private static let zone = Zone(
    "example.gov.", primary: "ns1.example.gov.",
    records: [
      .init("example.gov.", "NS", "ns1.example.gov."),
      .init("ns1.example.gov.", "A", "127.0.0.1"),
      .init("www.example.gov.", "A", "192.0.2.1"),
    ])

  enum Kind: CaseIterable { case knot, nsd, bind, powerDNS }

  private static func server(_ kind: Kind, at endpoint: Endpoint) throws -> any AuthoritativeServer {
    switch kind {
    case .knot: try KnotServer(at: endpoint, zones: [zone], signed: false)
    case .nsd: try NSDServer(at: endpoint, serving: [.file(zone)])
    case .bind: try BINDServer(at: endpoint, serving: [.file(zone)])
    case .powerDNS: try PowerDNSServer(at: endpoint, zones: [zone])
    }
  }

  @Test(arguments: Kind.allCases)
  func `a server serves its zone, serves another when told, and leaves no process and no port`(kind: Kind) async throws {
    let endpoint = try Endpoint.vacant()
    let server = try Self.server(kind, at: endpoint)
    try await server.start()
    let process = try #require(await server.processIdentifier)
    #expect(try await dig(endpoint.address, "example.gov.", "SOA").hasPrefix("ns1.example.gov. hostmaster.example.gov. "))
    #expect(try await dig(endpoint.address, "www.example.gov.", "A") == "192.0.2.1")

    var other = Self.zone
    other.replace("www.example.gov.", "A", with: ["192.0.2.66"])
    other.serial = 2
    try await server.reload(other)
    #expect(try await dig(endpoint.address, "www.example.gov.", "A") == "192.0.2.66")
    #expect(try await dig(endpoint.address, "www.example.gov.", "A", "+tcp") == "192.0.2.66")

    let last = await server.processIdentifier ?? process
    await server.stop()
    #expect(try groupIsGone(process))
    #expect(try groupIsGone(last))
    #expect(endpoint.isVacant)

    try await server.start()
    #expect(try await dig(endpoint.address, "www.example.gov.", "A") == "192.0.2.66")
    await server.stop()
  }

  @Test func `a server that nobody holds any longer is gone`() async throws {
    let endpoint = try Endpoint.vacant()
    let process: Int32
    do {
      let server = try Self.server(.nsd, at: endpoint)
      try await server.start()
      process = try #require(await server.processIdentifier)
      #expect(try !groupIsGone(process))
    }
    #expect(try groupIsGone(process))
    #expect(endpoint.isVacant)
  }

  @Test func `no server outlives a test run that is killed`() async throws {
    let result = try await #require(processExitsWith: .signal(SIGKILL), observing: [\.standardOutputContent]) {
      let server = try NSDServer(at: .vacant(), serving: [.file(Zone("example.gov.", primary: "ns1.example.gov."))])
      try await server.start()
      print("\nserver \(try #require(await server.processIdentifier)) \(server.log)")
      fflush(nil)
      kill(getpid(), SIGKILL)
    }
    let output = String(decoding: result.standardOutputContent, as: UTF8.self)
    let server = try #require(output.firstMatch(of: /server (\d+) (\/.+)\/log/)).output
    let process = try #require(Int32(server.1))
    let deadline = ContinuousClock.now + .seconds(2)
    while try !groupIsGone(process), ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(5)) }
    #expect(try groupIsGone(process))
    try FileManager.default.removeItem(atPath: String(server.2))
  }

  @Test func `a server that cannot start says why, with its log`() async throws {
    let server = try NSDServer("the broken one", at: .vacant(), serving: [.file(Zone("a\"b.gov.", primary: "ns1.a.gov."))])
    let error = try await #require(throws: ServerFault.self) { try await server.start() }
    guard case .ended(let name, let log) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(name == "the broken one")
    #expect(log.contains("syntax error"))
    #expect(await server.processIdentifier == nil)
  }

  @Test func `a server does not start where another answers`() async throws {
    let endpoint = try Endpoint.vacant()
    let first = try Self.server(.bind, at: endpoint)
    try await first.start()
    let second = try Self.server(.nsd, at: endpoint)
    let error = try await #require(throws: ServerFault.self) { try await second.start() }
    #expect("\(error)" == "NSD cannot start: another process listens at \(endpoint.host):\(endpoint.port).")
    await first.stop()
    try await second.start()
    await second.stop()
  }

  @Test func `every server of the hierarchy starts within five seconds, serves its zone and stops`() async throws {
    let start = ContinuousClock.now
    let hierarchy = try await Hierarchy(.init(expired: true, bindResolver: true))
    let took = ContinuousClock.now - start
    #expect(took < .seconds(5))

    var processes: [Int32] = []
    for server in hierarchy.servers {
      processes.append(try #require(await server.processIdentifier))
    }
    #expect(Set(processes).count == 9)
    // BIND as a resolver asks at that port, and listens at another.
    #expect(hierarchy.servers.filter { $0.address.port == hierarchy.port }.count == 8)
    #expect(Set(hierarchy.servers.map(\.address)).count == 9)
    let zones: [(any RealServer, String)] = [
      (hierarchy.root, "."), (hierarchy.tld, "gov."), (hierarchy.primary, "agency.gov."), (hierarchy.nsd, "agency.gov."),
      (hierarchy.bind, "agency.gov."), (try #require(hierarchy.powerDNS), "unsigned.gov."),
      (try #require(hierarchy.expired), "expired.gov."),
    ]
    for (server, zone) in zones {
      let answer = try await dig(server.address, zone, "SOA")
      #expect(answer.hasSuffix(" 3600 600 1209600 300"), "\(server.name)")
    }
    // A parent refers, and does not answer for its child.
    let referral = try await dig(hierarchy.tld.address, "www.agency.gov.", "A", "+norec", "+dnssec", "+noall", "+authority")
    #expect(referral.contains("ns2.agency.gov."))
    #expect(referral.contains("\tDS\t"))

    let stop = ContinuousClock.now
    await hierarchy.stop()
    #expect(ContinuousClock.now - stop < .seconds(3))
    for process in processes { #expect(try groupIsGone(process)) }
  }

  @Test func `an unsigned hierarchy has no key, no signature and no DS`() async throws {
    try await Hierarchy.with(.init(signed: false)) { hierarchy in
      #expect(hierarchy.rootSigner == nil)
      for (server, zone) in [(hierarchy.root, "."), (hierarchy.tld, "gov."), (hierarchy.primary, "agency.gov.")] {
        let contents = try await server.transfer(zone)
        #expect(!contents.records.isEmpty)
        #expect(!contents.records.contains { ["DNSKEY", "RRSIG", "DS"].contains($0.type) })
      }
      let unbound = try #require(hierarchy.unbound)
      #expect(try await dig(unbound.address, "mail.agency.gov.", "A") == "192.0.2.25")
    }
  }

  @Test func `hierarchies side by side do not meet`() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 1...3 {
        group.addTask {
          try await Hierarchy.with(.init(signed: false, powerDNS: false)) { hierarchy in
            try await hierarchy.editChild { $0.replace("mail.agency.gov.", "A", with: ["192.0.2.\(number)"]) }
            let unbound = try #require(hierarchy.unbound)
            for server in [hierarchy.primary, hierarchy.nsd, hierarchy.bind, unbound] as [any RealServer] {
              #expect(try await dig(server.address, "mail.agency.gov.", "A") == "192.0.2.\(number)", "\(server.name)")
            }
          }
        }
      }
      try await group.waitForAll()
    }
  }

  @Test func `datagrams are lost on request, and no octet over TCP`() async throws {
    try await Hierarchy.with(.init(signed: false, bindResolver: true, loss: 0.3)) { hierarchy in
      for server in hierarchy.servers {
        #expect(hierarchy.address(of: server) != server.address)
        for _ in 0..<5 {
          let answer = try await dig(hierarchy.address(of: server), "www.agency.gov.", "A", "+tcp", "+noall", "+comments")
          #expect(answer.contains("status: "), "\(server.name)")
        }
      }
      #expect(hierarchy.lostDatagrams == 0)
      var heard = 0
      let place = hierarchy.address(of: hierarchy.nsd)
      for _ in 0..<60 {
        let answer = try await SOAQuestion.ask("agency.gov.", at: "\(place.address)", port: place.port, limit: .milliseconds(200))
        if answer?.serial != nil { heard += 1 }
      }
      // 29.4 of 60 are expected (0.7 · 0.7), give or take 3.9: this is four times as far, both ways.
      #expect((14...45).contains(heard))
      #expect(hierarchy.lostDatagrams >= 60 - heard)
      #expect(place.port == hierarchy.port)
    }
  }
}

/// One hierarchy for all, put back after each test.
@Suite("A hierarchy on loopback", .serialized) final class HierarchyTests: Sendable {
  private static let shared = Task { try await Hierarchy(.init(expired: true, bindResolver: true)) }

  private func withHierarchy(_ body: (Hierarchy) async throws -> Void) async throws {
    let hierarchy = try await Self.shared.value
    try await body(hierarchy)
    try await hierarchy.restore()
  }

  @Test func `the signatures validate from the root down`() async throws {
    try await withHierarchy { hierarchy in
      for resolver in hierarchy.resolvers {
        #expect(try await header(resolver.address, "www.agency.gov.", "A").flags.contains("ad"), "\(resolver.name)")
        #expect(
          try await header(resolver.address, "nothing.agency.gov.", "A") == (status: "NXDOMAIN", flags: ["qr", "rd", "ra", "ad"]))
        let unsigned = try await header(resolver.address, "www.unsigned.gov.", "A")
        #expect(unsigned == (status: "NOERROR", flags: ["qr", "rd", "ra"]))
      }
    }
  }

  @Test func `an expired signature is bogus, and the data is there when nobody checks`() async throws {
    try await withHierarchy { hierarchy in
      for resolver in hierarchy.resolvers {
        #expect(try await header(resolver.address, "www.expired.gov.", "A").status == "SERVFAIL", "\(resolver.name)")
        #expect(try await dig(resolver.address, "www.expired.gov.", "A", "+cdflag") == "192.0.2.200")
      }
      let log = try String(contentsOfFile: try #require(hierarchy.unbound).log, encoding: .utf8)
      #expect(log.contains("validation failure <www.expired.gov. A IN>: signature expired"))
    }
  }

  @Test func `both secondaries follow the primary`() async throws {
    try await withHierarchy { hierarchy in
      try await hierarchy.editChild { zone in
        zone.replace("agency.gov.", "MX", with: ["10 mx.evil.example."])
        zone.remove("www.agency.gov.", "A", "192.0.2.81")
        zone.add("agency.gov.", "TXT", "\"added\"")
      }
      let everyone: [any RealServer] = [hierarchy.primary, hierarchy.nsd, hierarchy.bind] + hierarchy.resolvers
      for server in everyone {
        #expect(try await dig(server.address, "agency.gov.", "MX") == "10 mx.evil.example.", "\(server.name)")
        #expect(try await dig(server.address, "www.agency.gov.", "A") == "192.0.2.80", "\(server.name)")
        #expect(try await dig(server.address, "agency.gov.", "TXT").split(separator: "\n").count == 2, "\(server.name)")
      }
      #expect(try await header(try #require(hierarchy.unbound).address, "agency.gov.", "MX").flags.contains("ad"))
    }
    let hierarchy = try await Self.shared.value
    #expect(try await dig(hierarchy.nsd.address, "agency.gov.", "MX").split(separator: "\n").count == 2)
  }

  @Test(arguments: Hierarchy.Secondary.allCases)
  func `a change at one secondary shows there only`(secondary: Hierarchy.Secondary) async throws {
    try await withHierarchy { hierarchy in
      let serial = try await hierarchy.server(secondary).serial(of: "agency.gov.")
      try await hierarchy.edit(only: secondary) { $0.replace("mail.agency.gov.", "A", with: ["192.0.2.66"]) }
      for one in Hierarchy.Secondary.allCases {
        let answer = try await dig(hierarchy.server(one).address, "mail.agency.gov.", "A")
        #expect(answer == (one == secondary ? "192.0.2.66" : "192.0.2.25"), "\(one)")
      }
      #expect(try await dig(hierarchy.primary.address, "mail.agency.gov.", "A") == "192.0.2.25")
      #expect(try await hierarchy.server(secondary).serial(of: "agency.gov.") == serial)
    }
    let hierarchy = try await Self.shared.value
    #expect(try await dig(hierarchy.server(secondary).address, "mail.agency.gov.", "A") == "192.0.2.25")
  }

  @Test(arguments: Hierarchy.Secondary.allCases)
  func `a frozen secondary stays behind`(secondary: Hierarchy.Secondary) async throws {
    try await withHierarchy { hierarchy in
      try await hierarchy.freeze(secondary)
      try await hierarchy.editChild { $0.replace("mail.agency.gov.", "A", with: ["192.0.2.77"]) }
      let before = try #require(try await hierarchy.server(secondary).serial(of: "agency.gov."))
      let after = try #require(try await hierarchy.primary.serial(of: "agency.gov."))
      #expect(before < after)
      #expect(try await dig(hierarchy.server(secondary).address, "mail.agency.gov.", "A") == "192.0.2.25")
      for one in Hierarchy.Secondary.allCases where one != secondary {
        #expect(try await dig(hierarchy.server(one).address, "mail.agency.gov.", "A") == "192.0.2.77")
      }
    }
  }

  @Test(arguments: Hierarchy.Secondary.allCases)
  func `a lame secondary refuses, one that is down says nothing`(secondary: Hierarchy.Secondary) async throws {
    try await withHierarchy { hierarchy in
      let server = hierarchy.server(secondary)
      try await hierarchy.makeLame(secondary)
      #expect(try await header(server.address, "agency.gov.", "SOA").status == "REFUSED")
      await server.stop()
      let silence = try await dig(server.address, "agency.gov.", "SOA", "+tries=1", "+time=1", fails: true)
      #expect(silence.contains("no servers could be reached"))
    }
    let hierarchy = try await Self.shared.value
    #expect(try await header(hierarchy.server(secondary).address, "agency.gov.", "SOA").status == "NOERROR")
  }

  @Test func `the parent's NS, glue and DS change at the parent only`() async throws {
    try await withHierarchy { hierarchy in
      let evil = try hierarchy.vacancy(0)
      let attacker = try NSDServer("the attacker's", at: evil, serving: [.file(Zone("agency.gov.", primary: "ns.evil.gov."))])
      try await attacker.start()
      try await hierarchy.editTLD { zone in
        zone.replace("agency.gov.", "NS", with: ["ns.evil.gov."])
        zone.replace("ns.evil.gov.", "A", with: [evil.host])
        zone.remove("agency.gov.", "DS")
      }
      let referral = try await dig(hierarchy.tld.address, "agency.gov.", "NS", "+norec", "+noall", "+authority", "+additional")
      #expect(referral.contains("ns.evil.gov."))
      #expect(referral.contains(evil.host))
      #expect(!referral.contains("ns1.agency.gov."))
      #expect(try await dig(hierarchy.tld.address, "agency.gov.", "DS") == "")
      #expect(try await dig(hierarchy.primary.address, "agency.gov.", "NS").split(separator: "\n").count == 3)
      // BIND follows the delegation; Unbound goes where its stub zones send it.
      #expect(try await dig(try #require(hierarchy.bindResolver).address, "agency.gov.", "SOA").hasPrefix("ns.evil.gov. "))
      await attacker.stop()
    }
  }

  @Test func `a DS of another key makes the child bogus`() async throws {
    try await withHierarchy { hierarchy in
      let digest = String(repeating: "ab", count: 32)
      try await hierarchy.editTLD { $0.replace("agency.gov.", "DS", with: ["12345 13 2 \(digest)"]) }
      for resolver in hierarchy.resolvers {
        #expect(try await header(resolver.address, "www.agency.gov.", "A").status == "SERVFAIL", "\(resolver.name)")
      }
    }
    let hierarchy = try await Self.shared.value
    for resolver in hierarchy.resolvers {
      #expect(try await header(resolver.address, "www.agency.gov.", "A").flags.contains("ad"), "\(resolver.name)")
    }
  }

  @Test func `a poisoned resolver lies about one name until it is cured`() async throws {
    try await withHierarchy { hierarchy in
      let unbound = try #require(hierarchy.unbound)
      try await unbound.poison("mail.agency.gov.", with: ["mail.agency.gov. 60 IN A 192.0.2.66"])
      #expect(try await dig(unbound.address, "mail.agency.gov.", "A") == "192.0.2.66")
      #expect(try await dig(unbound.address, "relay.agency.gov.", "A") == "192.0.2.26")
      try await unbound.cure("mail.agency.gov.")
      #expect(try await dig(unbound.address, "mail.agency.gov.", "A") == "192.0.2.25")
    }
  }

  @Test func `a resolver remembers until it is flushed`() async throws {
    try await withHierarchy { hierarchy in
      for resolver in hierarchy.resolvers { #expect(try await dig(resolver.address, "mail.unsigned.gov.", "A") == "192.0.2.125") }
      try await hierarchy.editUnsignedChild(flushing: false) { $0.replace("mail.unsigned.gov.", "A", with: ["192.0.2.66"]) }
      #expect(try await dig(try #require(hierarchy.powerDNS).address, "mail.unsigned.gov.", "A") == "192.0.2.66")
      for resolver in hierarchy.resolvers { #expect(try await dig(resolver.address, "mail.unsigned.gov.", "A") == "192.0.2.125") }
      try await hierarchy.flush()
      for resolver in hierarchy.resolvers { #expect(try await dig(resolver.address, "mail.unsigned.gov.", "A") == "192.0.2.66") }
    }
  }

  @Test func `an answer too large for UDP comes truncated, and whole over TCP`() async throws {
    try await withHierarchy { hierarchy in
      let servers: [any RealServer] = [hierarchy.primary, hierarchy.nsd, hierarchy.bind]
      for server in servers {
        let answer = try await dig(server.address, "big.agency.gov.", "TXT", "+noall", "+comments", "+ignore", "+bufsize=1232")
        #expect(answer.contains(" tc"), "\(server.name)")
        #expect(try await dig(server.address, "big.agency.gov.", "TXT", "+tcp").split(separator: "\n").count == 10)
      }
    }
  }
}
