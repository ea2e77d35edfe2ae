import Estate
import NIOSSL
public import Names

/// Looks at what answers at an address besides DNS: a TLS handshake for a name, or one page. Decides nothing.
///
/// Every connection goes to the address that is given, whatever a name means elsewhere; certificates are taken as evidence and
/// judged afterwards, so that a server that is not trusted is seen too. What comes from outside is bounded in size, and each
/// connection in time as a whole.
public struct EndpointProbe: Sendable {
  /// From the first packet of a connection to its last octet.
  public let timeout: Duration
  let judge: ChainJudge
  let now: @Sendable () -> Timestamp

  /// Connections of one call that are open at once.
  public static let width = 64

  /// - Parameters:
  ///   - authoritiesFile: A PEM file with the authorities that are trusted; `nil` for the system's.
  ///   - now: The clock by which certificates are judged.
  public init(
    timeout: Duration = .seconds(10), authoritiesFile: String? = nil, now: @escaping @Sendable () -> Timestamp
  ) {
    (self.timeout, self.now) = (timeout, now)
    judge = ChainJudge(authoritiesFile: authoritiesFile)
  }

  /// TLS that takes any certificate: it proves that the server has the key of the one it shows, and no more.
  static func context(protocols: [String]) throws -> NIOSSLContext {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = .tlsv12
    configuration.applicationProtocols = protocols
    configuration.trustRoots = .certificates([])
    // Judged afterwards, name and all; but a server without a certificate is refused.
    configuration.certificateVerification = .noHostnameVerification
    return try NIOSSLContext(configuration: configuration)
  }
}

/// Does a piece of work for each element, at most so many at once.
///
/// - Returns: One result for each element, in the same order.
func fanOut<Element: Sendable, Outcome: Sendable>(
  _ elements: [Element], width: Int, _ work: @escaping @Sendable (Element) async -> Outcome
) async -> [Outcome] {
  await withTaskGroup(of: (Int, Outcome).self) { group in
    var outcomes = [Outcome?](repeating: nil, count: elements.count)
    for (place, element) in elements.enumerated() {
      if place >= width, let (done, outcome) = await group.next() { outcomes[done] = outcome }
      group.addTask { (place, await work(element)) }
    }
    for await (done, outcome) in group { outcomes[done] = outcome }
    return outcomes.compactMap(\.self)
  }
}
