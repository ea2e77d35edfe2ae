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

extension WebCredentials {
  /// The same, for the server of a URL that a person named, and for no other.
  public func bound(to address: WebAddress) -> OriginCredentials { OriginCredentials(credentials: self, origin: address) }
}

/// Credentials, and a URL of the one origin that they are sent to (RFC 6454 §4), wherever a redirect, a discovery or a manifest
/// leads.
public struct OriginCredentials: Sendable {
  let credentials: WebCredentials
  let origin: WebAddress

  var field: String { credentials.field }

  func mayGo(to address: WebAddress) -> Bool { address.isSameOrigin(as: origin) }
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
