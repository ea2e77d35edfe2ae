import CSockets
import DNSWire
import Estate
import Names

/// A question that goes over a connection.
struct StreamWork: Sendable {
  /// What whoever asks calls the question.
  var number: Int
  var query: Query
  /// Why UDP did not do; `nil` for a server that is asked over TLS from the start.
  var reason: BatchReport.Reason?
}

extension Probe {
  /// Questions over connections that are under way at once, over all servers.
  private static let streamWidth = 512

  /// - Parameter take: Told of each observation as it comes, from several tasks.
  func askStreams(
    _ work: AsyncStream<StreamWork>, _ take: @escaping @Sendable (_ number: Int, _ observation: Observation) -> Void
  ) async {
    await withTaskGroup(of: Void.self) { group in
      var underWay = 0
      for await item in work {
        if underWay == Self.streamWidth {
          await group.next()
          underWay -= 1
        }
        underWay += 1
        group.addTask { [self] in take(item.number, await observe(item)) }
      }
    }
  }

  /// Asks over the server's connection: without EDNS where it knows none, twice before SERVFAIL is believed.
  private func observe(_ work: StreamWork) async -> Observation {
    let peer = streams.peer(work.query.server)
    let path = work.query.server.transport == .dns ? Observation.Path.tcp : .tls
    var (isPlain, hasFailed) = (false, false)
    while true {
      let (message, questionEnd) = question(work.query, isPlain: isPlain)
      switch await peer.ask(message, questionEnd: questionEnd) {
      case .silent(let silence):
        return Observation(work.query, .silent(Self.explain(silence, work.reason)), path: path, at: now())
      case .answer(let question, let reply, let roundTrip):
        let outcome = Self.decode(reply)
        if case .replied(let message) = outcome {
          let isAboutEDNS =
            message.header.responseCode.rawValue == 16
            || message.edns == nil && [1, 4].contains(message.header.responseCode.rawValue)
          if isAboutEDNS, !isPlain {
            isPlain = true
            continue
          }
          if message.header.responseCode.rawValue == 2, !hasFailed {
            hasFailed = true
            // A cancelled pause ends at once, and so does the question that follows it.
            try? await Task.sleep(for: settings.servfailPause)
            continue
          }
        }
        let exchange = Exchange(question: question, reply: reply)
        return Observation(work.query, outcome, path: path, at: now(), roundTrip: roundTrip, exchange: exchange)
      }
    }
  }

  private func question(_ query: Query, isPlain: Bool) -> ([UInt8], Int) {
    var message = [UInt8](repeating: 0, count: Datagram.mostOctets)
    var span = message.mutableSpan
    let questionEnd = Datagram.writeQuestion(
      into: &span, name: query.name.octets.span, from: 0, type: query.type.rawValue, recursionDesired: query.recursionDesired)
    Datagram.seal(&span, questionEnd: questionEnd, id: .random(in: 0...UInt16.max), caseBits: 0)
    var length = questionEnd
    if !isPlain {
      var opt = OPTRecord(payloadSize: settings.payloadSize)
      if query.server.transport != .dns { opt.pad(toMultipleOf: 128, after: questionEnd) }
      length = opt.append(dnssecOK: query.dnssecOK, to: &span, at: questionEnd)
    }
    message.removeLast(message.count - length)
    return (message, questionEnd)
  }

  /// A connection that failed says nothing of why it was needed, except where TC alone was the reason.
  private static func explain(_ silence: Silence, _ reason: BatchReport.Reason?) -> Silence {
    guard let reason, reason != .truncated else { return silence }
    switch silence {
    case .notAsked: return silence
    case .timedOut: return .mangled("\(reason.words), and nothing came over TCP")
    case .unreachable(let words), .tls(let words), .mangled(let words):
      return .mangled("\(reason.words), and over TCP: \(words)")
    }
  }
}
