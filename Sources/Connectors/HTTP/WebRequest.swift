internal import Notation

/// What a URL is asked.
struct WebRequest: Sendable {
  var method = "GET"
  var address: WebAddress
  var fields: [(name: String, value: String)] = []
  /// Not sent where the address is of another origin than they are for.
  var credentials: OriginCredentials?
  var body: [UInt8]?
  /// Of the answer's body.
  var octets: Int
}

/// What came.
struct WebReply: Sendable {
  var status: Int
  /// The first field of each name, in lower case.
  var fields: [String: String]
  var body: [UInt8]
  /// Where it came from, after redirects.
  var address: WebAddress

  /// The same without its content coding (RFC 9110 §8.4).
  ///
  /// - Parameter most: Octets that may come out.
  func decoded(_ most: Int) throws(WebFailure) -> WebReply {
    switch fields["content-encoding"]?.lowercased() {
    case nil, "", "identity": return self
    case "gzip", "x-gzip": break
    case let other?: throw WebFailure(address, .coding(other))
    }
    guard !body.isEmpty else { return self }
    var reply = self
    do { reply.body = try Decompressor.whole(body, .gzip, atMost: most) } catch {
      if case .tooLarge = error { throw WebFailure(address, .tooLarge(limit: most)) }
      throw WebFailure(address, .damaged(error.sentence))
    }
    return reply
  }
}
