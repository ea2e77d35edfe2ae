import NIOCore

/// Holds a mail server's dialogue on a channel, and makes room for TLS at its end.
final class StartTLSHandler<Success: Sendable>: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private var dialogue: StartTLSDialogue?
  private let ending: Ending<Success>
  private let handlers: () throws -> [any ChannelHandler]

  /// - Parameter handlers: What takes the place of this handler when TLS may begin.
  init(_ ending: Ending<Success>, handlers: @escaping () throws -> [any ChannelHandler]) {
    (self.ending, self.handlers) = (ending, handlers)
  }

  func channelActive(context: ChannelHandlerContext) {
    let literal = context.localAddress?.ipAddress.map { $0.contains(":") ? "[IPv6:\($0)]" : "[\($0)]" }
    dialogue = StartTLSDialogue(clientName: literal ?? "[127.0.0.1]")
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch dialogue?.received(unwrapInboundIn(data).readableBytesView) {
    case .send(let line)?: context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: line)), promise: nil)
    case .fail(let words)?: ending.finish(.failure(.smtp(words)))
    case .shakeHands?: shakeHands(context)
    case .wait?, nil: break
    }
  }

  private func shakeHands(_ context: ChannelHandlerContext) {
    dialogue = nil
    do {
      try context.pipeline.syncOperations.addHandlers(handlers(), position: .after(self))
      context.pipeline.syncOperations.removeHandler(self, promise: nil)
    } catch {
      ending.finish(.failure(EndpointFailure(error)))
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    ending.finish(.failure(EndpointFailure(error)))
  }

  func channelInactive(context: ChannelHandlerContext) {
    ending.finish(.failure(.smtp("the server closed the connection")))
    context.fireChannelInactive()
  }
}
