internal import FoundationEssentials
internal import Names
internal import Notation

/// An http or https URL that may be asked.
public struct WebAddress: Hashable, Sendable {
  /// As it is sent; no fragment, no user, no password.
  public let text: String
  let scheme: String
  let host: String
  let port: Int

  public static let octets = 32_768

  /// - Throws: ``WebFailure``: what is no URL of http or https with a host, or holds a user or password.
  public init(_ text: String) throws(WebFailure) {
    guard text.utf8.count <= Self.octets, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), let url = URL(string: text) else {
      throw WebFailure(text, .notURL)
    }
    try self.init(url.absoluteURL, text)
  }

  private init(_ url: URL, _ text: String) throws(WebFailure) {
    guard let scheme = url.scheme?.lowercased(), ["http", "https"].contains(scheme), let host = url.host(), !host.isEmpty else {
      throw WebFailure(text, .notURL)
    }
    guard url.user() == nil, url.password() == nil else { throw WebFailure(text, .credentialsInURL) }
    (self.scheme, self.host) = (scheme, host.lowercased())
    port = url.port ?? (scheme == "https" ? 443 : 80)
    let whole = url.absoluteString
    self.text = String(whole.prefix { $0 != "#" })
  }

  /// What a reference from this address means (RFC 3986 §5).
  public func resolving(_ reference: String) throws(WebFailure) -> WebAddress {
    guard reference.utf8.count <= Self.octets, let base = URL(string: text),
      let url = URL(string: reference, relativeTo: base)?.absoluteURL
    else { throw WebFailure(text, .notURL) }
    return try WebAddress(url, reference)
  }

  /// Below this address, which ends in a slash or is made to, without its query.
  func appending(_ path: String, query: String = "") throws(WebFailure) -> WebAddress {
    let base = text.prefix { $0 != "?" }
    return try WebAddress(base + (base.hasSuffix("/") ? "" : "/") + path + (query.isEmpty ? "" : "?" + query))
  }

  var isSecure: Bool { scheme == "https" }
  /// What is sent there in the clear does not leave this machine.
  var isLoopback: Bool {
    if host == "localhost" || host == "::1" || host == "[::1]" { return true }
    // An address: anybody may have a name such as 127.example.com.
    if case .v4(let value)? = IPAddress(host) { return value >> 24 == 127 }
    return false
  }
  /// Who may see credentials that were meant for the other (RFC 6454 §4).
  public func isSameOrigin(as other: WebAddress) -> Bool { (scheme, host, port) == (other.scheme, other.host, other.port) }
}

extension WebAddress: CustomStringConvertible {
  /// For people: without the query, which may hold a key.
  public var description: String { Self.shown(text) }

  static func shown(_ text: String) -> String {
    let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    var start = String(parts.first ?? "")
    // Nor with a user and password, where somebody wrote them into the URL.
    let authority = start.drop { $0 != ":" }.dropFirst().drop { $0 == "/" }
    if let at = authority.prefix(while: { $0 != "/" }).lastIndex(of: "@") {
      start = String(start[..<authority.startIndex] + authority[authority.index(after: at)...])
    }
    return printable(start + (parts.count > 1 ? "?…" : ""), limit: 200)
  }
}
