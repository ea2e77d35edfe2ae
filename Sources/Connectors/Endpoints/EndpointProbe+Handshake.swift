public import Estate
import NIOCore
import NIOSSL
import NIOTLS
import Names

extension EndpointProbe {
  /// Does a TLS handshake and closes the connection.
  ///
  /// The chain is taken as it is shown, whoever signed it, and judged afterwards: against the authorities, and with each of its
  /// certificates as the one authority.
  public func handshake(_ service: TLSService) async -> Result<Handshake, EndpointFailure> {
    let name = service.name
    let result: Result<[Handshake.Certificate], EndpointFailure> = await connect(service.address) { channel, ending in
      switch service.begins {
      case .atOnce:
        try channel.pipeline.syncOperations.addHandlers(Self.handshakeHandlers(name, ending))
      case .smtp:
        try channel.pipeline.syncOperations.addHandler(
          StartTLSHandler(ending) { try Self.handshakeHandlers(name, ending) })
      }
    }
    return result.flatMap { chain in
      Result { () throws(EndpointFailure) in try judged(chain, name) }
    }
  }

  /// Does all handshakes, ``width`` at a time.
  ///
  /// - Returns: One answer for each service, in the same order.
  public func answers(to services: [TLSService]) async -> [Answer] {
    await fanOut(services, width: Self.width) { service in
      switch await handshake(service) {
      case .success(let handshake): .handshake(handshake)
      case .failure(let failure): .failed("\(failure)")
      }
    }
  }

  private func judged(_ shown: [Handshake.Certificate], _ name: DomainName) throws(EndpointFailure) -> Handshake {
    let (octets, moment) = (shown.map(\.octets), now())
    let distrust = try judge.trust(octets, name: name, anchor: nil, at: moment).distrust()
    var chain = shown
    // The server's own certificate is the other's word for itself, and no authority (RFC 7671 §5.2). Nor does a chain of use
    // have many, while each costs a judgement.
    for place in chain.indices.dropFirst().prefix(15) {
      chain[place].isAnchor = judge.trust(octets, name: name, anchor: octets[place], at: moment) == .trusted
    }
    return Handshake(chain: chain, distrust: distrust)
  }

  private static func handshakeHandlers(
    _ name: DomainName, _ ending: Ending<[Handshake.Certificate]>
  ) throws -> [any ChannelHandler] {
    let shown = ShownChain()
    return [try tls(name, protocols: [], shown), HandshakeHandler(shown, ending)]
  }

  /// The TLS end of a connection; it puts what the server shows into `shown`.
  static func tls(_ name: DomainName, protocols: [String], _ shown: ShownChain) throws -> NIOSSLClientHandler {
    do {
      return try NIOSSLClientHandler(context: context(protocols: protocols), serverHostname: serverName(name)) { chain, verdict in
        shown.chain = Result { try chain.map(Handshake.Certificate.init) }
        verdict.succeed(.certificateVerified)
      }
    } catch let error as NIOSSLExtraError {
      throw EndpointFailure.tls("\(name) cannot be asked for: \(error.description)")
    }
  }
}

/// The chain that a server shows in a handshake. A class because two handlers of one channel share it; both live on its loop.
final class ShownChain {
  var chain: Result<[Handshake.Certificate], any Error>?
}

/// Ends with the chain when the handshake is done.
private final class HandshakeHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let shown: ShownChain
  private let ending: Ending<[Handshake.Certificate]>

  init(_ shown: ShownChain, _ ending: Ending<[Handshake.Certificate]>) { (self.shown, self.ending) = (shown, ending) }

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

extension Handshake.Certificate {
  /// A public key of a kind that BoringSSL does not read is left empty: it equals none.
  init(_ shown: NIOSSLCertificate) throws {
    self.init(octets: try shown.toDERBytes(), publicKey: (try? shown.extractPublicKey().toSPKIBytes()) ?? [])
  }
}
