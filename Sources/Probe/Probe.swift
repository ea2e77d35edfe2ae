import CSockets
import DNSWire
public import Estate
import Names
import Synchronization

/// Asks DNS servers and decides nothing: every query becomes an observation, a reply or a silence with its reason.
///
/// UDP goes through ``BatchLoop``; replies that a datagram cannot give or prove come over TCP; `tls://` servers are asked
/// over TLS. Limits hold for a server over all who ask through the same probe. A class because they share it.
///
/// Against forged replies (RFC 5452): connected sockets on random ports, ids and letter case from the kernel's generator,
/// the question compared octet by octet, DNS cookies. A reply that keeps all but the letter case is taken only over TCP.
public final class Probe: Sendable {
  static let endedWords = "the run was ended before the reply"

  let settings: ProbeSettings
  let now: @Sendable () -> Timestamp
  private let engine: BatchEngine?
  let streams: StreamPool

  /// - Parameters:
  ///   - now: The wall clock, for the times in observations.
  ///   - notice: Told once of each thing about this machine that makes asking slow or lossy.
  public init(
    _ settings: ProbeSettings = ProbeSettings(), now: @escaping @Sendable () -> Timestamp,
    notice: @escaping @Sendable (ProbeNotice) -> Void = { _ in }
  ) {
    (self.settings, self.now) = (settings, now)
    engine = BatchEngine(settings, notice: notice)
    streams = StreamPool(settings)
  }

  /// What was sent and received over UDP.
  public var counts: ProbeCounts { engine?.counts ?? ProbeCounts() }

  /// Asks every query and waits for all of them.
  ///
  /// - Parameter progress: Told now and then how many of how many are answered.
  /// - Returns: One observation for each query, in the same order. When the task is cancelled, what has no answer yet is
  ///   `.notAsked`.
  @concurrent public func ask(
    _ queries: [Query], progress: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil
  ) async -> [Observation] {
    let board = Board(count: queries.count, progress: progress)
    let (work, streamed) = AsyncStream.makeStream(of: StreamWork.self)
    let (batch, places) = Self.batch(queries)
    for (place, query) in queries.enumerated() where query.server.transport != .dns {
      streamed.yield(StreamWork(place: place, query: query, reason: nil))
    }
    await withTaskGroup(of: Void.self) { group in
      group.addTask { [self] in
        await askBatch(batch) { reports in
          board.put(observe(reports, queries, places, streamed))
        }
        streamed.finish()
      }
      group.addTask { [self] in await askStreams(work, board) }
    }
    return board.finished { place in
      Observation(queries[place], .silent(.notAsked(endReason)), path: Self.path(queries[place]), at: now())
    }
  }

  private var endReason: String { engine == nil ? "the system gave no socket or thread to ask with" : Self.endedWords }

  static func path(_ query: Query) -> Observation.Path { query.server.transport == .dns ? .udp : .tls }

  /// Lays out what goes over UDP, and says which query each question of the batch is.
  private static func batch(_ queries: [Query]) -> (QueryBatch, [Int]) {
    let places = queries.indices.filter { queries[$0].server.transport == .dns }
    var (servers, index) = ([SocketAddress](), [SocketAddress: Int]())
    for place in places where index[queries[place].server.address] == nil {
      index[queries[place].server.address] = servers.count
      servers.append(queries[place].server.address)
    }
    var batch = QueryBatch(servers: servers, reserving: places.count)
    for place in places {
      let query = queries[place]
      guard let server = index[query.server.address] else { continue }
      var flags = QueryBatch.Flags()
      if query.recursionDesired { flags.insert(.recursionDesired) }
      if query.dnssecOK { flags.insert(.dnssecOK) }
      if query.isHasty { flags.insert(.once) }
      batch.append(query.name, query.type, server: server, flags: flags)
    }
    return (batch, places)
  }

  private func askBatch(_ batch: QueryBatch, _ take: (BatchReport) -> Void) async {
    guard batch.count > 0, let engine else { return }
    let (key, reports) = engine.run(batch)
    await withTaskCancellationHandler {
      for await report in reports { take(report) }
    } onCancel: {
      engine.cancel(key)
    }
  }

  /// Decodes what the loop has handed over. A question that needs a connection is passed on.
  private func observe(
    _ report: BatchReport, _ queries: [Query], _ places: [Int], _ streamed: AsyncStream<StreamWork>.Continuation
  ) -> [Board.Entry] {
    let moment = now()
    return report.events.compactMap { event in
      let place = places[Int(event.query)]
      let query = queries[place]
      let roundTrip = Duration.nanoseconds(event.roundTrip)
      switch event.outcome {
      case .replied, .provisional:
        let reply = Array(report.octets[event.reply])
        let observation = Observation(
          query, Self.decode(reply), path: .udp, at: moment, roundTrip: roundTrip,
          exchange: Exchange(question: Array(report.octets[event.question]), reply: reply))
        if case .provisional = event.outcome { return .init(place: place, observation: observation, rank: .provisional) }
        return .init(place: place, observation: observation, rank: .final)
      case .needsStream(let reason):
        streamed.yield(StreamWork(place: place, query: query, reason: reason))
        return nil
      case .silent(let cause):
        let isEnd = if case .cancelled = cause { true } else { false }
        let observation = Observation(query, .silent(Self.silence(cause)), path: .udp, at: moment, roundTrip: roundTrip)
        return .init(place: place, observation: observation, rank: isEnd ? .ended : .silent)
      }
    }
  }

  static func decode(_ reply: [UInt8]) -> Observation.Outcome {
    do {
      return .replied(try Message(reply.span))
    } catch {
      return .silent(.mangled("\(error)"))
    }
  }

  private static func silence(_ cause: BatchReport.Cause) -> Silence {
    switch cause {
    case .lost(let attempts): .timedOut(attempts: attempts)
    case .refused(let reason): .unreachable(systemWords(reason))
    case .mangled(let fault): .mangled(fault.words)
    case .givenUp: .notAsked("the server was given up: it answered none of the questions before this one")
    case .cancelled: .notAsked(endedWords)
    case .noSocket(let reason): .notAsked("no socket could be opened: \(systemWords(reason))")
    }
  }
}
