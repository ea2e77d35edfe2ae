public import Names

/// A name server of Debian's, run on loopback by the tests. It ends with its `stop`, with its last reference, or with the process.
public protocol RealServer: Actor {
  /// What it is called in errors: "BIND, secondary".
  nonisolated var name: String { get }
  nonisolated var address: SocketAddress { get }
  /// The file that holds what it says.
  nonisolated var log: String { get }
  /// The running process, while there is one.
  var processIdentifier: Int32? { get }

  /// Starts the server and returns when it answers for all it serves.
  ///
  /// - Throws: ``ServerFault`` with the end of its log when it does not within ten seconds.
  func start() async throws
  /// Stops the server and returns when its process is gone; it may be started again.
  func stop() async
}

/// A server that holds zones of its own.
public protocol AuthoritativeServer: RealServer {
  /// Serves these contents from now on. Returns when it does.
  func reload(_ zone: Zone) async throws
}

/// A server that asks the others.
public protocol RealResolver: RealServer {
  /// Forgets all that it has learnt, as if every TTL had run out.
  func flush() async throws
}

/// Where a server of the hierarchy is found, as the address itself and as the words that configuration files want.
public struct Endpoint: Hashable, Sendable {
  public let host: String
  public let port: UInt16
  public let address: SocketAddress

  public init(_ host: String, _ port: UInt16) throws {
    guard let address = SocketAddress("\(host):\(port)", defaultPort: port) else { throw ServerFault.notAnAddress(host) }
    (self.host, self.port, self.address) = (host, port, address)
  }

  /// A place for one server alone, of any kind.
  public static func vacant() throws -> Endpoint {
    try Endpoint(Loopback.interface, Loopback(hosts: []).port)
  }

  /// Whether nobody listens there, over UDP or TCP.
  public var isVacant: Bool { Loopback.isFree(host, port) }
}

/// Where a server takes a zone from.
public enum ZoneSource: Sendable {
  /// A file that nothing but the tests changes.
  case file(Zone)
  /// Transfers, at the primary's notice.
  case transfer(origin: String, from: Endpoint)

  var origin: String {
    switch self {
    case .file(let zone): zone.origin
    case .transfer(let origin, _): origin
    }
  }

  /// The zone's file name: "agency.gov.zone".
  var file: String { ZoneSource.file(of: origin) }

  static func file(of origin: String) -> String { (origin == "." ? "root" : String(origin.dropLast())) + ".zone" }
}
