import CSockets
import DNSWire
public import Estate
public import Names
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
  let engines: BatchEngines
  let streams: StreamPool

  /// - Parameters:
  ///   - now: The wall clock, for the times in observations.
  ///   - notice: Told once of each thing about this machine that makes asking slow or lossy.
  public init(
    _ settings: ProbeSettings = ProbeSettings(), now: @escaping @Sendable () -> Timestamp,
    notice: @escaping @Sendable (ProbeNotice) -> Void = { _ in }
  ) {
    (self.settings, self.now) = (settings, now)
    engines = BatchEngines(settings, notice: notice)
    streams = StreamPool(settings)
  }

  /// What was sent and received over UDP.
  public var counts: ProbeCounts { engines.counts }

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
    let pages = Self.pages(queries)
    for (place, query) in queries.enumerated() where query.server.transport != .dns {
      streamed.yield(StreamWork(number: place, query: query, reason: nil))
    }
    await withTaskGroup(of: Void.self) { group in
      group.addTask { [self] in
        await self.askBatch(pages.map { address, page in BatchPart(server: address) { $0 == 0 ? page : nil } }) { report in
          board.put(self.observe(report, queries, streamed))
        }
        streamed.finish()
      }
      group.addTask { [self] in
        await askStreams(work) { number, observation in
          let isEnded = if case .silent(.notAsked) = observation.outcome { true } else { false }
          board.put([.init(place: number, observation: observation, rank: isEnded ? .ended : .final)])
        }
      }
    }
    return board.finished { place in
      Observation(queries[place], .silent(.notAsked(endReason)), path: Self.path(queries[place]), at: now())
    }
  }

  var endReason: String { engines.isEmpty ? "the system gave no socket or thread to ask with" : Self.endedWords }

  static func path(_ query: Query) -> Observation.Path { query.server.transport == .dns ? .udp : .tls }

  /// Lays out what goes over UDP: a page for each server, in which a question's number is its place among the queries.
  private static func pages(_ queries: [Query]) -> [SocketAddress: QuestionPage] {
    var pages: [SocketAddress: QuestionPage] = [:]
    for (place, query) in queries.enumerated() where query.server.transport == .dns {
      var flags = QuestionPage.Flags()
      if query.recursionDesired { flags.insert(.recursionDesired) }
      if query.dnssecOK { flags.insert(.dnssecOK) }
      if query.isHasty { flags.insert(.once) }
      pages[query.server.address, default: QuestionPage()].append(
        UInt32(truncatingIfNeeded: place), query.name.octets.span, query.type, flags: flags)
    }
    return pages
  }

  /// Asks over UDP, each server by the loop that knows it.
  private func askBatch(_ parts: [BatchPart], _ take: @escaping @Sendable (BatchReport) -> Void) async {
    await withTaskGroup(of: Void.self) { group in
      for (engine, parts) in engines.shared(parts) {
        group.addTask {
          let (key, gate, reports) = engine.run(parts)
          await withTaskCancellationHandler {
            for await report in reports {
              gate.take(report.events.count)
              take(report)
            }
          } onCancel: {
            engine.cancel(key)
          }
        }
      }
    }
  }

  /// Decodes what the loop has handed over. A question that needs a connection is passed on.
  private func observe(
    _ report: BatchReport, _ queries: [Query], _ streamed: AsyncStream<StreamWork>.Continuation
  ) -> [Board.Entry] {
    let moment = now()
    return report.events.compactMap { event in
      let place = Int(event.number)
      let query = queries[place]
      if case .needsStream(let reason) = event.outcome {
        streamed.yield(StreamWork(number: place, query: query, reason: reason))
        return nil
      }
      let rank: Board.Rank =
        switch event.outcome {
        case .provisional: .provisional
        case .silent(.cancelled): .ended
        case .silent: .silent
        default: .final
        }
      return .init(place: place, observation: Self.observation(of: query, event, in: report, at: moment), rank: rank)
    }
  }

  /// What came of a question over UDP.
  static func observation(
    of query: Query, _ event: BatchReport.Event, in report: BatchReport, at moment: Timestamp
  ) -> Observation {
    let roundTrip = Duration.nanoseconds(event.roundTrip)
    if case .silent(let cause) = event.outcome {
      return Observation(query, .silent(silence(cause)), path: .udp, at: moment, roundTrip: roundTrip)
    }
    let reply = Array(report.octets[event.reply])
    return Observation(
      query, decode(reply), path: .udp, at: moment, roundTrip: roundTrip,
      exchange: Exchange(question: Array(report.octets[event.question]), reply: reply))
  }

  static func decode(_ reply: [UInt8]) -> Observation.Outcome {
    do {
      return .replied(try Message(reply.span))
    } catch {
      return .silent(.mangled("\(error)"))
    }
  }

  static func silence(_ cause: BatchReport.Cause) -> Silence {
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
