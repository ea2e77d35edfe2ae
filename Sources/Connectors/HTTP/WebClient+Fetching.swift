internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL

extension WebClient {
  /// Asks, follows redirects of a GET, and waits where the server asks for it and its wish is within bounds.
  ///
  /// - Returns: An answer of any status but those of a redirect or of a server that wants to be asked later.
  func fetch(_ first: WebRequest) async throws(WebFailure) -> WebReply {
    var request = first
    var (redirects, retries, patience) = (0, 0, options.patience)
    while true {
      // A secret is for the server that it was given for.
      if let credentials = request.credentials, !credentials.mayGo(to: request.address) { request.credentials = nil }
      if request.credentials != nil, !request.address.isSecure, !request.address.isLoopback {
        throw WebFailure(request.address, .credentialsInClear)
      }
      let reply = try await within(options.timeout, request)
      switch reply.status {
      case 301 where request.method == "GET", 302 where request.method == "GET", 303 where request.method == "GET",
        307 where request.method == "GET", 308 where request.method == "GET":
        redirects += 1
        if redirects > options.redirects { throw WebFailure(first.address, .tooManyRedirects(limit: options.redirects)) }
        request = try redirected(request, by: reply)
      case 429, 503:
        guard let seconds = reply.fields["retry-after"].flatMap({ RetryAfter.seconds($0, now: options.now()) }) else {
          return reply
        }
        retries += 1
        guard retries <= options.retries else {
          throw WebFailure(request.address, .stillBusy(times: retries, seconds: seconds))
        }
        guard seconds <= 1 << 32, .seconds(seconds) <= patience else {
          throw WebFailure(request.address, .busy(seconds: seconds, patience: options.patience))
        }
        patience -= .seconds(seconds)
        do { try await Task.sleep(for: .seconds(seconds)) } catch { throw WebFailure(request.address, .ended) }
      default: return reply
      }
    }
  }

  private func redirected(_ request: WebRequest, by reply: WebReply) throws(WebFailure) -> WebRequest {
    guard let location = reply.fields["location"] else { throw WebFailure(request.address, .redirectWithoutTarget) }
    var next = request
    next.address = try request.address.resolving(location)
    if request.address.isSecure, !next.address.isSecure { throw WebFailure(request.address, .downgraded) }
    return next
  }

  /// One request, its body included, within a time.
  private func within(_ limit: Duration, _ request: WebRequest) async throws(WebFailure) -> WebReply {
    do {
      return try await withThrowingTaskGroup(of: WebReply.self) { group in
        group.addTask { try await self.send(request) }
        group.addTask {
          try await Task.sleep(for: limit)
          throw WebFailure(request.address, .timedOut(limit))
        }
        defer { group.cancelAll() }
        guard let reply = try await group.next() else { throw WebFailure(request.address, .ended) }
        return reply
      }
    } catch {
      throw WebFailure(request.address, error, limit)
    }
  }
}

extension WebFailure {
  /// Says in our terms why a request failed.
  init(_ address: WebAddress, _ error: any Error, _ limit: Duration) {
    switch error {
    case let error as WebFailure: self = error
    case is CancellationError: self.init(address, .ended)
    case let error as HTTPClientError: self.init(address, Self.cause(error, limit))
    case let error as NIOConnectionError:
      let words = (error.connectionErrors.first?.error as? IOError).map { systemWords($0.errnoCode) }
      self.init(address, .unreachable(words ?? "nobody of that name, or no answer there"))
    case let error as IOError: self.init(address, .unreachable(systemWords(error.errnoCode)))
    case ChannelError.connectTimeout: self.init(address, .timedOut(limit))
    case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError:
      let failure = EndpointFailure(error)
      if case .tls(let words) = failure { self.init(address, .tls(words)) } else { self.init(address, .tls("\(error)")) }
    case let error as HTTPParserError: self.init(address, .http("\(error)"))
    default: self.init(address, .http("\(error)"))
    }
  }

  private static func cause(_ error: HTTPClientError, _ limit: Duration) -> Cause {
    switch error {
    case .connectTimeout, .readTimeout, .writeTimeout, .deadlineExceeded, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout:
      .timedOut(limit)
    case .remoteConnectionClosed, .uncleanShutdown: .http("the server closed the connection before the end of its answer")
    case .cancelled: .ended
    case .invalidURL, .emptyHost, .emptyScheme: .notURL
    default: .http(error.shortDescription)
    }
  }
}
