extension RRType {
  /// An OpenPGP public key (RFC 7929 §2.1).
  public static let openpgpkey = RRType(61)
}

extension RecordFormat {
  static let openpgpkey = RecordFormat(.openpgpkey, "OPENPGPKEY", "RFC 7929 §2.1", [.base64(mayBeEmpty: false)])
}
