import NIOCore
import NIOPosix
import Names
import Synchronization

/// The sockets of one server, and the behaviour that they share.
///
/// A class because event loops hold it while the server does; the two mutexes are all its state.
final class Sockets: Sendable {
  let behaviour: Mutex<Behaviour>
  private let open = Mutex(Open())

  private struct Open {
    var isClosed = false
    var listening: [any Channel] = []
    var connections: [ObjectIdentifier: any Channel] = [:]
    /// Sockets that answers may leave from, by the address that a fault names.
    var sources: [Names.SocketAddress: any Channel] = [:]
  }

  /// EADDRINUSE on Linux.
  static let addressInUse: Int32 = 98
  private static let mostConnections = 512
  /// What arrives in bursts waits in the kernel, as far as the system lets it, so that a lost query is a fault's doing.
  private static let receiveBuffer = 4 << 20

  init(_ behaviour: Behaviour) { self.behaviour = Mutex(behaviour) }

  /// Binds UDP and TCP to the same port, and says which.
  func listen(on address: Names.SocketAddress) async throws -> Names.SocketAddress {
    let datagrams = try await bindDatagrams(address, handler: true)
    open.withLock { $0.listening.append(datagrams) }
    let bound = Names.SocketAddress(address: address.address, port: datagrams.localAddress.map(Self.port) ?? address.port)
    let connections = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.backlog, value: 512)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { [self] channel in
        guard admit(channel) else { return channel.close() }
        return channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(IdleStateHandler(allTimeout: .seconds(30)))
          try channel.pipeline.syncOperations.addHandler(ConnectionHandler(self))
        }
      }
      .bind(to: Self.nioAddress(bound)).get()
    open.withLock { $0.listening.append(connections) }
    return bound
  }

  /// Opens the socket that a fault sends from, once.
  func open(source: Names.SocketAddress) async throws {
    guard open.withLock({ $0.sources[source] == nil && !$0.isClosed }) else { return }
    let channel = try await bindDatagrams(source, handler: false)
    let isSpare = open.withLock { state in
      guard !state.isClosed, state.sources[source] == nil else { return true }
      state.sources[source] = channel
      return false
    }
    if isSpare { try await channel.close() }
  }

  /// Closes the sockets that no fault sends from any longer.
  func closeSources(except wanted: [Names.SocketAddress]) async {
    let idle = open.withLock { state in
      defer { state.sources = state.sources.filter { wanted.contains($0.key) } }
      return state.sources.filter { !wanted.contains($0.key) }.map(\.value)
    }
    for channel in idle { channel.close(promise: nil) }
    for channel in idle { _ = try? await channel.closeFuture.get() }
  }

  func source(_ address: Names.SocketAddress) -> (any Channel)? { open.withLock { $0.sources[address] } }

  /// Closes everything and waits until it is closed.
  func close() async {
    let channels = open.withLock { state in
      defer { (state.isClosed, state.listening, state.connections, state.sources) = (true, [], [:], [:]) }
      return state.listening + state.connections.values + state.sources.values
    }
    for channel in channels { channel.close(promise: nil) }
    // A channel that failed is closed too, which is all that is asked.
    for channel in channels { _ = try? await channel.closeFuture.get() }
  }

  /// Takes a connection into the count, unless there are too many or the server has stopped.
  private func admit(_ channel: any Channel) -> Bool {
    let key = ObjectIdentifier(channel)
    let isAdmitted = open.withLock { state in
      guard !state.isClosed, state.connections.count < Self.mostConnections else { return false }
      state.connections[key] = channel
      return true
    }
    channel.closeFuture.whenComplete { [self] _ in open.withLock { $0.connections[key] = nil } }
    return isAdmitted
  }

  private func bindDatagrams(_ address: Names.SocketAddress, handler: Bool) async throws -> any Channel {
    try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.socketOption(.so_rcvbuf), value: Self.receiveBuffer)
      .channelOption(.datagramVectorReadMessageCount, value: 16)
      .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 16 * 4096))
      .channelInitializer { [self] channel in
        channel.eventLoop.makeCompletedFuture {
          if handler { try channel.pipeline.syncOperations.addHandler(DatagramHandler(self)) }
        }
      }
      .bind(to: Self.nioAddress(address)).get()
  }

  static func nioAddress(_ address: Names.SocketAddress) throws -> NIOCore.SocketAddress {
    try NIOCore.SocketAddress(ipAddress: "\(address.address)", port: Int(address.port))
  }

  private static func port(_ address: NIOCore.SocketAddress) -> UInt16 { UInt16(truncatingIfNeeded: address.port ?? 0) }
}

/// Answers datagrams.
private final class DatagramHandler: ChannelInboundHandler {
  typealias InboundIn = AddressedEnvelope<ByteBuffer>
  typealias OutboundOut = AddressedEnvelope<ByteBuffer>

  private let sockets: Sockets

  init(_ sockets: Sockets) { self.sockets = sockets }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let envelope = unwrapInboundIn(data)
    guard let text = envelope.remoteAddress.ipAddress, let client = IPAddress(text) else { return }
    let octets = Array(envelope.data.readableBytesView)
    let reaction = sockets.behaviour.withLock { $0.receive(octets, from: client, over: .udp) }
    for delivery in reaction.deliveries {
      let channel = delivery.source.map(sockets.source) ?? context.channel
      let answer = AddressedEnvelope(remoteAddress: envelope.remoteAddress, data: ByteBuffer(bytes: delivery.octets))
      guard delivery.delay > .zero else {
        channel?.writeAndFlush(answer, promise: nil)
        continue
      }
      context.eventLoop.scheduleTask(in: TimeAmount(delivery.delay)) { channel?.writeAndFlush(answer, promise: nil) }
    }
  }

  // A client that has gone makes the kernel report a refused port; that is no reason to stop.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {}
}

/// Answers messages with their length in front (RFC 1035 §4.2.2).
private final class ConnectionHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let sockets: Sockets
  private var received = ByteBuffer()

  init(_ sockets: Sockets) { self.sockets = sockets }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var buffer = unwrapInboundIn(data)
    received.writeBuffer(&buffer)
    guard let text = context.remoteAddress?.ipAddress, let client = IPAddress(text) else { return }
    let channel = context.channel
    while let message = received.readLengthPrefixedSlice(as: UInt16.self) {
      let octets = Array(message.readableBytesView)
      let reaction = sockets.behaviour.withLock { $0.receive(octets, from: client, over: .tcp) }
      for delivery in reaction.deliveries {
        var answer = ByteBuffer(integer: UInt16(truncatingIfNeeded: delivery.octets.count))
        answer.writeBytes(delivery.octets)
        guard delivery.delay > .zero else {
          channel.writeAndFlush(answer, promise: nil)
          continue
        }
        context.eventLoop.scheduleTask(in: TimeAmount(delivery.delay)) { [answer] in channel.writeAndFlush(answer, promise: nil) }
      }
      if reaction.closes {
        context.close(promise: nil)
        return
      }
    }
    received.discardReadBytes()
  }

  // Who does not read its answers is not read either, so that they cannot pile up.
  func channelWritabilityChanged(context: ChannelHandlerContext) {
    let channel = context.channel
    channel.setOption(.autoRead, value: channel.isWritable).whenFailure { _ in channel.close(promise: nil) }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
