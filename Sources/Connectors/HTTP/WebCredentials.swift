internal import FoundationEssentials

/// By what a client shows who it is. Never printed.
public enum WebCredentials: Sendable {
  case basic(user: String, password: String)
  case bearer(token: String)

  /// The field `Authorization` (RFC 7617 §2, RFC 6750 §2.1).
  var field: String {
    switch self {
    case .basic(let user, let password): "Basic " + Data("\(user):\(password)".utf8).base64EncodedString()
    case .bearer(let token): "Bearer " + token
    }
  }
}

extension WebCredentials: CustomStringConvertible, CustomDebugStringConvertible {
  public var description: String {
    switch self {
    case .basic: "Basic …"
    case .bearer: "Bearer …"
    }
  }
  public var debugDescription: String { description }
}
