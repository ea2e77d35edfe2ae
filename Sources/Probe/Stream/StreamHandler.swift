import Estate
import NIOCore
import NIOTLS

/// Tells a peer what its channel does. A class because NIO's handlers are; it lives on the channel's event loop.
final class StreamHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let peer: StreamPeer
  /// Which of the peer's connections this is: news of an older one is of no interest.
  private let connection: Int

  init(_ peer: StreamPeer, connection: Int) { (self.peer, self.connection) = (peer, connection) }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    peer.received(unwrapInboundIn(data).readableBytesView, on: connection)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if let event = event as? TLSUserEvent, case .handshakeCompleted = event {
      peer.opened(context.channel, connection: connection)
    }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    peer.closed(StreamPeer.silence(for: error), connection: connection)
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    peer.closed(.unreachable("the server closed the connection before its reply"), connection: connection)
    context.fireChannelInactive()
  }
}
