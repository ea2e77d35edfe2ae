import DNSWire
import Estate
import Names
import Synchronization
import Testing

@testable import Probe

@Suite("A reply, or why there is none", .timeLimit(.minutes(5))) struct Silences {
  @Test func `a time-out counts its attempts, each with an id of its own`() async throws {
    try await FaultServer.with { _ in
      []
    } while: { server in
      let probe = Probe(.quick.with { ($0.timeout, $0.retries) = (.milliseconds(80), 3) })
      let clock = ContinuousClock()
      let start = clock.now
      let observation = try await probe.ask("www.example.gov", at: server.server)
      let waited = clock.now - start
      #expect(observation.silence == .timedOut(attempts: 4))
      #expect(observation.exchange == nil)
      #expect(server.questions.count == 4)
      #expect(Set(server.questions.map { Array($0.octets[..<2]) }).count == 4)
      // Four waits of 80 ms, each at most three sixteenths longer.
      #expect(waited > .milliseconds(320))
      #expect(observation.roundTrip > .milliseconds(320))
    }
  }

  @Test func `a hasty question is sent once and waits the whole time-out`() async throws {
    try await FaultServer.with { _ in
      []
    } while: { server in
      let query = Query(try DomainName("www.example.gov"), .a, at: server.server, isHasty: true)
      let observation = await Probe(.quick).ask([query])[0]
      #expect(observation.silence == .timedOut(attempts: 1))
      #expect(observation.roundTrip >= .milliseconds(500))
      #expect(server.questions.count == 1)
    }
  }

  @Test func `a closed port is unreachable in the system's words, not a time-out`() async throws {
    let address = try await FaultServer.quietAddress()
    let probe = Probe(.quick)
    let observation = try await probe.ask("www.example.gov", at: Server(address: address))
    #expect(observation.silence == .unreachable("Connection refused"))
    #expect(probe.counts.refused == 3)
  }

  @Test func `a server that starts late is heard`() async throws {
    let address = try await FaultServer.quietAddress()
    let probe = Probe(.quick.with { ($0.timeout, $0.retries) = (.seconds(1), 8) })
    let asked = Task { try await probe.ask("www.example.gov", at: Server(address: address)) }
    // The same port again, while the first attempts are being refused.
    try await Task.sleep(for: .milliseconds(120))
    let late = try await FaultServer.with(port: Int(address.port)) {
      [.reply(Reply.to($0.octets))]
    } while: { _ in
      try await asked.value
    }
    #expect(late.addresses == [1])
  }

  @Test func `asks over IPv6`() async throws {
    try await FaultServer.with(host: "::1") {
      [.reply(Reply.to($0.octets))]
    } while: { server in
      let observation = try await Probe(.quick).ask("www.example.gov", at: server.server)
      #expect(observation.addresses == [1])
    }
  }

  @Test func `an address without a route is unreachable`() async throws {
    // The kernel sends nothing to the broadcast address unless it is told to.
    let server = try #require(Server("255.255.255.255:53"))
    let observation = try await Probe(.quick).ask("www.example.gov", at: server)
    guard case .unreachable(let words)? = observation.silence else {
      Issue.record("\(String(describing: observation.silence))")
      return
    }
    #expect(!words.isEmpty)
  }

  @Test func `with half of everything lost, every question is answered in the end`() async throws {
    let conduct: FaultServer.Conduct = { question in
      // Which half is drawn from the question's id, which the asker draws at random.
      question.octets[1] & 1 == 0 ? [] : [.reply(Reply.to(question.octets))]
    }
    try await FaultServer.with(conduct) { server in
      let probe = Probe(.quick.with { ($0.timeout, $0.retries) = (.milliseconds(100), 24) })
      let queries = try (0..<150).map { Query(try DomainName("n\($0).example.gov"), .a, at: server.server) }
      let observations = await probe.ask(queries)
      #expect(observations.allSatisfy { $0.addresses == [1] })
      #expect(probe.counts.lost > 75)
    }
  }

  @Test func `few slots for many questions and a dead server among the askers' are enough`() async throws {
    let conduct: FaultServer.Conduct = { $0.number % 4 == 0 ? [] : [.reply(Reply.to($0.octets))] }
    try await FaultServer.with { _ in
      []
    } while: { dead in
      try await FaultServer.with(conduct) { lossy in
        let settings = ProbeSettings.quick.with {
          ($0.inFlight, $0.timeout, $0.retries, $0.giveUpAfter) = (4, .milliseconds(100), 8, .milliseconds(500))
        }
        let queries = try (0..<120).map { number in
          Query(try DomainName("n\(number).example.gov"), .a, at: number % 3 == 0 ? dead.server : lossy.server)
        }
        let observations = await Probe(settings).ask(queries)
        for observation in observations {
          #expect((observation.message != nil) == (observation.query.server == lossy.server))
        }
      }
    }
  }

  @Test func `many who ask at once share the limits of a server`() async throws {
    try await FaultServer.with {
      [.reply(Reply.to($0.octets))]
    } while: { server in
      let probe = Probe(ProbeSettings.patient.with { ($0.perServerRate, $0.perServerBurst) = (100, 5) })
      let answered = try await withThrowingTaskGroup(of: Int.self) { group in
        for asker in 0..<15 {
          group.addTask {
            let queries = try (0..<5).map { Query(try DomainName("n\($0).asker\(asker).example.gov"), .a, at: server.server) }
            return await probe.ask(queries).count { $0.addresses == [1] }
          }
        }
        return try await group.reduce(0, +)
      }
      #expect(answered == 75)
      // 5 at once, 70 at 100 a second: 700 ms, less what the first was held up.
      #expect(server.span >= .milliseconds(550))
    }
  }

  @Test func `a slow server does not hold the others back`() async throws {
    try await FaultServer.with { _ in
      []
    } while: { slow in
      try await FaultServer.with {
        [.reply(Reply.to($0.octets))]
      } while: { quick in
        let probe = Probe(.quick.with { $0.timeout = .seconds(2) })
        let queries = try (0..<400).map { number in
          Query(try DomainName("n\(number).example.gov"), .a, at: number % 2 == 0 ? slow.server : quick.server)
        }
        let observations = await probe.ask(queries)
        let (silent, answered) = (observations.filter { $0.message == nil }, observations.filter { $0.message != nil })
        #expect(answered.count == 200)
        #expect(answered.allSatisfy { $0.query.server == quick.server })
        // All of the quick one's before the slow one's first attempt is over.
        #expect(answered.map(\.at).max() ?? .init(seconds: 99) < (silent.map(\.at).min() ?? .init(seconds: 0)))
      }
    }
  }

  @Test func `a server that answers nothing is given up, and the rest is not asked`() async throws {
    try await FaultServer.with { _ in
      []
    } while: { server in
      let probe = Probe(.quick.with { ($0.timeout, $0.giveUpAfter) = (.milliseconds(50), .milliseconds(400)) })
      let queries = try (0..<2000).map { Query(try DomainName("n\($0).example.gov"), .a, at: server.server) }
      let observations = await probe.ask(queries)
      let lost = observations.count { if case .timedOut? = $0.silence { true } else { false } }
      let spared = observations.count {
        $0.silence == .notAsked("the server was given up: it answered none of the questions before this one")
      }
      #expect(lost + spared == 2000)
      #expect(spared > 1900)
      // 16, 8, 4, 2, and then one after another; a window that stays would send 16 every 50 ms.
      #expect(probe.counts.sent < 64)
    }
  }
}

