import Crypto
import FoundationEssentials
public import Names

/// A secret that a server shares with us for transaction signatures (RFC 8945): its name, its algorithm, its octets.
///
/// Nothing prints the secret, neither in a description nor in a dump.
public struct TransferKey: Sendable {
  /// The algorithms of RFC 8945 §6 that are not out of date.
  public enum Algorithm: String, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    case hmacSHA256 = "hmac-sha256"
    case hmacSHA384 = "hmac-sha384"
    case hmacSHA512 = "hmac-sha512"

    /// Reads what configurations call it, in either case: `hmac-sha256`, with or without a final dot.
    public init(named text: some StringProtocol) throws(Fault) {
      var word = text.lowercased()
      if word.hasSuffix(".") { word.removeLast() }
      if let known = Algorithm(rawValue: word) {
        self = known
        return
      }
      // RFC 8945 §6: MD5 must not be used, and SHA-1 only to speak with what knows no better.
      let isWeak = ["hmac-md5", "hmac-md5.sig-alg.reg.int", "hmac-sha1", "hmac-sha224"].contains(word)
      throw isWeak ? .weakAlgorithm(word) : .unknownAlgorithm(String(text.prefix(64)))
    }

    public var description: String { rawValue }

    /// The algorithm as TSIG records name it.
    var wireName: [UInt8] { [UInt8(truncatingIfNeeded: rawValue.utf8.count)] + Array(rawValue.utf8) + [0] }

    /// Octets of a whole MAC.
    var macOctets: Int {
      switch self {
      case .hmacSHA256: 32
      case .hmacSHA384: 48
      case .hmacSHA512: 64
      }
    }

    /// A MAC shorter than this is no signature (RFC 8945 §5.2.2.1): ten octets, or half a whole one if that is more.
    var leastMACOctets: Int { max(10, macOctets / 2) }
  }

  /// Why something is not a key.
  public enum Fault: Error, Hashable, Sendable {
    case weakAlgorithm(String)
    case unknownAlgorithm(String)
    case secretNotBase64
    case emptySecret
  }

  public let name: DomainName
  public let algorithm: Algorithm
  let secret: SymmetricKey

  public init(name: DomainName, algorithm: Algorithm, secret: [UInt8]) throws(Fault) {
    guard !secret.isEmpty else { throw .emptySecret }
    (self.name, self.algorithm, self.secret) = (name, algorithm, SymmetricKey(data: secret))
  }

  /// Takes the secret as configurations of name servers write it, in base64 (RFC 4648 §4); white space around it is dropped.
  public init(name: DomainName, algorithm: Algorithm, base64: String) throws(Fault) {
    let text = base64.drop(while: \.isWhitespace)
    let end = text.lastIndex { !$0.isWhitespace }
    guard let secret = Data(base64Encoded: end.map { String(text[...$0]) } ?? "") else { throw .secretNotBase64 }
    try self.init(name: name, algorithm: algorithm, secret: Array(secret))
  }
}

extension TransferKey: CustomStringConvertible, CustomReflectable {
  /// Name and algorithm.
  public var description: String { "\(algorithm):\(name)" }
  public var customMirror: Mirror { Mirror(self, children: ["name": name, "algorithm": algorithm]) }
}

extension TransferKey.Fault: CustomStringConvertible {
  public var description: String {
    switch self {
    case .weakAlgorithm(let name):
      "\(name) is out of date (RFC 8945 §6). Make a key of hmac-sha256 or hmac-sha512, at the server too."
    case .unknownAlgorithm(let name):
      "\"\(name)\" is no algorithm of a transfer key: hmac-sha256, hmac-sha384 or hmac-sha512 is wanted."
    case .secretNotBase64: "The secret of the transfer key is not base64. Copy it whole, as the server's configuration has it."
    case .emptySecret: "The secret of the transfer key is empty."
    }
  }
}
