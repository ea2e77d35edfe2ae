internal import HTTPTypes
public import Hummingbird
public import Indicators

/// Answers what a TAXII service is there for, its discovery and its API root; every other path is left to who comes next.
public struct TAXIIMiddleware<Catalog: TAXIICatalog, Context: RequestContext>: RouterMiddleware {
  private let service: TAXIIService<Catalog>

  public init(_ service: TAXIIService<Catalog>) { self.service = service }

  // Concurrent as in the protocol, whose package is compiled without NonisolatedNonsendingByDefault.
  @concurrent public func handle(
    _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
  ) async throws -> Response {
    let first = request.uri.path.split(separator: "/", maxSplits: 1).first.map(String.init)
    guard first == "taxii2" || first == service.root else { return try await next(request, context) }
    var asked = TAXIIRequest(
      // What HEAD leaves out is left out at the end.
      method: request.method == .head ? "GET" : request.method.rawValue, path: request.uri.path, query: request.uri.query ?? "",
      accept: request.headers[.accept], contentType: request.headers[.contentType],
      authorization: request.headers[.authorization])
    // Nothing else has a body that is looked at; who may not write is told so whatever the body is, and none of it is kept.
    if request.method == .post, service.mayWrite(asked.authorization) { asked.body = try await body(of: request) }
    return response(service.answer(asked), isHead: request.method == .head)
  }

  /// `nil` where it is longer than the API root takes: what is beyond is not kept.
  private func body(of request: Request) async throws -> [UInt8]? {
    let most = service.information.maxContentLength
    if let told = request.headers[.contentLength].flatMap({ Int($0) }), told > most { return nil }
    var octets: [UInt8] = []
    for try await part in request.body {
      guard part.readableBytes <= most - octets.count else { return nil }
      octets += part.readableBytesView
    }
    return octets
  }

  private func response(_ answer: TAXIIResponse, isHead: Bool) -> Response {
    var fields = HTTPFields()
    for (name, value) in answer.fields { if let name = HTTPField.Name(name) { fields[name] = value } }
    // What a token opens is not for caches, and no browser is to take it for anything else.
    fields[.cacheControl] = "no-store"
    fields[.xContentTypeOptions] = "nosniff"
    let body = ResponseBody(byteBuffer: ByteBuffer(string: answer.body))
    return Response(
      status: HTTPResponse.Status(code: answer.status), headers: fields, body: isHead ? ResponseBody() : body)
  }
}
