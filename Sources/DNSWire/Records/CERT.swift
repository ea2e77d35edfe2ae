extension RRType {
  /// A certificate or revocation list (RFC 4398 §2).
  public static let cert = RRType(37)
}

extension RecordFormat {
  static let cert = RecordFormat(
    .cert, "CERT", "RFC 4398 §2", [.certificateType, .u16, .algorithm, .base64(mayBeEmpty: false)])
}

enum CERT {
  /// RFC 4398 §2.1.
  static let certificateTypes: [String: UInt16] = [
    "PKIX": 1, "SPKI": 2, "PGP": 3, "IPKIX": 4, "ISPKI": 5, "IPGP": 6, "ACPKIX": 7, "IACPKIX": 8, "URI": 253, "OID": 254,
  ]
  static let mnemonics = Dictionary(uniqueKeysWithValues: certificateTypes.map { ($1, $0) })
}
