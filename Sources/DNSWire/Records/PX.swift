extension RRType {
  /// A mapping between mail addresses of RFC 822 and X.400 (RFC 2163 §4).
  public static let px = RRType(26)
}

extension RecordFormat {
  static let px = RecordFormat(.px, "PX", "RFC 2163 §4", [.u16, .name(.accepted), .name(.accepted)])
}
