import Estate
import NIOCore
import NIOPosix
import NIOSSL
import Names
import Synchronization

/// A name server on loopback that does with each question what the test says, over UDP and TCP on one port.
final class FaultServer: Sendable {
  /// A question as it came in.
  struct Question: Sendable {
    var octets: [UInt8]
    /// From 1, over both transports.
    var number: Int
    var isTCP: Bool
    /// The asker's port.
    var port: Int
    var at = ContinuousClock.now
  }

  enum Reaction: Sendable {
    case reply([UInt8])
    /// After so many milliseconds.
    case later([UInt8], Int64)
    /// From another port than the one that was asked.
    case elsewhere([UInt8])
    /// Over TCP: these octets as they are, without a length in front.
    case raw([UInt8])
    /// Over TCP: octet by octet, each in a segment of its own.
    case crumbs([UInt8])
    case close
  }

  typealias Conduct = @Sendable (Question) -> [Reaction]

  let address: Names.SocketAddress
  var server: Server { Server(address: address) }
  private let log = Mutex<[Question]>([])
  private let channels: [any Channel]
  private let post: Post

  /// From the first question to the last.
  var span: Duration {
    let times = questions.map(\.at)
    return (times.max() ?? .now) - (times.min() ?? .now)
  }

  /// The questions that came in so far.
  var questions: [Question] { log.withLock { $0 } }

  private init(_ channels: [any Channel], _ post: Post, _ address: Names.SocketAddress) {
    (self.channels, self.post, self.address) = (channels, post, address)
  }

  /// Starts a server, hands it to the body, and stops it.
  static func with<Result>(
    host: String = "127.0.0.1", port: Int = 0, tls: NIOSSLContext? = nil, _ conduct: @escaping Conduct,
    while body: (FaultServer) async throws -> Result
  ) async throws -> Result {
    let post = Post()
    let server = try await start(host, port, conduct, post, tls)
    do {
      let result = try await body(server)
      await server.stop()
      return result
    } catch {
      await server.stop()
      throw error
    }
  }

  /// An address where nobody listens, with a port below those that the kernel gives out by itself (ip_local_port_range): no other
  /// test's socket takes it meanwhile.
  static func quietAddress() async throws -> Names.SocketAddress {
    var tries = 0
    while true {
      do {
        return try await with(port: .random(in: 10_000..<32_000)) { _ in
          []
        } while: {
          $0.address
        }
      } catch {
        tries += 1
        if tries == 20 { throw error }
      }
    }
  }

  private static func start(
    _ host: String, _ wanted: Int, _ conduct: @escaping Conduct, _ post: Post, _ tls: NIOSSLContext?
  ) async throws -> FaultServer {
    let group = MultiThreadedEventLoopGroup.singleton
    guard let ip = IPAddress(host) else { throw ChannelError.unknownLocalAddress }
    let other = try await DatagramBootstrap(group: group).bind(host: host, port: 0).get()
    var tries = 0
    while true {
      let udp = try await DatagramBootstrap(group: group)
        .channelOption(.socketOption(.so_rcvbuf), value: 1 << 22)
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(DatagramConduct(post, conduct, other))
          }
        }
        .bind(host: host, port: wanted).get()
      let port = udp.localAddress?.port ?? 0
      do {
        let tcp = try await ServerBootstrap(group: group)
          .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
          .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
          .childChannelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
              if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
              try channel.pipeline.syncOperations.addHandler(StreamConduct(post, conduct))
            }
          }
          .bind(host: host, port: port).get()
        let server = FaultServer([udp, tcp, other], post, Names.SocketAddress(address: ip, port: UInt16(port)))
        post.server.withLock { $0 = server }
        return server
      } catch {
        // The port that UDP was given may be taken for TCP: another one then.
        try await udp.close()
        tries += 1
        if tries == 20 { throw error }
      }
    }
  }

  private func stop() async {
    for channel in channels { try? await channel.close() }
    post.server.withLock { $0 = nil }
  }

  /// Where the handlers find the server, which is made after them.
  final class Post: Sendable {
    let server = Mutex<FaultServer?>(nil)

    func note(_ octets: [UInt8], isTCP: Bool, port: Int) -> Question? {
      server.withLock(\.self)?.log.withLock { log in
        let question = Question(octets: octets, number: log.count + 1, isTCP: isTCP, port: port)
        log.append(question)
        return question
      }
    }
  }
}

private final class DatagramConduct: ChannelInboundHandler {
  typealias InboundIn = AddressedEnvelope<ByteBuffer>
  typealias OutboundOut = AddressedEnvelope<ByteBuffer>

  private let post: FaultServer.Post
  private let conduct: FaultServer.Conduct
  private let other: any Channel

  init(_ post: FaultServer.Post, _ conduct: @escaping FaultServer.Conduct, _ other: any Channel) {
    (self.post, self.conduct, self.other) = (post, conduct, other)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let envelope = unwrapInboundIn(data)
    let asker = envelope.remoteAddress
    guard let question = post.note(Array(envelope.data.readableBytesView), isTCP: false, port: asker.port ?? 0) else { return }
    func addressed(_ octets: [UInt8]) -> AddressedEnvelope<ByteBuffer> {
      AddressedEnvelope(remoteAddress: asker, data: ByteBuffer(bytes: octets))
    }
    for reaction in conduct(question) {
      switch reaction {
      case .reply(let octets): context.writeAndFlush(wrapOutboundOut(addressed(octets)), promise: nil)
      case .later(let octets, let milliseconds):
        let (channel, late) = (context.channel, addressed(octets))
        context.eventLoop.scheduleTask(in: .milliseconds(milliseconds)) { channel.writeAndFlush(late, promise: nil) }
      case .elsewhere(let octets): other.writeAndFlush(addressed(octets), promise: nil)
      case .raw, .crumbs, .close: break
      }
    }
  }
}

private final class StreamConduct: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let post: FaultServer.Post
  private let conduct: FaultServer.Conduct
  private var buffer: [UInt8] = []

  init(_ post: FaultServer.Post, _ conduct: @escaping FaultServer.Conduct) { (self.post, self.conduct) = (post, conduct) }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    buffer.append(contentsOf: unwrapInboundIn(data).readableBytesView)
    while buffer.count >= 2, case let length = Int(buffer[0]) << 8 | Int(buffer[1]), buffer.count >= 2 + length {
      let octets = Array(buffer[2..<(2 + length)])
      buffer.removeFirst(2 + length)
      guard let question = post.note(octets, isTCP: true, port: context.remoteAddress?.port ?? 0) else { return }
      for reaction in conduct(question) { perform(reaction, context) }
    }
  }

  private func perform(_ reaction: FaultServer.Reaction, _ context: ChannelHandlerContext) {
    func framed(_ octets: [UInt8]) -> [UInt8] {
      [UInt8(truncatingIfNeeded: octets.count >> 8), UInt8(truncatingIfNeeded: octets.count)] + octets
    }
    func write(_ octets: [UInt8]) { context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: octets)), promise: nil) }
    switch reaction {
    case .reply(let octets), .elsewhere(let octets): write(framed(octets))
    case .later(let octets, let milliseconds):
      let (channel, late) = (context.channel, ByteBuffer(bytes: framed(octets)))
      context.eventLoop.scheduleTask(in: .milliseconds(milliseconds)) { channel.writeAndFlush(late, promise: nil) }
    case .raw(let octets): write(octets)
    case .crumbs(let octets): for octet in framed(octets) { write([octet]) }
    case .close: context.close(promise: nil)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
