import Crypto
import DNSWire
import Names

extension DNSKEY {
  /// RFC 4034 appendix B; of algorithm 1 (RSA/MD5, appendix B.1) it is taken from the key's end.
  var keyTag: UInt16 {
    if algorithm == 1 {
      guard publicKey.count >= 3 else { return 0 }
      return UInt16(publicKey[publicKey.count - 3]) << 8 | UInt16(publicKey[publicKey.count - 2])
    }
    // At most 65535 octets, so the sum stays below 2^32.
    var sum: UInt32 = 0
    for (place, octet) in rdata.octets.enumerated() { sum &+= place & 1 == 0 ? UInt32(octet) << 8 : UInt32(octet) }
    sum &+= sum >> 16 & 0xFFFF
    return UInt16(truncatingIfNeeded: sum)
  }

  /// The digest that a DS of this key holds (RFC 4034 §5.1.4, RFC 4509, RFC 6605); nil for digest types that are not known here.
  func digest(_ digestType: UInt8, of owner: DomainName) -> [UInt8]? {
    let octets = owner.octets + rdata.octets
    return switch digestType {
    case 1: Array(Insecure.SHA1.hash(data: octets))
    case 2: Array(SHA256.hash(data: octets))
    case 4: Array(SHA384.hash(data: octets))
    default: nil
    }
  }

  /// Whether a DS is of this key; where its digest cannot be computed here, as far as key tag and algorithm say.
  func isKey(of ds: DS, owner: DomainName) -> Bool {
    guard ds.algorithm == algorithm, ds.keyTag == keyTag else { return false }
    return digest(ds.digestType, of: owner).map { $0 == ds.digest } ?? true
  }
}
