extension RRType {
  /// The keys that the child asks its parent to trust (RFC 7344 §3.2). ``DNSKEY`` is its view.
  public static let cdnskey = RRType(60)
}

extension RecordFormat {
  static let cdnskey = RecordFormat(.cdnskey, "CDNSKEY", "RFC 7344 §3.2", [.u16, .u8, .algorithm, .base64(mayBeEmpty: true)])
}
