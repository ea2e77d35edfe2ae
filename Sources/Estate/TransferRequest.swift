public import DNSWire
public import Names

/// A zone that a declaration wants transferred from a hidden primary, signed with TSIG (RFC 8945).
public struct TransferRequest: Hashable, Sendable {
  /// RFC 8945 §6.
  public enum Algorithm: String, Hashable, Sendable, CaseIterable {
    case hmacSHA256 = "hmac-sha256"
    case hmacSHA384 = "hmac-sha384"
    case hmacSHA512 = "hmac-sha512"
  }

  public var zone: DomainName
  public var primary: SocketAddress
  public var keyName: DomainName
  public var algorithm: Algorithm
  public var secret: SecretReference
  /// Where the owner declared it.
  public var position: SourcePosition

  public init(
    zone: DomainName, primary: SocketAddress, keyName: DomainName, algorithm: Algorithm, secret: SecretReference,
    position: SourcePosition
  ) {
    (self.zone, self.primary, self.keyName, self.algorithm) = (zone, primary, keyName, algorithm)
    (self.secret, self.position) = (secret, position)
  }
}

/// What became of a transfer.
public enum Transferred: Hashable, Sendable {
  case records([ResourceRecord])
  /// Why it failed, as a sentence without its end.
  case failed(String)
}
