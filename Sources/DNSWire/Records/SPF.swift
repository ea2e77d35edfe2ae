extension RRType {
  /// A mail policy in the type that was given up (RFC 7208 §3.1).
  public static let spf = RRType(99)
}

extension RecordFormat {
  static let spf = RecordFormat(.spf, "SPF", "RFC 7208 §3.1", [.strings])
}
