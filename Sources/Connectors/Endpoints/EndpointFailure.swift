/// Why an endpoint showed neither a chain nor a page: nothing is known then, good or bad. ``description`` is for a person.
public enum EndpointFailure: Error, Hashable, Sendable {
  /// Not done within the time that the probe gives one connection, from its first packet to its last octet.
  case timedOut(Duration)
  /// No connection; the system's words.
  case unreachable(String)
  /// No TLS, or a connection that broke in it.
  case tls(String)
  /// The mail server's dialogue came to no STARTTLS.
  case smtp(String)
  /// What came is no HTTP answer.
  case http(String)
  /// Whether to trust the certificate could not be judged; the reason lies here, not there.
  case unjudged(String)
  /// Whoever asked waits no longer.
  case ended
}

extension EndpointFailure: CustomStringConvertible {
  public var description: String {
    switch self {
    case .timedOut(let limit): "it was not done within \(limit)"
    case .unreachable(let words): "it could not be reached: \(words)"
    case .tls(let words): "TLS failed: \(words)"
    case .smtp(let words): "STARTTLS failed: \(words)"
    case .http(let words): "HTTP failed: \(words)"
    case .unjudged(let words): "its certificate could not be judged: \(words)"
    case .ended: "the run was ended before the answer"
    }
  }
}
