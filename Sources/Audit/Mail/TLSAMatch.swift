import Crypto
import DNSWire
import Estate
import FoundationEssentials

/// A TLSA record held against what a server showed (RFC 6698 §2.1, RFC 7671).
extension TLSA {
  enum Usage: UInt8 {
    /// PKIX-TA, PKIX-EE, DANE-TA, DANE-EE.
    case trustedAuthority, trustedServer, ownAuthority, ownServer
  }

  /// Whether the record can be used at all; what cannot is ignored (RFC 7671 §4.1).
  ///
  /// - Parameter isMail: Mail servers without a person to ask use no public authorities (RFC 7672 §3.1.3).
  func isUsable(forMail isMail: Bool) -> Bool {
    guard let usage = Usage(rawValue: usage), selector <= 1, matchingType <= 2 else { return false }
    if isMail, usage == .trustedAuthority || usage == .trustedServer { return false }
    return matchingType == 0 || association.count == (matchingType == 1 ? 32 : 64)
  }

  func matches(_ handshake: Handshake) -> Bool {
    switch Usage(rawValue: usage) {
    case .ownServer?: handshake.chain.first.map(names) ?? false
    case .ownAuthority?: handshake.chain.contains { $0.isAnchor && names($0) }
    case .trustedServer?: handshake.distrust == nil && (handshake.chain.first.map(names) ?? false)
    case .trustedAuthority?: handshake.distrust == nil && handshake.chain.dropFirst().contains(where: names)
    case nil: false
    }
  }

  /// The record that would name what the server showed, with this one's usage, selector and matching type.
  func naming(_ certificate: Handshake.Certificate) -> RData {
    var record = self
    record.association = data(of: certificate)
    return record.rdata
  }

  private func names(_ certificate: Handshake.Certificate) -> Bool { data(of: certificate) == association }

  private func data(of certificate: Handshake.Certificate) -> [UInt8] {
    let octets = selector == 0 ? certificate.octets : certificate.publicKey
    return switch matchingType {
    case 1: Array(SHA256.hash(data: octets))
    case 2: Array(SHA512.hash(data: octets))
    default: octets
    }
  }
}
