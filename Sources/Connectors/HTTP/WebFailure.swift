internal import Notation

/// Why a URL gave nothing: what, which, and what to do.
public struct WebFailure: Error, Hashable, Sendable {
  public enum Cause: Hashable, Sendable {
    case notURL
    case credentialsInURL
    /// A secret would travel in the clear, to another machine.
    case credentialsInClear
    /// The file of authorities; the reader's words.
    case authorities(file: String, String)
    case timedOut(Duration)
    /// No connection; the system's words.
    case unreachable(String)
    case tls(String)
    case http(String)
    /// A status that is no success, and the server's own words about it.
    case status(Int, words: String?)
    case tooLarge(limit: Int)
    /// A content coding that was not asked for.
    case coding(String)
    case damaged(String)
    case tooManyRedirects(limit: Int)
    case redirectWithoutTarget
    /// From https to http.
    case downgraded
    /// The server asks to wait for longer than is waited.
    case busy(seconds: Int64, patience: Duration)
    /// The server asked to wait each time that it was asked.
    case stillBusy(times: Int, seconds: Int64)
    /// "Not modified", to a request without a condition.
    case notModifiedUnasked
    case ended
  }

  /// As people are shown it.
  public var url: String
  public var cause: Cause

  init(_ url: String, _ cause: Cause) { (self.url, self.cause) = (WebAddress.shown(url), cause) }
  init(_ address: WebAddress, _ cause: Cause) { self.init(address.text, cause) }

  public var sentence: String { url.isEmpty ? cause.sentence : "\(url): \(cause.sentence)" }
}

extension WebFailure.Cause {
  var sentence: String {
    switch self {
    case .notURL: "this is no URL of http or https. Write it as https://host/path, with other characters percent-encoded."
    case .credentialsInURL: "the URL holds a user or password. Take it out, and give it as credentials."
    case .credentialsInClear: "credentials are not sent over http to another machine. Use https."
    case .authorities(let file, let words): "the authorities in \(quoted(file)) cannot be read: \(words). Name a PEM file."
    case .timedOut(let limit): "it was not done within \(limit). Try again later, or allow more time with --timeout SECONDS."
    case .unreachable(let words): "it could not be reached: \(words). Check the URL and the network."
    case .tls(let words): "TLS failed: \(words). Check the URL; where its authority is your own, name the authority's file."
    case .http(let words): "what came is not HTTP as it should be: \(words). Tell those who run the server."
    case .status(let status, let words):
      "the server answers \(status)" + (words.map { " (\($0))" } ?? "") + ". " + Self.advice(status)
    case .tooLarge(let limit): "it is longer than the \(limit) octets that are read. Ask for less, or allow more."
    case .coding(let name): "it came in the coding \(quoted(name)), which was not asked for. Tell those who run the server."
    case .damaged(let words): "it came damaged: \(words)"
    case .tooManyRedirects(let limit): "it redirects more than \(limit) times. Name the URL where it ends."
    case .redirectWithoutTarget: "it redirects to nowhere. Tell those who run the server."
    case .downgraded: "it redirects from https to http. Tell those who run the server."
    case .busy(let seconds, let patience):
      "the server asks to wait \(seconds) seconds; at most \(patience) are waited in all. Try again after that."
    case .stillBusy(let times, let seconds):
      "the server was asked \(times) times, and still asks to wait \(seconds) seconds. Try again later."
    case .notModifiedUnasked: "the server says that nothing changed, but nothing is known. Fetch it again without marks."
    case .ended: "the run was ended before the answer."
    }
  }

  private static func advice(_ status: Int) -> String {
    switch status {
    case 300..<400: "Name the URL that it moved to."
    case 401: "Check the credentials."
    case 403: "Ask the owner of the server for access."
    case 404, 410: "Check the URL."
    case 406, 415: "Check that the server speaks TAXII 2.1 at this URL."
    case 413: "Send less at once."
    case 429, 500...: "Try again later."
    default: "Check the request against what the server offers."
    }
  }
}
