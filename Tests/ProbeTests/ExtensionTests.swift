import DNSWire
import Estate
import Names
import Testing

@testable import Probe

@Suite("RFC 6891 §7 Servers and EDNS", .timeLimit(.minutes(5))) struct ExtensionMechanism {
  @Test func `asks with 1232 octets, NSID, and DO only when signatures are wanted`() async throws {
    try await FaultServer.with {
      [.reply(Reply.to($0.octets, options: Reply.option(3, Array("fra1".utf8))))]
    } while: { server in
      let name = try DomainName("www.example.gov")
      let observations = await Probe(.patient).ask([
        Query(name, .a, at: server.server), Query(name, .a, at: server.server, recursionDesired: true, dnssecOK: true),
      ])
      #expect(observations.map { $0.message?.edns?.options } == [[.nsid(Array("fra1".utf8))], [.nsid(Array("fra1".utf8))]])
      for (question, isSecond) in zip(server.questions, [false, true]) {
        let message = try Message(question.octets.span)
        #expect(message.header.recursionDesired == isSecond)
        #expect(message.edns?.dnssecOK == isSecond)
        #expect(message.edns?.udpPayloadSize == 1232)
        #expect(message.edns?.options.contains(.nsid([])) == true)
      }
    }
  }

  @Test(arguments: [(1, nil), (4, nil), (16, [])] as [(UInt16, [UInt8]?)])
  func `asks without EDNS where the server does not know it`(code: UInt16, options: [UInt8]?) async throws {
    let conduct: FaultServer.Conduct = { question in
      Reply.hasOPT(question.octets)
        ? [.reply(Reply.to(question.octets, code: code, addresses: [], options: options))]
        : [.reply(Reply.to(question.octets, options: nil))]
    }
    try await FaultServer.with(conduct) { server in
      let probe = Probe(.patient)
      let first = try await probe.ask("www.example.gov", at: server.server)
      #expect(first.addresses == [1])
      #expect(first.message?.edns == nil)
      #expect(server.questions.map { Reply.hasOPT($0.octets) } == [true, false])
      // Remembered.
      _ = try await probe.ask("mail.example.gov", at: server.server)
      #expect(server.questions.map { Reply.hasOPT($0.octets) } == [true, false, false])
    }
  }

  @Test func `believes FORMERR when it comes without EDNS too`() async throws {
    try await FaultServer.with {
      [.reply(Reply.to($0.octets, code: 1, addresses: [], options: nil))]
    } while: { server in
      let observation = try await Probe(.patient).ask("www.example.gov", at: server.server)
      #expect(observation.message?.header.responseCode == .formatError)
      #expect(server.questions.count == 2)
    }
  }

  @Test func `an error without the question is believed over TCP only`() async throws {
    let conduct: FaultServer.Conduct = { [.reply($0.octets[..<2] + [0x80, 5, 0, 0, 0, 0, 0, 0, 0, 0])] }
    try await FaultServer.with(conduct) { server in
      let observation = try await Probe(.patient).ask("www.example.gov", at: server.server)
      #expect(observation.message?.header.responseCode == .refused)
      #expect(observation.path == .tcp)
    }
  }

  @Test(arguments: [3, 5, 9] as [UInt16]) func `an error is a reply and is asked for once`(code: UInt16) async throws {
    try await FaultServer.with {
      [.reply(Reply.to($0.octets, code: code, addresses: []))]
    } while: { server in
      let observation = try await Probe(.patient).ask("www.example.gov", at: server.server)
      #expect(observation.message?.header.responseCode.rawValue == code)
      #expect(server.questions.count == 1)
    }
  }
}

@Suite("SERVFAIL is asked about twice before it is believed", .timeLimit(.minutes(5))) struct ServerFailure {
  @Test func `a failure that passes is no failure`() async throws {
    let conduct: FaultServer.Conduct = { [.reply(Reply.to($0.octets, code: $0.number == 1 ? 2 : 0))] }
    try await FaultServer.with(conduct) { server in
      let clock = ContinuousClock()
      let start = clock.now
      let observation = try await Probe(.patient).ask("www.example.gov", at: server.server)
      #expect(observation.message?.header.responseCode == .noError)
      #expect(clock.now - start > .milliseconds(50))
      #expect(server.questions.count == 2)
    }
  }

  @Test func `a failure that stays is a reply`() async throws {
    try await FaultServer.with {
      [.reply(Reply.to($0.octets, code: 2, addresses: []))]
    } while: { server in
      let observation = try await Probe(.patient).ask("www.example.gov", at: server.server)
      #expect(observation.message?.header.responseCode == .serverFailure)
      #expect(server.questions.count == 2)
    }
  }

  @Test func `a failure that nothing follows is still what the server said`() async throws {
    let conduct: FaultServer.Conduct = { $0.number == 1 ? [.reply(Reply.to($0.octets, code: 2, addresses: []))] : [] }
    try await FaultServer.with(conduct) { server in
      let observation = try await Probe(.quick).ask("www.example.gov", at: server.server)
      #expect(observation.message?.header.responseCode == .serverFailure)
      #expect(server.questions.count == 4)
    }
  }
}

