import DNSWire
import Estate
import Names
import Testing

@testable import Probe

@Suite("Token bucket: so many questions a second to one server") struct Buckets {
  @Test func `gives the burst at once, then the rate`() {
    var bucket = TokenBucket(rate: 100, burst: 20, at: 0)
    #expect(bucket.take(64, at: 0) == 20)
    #expect(bucket.take(64, at: 0) == 0)
    #expect(bucket.nextAt == 10_000_000)
    #expect(bucket.take(64, at: 9_000_000) == 0)
    #expect(bucket.take(64, at: 10_000_000) == 1)
    #expect(bucket.take(64, at: 60_000_000) == 5)
    // A long rest fills it no further than the burst.
    #expect(bucket.take(64, at: 3_600_000_000_000) == 20)
    bucket.giveBack(3)
    #expect(bucket.take(64, at: 3_600_000_000_000) == 3)
  }

  @Test func `a clock that stands still or goes back gives nothing`() {
    var bucket = TokenBucket(rate: 1000, burst: 1, at: 500)
    #expect(bucket.take(5, at: 500) == 1)
    #expect(bucket.take(5, at: 100) == 0)
  }

  @Test func `without a limit there is always enough`() {
    var bucket = TokenBucket(rate: nil, burst: 1, at: 0)
    #expect(bucket.take(1_000_000, at: 0) == 1_000_000)
  }

  @Test(.timeLimit(.minutes(5))) func `a server is not asked more often than it may be`() async throws {
    try await FaultServer.with {
      [.reply(Reply.to($0.octets))]
    } while: { server in
      let probe = Probe(ProbeSettings.quick.with { ($0.perServerRate, $0.perServerBurst) = (200, 10) })
      let queries = try (0..<110).map { Query(try DomainName("n\($0).example.gov"), .a, at: server.server) }
      let observations = await probe.ask(queries)
      #expect(observations.allSatisfy { $0.addresses == [1] })
      // 10 at once and 100 at 200 a second: half a second, less what the first was held up.
      #expect(server.span >= .milliseconds(400))
      #expect(server.span < .seconds(10))
    }
  }
}

@Suite("RFC 5681 §3.1 A window that grows with answers and halves on loss") struct Windows {
  @Test func `grows by one for each window of answers, up to the ceiling`() {
    var window = AnswerWindow(start: 2, ceiling: 4)
    var sizes: [Int] = []
    for _ in 0..<12 {
      window.answered()
      sizes.append(window.size)
    }
    #expect(sizes == [2, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4])
  }

  @Test func `halves once for all that was sent before the cut`() {
    var window = AnswerWindow(start: 16, ceiling: 256)
    for sentAt in 1...16 { window.lost(sentAt: Int64(sentAt), at: 100) }
    #expect(window.size == 8)
    window.lost(sentAt: 99, at: 110)
    #expect(window.size == 8)
    window.lost(sentAt: 100, at: 200)
    #expect(window.size == 4)
  }

  @Test func `after a loss it grows back to three quarters at once, and from there on feels its way`() {
    var window = AnswerWindow(start: 160, ceiling: 1000)
    let (isFirst, isSecond) = (window.lost(sentAt: 1, at: 100), window.lost(sentAt: 99, at: 101))
    #expect(isFirst && !isSecond)
    #expect(window.size == 80)
    // An eighth more with each window of answers: 80 90 101 113, and 120 is three quarters.
    for expected in [90, 101, 113, 120] {
      for _ in 0..<window.size { window.answered() }
      #expect(window.size == expected)
    }
    for _ in 0..<(120 * 16 - 1) { window.answered() }
    #expect(window.size == 120)
    window.answered()
    #expect(window.size == 121)
  }

  @Test func `once it is wider than where it lost, it grows as if it had not`() {
    var window = AnswerWindow(start: 8, ceiling: 1000)
    window.lost(sentAt: 1, at: 100)
    while window.size < 9 { window.answered() }
    for _ in 0..<9 { window.answered() }
    #expect(window.size == 10)
  }

  @Test func `never falls below four, nor starts outside its bounds`() {
    var wide = AnswerWindow(start: 16, ceiling: 256)
    for time in 0..<10 { wide.lost(sentAt: Int64(time), at: Int64(time)) }
    #expect(wide.size == 4)
    var window = AnswerWindow(start: 1, ceiling: 8)
    for time in 0..<10 { window.lost(sentAt: Int64(time), at: Int64(time)) }
    #expect(window.size == 1)
    #expect(AnswerWindow(start: 0, ceiling: 8).size == 1)
    #expect(AnswerWindow(start: 100, ceiling: 8).size == 8)
    #expect(AnswerWindow(start: 100, ceiling: 0).size == 1)
  }
}

