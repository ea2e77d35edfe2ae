extension RRType {
  /// A key that encrypts NAPTR records (draft-reid-dnsext-rkey-00).
  public static let rkey = RRType(57)
}

extension RecordFormat {
  static let rkey = RecordFormat(.rkey, "RKEY", "draft-reid-dnsext-rkey-00", [.u16, .u8, .algorithm, .base64(mayBeEmpty: false)])
}
