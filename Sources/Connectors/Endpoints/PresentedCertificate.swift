import NIOSSL

/// A certificate as a server showed it, with what TLSA records are compared with (RFC 6698 §2.1.2).
public struct PresentedCertificate: Hashable, Sendable {
  /// DER, whole: selector 0.
  public var certificate: [UInt8]
  /// Its SubjectPublicKeyInfo in DER: selector 1. `nil` where the key is of a kind that BoringSSL does not read.
  public var publicKey: [UInt8]?

  public init(certificate: [UInt8], publicKey: [UInt8]?) {
    (self.certificate, self.publicKey) = (certificate, publicKey)
  }

  init(_ presented: NIOSSLCertificate) throws {
    certificate = try presented.toDERBytes()
    publicKey = try? presented.extractPublicKey().toSPKIBytes()
  }
}