@Suite("RFC 6298 §2 Round trips") struct RoundTrips {
  @Test func `is patient for the mean and four deviations, and never below twice the mean`() {
    var roundTrip = RoundTrip()
    #expect(roundTrip.patience == nil)
    roundTrip.measured(1000)
    // Mean 1000, deviation 500.
    #expect(roundTrip.patience == 3000)
    for _ in 0..<100 { roundTrip.measured(1000) }
    #expect(roundTrip.patience == 2000)
    roundTrip.measured(9000)
    #expect((roundTrip.patience ?? 0) > 8000)
  }

  @Test(
    arguments: [
      (20_000, 79_000, false), (20_000, 90_000, true), (50, 700, false), (50, 800, true), (790, 800, false),
    ] as [(Int64, Int64, Bool)])
  func `sees a line that grows: four times the least, and longer than what a busy machine makes`(
    least: Int64, later: Int64, isQueueing: Bool
  ) {
    var roundTrip = RoundTrip()
    #expect(!roundTrip.isQueueing)
    // Microseconds.
    roundTrip.measured(least * 1000)
    for _ in 0..<200 { roundTrip.measured(later * 1000) }
    #expect(roundTrip.isQueueing == isQueueing)
  }
}

@Suite("A server whose window is wide") struct WideWindowTests {
  private func server(window: Int) throws -> ServerState {
    var settings = ProbeSettings().withoutLimits
    settings.windowStart = window
    let address = SocketAddress(address: try #require(IPAddress("192.0.2.1")), port: 53)
    return ServerState(address, settings, clientCookie: 1, at: 0)
  }

  @Test(arguments: [(200, 1, false), (200, 0, true), (16, 1, true)])
  func `does not get a wider one while something may be lost`(window: Int, late: Int, grows: Bool) throws {
    var server = try server(window: window)
    server.late = late
    for now in 1...Int64(2 * window) { server.heard(after: 1000, at: now, marks: []) }
    #expect((server.window.size > window) == grows)
  }
}

@Suite("The loop's tables") struct Tables {
  @Test func `finds, replaces and removes as a dictionary does`() {
    var table = InFlightTable(most: 512)
    var model: [UInt64: Int32] = [:]
    var generator = SplitMix(state: 42)
    for step in 0..<200_000 {
      // Few keys, so that they meet again; sockets and ids at the ends of their ranges too.
      let socket = Int32([0, 1, 2, 16_383][Int(generator.next() % 4)])
      let id = [UInt16(truncatingIfNeeded: generator.next() % 100), 0, .max][Int(generator.next() % 3)]
      let key = UInt64(socket) << 16 | UInt64(id)
      switch generator.next() % 3 {
      case 0:
        table.insert(socket, id, slot: Int32(step))
        model[key] = Int32(step)
      case 1:
        table.remove(socket, id)
        model[key] = nil
      default: break
      }
      if table.find(socket, id) != model[key] ?? -1 {
        Issue.record("step \(step): \(table.find(socket, id)) for \(String(describing: model[key]))")
        return
      }
    }
    for (key, slot) in model { #expect(table.find(Int32(key >> 16), UInt16(truncatingIfNeeded: key)) == slot) }
  }

  @Test func `wakes sleepers in the order of their times`() {
    var (sleepers, generator, expected) = (Sleepers(), SplitMix(state: 7), [Int64]())
    for server in 0..<1000 {
      let time = Int64(generator.next() % 10_000)
      expected.append(time)
      sleepers.insert(Int32(server), at: time)
    }
    let times = expected
    var woken: [Int64] = []
    while let earliest = sleepers.earliest, let server = sleepers.popFirst() {
      #expect(times[Int(server)] == earliest)
      woken.append(earliest)
    }
    #expect(woken == times.sorted())
  }

  @Test func `a ring gives servers back in their order, however it grows`() {
    var (ring, model, generator) = (ServerRing(), [Int32](), SplitMix(state: 3))
    for server in 0..<10_000 {
      if generator.next() % 5 < 3 {
        ring.append(Int32(server))
        model.append(Int32(server))
      } else {
        let expected = model.isEmpty ? nil : model.removeFirst()
        #expect(ring.popFirst() == expected)
      }
      #expect(ring.count == model.count)
    }
  }

  @Test func `a list keeps its order when one in the middle goes`() {
    var slots = FixedStore(repeating: Slot(), count: 5)
    var list = SlotList()
    for slot in 0..<5 { list.append(Int32(slot), in: &slots) }
    for slot in [2, 0, 4] { list.remove(Int32(slot), in: &slots) }
    list.append(2, in: &slots)
    var order: [Int32] = []
    while !list.isEmpty {
      order.append(list.first)
      list.remove(list.first, in: &slots)
    }
    #expect(order == [1, 3, 2])
  }

  /// Vigna's SplitMix64: the same numbers each time.
  struct SplitMix {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var bits = state
      bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
      bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
      return bits ^ (bits >> 31)
    }
  }
}
