extension RRType {
  /// An X.25 address (RFC 1183 §3.1).
  public static let x25 = RRType(19)
}

extension RecordFormat {
  static let x25 = RecordFormat(.x25, "X25", "RFC 1183 §3.1", [.string])
}
