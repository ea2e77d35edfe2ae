/// What is the same of URLs that fetch the same (RFC 3986 §6.2.2, §6.2.3): the scheme and the host in lower case, without the scheme's
/// own port and without the fragment, which is not sent. Marks at the end go: in a text they end a sentence.
enum URLKey {
  static func of(_ url: String) -> String {
    guard let (scheme, rest) = parts(url) else { return withoutScheme(url) }
    return scheme + "://" + normal(rest, scheme)
  }

  /// The same, as a source writes it that leaves the scheme away; empty where there is nothing else.
  static func withoutScheme(_ url: String) -> String {
    guard let (scheme, rest) = parts(url) else { return normal(url[...], "") }
    return normal(rest, scheme)
  }

  private static func parts(_ url: String) -> (scheme: String, rest: Substring)? {
    guard let colon = url.utf8.firstIndex(of: UInt8(ascii: ":")), url.utf8[colon...].starts(with: "://".utf8) else { return nil }
    return (url[..<colon].lowercased(), url[url.utf8.index(colon, offsetBy: 3)...])
  }

  private static func normal(_ rest: Substring, _ scheme: String) -> String {
    let sent = rest.utf8.prefix { $0 != UInt8(ascii: "#") }
    let border = sent.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? sent.endIndex
    var authority = Substring(sent[..<border]).lowercased()
    for (own, port) in [("http", ":80"), ("https", ":443"), ("ftp", ":21")] where scheme == own && authority.hasSuffix(port) {
      authority.removeLast(port.utf8.count)
    }
    var path = sent[border...]
    while let last = path.last, LogMatcher.isMark(last) { path = path.dropLast() }
    return authority + Substring(path)
  }
}
