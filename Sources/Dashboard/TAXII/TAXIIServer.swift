internal import Hummingbird
internal import HummingbirdCore
public import Indicators
internal import Logging
internal import NIOCore
public import Names

/// Serves a TAXII service over HTTP. For other machines it belongs behind a proxy that speaks TLS: tokens travel as they are.
public struct TAXIIServer<Catalog: TAXIICatalog>: Sendable {
  private let service: TAXIIService<Catalog>
  private let address: Names.SocketAddress

  /// Connections that are open at once; more wait.
  public static var connections: Int { 256 }
  /// How long a connection waits for the head of a request, for more of its body, or for the next one: who opens connections and
  /// sends nothing soon makes room for others.
  static var patience: TimeAmount { .seconds(10) }

  /// - Parameter address: Where it listens: without another word on this machine alone. Port 0 takes one that is free.
  public init(
    _ service: TAXIIService<Catalog>, at address: Names.SocketAddress = SocketAddress(address: .v4(0x7F00_0001), port: 6100)
  ) {
    (self.service, self.address) = (service, address)
  }

  /// Serves until SIGTERM or SIGINT, after which what was begun is answered, or until the task is cancelled.
  ///
  /// - Parameter ready: Called with the port once requests are answered.
  /// - Throws: ``TAXIIServerFault`` where it cannot listen.
  public func run(ready: @escaping @Sendable (UInt16) async -> Void = { _ in }) async throws {
    let router = Router(context: BasicRequestContext.self)
    router.add(middleware: TAXIIMiddleware(service))
    let application = Application(
      router: router,
      server: .http1(configuration: HTTP1Channel.Configuration(idleTimeout: Self.patience)),
      configuration: ApplicationConfiguration(
        address: .hostname("\(address.address)", port: Int(address.port)), serverName: nil,
        availableConnectionsDelegate: MaximumAvailableConnections(Self.connections)),
      onServerRunning: { channel in
        if let port = channel.localAddress?.port { await ready(UInt16(truncatingIfNeeded: port)) }
      },
      // What is told to people is the roof's affair.
      logger: Logger(label: "taxii") { _ in SwiftLogNoOpLogHandler() })
    do { try await application.runService() } catch {
      if let fault = TAXIIServerFault(error) { throw fault }
      throw error
    }
  }
}
