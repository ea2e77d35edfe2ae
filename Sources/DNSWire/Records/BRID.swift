extension RRType {
  /// A broadcast identity of drone identification (RFC 9886 §5).
  public static let brid = RRType(68)
}

extension RecordFormat {
  static let brid = RecordFormat(.brid, "BRID", "RFC 9886 §5", [.base64(mayBeEmpty: false)])
}
