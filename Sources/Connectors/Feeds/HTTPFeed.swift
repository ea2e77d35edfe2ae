/// A file that its source keeps at a URL and changes in place.
public struct HTTPFeed: Sendable {
  public var address: WebAddress
  public var credentials: OriginCredentials?

  public init(_ address: WebAddress, credentials: OriginCredentials? = nil) {
    (self.address, self.credentials) = (address, credentials)
  }

  /// By what a server tells whether the file is still the same (RFC 9110 §8.8), to be given back as they came.
  public struct Marks: Hashable, Sendable {
    public var entityTag: String?
    public var lastModified: String?

    public init(entityTag: String? = nil, lastModified: String? = nil) {
      (self.entityTag, self.lastModified) = (entityTag, lastModified)
    }
  }

  public enum Outcome: Sendable {
    case notModified
    /// What the file holds now, without its content coding; a file that is compressed itself stays so.
    case body([UInt8], Marks)
  }

  /// Fetches the file, where it is not the one that the marks are of.
  public func fetch(_ web: WebClient, since marks: Marks = Marks()) async throws(WebFailure) -> Outcome {
    var request = WebRequest(address: address, credentials: credentials, octets: web.options.octets)
    request.fields = [(name: "Accept", value: "*/*")]
    // A server that knows both goes by the tag (RFC 9110 §13.2.2).
    if let tag = marks.entityTag { request.fields.append((name: "If-None-Match", value: tag)) }
    if let date = marks.lastModified { request.fields.append((name: "If-Modified-Since", value: date)) }
    let reply = try await web.fetch(request)
    switch reply.status {
    case 200:
      return .body(
        reply.body, Marks(entityTag: Self.mark(reply.fields["etag"]), lastModified: Self.mark(reply.fields["last-modified"])))
    case 304:
      guard marks != Marks() else { throw WebFailure(reply.address, .notModifiedUnasked) }
      return .notModified
    default: throw WebFailure(reply.address, .status(reply.status, words: nil))
    }
  }

  /// A mark is kept and sent again: one that is long or holds control characters is none.
  private static func mark(_ field: String?) -> String? {
    field.flatMap { $0.utf8.count <= 1024 && $0.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } ? $0 : nil }
  }
}
