extension RRType {
  /// A hierarchical host identity tag of drone identification (RFC 9886 §4).
  public static let hhit = RRType(67)
}

extension RecordFormat {
  static let hhit = RecordFormat(.hhit, "HHIT", "RFC 9886 §4", [.base64(mayBeEmpty: false)])
}
