import NIOCore
import NIOPosix
import NIOSSL
import Names
import Synchronization

/// A server on loopback that says what the test tells it to.
final class LoopbackServer: Sendable {
  /// What it does with what it has read so far on one connection, from the first octet on; asked once with nothing when the
  /// connection is there. It says whole what is not said yet.
  typealias Conduct = @Sendable (_ heard: [UInt8]) -> [Reaction]

  enum Reaction: Sendable {
    case say([UInt8])
    /// An octet each so many milliseconds, on and on from the start again.
    case drip([UInt8], milliseconds: Int64)
    /// As fast as they are taken, on and on.
    case flood([UInt8])
    case startTLS(NIOSSLContext)
    case close
  }

  let address: Names.SocketAddress
  private let connections = Mutex<[Connection]>([])

  private struct Connection: Sendable {
    var heard: [UInt8] = []
  }

  /// What was heard on each connection, in the order of their coming.
  var octets: [[UInt8]] { connections.withLock { $0.map(\.heard) } }
  var heard: [String] { octets.map { String(decoding: $0, as: UTF8.self) } }
  /// Connections open at once, at most.
  let mostOpen = Mutex((now: 0, most: 0))

  private init(port: Int) { address = Names.SocketAddress(address: .v4(0x7F00_0001), port: UInt16(port)) }

  /// Starts a server, hands it to the body, and stops it.
  static func with<Result>(
    tls: NIOSSLContext? = nil, _ conduct: @escaping Conduct, while body: (LoopbackServer) async throws -> Result
  ) async throws -> Result {
    let post = Post()
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.backlog, value: 256)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
          try channel.pipeline.syncOperations.addHandler(ConductHandler(post, conduct))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let server = LoopbackServer(port: listener.localAddress?.port ?? 0)
    post.server.withLock { $0 = server }
    do {
      let result = try await body(server)
      try await listener.close()
      return result
    } catch {
      try await listener.close()
      throw error
    }
  }

  /// Where the handlers find the server, which is made after them.
  final class Post: Sendable {
    let server = Mutex<LoopbackServer?>(nil)
  }

  fileprivate func opened() -> Int {
    mostOpen.withLock { ($0.now, $0.most) = ($0.now + 1, max($0.most, $0.now + 1)) }
    return connections.withLock { connections in
      connections.append(Connection())
      return connections.count - 1
    }
  }

  fileprivate func heard(_ octets: [UInt8], on place: Int) { connections.withLock { $0[place].heard += octets } }
}

private final class ConductHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let post: LoopbackServer.Post
  private let conduct: LoopbackServer.Conduct
  private var heard: [UInt8] = []
  private var place: (LoopbackServer, Int)?

  init(_ post: LoopbackServer.Post, _ conduct: @escaping LoopbackServer.Conduct) { (self.post, self.conduct) = (post, conduct) }

  func channelActive(context: ChannelHandlerContext) {
    place = post.server.withLock(\.self).map { ($0, $0.opened()) }
    perform(conduct([]), context)
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    place?.0.mostOpen.withLock { $0.now -= 1 }
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let octets = Array(unwrapInboundIn(data).readableBytesView)
    heard += octets
    place?.0.heard(octets, on: place?.1 ?? 0)
    perform(conduct(heard), context)
  }

  private func perform(_ reactions: [LoopbackServer.Reaction], _ context: ChannelHandlerContext) {
    for reaction in reactions {
      switch reaction {
      case .say(let octets): context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: octets)), promise: nil)
      case .drip(let octets, let milliseconds):
        let channel = context.channel
        let place = Mutex(0)
        context.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(milliseconds)) { task in
          guard channel.isActive else { return task.cancel() }
          let next = place.withLock { place in
            defer { place += 1 }
            return octets[place % octets.count]
          }
          channel.writeAndFlush(ByteBuffer(bytes: [next]), promise: nil)
        }
      case .flood(let octets): flood(octets, context.channel)
      case .startTLS(let tls):
        do {
          try context.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls), position: .first)
        } catch { context.close(promise: nil) }
      case .close: context.close(promise: nil)
      }
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// Writes for as long as the other side takes it.
private func flood(_ octets: [UInt8], _ channel: any Channel) {
  guard channel.isActive else { return }
  channel.writeAndFlush(ByteBuffer(bytes: octets)).whenSuccess { channel.eventLoop.execute { flood(octets, channel) } }
}
