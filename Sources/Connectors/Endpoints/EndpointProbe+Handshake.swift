import NIOCore
import NIOSSL
import NIOTLS
public import Names

/// What a handshake showed.
public struct Handshake: Hashable, Sendable {
  /// As presented, the server's own certificate first.
  public var chain: [PresentedCertificate]
  /// Whether it leads from the name to an authority.
  public var trust: Trust
}

/// What came of a handshake.
public enum HandshakeOutcome: Hashable, Sendable {
  case shaken(Handshake)
  case failed(EndpointFailure)
}

extension EndpointProbe {
  /// When TLS begins.
  public enum Start: Hashable, Sendable {
    case atOnce
    /// After STARTTLS (RFC 3207).
    case smtp
  }

  /// A handshake to do.
  public struct Target: Hashable, Sendable {
    public var address: Names.SocketAddress
    /// Whose certificate is wanted: sent as SNI (RFC 6066 §3), and held against the certificate.
    public var name: DomainName
    public var start: Start

    public init(address: Names.SocketAddress, name: DomainName, start: Start) {
      (self.address, self.name, self.start) = (address, name, start)
    }
  }

  /// Does a TLS handshake at an address and closes the connection.
  public func handshake(_ address: Names.SocketAddress, name: DomainName, start: Start) async -> HandshakeOutcome {
    let result: Result<[PresentedCertificate], EndpointFailure> = await connect(address) { channel, ending in
      switch start {
      case .atOnce:
        try channel.pipeline.syncOperations.addHandlers(Self.handshakeHandlers(name, ending))
      case .smtp:
        try channel.pipeline.syncOperations.addHandler(
          StartTLSHandler(ending) { try Self.handshakeHandlers(name, ending) })
      }
    }
    return switch result {
    case .success(let chain): .shaken(Handshake(chain: chain, trust: trust(chain, name: name)))
    case .failure(let failure): .failed(failure)
    }
  }

  /// Does all handshakes, ``width`` at a time.
  ///
  /// - Returns: One outcome for each target, in the same order.
  public func handshakes(_ targets: [Target]) async -> [HandshakeOutcome] {
    await fanOut(targets, width: Self.width) { await handshake($0.address, name: $0.name, start: $0.start) }
  }

  private static func handshakeHandlers(
    _ name: DomainName, _ ending: Ending<[PresentedCertificate]>
  ) throws -> [any ChannelHandler] {
    let shown = ShownChain()
    return [try tls(name, protocols: [], shown), HandshakeHandler(shown, ending)]
  }

  /// The TLS end of a connection; it puts what the server shows into `shown`.
  static func tls(_ name: DomainName, protocols: [String], _ shown: ShownChain) throws -> NIOSSLClientHandler {
    do {
      return try NIOSSLClientHandler(context: context(protocols: protocols), serverHostname: serverName(name)) { chain, verdict in
        shown.chain = Result { try chain.map(PresentedCertificate.init) }
        verdict.succeed(.certificateVerified)
      }
    } catch let error as NIOSSLExtraError {
      throw EndpointFailure.tls("\(name) cannot be asked for: \(error.description)")
    }
  }
}

/// The chain that a server shows in a handshake. A class because two handlers of one channel share it; both live on its loop.
final class ShownChain {
  var chain: Result<[PresentedCertificate], any Error>?
}

/// Ends with the chain when the handshake is done.
private final class HandshakeHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let shown: ShownChain
  private let ending: Ending<[PresentedCertificate]>

  init(_ shown: ShownChain, _ ending: Ending<[PresentedCertificate]>) { (self.shown, self.ending) = (shown, ending) }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if let event = event as? TLSUserEvent, case .handshakeCompleted = event {
      switch shown.chain {
      case .success(let chain)?: ending.finish(.success(chain))
      case .failure(let error)?: ending.finish(.failure(.tls("a certificate could not be read: \(error)")))
      case nil: ending.finish(.failure(.tls("the server shows no certificate")))
      }
    }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    ending.finish(.failure(EndpointFailure(error)))
  }

  func channelInactive(context: ChannelHandlerContext) {
    ending.finish(.failure(.tls("the server closed the connection before the end of the handshake")))
    context.fireChannelInactive()
  }
}
