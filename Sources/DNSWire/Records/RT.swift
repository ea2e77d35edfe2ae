extension RRType {
  /// A route through an intermediate host (RFC 1183 §3.3).
  public static let rt = RRType(21)
}

extension RecordFormat {
  static let rt = RecordFormat(.rt, "RT", "RFC 1183 §3.3", [.u16, .name(.accepted)])
}
