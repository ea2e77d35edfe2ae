import Lab
import NIOCore
import NIOPosix
import Names

/// What came to a client: octets, from where, and when.
struct Arrival: Sendable {
  var octets: [UInt8]
  var source: String
  var elapsed: Duration
}

/// Sends one query and gathers what comes back, until so many answers are there, the connection ends or the time is over.
func exchange(
  _ query: [UInt8], with server: Names.SocketAddress, over carrier: Carrier = .udp, expecting count: Int = 1,
  within limit: Duration = .seconds(5)
) async throws -> (arrivals: [Arrival], isClosed: Bool) {
  let (stream, sink) = AsyncStream<Arrival>.makeStream()
  let start = ContinuousClock.now
  let far = try NIOCore.SocketAddress(ipAddress: "\(server.address)", port: Int(server.port))
  let near = try NIOCore.SocketAddress(ipAddress: server.address.isV6 ? "::1" : "127.0.0.1", port: 0)
  let channel: any Channel
  switch carrier {
  case .udp:
    channel = try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Datagrams(sink, start)) }
      }
      .bind(to: near).get()
    try await channel.writeAndFlush(AddressedEnvelope(remoteAddress: far, data: ByteBuffer(bytes: query)))
  case .tcp:
    channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Stream(sink, start)) }
      }
      .connect(to: far).get()
    var buffer = ByteBuffer(integer: UInt16(query.count))
    buffer.writeBytes(query)
    try await channel.writeAndFlush(buffer)
  }
  let arrivals = await withTaskGroup(of: [Arrival]?.self) { group in
    group.addTask {
      var arrivals: [Arrival] = []
      for await arrival in stream {
        arrivals.append(arrival)
        if arrivals.count == count { break }
      }
      return arrivals
    }
    group.addTask {
      try? await Task.sleep(for: limit)
      sink.finish()
      return nil
    }
    var arrivals: [Arrival] = []
    for await result in group {
      if let result {
        arrivals = result
        break
      }
    }
    group.cancelAll()
    return arrivals
  }
  let isClosed = !channel.isActive
  if !isClosed { try? await channel.close() }
  return (arrivals, isClosed)
}

private final class Datagrams: ChannelInboundHandler {
  typealias InboundIn = AddressedEnvelope<ByteBuffer>
  let sink: AsyncStream<Arrival>.Continuation
  let start: ContinuousClock.Instant

  init(_ sink: AsyncStream<Arrival>.Continuation, _ start: ContinuousClock.Instant) { (self.sink, self.start) = (sink, start) }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let envelope = unwrapInboundIn(data)
    let source = "\(envelope.remoteAddress.ipAddress ?? "?"):\(envelope.remoteAddress.port ?? 0)"
    sink.yield(Arrival(octets: Array(envelope.data.readableBytesView), source: source, elapsed: ContinuousClock.now - start))
  }

  func channelInactive(context: ChannelHandlerContext) { sink.finish() }
}

private final class Stream: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  let sink: AsyncStream<Arrival>.Continuation
  let start: ContinuousClock.Instant
  var received = ByteBuffer()

  init(_ sink: AsyncStream<Arrival>.Continuation, _ start: ContinuousClock.Instant) { (self.sink, self.start) = (sink, start) }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var buffer = unwrapInboundIn(data)
    received.writeBuffer(&buffer)
    while let message = received.readLengthPrefixedSlice(as: UInt16.self) {
      let source = "\(context.remoteAddress?.ipAddress ?? "?"):\(context.remoteAddress?.port ?? 0)"
      sink.yield(Arrival(octets: Array(message.readableBytesView), source: source, elapsed: ContinuousClock.now - start))
    }
  }

  func channelInactive(context: ChannelHandlerContext) { sink.finish() }
}
