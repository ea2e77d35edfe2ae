import NIOCore

/// Cuts the octets of a connection into messages (RFC 1035 §4.2.2), and watches that they come in time: each whole one, and
/// all together. A class because NIO's handlers are; it lives on its channel's event loop.
final class TransferFrames: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = [UInt8]

  /// Why the watch ended a connection.
  enum Ending: Error {
    case stalled
    case tookTooLong
    case shortFrame(octets: Int)
  }

  private let mostBetween: TimeAmount
  private let mostInAll: TimeAmount
  private var buffer = ByteBuffer()
  private var between: Scheduled<Void>?
  private var inAll: Scheduled<Void>?
  private var isOver = false

  /// - Parameters:
  ///   - between: From one message to the end of the next, so that octets in drips are no sign of life.
  ///   - inAll: From the connection to the last message.
  init(between: Duration, inAll: Duration) {
    (mostBetween, mostInAll) = (.nanoseconds(between.nanoseconds), .nanoseconds(inAll.nanoseconds))
  }

  func channelActive(context: ChannelHandlerContext) {
    inAll = watch(mostInAll, .tookTooLong, context)
    between = watch(mostBetween, .stalled, context)
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isOver else { return }
    buffer.writeImmutableBuffer(unwrapInboundIn(data))
    while let length = buffer.getInteger(at: buffer.readerIndex, as: UInt16.self).map({ Int($0) }) {
      guard length >= 12 else { return end(.shortFrame(octets: length), context) }
      guard buffer.readableBytes >= 2 + length else { break }
      buffer.moveReaderIndex(forwardBy: 2)
      guard let message = buffer.readBytes(length: length) else { break }
      between?.cancel()
      between = watch(mostBetween, .stalled, context)
      context.fireChannelRead(wrapInboundOut(message))
    }
    buffer.discardReadBytes()
  }

  func channelInactive(context: ChannelHandlerContext) {
    rest()
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) { rest() }

  private func watch(_ limit: TimeAmount, _ ending: Ending, _ context: ChannelHandlerContext) -> Scheduled<Void> {
    context.eventLoop.assumeIsolated().scheduleTask(in: limit) { [self] in end(ending, context) }
  }

  private func end(_ ending: Ending, _ context: ChannelHandlerContext) {
    guard !isOver else { return }
    rest()
    context.fireErrorCaught(ending)
    context.close(promise: nil)
  }

  private func rest() {
    isOver = true
    between?.cancel()
    inAll?.cancel()
    buffer.clear()
  }
}
