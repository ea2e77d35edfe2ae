import DNSWire
public import Estate
import Names
import Synchronization

/// What has come of a sweep since the last report.
public struct SweepReport: Sendable {
  /// Questions whose replies were as expected: in number only.
  public var met = 0
  /// What was said to the others, and what they are called.
  public var others: [(number: UInt32, observation: Observation)] = []
  /// Questions that were not asked, since the server was given up or the sweep was ended.
  public var unasked: [(count: Int, why: Silence)] = []

  public init() {}

  /// Questions that ended.
  public var count: Int { met + others.count + unasked.reduce(0) { $0 + $1.count } }
}

extension Probe {
  /// Asks one server very many questions, page by page, and hands over only those replies that are not as expected.
  ///
  /// Every question ends in exactly one of the three kinds of a report. No new question is asked while much of what came waits
  /// to be taken, so memory does not grow with the number of questions. A cancelled task ends what is left as not asked.
  /// - Parameters:
  ///   - server: One that is asked over UDP.
  ///   - pages: Makes the page of a number, counted from 0; `nil` after the last. Pure: called on another thread.
  ///   - take: Told of what came, one report after another.
  @concurrent public func sweep(
    _ server: Server, pages: @escaping @Sendable (_ number: Int) -> QuestionPage?, take: (SweepReport) async -> Void
  ) async {
    var handed = 0
    let part = BatchPart(server: server.address, isCounted: true, page: pages)
    if let engine = engines.shared([part]).first?.engine {
      await ask(part, at: server, engine) { report in
        handed += report.count
        await take(report)
      }
    }
    // A cancelled task is handed nothing more, and a loop that could not work nothing at all.
    guard Task.isCancelled || handed == 0 else { return }
    var (number, all) = (0, 0)
    while let page = pages(number) { (number, all) = (number + 1, all + page.count) }
    var rest = SweepReport()
    rest.unasked = [(all - handed, .notAsked(endReason))]
    if all > handed { await take(rest) }
  }

  private func ask(_ part: BatchPart, at server: Server, _ engine: BatchEngine, _ take: (SweepReport) async -> Void) async {
    let (key, gate, reports) = engine.run([part])
    let (work, streamed) = AsyncStream.makeStream(of: StreamWork.self)
    let arrivals = Arrivals()
    await withTaskCancellationHandler {
      await withTaskGroup(of: Void.self) { group in
        group.addTask { [self] in
          await askStreams(work) { number, observation in
            arrivals.put(UInt32(truncatingIfNeeded: number), observation)
            // At once: while the gate is closed the loop reports nothing, and nobody would look here.
            gate.take(1)
          }
        }
        var provisional: [UInt32: Observation] = [:]
        for await report in reports {
          var sweep = SweepReport()
          sweep.others = arrivals.takeAll()
          let passedOn = read(report, at: server, &provisional, into: &sweep, streamed)
          await take(sweep)
          gate.take(report.events.count - passedOn)
        }
        streamed.finish()
      }
    } onCancel: {
      engine.cancel(key)
    }
    var last = SweepReport()
    last.others = arrivals.takeAll()
    if last.count > 0 { await take(last) }
  }

  /// Returns how many questions were passed on to a connection.
  private func read(
    _ report: BatchReport, at server: Server, _ provisional: inout [UInt32: Observation], into sweep: inout SweepReport,
    _ streamed: AsyncStream<StreamWork>.Continuation
  ) -> Int {
    let moment = now()
    sweep.met = report.met
    sweep.unasked = report.unasked.map { ($0.count, Self.silence($0.why)) }
    var passedOn = 0
    for event in report.events {
      // Our own octets hold a name.
      guard let query = Self.query(report.octets[event.question], event.flags, at: server) else { continue }
      if case .needsStream(let reason) = event.outcome {
        streamed.yield(StreamWork(number: Int(event.number), query: query, reason: reason))
        passedOn += 1
        continue
      }
      let observation = Self.observation(of: query, event, in: report, at: moment)
      switch event.outcome {
      case .provisional: provisional[event.number] = observation
      case .silent:
        // A SERVFAIL that could not be confirmed is still what the server said.
        sweep.others.append((event.number, provisional.removeValue(forKey: event.number) ?? observation))
      default:
        provisional[event.number] = nil
        sweep.others.append((event.number, observation))
      }
    }
    return passedOn
  }

  /// What was asked, from the octets that went out.
  private static func query(_ octets: ArraySlice<UInt8>, _ flags: QuestionPage.Flags, at server: Server) -> Query? {
    var offset = 0
    let section = Array(octets.dropFirst(Datagram.questionStart))
    guard let name = try? DomainName(section.span, at: &offset), offset + 2 <= section.count else { return nil }
    return Query(
      name, RRType(rawValue: UInt16(section[offset]) << 8 | UInt16(section[offset + 1])), at: server,
      recursionDesired: flags.contains(.recursionDesired), dnssecOK: flags.contains(.dnssecOK))
  }
}

/// What came over connections until somebody takes it. A class because the tasks that bring it share it.
private final class Arrivals: Sendable {
  private let waiting = Mutex<[(number: UInt32, observation: Observation)]>([])

  func put(_ number: UInt32, _ observation: Observation) { waiting.withLock { $0.append((number, observation)) } }

  func takeAll() -> [(number: UInt32, observation: Observation)] {
    waiting.withLock { waiting in
      let all = waiting
      waiting = []
      return all
    }
  }
}
