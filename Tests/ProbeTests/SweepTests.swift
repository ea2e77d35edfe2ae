import DNSWire
import Estate
import Names
import Synchronization
import Testing

@testable import Probe

@Suite("A sweep: very many questions to one server, of which only what differs comes back", .serialized, .timeLimit(.minutes(5)))
struct SweepTests {
  /// What became of a sweep.
  struct Swept: Sendable {
    var met = 0
    var others: [UInt32: Observation] = [:]
    var twice = 0
    var unasked = 0

    var count: Int { met + others.count + unasked }
  }

  /// Pages of questions for `n1000000.example.gov`, `n1000001…`, for which 192.0.2.1 is expected.
  private static func pages(_ count: Int, of size: Int = 100, key: UInt64) throws -> @Sendable (Int) -> QuestionPage? {
    let address = try RData(type: .a, text: "192.0.2.1", origin: nil)
    let expected = ExpectedAnswer(.records, RRsetFingerprint([address], key: key))
    return { number in
      guard number * size < count else { return nil }
      var page = QuestionPage(reserving: size)
      for place in (number * size)..<min(count, (number + 1) * size) {
        guard let name = try? DomainName("n\(1_000_000 + place).example.gov") else { continue }
        page.append(UInt32(place), name.octets.span, .a, expected: expected)
      }
      return page
    }
  }

  private static func sweep(_ count: Int, _ probe: Probe, at server: Server, pause: Duration = .zero) async throws -> Swept {
    let swept = Mutex(Swept())
    await probe.sweep(server, pages: try pages(count, key: probe.settings.fingerprintKey)) { report in
      if pause > .zero { try? await Task.sleep(for: pause) }
      swept.withLock { swept in
        swept.met += report.met
        for one in report.others where swept.others.updateValue(one.observation, forKey: one.number) != nil { swept.twice += 1 }
        swept.unasked += report.unasked.reduce(0) { $0 + $1.count }
      }
    }
    let result = swept.withLock(\.self)
    #expect(result.twice == 0)
    return result
  }

  /// The number in the name of a question.
  private static func number(_ question: [UInt8]) -> Int {
    question[14..<21].reduce(0) { $0 * 10 + Int($1 & 15) } - 1_000_000
  }

  @Test func `what is as expected is counted, and nothing of it is kept`() async throws {
    try await FaultServer.with {
      [.reply(Reply.to($0.octets))]
    } while: { server in
      let swept = try await Self.sweep(2345, Probe(.patient), at: server.server)
      #expect(swept.met == 2345)
      #expect(swept.others.isEmpty && swept.unasked == 0)
      #expect(Set(server.questions.map { Self.number($0.octets) }) == Set(0..<2345))
    }
  }

  @Test func `what differs comes back with its octets: other data, an error, a truncated reply, no such name`() async throws {
    let conduct: FaultServer.Conduct = { question in
      if question.isTCP { return [.reply(Reply.to(question.octets, addresses: [7]))] }
      return switch Self.number(question.octets) % 50 {
      case 0: [.reply(Reply.to(question.octets, addresses: [66]))]
      case 1: [.reply(Reply.to(question.octets, addresses: [1, 66]))]
      case 2: [.reply(Reply.to(question.octets, code: 3, addresses: []))]
      case 3: [.reply(Reply.to(question.octets, code: 2, addresses: []))]
      case 4: [.reply(Reply.to(question.octets, truncated: true))]
      default: [.reply(Reply.to(question.octets))]
      }
    }
    try await FaultServer.with(conduct) { server in
      let swept = try await Self.sweep(1000, Probe(.patient), at: server.server)
      #expect(swept.met == 900)
      #expect(Set(swept.others.keys) == Set((0..<1000).filter { $0 % 50 < 5 }.map(UInt32.init)))
      for (number, observation) in swept.others {
        #expect(observation.query.name == (try DomainName("n\(1_000_000 + Int(number)).example.gov")))
        #expect(observation.exchange != nil)
        let code = observation.message?.header.responseCode.rawValue
        switch number % 50 {
        case 0: #expect(observation.addresses == [66])
        case 1: #expect(observation.addresses == [1, 66])
        case 2: #expect(code == 3)
        case 3: #expect(code == 2)
        default: #expect(observation.path == .tcp && observation.addresses == [7])
        }
      }
    }
  }

  @Test func `of what a twentieth is lost, in both directions, nothing is missing`() async throws {
    let conduct: FaultServer.Conduct = { question in
      (question.number &* 2_654_435_761) >> 8 % 20 == 0 ? [] : [.reply(Reply.to(question.octets))]
    }
    try await FaultServer.with(conduct) { server in
      let probe = Probe(.quick.with { $0.retries = 8 })
      let swept = try await Self.sweep(3000, probe, at: server.server)
      #expect(swept.met == 3000)
      #expect(probe.counts.lost > 50)
    }
  }

