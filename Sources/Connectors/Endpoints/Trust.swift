/// Whether a chain proves to be a server's, judged at one moment from the octets that the server showed.
enum Trust: Hashable, Sendable {
  case trusted
  case distrusted(Distrust)
  /// It could not be judged, with the reason: not a fault of the server's.
  case undecided(String)

  /// Why the chain is not trusted; `nil`: it is.
  func distrust() throws(EndpointFailure) -> String? {
    switch self {
    case .trusted: nil
    case .distrusted(let reason): "\(reason)"
    case .undecided(let words): throw .unjudged(words)
    }
  }
}

/// Why a chain proves nothing. The first reason found; there may be others behind it.
enum Distrust: Hashable, Sendable {
  /// No dNSName of the server's certificate is the name that was asked for (RFC 9525 §6).
  case otherName
  case expired
  case notYetValid
  /// The server's certificate is signed by its own key, and that is no authority.
  case selfSigned
  /// No way leads to an authority: another one signed, or the server leaves out what is between.
  case unknownAuthority
  /// OpenSSL's words for any other reason.
  case other(String)
}

extension Distrust: CustomStringConvertible {
  var description: String {
    switch self {
    case .otherName: "the certificate is for another name"
    case .expired: "a certificate has expired"
    case .notYetValid: "a certificate is not valid yet"
    case .selfSigned: "the certificate is signed by itself"
    case .unknownAuthority: "no authority that is trusted here signed the certificate"
    case .other(let words): words
    }
  }
}
