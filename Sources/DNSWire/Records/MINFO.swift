extension RRType {
  /// Mailbox or mail list information (experimental) (RFC 1035 §3.3.7).
  public static let minfo = RRType(14)
}

extension RecordFormat {
  static let minfo = RecordFormat(.minfo, "MINFO", "RFC 1035 §3.3.7", [.name(.compressed), .name(.compressed)])
}
