import DNSWire
import Lab
import Names
import Testing

@Suite("A lab server on its sockets") struct LabServerTests {
  private func loopback(_ text: String = "127.0.0.1") throws -> SocketAddress {
    try #require(SocketAddress(text, defaultPort: 0))
  }

  /// Runs a server for as long as the body needs it.
  private func serving(
    _ zones: [Zone]? = nil, faults: [FaultRule] = [], on address: String = "127.0.0.1", _ body: (LabServer) async throws -> Void
  ) async throws {
    let all = try zones ?? [zone("example.", Faults.text)]
    let server = try await LabServer.start(on: loopback(address), zones: all, faults: faults)
    do { try await body(server) } catch {
      await server.stop()
      throw error
    }
    await server.stop()
  }

  @Test(arguments: ["192.0.2.1", "0.0.0.0", "::", "2001:db8::1", "128.0.0.1", "10.0.0.1"])
  func `listens on no address but loopback`(text: String) async throws {
    let address = try loopback(text)
    await #expect(throws: LabServer.Refusal.notLoopback(address)) { try await LabServer.start(on: address) }
  }

  @Test(arguments: ["127.0.0.1", "127.45.0.7", "::1"], [Carrier.udp, .tcp])
  func `answers over both carriers, and counts`(address: String, carrier: Carrier) async throws {
    try await serving(on: address) { server in
      let asked = try query("www.example.", .a)
      let (arrivals, _) = try await exchange(asked.encoded(), with: server.address, over: carrier)
      let reply = try decoded(#require(arrivals.first).octets)
      #expect(try lines(reply.answers) == lines("www.example. A 192.0.2.80"))
      #expect(reply.header.id == asked.header.id && reply.header.authoritative)
      #expect(server.counts == [.init(try DomainName("www.example."), .a): 1])
    }
  }

  @Test func `zones change while it runs, and change back`() async throws {
    try await serving { server in
      let name = try DomainName("www.example.")
      let before = server.zones
      func address() async throws -> [String] {
        let (arrivals, _) = try await exchange(query("www.example.", .a).encoded(), with: server.address)
        return try decoded(#require(arrivals.first).octets).answers.map(\.rdata.text)
      }
      #expect(try await address() == ["192.0.2.80"])
      var changed = try #require(before.first)
      try changed.replace(name, .a, with: [RData(type: .a, text: "198.51.100.66", origin: nil)])
      changed.advanceSerial()
      server.put(changed)
      #expect(try await address() == ["198.51.100.66"])
      #expect(server.zones.map(\.serial) == [101])
      server.put(only: before)
      #expect(try await address() == ["192.0.2.80"])
      server.remove(try DomainName("example."))
      #expect(try await address() == [])
    }
  }

  @Test func `several servers share a port on addresses of their own`() async throws {
    let addresses = (1...4).map { IPAddress.v4(0x7F2D_0000 + $0) }
    let servers = try await LabServer.start(on: addresses)
    #expect(Set(servers.map(\.address.port)).count == 1)
    #expect(servers.map(\.address.address) == addresses)
    for server in servers {
      let asked = try query("example.", .soa, edns: EDNS(options: [.nsid([])]))
      let (arrivals, _) = try await exchange(asked.encoded(), with: server.address)
      let arrival = try #require(arrivals.first)
      #expect(arrival.source == "\(server.address)")
      let reply = try decoded(arrival.octets)
      #expect(reply.header.responseCode == .refused)
      #expect(reply.edns?.options == [.nsid(Array("\(server.address.address)".utf8))])
    }
    for server in servers { await server.stop() }
  }

  @Test func `when it has stopped, its port is free at once and nothing answers`() async throws {
    let first = try await LabServer.start(on: loopback(), zones: [zone("example.", Faults.text)])
    // A connection that is still open must not hold the port.
    let (arrivals, _) = try await exchange(query("www.example.", .a).encoded(), with: first.address, over: .tcp)
    #expect(arrivals.count == 1)
    await first.stop()
    await first.stop()
    let (none, _) = try await exchange(query("www.example.", .a).encoded(), with: first.address, within: .milliseconds(200))
    #expect(none.isEmpty)
    let second = try await LabServer.start(on: first.address)
    #expect(second.address == first.address)
    await second.stop()
  }

  @Test func `stopping closes connections that wait for an answer`() async throws {
    let server = try await LabServer.start(on: loopback(), faults: [FaultRule(.silentConnection)])
    let (asked, address) = (try query("www.example.", .a).encoded(), server.address)
    async let silent = exchange(asked, with: address, over: .tcp)
    while server.received == 0 { try await Task.sleep(for: .milliseconds(2)) }
    await server.stop()
    let ended = try await silent
    #expect(ended.arrivals.isEmpty && ended.isClosed)
  }

  @Test func `a port in use is an error, not another port`() async throws {
    try await serving { server in
      await #expect(throws: (any Error).self) { try await LabServer.start(on: server.address) }
    }
  }

  @Test(arguments: ["127.0.0.1", "127.45.0.9"]) func `an answer comes from another socket`(source: String) async throws {
    try await serving { server in
      try await server.setFaults([FaultRule(.answerFrom(loopback(source)))])
      let (arrivals, _) = try await exchange(query("www.example.", .a).encoded(), with: server.address)
      let arrival = try #require(arrivals.first)
      #expect(arrival.source != "\(server.address)")
      #expect(arrival.source.hasPrefix(source + ":"))
      try await server.setFaults([])
      let (right, _) = try await exchange(query("www.example.", .a).encoded(), with: server.address)
      #expect(right.first?.source == "\(server.address)")
    }
  }

  @Test func `an answer from a foreign address is refused, and the faults stay`() async throws {
    try await serving(faults: [FaultRule(.truncate)]) { server in
      let foreign = try loopback("192.0.2.1")
      await #expect(throws: LabServer.Refusal.notLoopback(foreign)) {
        try await server.setFaults([FaultRule(.answerFrom(foreign))])
      }
      #expect(server.faults == [FaultRule(.truncate)])
    }
  }

  @Test(arguments: [Carrier.udp, .tcp]) func `a delayed answer comes late`(carrier: Carrier) async throws {
    try await serving(faults: [FaultRule(.delay(.milliseconds(150)))]) { server in
      let (arrivals, _) = try await exchange(query("www.example.", .a).encoded(), with: server.address, over: carrier)
      #expect(try #require(arrivals.first).elapsed >= .milliseconds(150))
    }
  }

  @Test func `duplicates arrive as often as they are sent`() async throws {
    try await serving(faults: [FaultRule(.duplicate(copies: 3))]) { server in
      let (arrivals, _) = try await exchange(query("www.example.", .a).encoded(), with: server.address, expecting: 3)
      #expect(arrivals.count == 3)
      #expect(Set(arrivals.map(\.octets)).count == 1)
    }
  }

  @Test func `a connection is closed, or stays open and silent`() async throws {
    try await serving(faults: [FaultRule(.closeConnection)]) { server in
      let asked = try query("www.example.", .a).encoded()
      let closed = try await exchange(asked, with: server.address, over: .tcp)
      #expect(closed.arrivals.isEmpty && closed.isClosed)
      try await server.setFaults([FaultRule(.silentConnection)])
      let silent = try await exchange(asked, with: server.address, over: .tcp, within: .milliseconds(200))
      #expect(silent.arrivals.isEmpty && !silent.isClosed)
    }
  }

  @Test func `a transfer arrives whole over one connection`() async throws {
    let text = (0..<3000).map { "host\($0) A 192.0.2.\($0 % 256)" }.joined(separator: "\n")
    let subject = try zone("example.", "@ SOA ns1 hostmaster 5 1800 900 604800 300\n" + text)
    try await serving([subject]) { server in
      let (arrivals, _) = try await exchange(
        query("example.", .axfr).encoded(), with: server.address, over: .tcp, expecting: 100, within: .seconds(1))
      let all = try arrivals.flatMap { try decoded($0.octets).answers }
      #expect(all.count == 3002)
      #expect(all.first == all.last)
    }
  }
}
