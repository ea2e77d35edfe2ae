import NIOCore
import NIOPosix
import NIOSSL
import Names

extension EndpointProbe {
  /// Makes one connection and waits for what its handlers find; the time-out holds from here to the outcome.
  func connect<Success: Sendable>(
    _ address: Names.SocketAddress, handlers: @escaping @Sendable (any Channel, Ending<Success>) throws -> Void
  ) async -> Result<Success, EndpointFailure> {
    let ending = Ending<Success>()
    let (loop, limit) = (MultiThreadedEventLoopGroup.singleton.next(), timeout)
    return await withTaskCancellationHandler {
      await withCheckedContinuation { waiter in
        ending.wait(waiter)
        let wait = TimeAmount.nanoseconds(limit.nanoseconds)
        ending.ends(loop.scheduleTask(in: wait) { ending.finish(.failure(.timedOut(limit))) })
        ClientBootstrap(group: loop)
          .connectTimeout(wait)
          .channelOption(.tcpOption(.tcp_nodelay), value: 1)
          .channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
              guard ending.closes(channel) else { throw EndpointFailure.ended }
              try handlers(channel, ending)
            }
          }
          .connect(host: "\(address.address)", port: Int(address.port))
          .whenFailure { error in ending.finish(.failure(EndpointFailure(error, limit: limit))) }
      }
    } onCancel: {
      ending.finish(.failure(.ended))
    }
  }
}

extension EndpointFailure {
  /// Says in our terms why a connection failed.
  init(_ error: any Error, limit: Duration = .zero) {
    switch error {
    case let error as EndpointFailure: self = error
    case let error as NIOConnectionError:
      self =
        error.connectionErrors.first.map { EndpointFailure($0.error, limit: limit) }
        ?? .unreachable("the address is not usable")
    case let error as IOError: self = .unreachable(systemWords(error.errnoCode))
    case ChannelError.connectTimeout: self = .timedOut(limit)
    case let error as NIOSSLError: self = .tls(Self.words(of: error))
    case is BoringSSLError: self = .tls(Self.words(in: "\(error)") ?? "the connection broke")
    default: self = .tls("\(error)")
    }
  }

  private static func words(of error: NIOSSLError) -> String {
    switch error {
    case .noCertificateToValidate: "the server shows no certificate"
    case .uncleanShutdown, .handshakeFailed(.sslError([.eofDuringHandshake])): "the server closed the connection in the middle"
    default: words(in: "\(error)").map { "the handshake failed: \($0)" } ?? "the handshake failed"
    }
  }

  /// BoringSSL's own words, without its numbers and the file that they come from: `WRONG_VERSION_NUMBER` becomes
  /// `wrong version number`.
  private static func words(in text: String) -> String? {
    let told = text.split(separator: "OPENSSL_internal:").dropFirst().first?.prefix {
      $0.isLetter || $0.isNumber || $0 == "_"
    }
    guard let told, !told.isEmpty else { return nil }
    return told.lowercased().split(separator: "_").joined(separator: " ")
  }
}

extension Duration {
  /// At most what 64 bits hold.
  var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? (seconds < 0 ? .min : .max) : product &+ attoseconds / 1_000_000_000
  }
}
