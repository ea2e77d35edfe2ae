/// A secret between a server and those that may transfer its zones, as configuration files write it.
public struct SharedKey: Sendable {
  /// With the final dot.
  public let name: String
  /// `hmac-sha256`.
  public let algorithm: String
  /// In base64.
  public let secret: String

  public init(_ name: String, _ algorithm: String, _ secret: String) {
    (self.name, self.algorithm, self.secret) = (name, algorithm, secret)
  }
}
