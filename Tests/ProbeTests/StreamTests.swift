import DNSWire
import Estate
import Names
import Testing

@testable import Probe

@Suite("RFC 7766 DNS over TCP", .timeLimit(.minutes(5))) struct OverTCP {
  /// Truncated over UDP; over TCP what the test says.
  private static func truncated(_ conduct: @escaping FaultServer.Conduct) -> FaultServer.Conduct {
    { $0.isTCP ? conduct($0) : [.reply(Reply.to($0.octets, addresses: [66], truncated: true))] }
  }

  @Test func `a truncated reply is asked for again over TCP`() async throws {
    let many = (1...250).map { UInt8($0) }
    try await FaultServer.with(Self.truncated { [.reply(Reply.to($0.octets, addresses: many))] }) { server in
      let observation = try await Probe(.quick).ask("www.example.gov", at: server.server)
      #expect(observation.addresses == many)
      #expect(observation.path == .tcp)
      #expect(observation.exchange?.question == server.questions.last?.octets)
      #expect(server.questions.map(\.isTCP) == [false, true])
    }
  }

  @Test func `a reply may come octet by octet`() async throws {
    try await FaultServer.with(Self.truncated { [.crumbs(Reply.to($0.octets))] }) { server in
      let observation = try await Probe(.quick).ask("www.example.gov", at: server.server)
      #expect(observation.addresses == [1])
    }
  }

  @Test func `many questions share one connection, and replies come in any order`() async throws {
    let conduct = Self.truncated { question in
      // The later it was asked, the sooner it is answered; the label's digits come back in the address.
      let digits = question.octets[14..<16].map { Int($0 & 15) }.reduce(0) { $0 * 10 + $1 }
      return [.later(Reply.to(question.octets, addresses: [UInt8(digits)]), Int64(100 - digits))]
    }
    try await FaultServer.with(conduct) { server in
      let queries = try (0..<90).map { number in
        Query(try DomainName("n\(String(number + 100).dropFirst()).example.gov"), .a, at: server.server)
      }
      let observations = await Probe(.quick).ask(queries)
      #expect(observations.map(\.addresses) == (0..<90).map { [UInt8($0)] })
      #expect(Set(server.questions.filter(\.isTCP).map(\.port)).count == 1)
    }
  }

  @Test func `a server that closes after each reply still answers all`() async throws {
    try await FaultServer.with(Self.truncated { [.reply(Reply.to($0.octets)), .close] }) { server in
      let queries = try (0..<12).map { Query(try DomainName("n\($0).example.gov"), .a, at: server.server) }
      let observations = await Probe(.quick).ask(queries)
      #expect(observations.map(\.addresses) == [[UInt8]](repeating: [1], count: 12))
      #expect(Set(server.questions.filter(\.isTCP).map(\.port)).count > 4)
    }
  }

  @Test func `a server that closes once is asked over a new connection`() async throws {
    let conduct = Self.truncated { $0.number == 2 ? [.close] : [.reply(Reply.to($0.octets))] }
    try await FaultServer.with(conduct) { server in
      let observation = try await Probe(.quick).ask("www.example.gov", at: server.server)
      #expect(observation.addresses == [1])
      #expect(server.questions.map(\.isTCP) == [false, true, true])
    }
  }

  @Test(
    arguments: [
      (.close, .unreachable("the server closed the connection before its reply")),
      (.raw([0, 5, 1, 2, 3, 4, 5]), .mangled("a frame of 5 octets, too short for a DNS message")),
      (.raw([0, 0]), .mangled("a frame of 0 octets, too short for a DNS message")),
      (.raw([0xFF, 0xFF, 1, 2, 3]), .timedOut(attempts: 1)),
    ] as [(FaultServer.Reaction, Silence)])
  func `says what came instead of a reply`(reaction: FaultServer.Reaction, silence: Silence) async throws {
    try await FaultServer.with(Self.truncated { _ in [reaction] }) { server in
      let settings = ProbeSettings.quick.with { $0.streamTimeout = .seconds(3) }
      let observation = try await Probe(settings).ask("www.example.gov", at: server.server)
      #expect(observation.silence == silence)
      #expect(observation.path == .tcp)
    }
  }

  @Test func `a reply to another question ends the question as mangled`() async throws {
    let conduct = Self.truncated { question in
      var reply = Reply.to(question.octets)
      reply[13] = UInt8(ascii: "_")
      return [.reply(reply)]
    }
    try await FaultServer.with(conduct) { server in
      let observation = try await Probe(.quick).ask("www.example.gov", at: server.server)
      #expect(observation.silence == .mangled("a reply to another question"))
    }
  }
}

@Suite("StreamSession: RFC 7766 §8 frames, §7 replies in any order") struct StreamSessions {
  private static func question(_ id: UInt16, _ letter: UInt8) -> [UInt8] {
    [UInt8(id >> 8), UInt8(id & 255), 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, letter, 0, 0, 1, 0, 1]
  }

  private static func framed(_ octets: [UInt8]) -> [UInt8] { [UInt8(octets.count >> 8), UInt8(octets.count & 255)] + octets }

  @Test(arguments: [1, 2, 3, 7, 19, 1000]) func `gives the same answers however the octets are cut`(size: Int) {
    var session = StreamSession()
    var messages = (0..<20).map { Self.question(UInt16($0) * 3000, UInt8(0x61 + $0)) }
    for index in messages.indices { _ = session.frame(&messages[index], questionEnd: 19, ticket: UInt64(index)) }
    let replies = messages.map { Reply.to($0) }
    let octets = replies.reversed().flatMap(Self.framed)
    var actions: [StreamSession.Action] = []
    for start in stride(from: 0, to: octets.count, by: size) {
      actions += session.received(octets[start..<min(start + size, octets.count)])
    }
    #expect(actions == replies.indices.reversed().map { .answer(ticket: UInt64($0), reply: replies[$0]) })
    #expect(session.outstanding == 0)
  }

  @Test func `two questions never have one id`() {
    var session = StreamSession()
    var (one, other) = (Self.question(7, 0x61), Self.question(7, 0x62))
    let first = session.frame(&one, questionEnd: 19, ticket: 1)
    let second = session.frame(&other, questionEnd: 19, ticket: 2)
    #expect(Array(first[2..<4]) == [0, 7])
    #expect(Array(second[2..<4]) == [0, 8])
    #expect(session.received(Self.framed(Reply.to(other))) == [.answer(ticket: 2, reply: Reply.to(other))])
  }

  @Test func `a reply that comes too late is nobody's, and too many of them end the connection`() {
    var session = StreamSession()
    var message = Self.question(7, 0x61)
    _ = session.frame(&message, questionEnd: 19, ticket: 1)
    session.forget(1)
    let late = Self.framed(Reply.to(message))
    for _ in 0..<StreamSession.mostStrays { #expect(session.received(late).isEmpty) }
    #expect(session.received(late) == [.close(.tooManyStrays)])
  }
}