@Suite("RFC 7873 §5 DNS cookies", .timeLimit(.minutes(5))) struct Cookies {
  static let serverCookie: [UInt8] = [0x01, 0, 0, 0, 0x65, 0x43, 0x21, 0, 9, 8, 7, 6, 5, 4, 3, 2]

  @Test func `sends 8 octets of its own, and the server's once it has them`() async throws {
    let conduct: FaultServer.Conduct = { question in
      let own = Array(Reply.cookie(question.octets)?.prefix(8) ?? [])
      return [.reply(Reply.to(question.octets, options: Reply.option(10, own + Self.serverCookie)))]
    }
    try await FaultServer.with(conduct) { server in
      let probe = Probe(.patient)
      for name in ["www", "mail", "ns1"] { _ = try await probe.ask("\(name).example.gov", at: server.server) }
      let cookies = server.questions.map { Reply.cookie($0.octets) ?? [] }
      #expect(cookies.map(\.count) == [8, 24, 24])
      #expect(Set(cookies.map { Array($0.prefix(8)) }).count == 1)
      #expect(Array(cookies[1].dropFirst(8)) == Self.serverCookie)
      // Another server, another cookie: they cannot tell that the asker is the same.
      try await FaultServer.with(conduct) { other in
        _ = try await probe.ask("www.example.gov", at: other.server)
        let theirs = Reply.cookie(other.questions[0].octets) ?? []
        #expect(theirs.count == 8)
        #expect(theirs != Array(cookies[0]))
      }
    }
  }

  @Test func `asks again with the cookie that BADCOOKIE brought`() async throws {
    let conduct: FaultServer.Conduct = { question in
      let cookie = Reply.cookie(question.octets) ?? []
      let isRight = Array(cookie.dropFirst(8)) == Self.serverCookie
      return [
        .reply(
          Reply.to(
            question.octets, code: isRight ? 0 : 23, addresses: isRight ? [1] : [],
            options: Reply.option(10, Array(cookie.prefix(8)) + Self.serverCookie)))
      ]
    }
    try await FaultServer.with(conduct) { server in
      let observation = try await Probe(.patient).ask("www.example.gov", at: server.server)
      #expect(observation.addresses == [1])
      #expect(observation.path == .udp)
      #expect(server.questions.count == 2)
    }
  }

  @Test func `goes over TCP when BADCOOKIE comes again`() async throws {
    let conduct: FaultServer.Conduct = { question in
      if question.isTCP { return [.reply(Reply.to(question.octets))] }
      let own = Array(Reply.cookie(question.octets)?.prefix(8) ?? [])
      return [.reply(Reply.to(question.octets, code: 23, addresses: [], options: Reply.option(10, own + Self.serverCookie)))]
    }
    try await FaultServer.with(conduct) { server in
      let observation = try await Probe(.patient).ask("www.example.gov", at: server.server)
      #expect(observation.addresses == [1])
      #expect(observation.path == .tcp)
      #expect(server.questions.map(\.isTCP) == [false, false, true])
    }
  }

  @Test(arguments: [[1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 3], [UInt8](repeating: 0, count: 41)] as [[UInt8]])
  func `drops a reply whose cookie is not its own`(cookie: [UInt8]) async throws {
    let conduct: FaultServer.Conduct = { question in
      [
        .reply(Reply.to(question.octets, addresses: [66], options: Reply.option(10, cookie))),
        .later(Reply.to(question.octets), 30),
      ]
    }
    try await FaultServer.with(conduct) { server in
      let observation = try await Probe(.patient).ask("www.example.gov", at: server.server)
      #expect(observation.addresses == [1])
    }
  }

  @Test func `drops a reply without a cookie from a server that is known to send them`() async throws {
    let conduct: FaultServer.Conduct = { question in
      let own = Array(Reply.cookie(question.octets)?.prefix(8) ?? [])
      let right = Reply.to(question.octets, options: Reply.option(10, own + Self.serverCookie))
      return question.number == 1 ? [.reply(right)] : [.reply(Reply.to(question.octets, addresses: [66])), .later(right, 30)]
    }
    try await FaultServer.with(conduct) { server in
      let probe = Probe(.patient)
      _ = try await probe.ask("www.example.gov", at: server.server)
      let observation = try await probe.ask("mail.example.gov", at: server.server)
      #expect(observation.addresses == [1])
      #expect(probe.counts.mangled == 1)
    }
  }

  @Test func `goes over TCP when only replies without a cookie come`() async throws {
    let conduct: FaultServer.Conduct = { question in
      let own = Array(Reply.cookie(question.octets)?.prefix(8) ?? [])
      let options = question.number == 1 ? Reply.option(10, own + Self.serverCookie) : []
      return [.reply(Reply.to(question.octets, addresses: [question.isTCP ? 2 : 1], options: options))]
    }
    try await FaultServer.with(conduct) { server in
      let probe = Probe(.quick)
      _ = try await probe.ask("www.example.gov", at: server.server)
      let observation = try await probe.ask("mail.example.gov", at: server.server)
      #expect(observation.addresses == [2])
      #expect(observation.path == .tcp)
    }
  }
}
