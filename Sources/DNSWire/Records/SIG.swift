extension RRType {
  /// A signature of the first DNSSEC; SIG(0) of RFC 2931 (RFC 2535 §4.1).
  public static let sig = RRType(24)
}

extension RecordFormat {
  static let sig = RecordFormat(
    .sig, "SIG", "RFC 2535 §4.1",
    [.type, .algorithm, .u8, .u32, .time, .time, .u16, .name(.accepted), .base64(mayBeEmpty: false)])
}
