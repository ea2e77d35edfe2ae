extension RRType {
  /// What certificate a mailbox has (RFC 8162 §2). ``TLSA`` is its view.
  public static let smimea = RRType(53)
}

extension RecordFormat {
  static let smimea = RecordFormat(.smimea, "SMIMEA", "RFC 8162 §2", [.u8, .u8, .u8, .hex(mayBeEmpty: false)])
}
