internal import Notation

/// A TAXII 2.1 server with one API root, without its sockets: a request goes in and a response comes out.
///
/// The clock and the source of identifiers come from outside. Whoever calls it bounds the time and the size of what comes in.
public struct TAXIIService<Catalog: TAXIICatalog>: Sendable {
  public var title: String
  public var description: String?
  public var contact: String?
  /// The path segment of the API root.
  public var root: String
  public var information: TAXIIAPIRoot
  public var admission: TAXIIAdmission
  public let catalog: Catalog
  /// Objects on a page, whatever is asked for.
  public var pageLimit = 100
  /// Octets of objects on a page, of which it holds one at least.
  public var pageOctets = 8 << 20
  let now: @Sendable () -> TAXIITimestamp
  /// A new UUID (RFC 9562).
  let identify: @Sendable () -> String
  /// Told what the catalog could not do, which a client is told without its words.
  let report: @Sendable (any Error) -> Void

  public init(
    title: String, root: String = "nameward", information: TAXIIAPIRoot, admission: TAXIIAdmission, catalog: Catalog,
    now: @escaping @Sendable () -> TAXIITimestamp, identify: @escaping @Sendable () -> String,
    report: @escaping @Sendable (any Error) -> Void = { _ in }
  ) {
    (self.title, self.root, self.information, self.admission) = (title, root, information, admission)
    (self.catalog, self.now, self.identify, self.report) = (catalog, now, identify, report)
  }

  /// Answers one request. Never throws: what goes wrong is an error message (§3.6).
  ///
  /// In this order: who asks (401), in which form the answer may come (406), whether there is such a thing (404), and only then
  /// what may be done with it, so that a stranger learns nothing.
  public func answer(_ request: TAXIIRequest) -> TAXIIResponse {
    do throws(TAXIIRefusal) {
      guard let rights = admission.rights(request.authorization) else { throw .stranger }
      guard TAXII.accepts(request.accept) else { throw .notAcceptable }
      return try route(request, rights)
    } catch {
      return error.response
    }
  }

  /// Whether the sender of a request may write anywhere, so that what it sends is worth reading.
  public func mayWrite(_ authorization: String?) -> Bool {
    admission.rights(authorization).map { $0.writing != .only([]) } ?? false
  }

  private func route(_ request: TAXIIRequest, _ rights: TAXIIAdmission.Rights) throws(TAXIIRefusal) -> TAXIIResponse {
    let parts = try segments(request.path)
    if parts == ["taxii2"] {
      try allow(["GET"], request)
      return resource { discovery.write(to: &$0) }
    }
    guard parts.first == root else { throw .missing("API root or path") }
    switch parts.count {
    case 1:
      try allow(["GET"], request)
      return resource { information.write(to: &$0) }
    case 3 where parts[1] == "status":
      try allow(["GET"], request)
      guard let status = try asked({ () throws in try catalog.status(parts[2]) }) else { throw .missing("status") }
      return resource { status.write(to: &$0) }
    case 2... where parts[1] == "collections":
      return try collections(request, Array(parts.dropFirst(2)), rights)
    default: throw .missing("path")
    }
  }

  private func collections(
    _ request: TAXIIRequest, _ parts: [String], _ rights: TAXIIAdmission.Rights
  ) throws(TAXIIRefusal) -> TAXIIResponse {
    let all = try asked { () throws in try catalog.collections() }.compactMap { (collection) -> TAXIICollection? in
      var collection = collection
      let (reads, writes) = (rights.reading.covers(collection.id), rights.writing.covers(collection.id))
      guard reads || writes else { return nil }
      // What this client may do, not what anyone could (§5.2.1). Of what it may neither read nor write it learns nothing.
      (collection.canRead, collection.canWrite) = (collection.canRead && reads, collection.canWrite && writes)
      return collection
    }
    guard let id = parts.first else {
      try allow(["GET"], request)
      return resource { json in
        json.object { json in
          guard !all.isEmpty else { return }
          json.array(as: "collections") { list in for collection in all { collection.write(to: &list) } }
        }
      }
    }
    guard let collection = all.first(where: { $0.id == id || $0.alias == id }) else { throw .missing("collection") }
    switch (parts.count, parts.dropFirst().first) {
    case (1, _):
      try allow(["GET"], request)
      return resource { collection.write(to: &$0) }
    case (2, "manifest"):
      try allow(["GET"], request)
      return try manifest(request, of: collection)
    case (2, "objects"):
      try allow(["GET", "POST"], request)
      return request.method == "POST" ? try add(request, to: collection) : try objects(request, of: collection)
    case (3, "objects"):
      try allow(["GET", "DELETE"], request)
      return request.method == "DELETE"
        ? try delete(request, parts[2], from: collection) : try objects(request, of: collection, object: parts[2])
    case (4, "objects") where parts[3] == "versions":
      try allow(["GET"], request)
      return try versions(request, of: collection, object: parts[2])
    default: throw .missing("path")
    }
  }

