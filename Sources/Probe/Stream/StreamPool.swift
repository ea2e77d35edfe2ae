import Estate
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// The servers that are spoken with over TCP or TLS. A class because all who ask share their connections.
final class StreamPool: Sendable {
  private let settings: ProbeSettings
  private let tls: NIOSSLContext?
  private let peers = Mutex<[Server: StreamPeer]>([:])

  init(_ settings: ProbeSettings) {
    self.settings = settings
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = .tlsv12
    configuration.applicationProtocols = ["dot"]
    if let file = settings.authoritiesFile { configuration.trustRoots = .file(file) }
    // A file that cannot be read is told with each answer, as a silence of TLS.
    tls = try? NIOSSLContext(configuration: configuration)
  }

  func peer(_ server: Server) -> StreamPeer {
    peers.withLock { peers in
      if let peer = peers[server] { return peer }
      let peer = StreamPeer(server, settings, tls: tls, on: MultiThreadedEventLoopGroup.singleton.next())
      peers[server] = peer
      return peer
    }
  }
}
