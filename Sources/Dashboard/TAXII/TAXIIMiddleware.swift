internal import HTTPTypes
public import Hummingbird
public import Indicators
internal import NIOPosix

/// Answers what a TAXII service is there for, its discovery and its API root; every other path is left to who comes next.
public struct TAXIIMiddleware<Catalog: TAXIICatalog, Context: RequestContext>: RouterMiddleware {
  private let service: TAXIIService<Catalog>

  public init(_ service: TAXIIService<Catalog>) { self.service = service }

  // Concurrent as in the protocol, whose package is compiled without NonisolatedNonsendingByDefault.
  @concurrent public func handle(
    _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
  ) async throws -> Response {
    let first = request.uri.path.split(separator: "/", maxSplits: 1).first.map(String.init)
    guard first == "taxii2" || first == service.root else {
      guard Self.hasBody(request) else { return try await next(request, context) }
      let answer: Response
      do { answer = try await next(request, context) } catch let error as any HTTPResponseError {
        answer = try error.response(from: request, context: context)
      }
      return Self.closing(answer, on: nil)
    }
    var asked = TAXIIRequest(
      // What HEAD leaves out is left out at the end.
      method: request.method == .head ? "GET" : request.method.rawValue, path: request.uri.path, query: request.uri.query ?? "",
      accept: request.headers[.accept], contentType: request.headers[.contentType],
      authorization: request.headers[.authorization])
    // Nothing else has a body that is looked at; who may not write is told so whatever the body is, and none of it is kept.
    var reading = Self.hasBody(request) ? Reading.untouched : .whole([])
    if request.method == .post, service.mayWrite(asked.authorization) {
      reading = try await read(request)
      asked.body = if case .whole(let octets) = reading { octets } else { nil }
    }
    // A catalog waits for files: as many slow requests as there are processors would hold up all connections and timers.
    let told = try await NIOThreadPool.singleton.runIfActive { [service, asked] in service.answer(asked) }
    let answer = response(told, isHead: request.method == .head)
    switch reading {
    case .whole: return answer
    case .untouched: return Self.closing(answer, on: request.body)
    case .broken: return Self.closing(answer, on: nil)
    }
  }

  /// What was read of a body.
  private enum Reading {
    case whole([UInt8])
    case untouched
    /// It is longer than the API root takes.
    case broken
  }

  private static func hasBody(_ request: Request) -> Bool {
    request.headers[.transferEncoding] != nil || request.headers[.contentLength].map { $0 != "0" } ?? false
  }

  /// What is beyond what the API root takes is not kept.
  private func read(_ request: Request) async throws -> Reading {
    let most = service.information.maxContentLength
    if let told = request.headers[.contentLength].flatMap({ Int($0) }), told > most { return .untouched }
    var (octets, surplus): ([UInt8], Int) = ([], 0)
    for try await part in request.body {
      if surplus == 0, part.readableBytes <= most - octets.count {
        octets += part.readableBytesView
      } else {
        surplus += part.readableBytes
        if surplus > mostDiscarded { break }
      }
    }
    return surplus == 0 ? .whole(octets) : .broken
  }

  /// The same answer, after which the connection is closed: what is not wanted would be read for as long as it comes.
  ///
  /// - Parameter rest: What was not begun to be read. A little of it is, since a connection that is closed on octets which nobody
  ///   read may take the answer with it (RFC 9112 §9.6).
  private static func closing(_ answer: Response, on rest: RequestBody?) -> Response {
    var answer = answer
    let body = answer.body
    answer.headers[.connection] = "close"
    answer.body = ResponseBody(contentLength: body.contentLength) { writer in
      try await body.write(writer)
      if let rest { await discarded(rest) }
      // The server closes the connection of a response that fails.
      throw UnreadBody()
    }
    return answer
  }

  private func response(_ answer: TAXIIResponse, isHead: Bool) -> Response {
    var fields = HTTPFields()
    for (name, value) in answer.fields { if let name = HTTPField.Name(name) { fields[name] = value } }
    // What a token opens is not for caches, and no browser is to take it for anything else.
    fields[.cacheControl] = "no-store"
    fields[.xContentTypeOptions] = "nosniff"
    let response = Response(
      status: HTTPResponse.Status(code: answer.status), headers: fields,
      body: ResponseBody(byteBuffer: ByteBuffer(string: answer.body)))
    return isHead ? response.createHeadResponse() : response
  }
}

private struct UnreadBody: Error {}

/// Reads on for two seconds at most, and keeps nothing.
private func discarded(_ body: RequestBody) async {
  await withTaskGroup(of: Void.self) { group in
    group.addTask {
      var left = mostDiscarded
      do {
        for try await part in body {
          left -= part.readableBytes
          if left < 0 { return }
        }
      } catch {
        // Whoever went has ended it.
      }
    }
    group.addTask { try? await Task.sleep(for: .seconds(2)) }
    _ = await group.next()
    group.cancelAll()
  }
}

/// Octets that are read and thrown away, so that an answer arrives.
private let mostDiscarded = 1 << 20
