extension RRType {
  /// A key of the first DNSSEC; an empty one says that there is none (RFC 2535 §3.1).
  public static let key = RRType(25)
}

extension RecordFormat {
  static let key = RecordFormat(.key, "KEY", "RFC 2535 §3.1", [.u16, .u8, .algorithm, .base64(mayBeEmpty: true)])
}
