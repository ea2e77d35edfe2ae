internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL
public import Names

/// Asks URLs. What comes is bounded in size, before and after decompression, in time and in redirects; certificates are verified.
///
/// A class, because it owns the connections of an HTTP client and gives them back once: it lives as long as ``use(_:_:)`` runs.
public final class WebClient: Sendable {
  public struct Options: Sendable {
    /// From the first packet to the last octet of one request.
    public var timeout: Duration = .seconds(60)
    /// Of one body, as it comes and decompressed.
    public var octets = 64 << 20
    public var redirects = 5
    /// The longest that is waited, in all, because a server asks for it; and how often.
    public var patience: Duration = .seconds(120)
    public var retries = 3
    /// A PEM file with the authorities that are trusted; `nil` for the system's.
    public var authoritiesFile: String?
    let now: @Sendable () -> Timestamp

    /// - Parameter now: The clock by which a server's dates are understood.
    public init(now: @escaping @Sendable () -> Timestamp) { self.now = now }
  }

  let options: Options
  private let http: HTTPClient

  private init(_ options: Options) throws(WebFailure) {
    self.options = options
    var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
    // Decompressed here, with the bound of this client.
    configuration.decompression = .disabled
    configuration.httpVersion = .http1Only
    // Whoever polls asks again; what failed at once is told at once.
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.timeout.connect = .nanoseconds(options.timeout.nanoseconds)
    if let file = options.authoritiesFile {
      do {
        let authorities = try NIOSSLCertificate.fromPEMFile(file)
        guard !authorities.isEmpty else { throw WebFailure("", .authorities(file: file, "it holds no certificate")) }
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .certificates(authorities)
        configuration.tlsConfiguration = tls
      } catch let failure as WebFailure {
        throw failure
      } catch {
        throw WebFailure("", .authorities(file: file, "it is no PEM file that can be read"))
      }
    }
    http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }

  /// Lends a client for as long as the work lasts, and closes its connections then.
  public static func use<Outcome: Sendable>(
    _ options: Options, _ work: (WebClient) async throws -> Outcome
  ) async throws -> Outcome {
    let client = try WebClient(options)
    let outcome: Result<Outcome, any Error>
    do { outcome = .success(try await work(client)) } catch { outcome = .failure(error) }
    // It can only fail where it was shut down before.
    try? await client.http.shutdown()
    return try outcome.get()
  }

  /// Sends one request; redirects, waiting and the deadline are the caller's.
  func send(_ request: WebRequest) async throws -> WebReply {
    var message = HTTPClientRequest(url: request.address.text)
    message.method = HTTPMethod(rawValue: request.method)
    message.headers = ["User-Agent": "nameward", "Accept-Encoding": "gzip"]
    for (name, value) in request.fields { message.headers.replaceOrAdd(name: name, value: value) }
    if let credentials = request.credentials { message.headers.replaceOrAdd(name: "Authorization", value: credentials.field) }
    if let body = request.body { message.body = .bytes(body) }
    let response = try await http.execute(message, timeout: .nanoseconds(options.timeout.nanoseconds))
    let most = request.octets
    if let told = response.headers.first(name: "Content-Length").flatMap({ Int($0) }), told > most {
      throw WebFailure(request.address, .tooLarge(limit: most))
    }
    var octets: [UInt8] = []
    for try await part in response.body {
      guard part.readableBytes <= most - octets.count else { throw WebFailure(request.address, .tooLarge(limit: most)) }
      octets += part.readableBytesView
    }
    var fields: [String: String] = [:]
    for field in response.headers { fields[field.name.lowercased()] = fields[field.name.lowercased()] ?? field.value }
    let reply = WebReply(status: Int(response.status.code), fields: fields, body: octets, address: request.address)
    return try reply.decoded(most)
  }
}
