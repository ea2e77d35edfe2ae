public import Indicators
internal import Notation

/// Asks a TAXII 2.1 server.
public struct TAXIIClient: Sendable {
  /// What one call takes at most.
  public struct Bounds: Sendable {
    public var pages = 10_000
    public var objects = 1_000_000
    /// Of all pages together, decompressed.
    public var octets = 256 << 20
    /// JSON values of all pages together: one takes some 100 octets of memory, however short it is written.
    public var values = 4 << 20
    /// After which no further page is asked for.
    public var duration = Duration.seconds(600)
    /// What is asked for at once; a server gives fewer where it likes.
    public var pageSize = 1000

    public init() {}
  }

  let web: WebClient
  let credentials: OriginCredentials?
  public var bounds = Bounds()

  public init(_ web: WebClient, credentials: OriginCredentials? = nil) { (self.web, self.credentials) = (web, credentials) }

  /// What a server says of itself, its roots made absolute (§4.1).
  ///
  /// - Parameter server: The discovery URL, or that of a server whose discovery is at `/taxii2/`.
  public func discovery(at server: WebAddress) async throws(TAXIIFailure) -> TAXIIDiscovery {
    let isBare = server.text.drop { $0 != ":" }.dropFirst(3).drop { $0 != "/" }.count <= 1
    let address = isBare ? try webbed { () throws(WebFailure) in try server.resolving(TAXII.discoveryPath) } : server
    let (value, _, from) = try await get(address)
    var found = try read(from) { () throws(TAXIIFault) in try TAXIIDiscovery(value) }
    var roots: [String] = []
    for root in found.roots { roots.append(try webbed { () throws(WebFailure) in try from.resolving(root) }.text) }
    found.roots = roots
    if let first = found.defaultRoot {
      found.defaultRoot = try webbed { () throws(WebFailure) in try from.resolving(first) }.text
    }
    return found
  }

  public func apiRoot(at root: WebAddress) async throws(TAXIIFailure) -> TAXIIAPIRoot {
    let (value, _, from) = try await get(root)
    return try read(from) { () throws(TAXIIFault) in try TAXIIAPIRoot(value) }
  }

  public func collections(of root: WebAddress) async throws(TAXIIFailure) -> [TAXIICollection] {
    let (value, _, from) = try await get(try below(root, "collections/"))
    return try read(from) { () throws(TAXIIFault) in try TAXIICollection.list(value) }
  }

  public func collection(_ id: String, of root: WebAddress) async throws(TAXIIFailure) -> TAXIICollection {
    let (value, _, from) = try await get(try below(root, "collections/\(percentEncoded(id))/"))
    return try read(from) { () throws(TAXIIFault) in try TAXIICollection(value) }
  }

  public func status(_ id: String, of root: WebAddress) async throws(TAXIIFailure) -> TAXIIStatus {
    let (value, _, from) = try await get(try below(root, "status/\(percentEncoded(id))/"))
    return try read(from) { () throws(TAXIIFault) in try TAXIIStatus(value) }
  }

  /// Sends an envelope (§5.5).
  ///
  /// - Parameter envelope: JSON text with the member `objects`.
  public func add(_ envelope: String, to collection: String, of root: WebAddress) async throws(TAXIIFailure) -> TAXIIStatus {
    let address = try below(root, "collections/\(percentEncoded(collection))/objects/")
    var request = self.request(address)
    (request.method, request.body) = ("POST", Array(envelope.utf8))
    request.fields.append((name: "Content-Type", value: TAXII.mediaType))
    let (value, _, from) = try await ask(request)
    return try read(from) { () throws(TAXIIFault) in try TAXIIStatus(value) }
  }

  // MARK: One request

  func get(
    _ address: WebAddress, octets: Int = .max, values: Int = .max
  ) async throws(TAXIIFailure) -> (JSONValue, WebReply, WebAddress) {
    var request = request(address)
    request.octets = min(request.octets, octets)
    return try await ask(request, values: values)
  }

  private func request(_ address: WebAddress) -> WebRequest {
    WebRequest(
      address: address, fields: [(name: "Accept", value: TAXII.mediaType)], credentials: credentials, octets: web.options.octets)
  }

  private func ask(
    _ request: WebRequest, values: Int = .max
  ) async throws(TAXIIFailure) -> (JSONValue, WebReply, WebAddress) {
    let reply: WebReply
    do { reply = try await web.fetch(request) } catch { throw .web(error) }
    guard 200..<300 ~= reply.status else {
      throw .web(WebFailure(reply.address, .status(reply.status, words: Self.words(reply.body))))
    }
    var most = JSONValue.Bounds(octets: web.options.octets)
    most.values = min(most.values, values)
    do {
      return (try JSONValue(reply.body, bounds: most), reply, reply.address)
    } catch {
      throw .notJSON(url: "\(reply.address)", error)
    }
  }

  /// What a server says of an error, where it says it in TAXII's form (§3.6.1).
  private static func words(_ body: [UInt8]) -> String? {
    guard body.count <= 1 << 16, let value = try? JSONValue(body), let message = try? TAXIIErrorMessage(value) else { return nil }
    let words = message.description ?? message.title
    return printable(words.hasSuffix(".") ? String(words.dropLast()) : words, limit: 200)
  }

  func below(_ root: WebAddress, _ path: String, query: String = "") throws(TAXIIFailure) -> WebAddress {
    try webbed { () throws(WebFailure) in try root.appending(path, query: query) }
  }

  private func webbed<Value>(_ work: () throws(WebFailure) -> Value) throws(TAXIIFailure) -> Value {
    do { return try work() } catch { throw .web(error) }
  }

  func read<Value>(_ address: WebAddress, _ work: () throws(TAXIIFault) -> Value) throws(TAXIIFailure) -> Value {
    do { return try work() } catch { throw .notResource(url: "\(address)", error) }
  }
}