  @Test func `garbage, doubles, replies to other questions, from other ports and of 60,000 octets change nothing`() async throws {
    let conduct: FaultServer.Conduct = { question in
      let reply = Reply.to(question.octets)
      var (other, late) = (reply, reply)
      other[14] ^= 1
      late[1] ^= 0xFF
      let huge = Array(reply[..<2]) + [UInt8](repeating: 0xC0, count: 60_000)
      return [
        .reply([0]), .reply(Array(repeating: 0xFF, count: 40)), .reply(Array(reply.prefix(30))), .reply(other), .reply(late),
        .elsewhere(Reply.to(question.octets, addresses: [66])), .reply(huge), .reply(reply + [0]), .reply(reply), .reply(reply),
      ]
    }
    try await FaultServer.with(conduct) { server in
      let probe = Probe(.patient.with { ($0.windowStart, $0.windowCeiling) = (8, 8) })
      let swept = try await Self.sweep(300, probe, at: server.server)
      #expect(swept.met == 300)
      #expect(server.questions.count == 300)
      // Of each ten, one is taken; one has no id, one another's, one comes after the question has ended.
      #expect(probe.counts.mangled >= 3 * 300 && probe.counts.stray >= 3 * 300)
    }
  }

  @Test func `eight thousand ids in flight on one socket are all different`() async throws {
    try await FaultServer.with {
      [.later(Reply.to($0.octets), 300)]
    } while: { server in
      let settings = ProbeSettings.patient.with {
        ($0.socketsPerServer, $0.windowStart, $0.windowCeiling, $0.inFlight) = (1, 8192, 8192, 8192)
      }
      let swept = try await Self.sweep(8192, Probe(settings), at: server.server)
      #expect(swept.met == 8192)
    }
  }

  @Test func `a dead server does not hold up another, and ends within its time`() async throws {
    try await FaultServer.with { _ in
      []
    } while: { dead in
      try await FaultServer.with {
        [.reply(Reply.to($0.octets))]
      } while: { alive in
        for threads in [1, 2] {
          let probe = Probe(.quick.with { $0.threads = threads })
          let (clock, start) = (ContinuousClock(), ContinuousClock.now)
          async let lost = Self.sweep(20_000, probe, at: dead.server)
          let swept = try await Self.sweep(5000, probe, at: alive.server)
          let waited = clock.now - start
          #expect(swept.met == 5000)
          let ended = try await lost
          #expect(ended.count == 20_000 && ended.met == 0 && ended.unasked > 15_000)
          #expect(ended.others.values.allSatisfy { $0.silence != nil })
          // It is given up after two seconds without a word.
          #expect(clock.now - start > .milliseconds(1500))
          #expect(clock.now - start < .seconds(20))
          #expect(waited < clock.now - start)
        }
      }
    }
  }

  @Test func `a cancelled sweep ends at once, and what was not asked is counted`() async throws {
    try await FaultServer.with {
      [.later(Reply.to($0.octets), 20)]
    } while: { server in
      let probe = Probe(.patient)
      let task = Task { try await Self.sweep(200_000, probe, at: server.server) }
      while server.questions.count < 200 { try await Task.sleep(for: .milliseconds(10)) }
      let start = ContinuousClock.now
      task.cancel()
      let swept = try await task.value
      #expect(ContinuousClock.now - start < .seconds(5))
      #expect(swept.count == 200_000)
      #expect(swept.met > 0 && swept.unasked > 150_000)
      #expect(swept.others.values.allSatisfy { $0.silence == .notAsked("the run was ended before the reply") })
    }
  }

  @Test func `who takes slowly is not overrun: no more is asked than may wait`() async throws {
    try await FaultServer.with {
      [.reply(Reply.to($0.octets, addresses: [66]))]
    } while: { server in
      let probe = Probe(.patient.with { ($0.windowCeiling, $0.mostUntaken) = (64, 256) })
      let task = Task { try await Self.sweep(20_000, probe, at: server.server, pause: .seconds(2)) }
      try await Task.sleep(for: .seconds(1))
      // The first report is being taken; what waits, and what was in flight then, is bounded.
      #expect(server.questions.count <= 256 + 2 * 64)
      task.cancel()
      #expect(try await task.value.count == 20_000)
    }
  }

  @Test func `a server that truncates every reply is asked over TCP for more than may wait`() async throws {
    try await FaultServer.with {
      [.reply(Reply.to($0.octets, addresses: [7], truncated: !$0.isTCP))]
    } while: { server in
      let probe = Probe(.patient.with { $0.mostUntaken = 64 })
      let swept = try await Self.sweep(1000, probe, at: server.server)
      #expect(swept.others.count == 1000 && swept.count == 1000)
      #expect(swept.others.values.allSatisfy { $0.path == .tcp && $0.addresses == [7] })
    }
  }

  @Test func `the limit of rate holds for a sweep too`() async throws {
    try await FaultServer.with {
      [.reply(Reply.to($0.octets))]
    } while: { server in
      let probe = Probe(.patient.with { ($0.perServerRate, $0.perServerBurst) = (200, 10) })
      let swept = try await Self.sweep(110, probe, at: server.server)
      #expect(swept.met == 110)
      #expect(server.span >= .milliseconds(400))
    }
  }

  @Test func `a receive buffer that is too small is told with the sysctl that raises it`() {
    let notice = ProbeNotice(granted: 425_984, wanted: 4_718_592)
    #expect(
      notice?.description
        == "The kernel gives a socket a receive buffer of 425984 octets where 4718592 are wanted, so replies may be lost. "
        + "Raise it: sysctl -w net.core.rmem_max=4718592")
    #expect(ProbeNotice(granted: 4_718_592, wanted: 4_718_592) == nil)
  }
}