  private var discovery: TAXIIDiscovery {
    // A path: behind a proxy the server does not know its own name (§4.1.1 allows it).
    TAXIIDiscovery(
      title: title, description: description, contact: contact, defaultRoot: "/\(root)/", roots: ["/\(root)/"])
  }

  private func segments(_ path: String) throws(TAXIIRefusal) -> [String] {
    guard path.utf8.count <= 2048 else { throw .missing("path") }
    var parts: [String] = []
    for part in path.split(separator: "/") {
      guard let text = percentDecoded(part) else { throw .missing("path") }
      parts.append(text)
    }
    return parts
  }

  private func allow(_ methods: [String], _ request: TAXIIRequest) throws(TAXIIRefusal) {
    if !methods.contains(request.method) { throw .notAllowed(methods) }
  }

  func resource(
    _ status: Int = 200, fields: [(name: String, value: String)] = [], _ write: (inout JSONWriter) -> Void
  ) -> TAXIIResponse {
    var json = JSONWriter()
    write(&json)
    return TAXIIResponse(status, json.text, fields: fields)
  }

  /// What the catalog says. Its faults are the owner's business, not the client's.
  func asked<Value>(_ work: () throws -> Value) throws(TAXIIRefusal) -> Value {
    do { return try work() } catch {
      guard !(error is TAXIICatalogBusy) else { throw .busy }
      report(error)
      throw .broken
    }
  }
}

extension TAXIIRefusal {
  static let stranger = TAXIIRefusal(
    status: 401, title: "Unauthorized", description: "Send the token that the owner of this server gave you, as a bearer token.",
    fields: [
      (name: "WWW-Authenticate", value: "Bearer realm=\"TAXII\", Basic realm=\"TAXII\", charset=\"UTF-8\"")
    ])
  static let notAcceptable = TAXIIRefusal(
    status: 406, title: "Not acceptable", description: "Answers are \(TAXII.mediaType). Accept that.")
  static let broken = TAXIIRefusal(
    status: 500, title: "Internal error", description: "The objects could not be read or kept. Try again later.")
  static let busy = TAXIIRefusal(
    status: 503, title: "Busy", description: "Another program works with the objects. Try again in a minute.",
    fields: [(name: "Retry-After", value: "60")])
  static func missing(_ what: String) -> TAXIIRefusal {
    TAXIIRefusal(
      status: 404, title: "Not found", description: "There is no such \(what) here. Start from \(TAXII.discoveryPath).")
  }
  static func notAllowed(_ methods: [String]) -> TAXIIRefusal {
    TAXIIRefusal(
      status: 405, title: "Method not allowed", description: "Use \(methods.joined(separator: " or ")) here.",
      fields: [(name: "Allow", value: methods.joined(separator: ", "))])
  }
  static func forbidden(_ what: String) -> TAXIIRefusal {
    TAXIIRefusal(
      status: 403, title: "Forbidden", description: "You may not \(what) this collection. Ask the owner of this server.")
  }
  static func badRequest(_ sentence: String) -> TAXIIRefusal {
    TAXIIRefusal(status: 400, title: "Bad request", description: sentence)
  }
}
