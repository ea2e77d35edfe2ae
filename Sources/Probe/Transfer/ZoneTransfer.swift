public import DNSWire
public import Estate
import NIOCore
import NIOPosix
public import Names

/// Fetches zones as secondaries do: whole (RFC 5936), or what changed (RFC 1995), over TCP, signed by a key (RFC 8945) where
/// there is one.
public struct ZoneTransfer: Sendable {
  /// The wait for the connection, and from one message to the end of the next.
  public var timeout: Duration
  /// The wait for a whole zone.
  public var longest: Duration
  /// What one transfer may bring in messages, in octets.
  public var mostOctets: Int
  public var mostRecords: Int
  private let now: @Sendable () -> Timestamp

  /// - Parameter now: The wall clock, which signatures need.
  public init(
    timeout: Duration = .seconds(10), longest: Duration = .seconds(900), mostOctets: Int = 1 << 30,
    mostRecords: Int = 5_000_000, now: @escaping @Sendable () -> Timestamp
  ) {
    (self.timeout, self.longest, self.now) = (timeout, longest, now)
    (self.mostOctets, self.mostRecords) = (mostOctets, mostRecords)
  }

  /// Fetches a zone.
  ///
  /// - Parameters:
  ///   - key: Signs the question; then every answer must be signed by it.
  ///   - since: A copy from before: only what changed is asked for, and the whole zone where that is not to be had or does
  ///     not fit. What is not newer gives the copy back.
  /// - Throws: ``TransferFault``; nothing of a transfer that failed is handed out.
  @concurrent public func transfer(
    _ zone: DomainName, from server: Names.SocketAddress, key: TransferKey?, since: ZoneCopy? = nil
  ) async throws(TransferFault) -> ZoneCopy {
    if let since, since.zone == zone {
      switch await attempt(zone, server, key, since) {
      case .success(.whole(let copy)): return copy
      case .success(.nothingNewer): return since
      case .success(.noChanges), .success(.changed): break
      case .failure(let cause):
        guard Self.mayLackChanges(cause) else { throw TransferFault(zone: zone, server: server, cause: cause) }
      }
    }
    var changes: (first: UInt32, last: UInt32)?
    // Once more for a zone that changed while it was sent.
    for _ in 0..<2 {
      switch await attempt(zone, server, key, nil) {
      case .success(.whole(let copy)): return copy
      case .success(.changed(let first, let last)): changes = (first, last)
      // Answers to IXFR only.
      case .success(.nothingNewer), .success(.noChanges): break
      case .failure(let cause): throw TransferFault(zone: zone, server: server, cause: cause)
      }
    }
    let (first, last) = changes ?? (0, 0)
    throw TransferFault(zone: zone, server: server, cause: .changed(first: first, last: last))
  }

  /// Whether a server that fails so at IXFR may still give the whole zone.
  private static func mayLackChanges(_ cause: TransferFault.Cause) -> Bool {
    switch cause {
    case .refused(let code): [.notImplemented, .formatError, .refused].contains(code)
    case .ended, .stalled, .noRecords: true
    default: false
    }
  }

  private func attempt(
    _ zone: DomainName, _ server: Names.SocketAddress, _ key: TransferKey?, _ since: ZoneCopy?
  ) async -> Result<TransferSession.Outcome, TransferFault.Cause> {
    var session = TransferSession(
      zone, key: key, since: since, id: .random(in: .min ... .max), limits: .init(octets: mostOctets, records: mostRecords))
    let question = session.ask(at: now())
    return await exchange(question, with: server) { message throws(TransferFault.Cause) in
      try session.received(message, at: now())
    }
  }
}

extension ZoneTransfer {
  /// Sends a question and reads messages until one of them settles the matter.
  private func exchange<Value: Sendable>(
    _ question: [UInt8], with server: Names.SocketAddress,
    _ read: (_ message: [UInt8]) throws(TransferFault.Cause) -> Value?
  ) async -> Result<Value, TransferFault.Cause> {
    let channel: NIOAsyncChannel<[UInt8], ByteBuffer>
    do {
      channel = try await connect(server)
    } catch {
      return .failure(.silent(Task.isCancelled ? .notAsked(Probe.endedWords) : StreamPeer.silence(for: error)))
    }
    var messages = 0
    do {
      return try await channel.executeThenClose { inbound, outbound in
        var frame = [UInt8]()
        frame.append(question.count, octets: 2)
        // A connection that is gone already says why where it is read.
        try? await outbound.write(ByteBuffer(bytes: frame + question))
        for try await message in inbound {
          messages += 1
          do throws(TransferFault.Cause) {
            if let value = try read(message) { return .success(value) }
          } catch {
            return .failure(error)
          }
        }
        return .failure(ended(messages, nil))
      }
    } catch {
      return .failure(ended(messages, error))
    }
  }

  private func connect(_ server: Names.SocketAddress) async throws -> NIOAsyncChannel<[UInt8], ByteBuffer> {
    let (timeout, longest) = (timeout, longest)
    return try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connectTimeout(.nanoseconds(timeout.nanoseconds))
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .connect(host: "\(server.address)", port: Int(server.port)) { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(TransferFrames(between: timeout, inAll: longest))
          return try NIOAsyncChannel<[UInt8], ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
  }

  /// Why no more messages come.
  private func ended(_ messages: Int, _ error: (any Error)?) -> TransferFault.Cause {
    if Task.isCancelled { return .silent(.notAsked(Probe.endedWords)) }
    switch error {
    case TransferFrames.Ending.stalled?: return .stalled(timeout, messages: messages)
    case TransferFrames.Ending.tookTooLong?: return .tookTooLong(longest)
    case TransferFrames.Ending.shortFrame(let octets)?: return .shortFrame(octets: octets)
    default: return .ended(messages: messages)
    }
  }
}

/// Whether a server gives a zone to anybody who asks.
public enum Openness: Hashable, Sendable {
  /// So many records came in the first message of the zone; the question and that message are the proof.
  case open(records: Int, Exchange)
  case refused(ResponseCode, Exchange)
  case couldNotTell(TransferFault)
}

extension ZoneTransfer {
  /// Asks for a zone without a key, and hangs up after the first message.
  @concurrent public func isOpen(_ zone: DomainName, at server: Names.SocketAddress) async -> Openness {
    let limits = TransferLimits(octets: 1 << 16, records: 1 << 16)
    var session = TransferSession(zone, key: nil, since: nil, id: .random(in: .min ... .max), limits: limits)
    let question = session.ask(at: now())
    let result = await exchange(question, with: server) { message throws(TransferFault.Cause) -> Openness? in
      let exchange = Exchange(question: question, reply: message)
      do throws(TransferFault.Cause) {
        _ = try session.received(message, at: now())
      } catch .refused(let code) {
        return .refused(code, exchange)
      }
      return .open(records: session.records, exchange)
    }
    switch result {
    case .success(let openness): return openness
    case .failure(let cause): return .couldNotTell(TransferFault(zone: zone, server: server, cause: cause))
    }
  }
}
