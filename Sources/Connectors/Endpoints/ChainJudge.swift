import CTrust
import Estate
import Names

/// Judges chains by OpenSSL, which can say why, judge as of a moment, and hold an authority that is no root for one; a TLS
/// library in the middle of a handshake can do none of these.
struct ChainJudge: Sendable {
  /// A PEM file; `nil` for the system's.
  var authoritiesFile: String?

  /// - Parameters:
  ///   - chain: Certificates in DER, the server's own first.
  ///   - anchor: The one authority, in DER, in place of all others; it need not be signed by itself.
  func trust(_ chain: [[UInt8]], name: DomainName, anchor: [UInt8]?, at moment: Timestamp) -> Trust {
    let octets = chain.flatMap(\.self)
    let lengths = chain.map(\.count)
    // `lengths` are those of the arrays that `octets` was joined from; the rest are bounded by their own counts, and strings end
    // with a zero.
    let code = unsafe octets.withUnsafeBufferPointer { octets in
      unsafe lengths.withUnsafeBufferPointer { lengths in
        unsafe (anchor ?? []).withUnsafeBufferPointer { anchor in
          unsafe ctrust_verify(
            octets.baseAddress, lengths.baseAddress, lengths.count, serverName(name), moment.seconds, authoritiesFile,
            anchor.baseAddress, anchor.count)
        }
      }
    }
    return Self.meaning(of: code, authorities: authoritiesFile ?? "the system's store")
  }

  /// OpenSSL's numbers for errors (x509_vfy.h), in our terms.
  private static func meaning(of code: Int32, authorities: String) -> Trust {
    switch Int(code) {
    case CTRUST_TRUSTED: .trusted
    case CTRUST_NO_CERTIFICATE: .distrusted(.other("what the server shows is no certificate"))
    case CTRUST_NO_AUTHORITIES: .undecided("the authorities in \(authorities) could not be read")
    case CTRUST_NO_MEMORY: .undecided("there was no memory to judge it")
    case 9: .distrusted(.notYetValid)
    case 10: .distrusted(.expired)
    case 18: .distrusted(.selfSigned)
    case 2, 19, 20, 21, 27: .distrusted(.unknownAuthority)
    case 62: .distrusted(.otherName)
    default: .distrusted(.other(words(code)))
    }
  }

  private static func words(_ code: Int32) -> String {
    // A constant string of the library.
    unsafe ctrust_words(code).map { unsafe String(cString: $0) } ?? "the certificate cannot be verified (\(code))"
  }
}

/// A name as TLS and HTTP write it: without the final dot.
func serverName(_ name: DomainName) -> String { String("\(name)".dropLast()) }