@Suite("Cancellation", .timeLimit(.minutes(5))) struct Cancellation {
  @Test func `what has no answer yet ends as not asked, at once`() async throws {
    let conduct: FaultServer.Conduct = { question in question.octets[14] == 0x30 ? [.reply(Reply.to(question.octets))] : [] }
    try await FaultServer.with(conduct) { server in
      let probe = Probe(.quick.with { $0.timeout = .seconds(120) })
      let queries = try (0..<20).map { number in
        Query(try DomainName("n\(number < 5 ? 0 : 1)-\(number).example.gov"), .a, at: server.server)
      }
      let clock = ContinuousClock()
      let start = clock.now
      let task = Task { await probe.ask(queries) }
      while server.questions.count < 10 { try await Task.sleep(for: .milliseconds(5)) }
      try await Task.sleep(for: .milliseconds(100))
      task.cancel()
      let observations = await task.value
      #expect(clock.now - start < .seconds(60))
      #expect(observations.prefix(5).allSatisfy { $0.addresses == [1] })
      #expect(observations.suffix(15).allSatisfy { $0.silence == .notAsked("the run was ended before the reply") })
      // The probe goes on working.
      let observation = try await probe.ask("n0-again.example.gov", at: server.server)
      #expect(observation.addresses == [1])
    }
  }

  @Test func `a connection obeys it too`() async throws {
    try await FaultServer.with {
      $0.isTCP ? [] : [.reply(Reply.to($0.octets, truncated: true))]
    } while: { server in
      let probe = Probe(.quick.with { $0.streamTimeout = .seconds(120) })
      let query = Query(try DomainName("www.example.gov"), .a, at: server.server)
      let clock = ContinuousClock()
      let start = clock.now
      let task = Task { await probe.ask([query]) }
      while server.questions.count < 2 { try await Task.sleep(for: .milliseconds(5)) }
      task.cancel()
      #expect(await task.value[0].silence == .notAsked("the run was ended before the reply"))
      #expect(clock.now - start < .seconds(60))
    }
  }

  @Test func `progress rises to the whole`() async throws {
    try await FaultServer.with {
      [.reply(Reply.to($0.octets))]
    } while: { server in
      let seen = Mutex<[Int]>([])
      let queries = try (0..<300).map { Query(try DomainName("n\($0).example.gov"), .a, at: server.server) }
      _ = await Probe(.quick).ask(queries) { done, total in
        #expect(total == 300)
        seen.withLock { $0.append(done) }
      }
      let steps = seen.withLock { $0 }
      #expect(steps == steps.sorted())
      #expect(steps.last == 300)
    }
  }
}
