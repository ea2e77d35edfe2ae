extension RRType {
  /// A key exchanger (RFC 2230 §3.1).
  public static let kx = RRType(36)
}

extension RecordFormat {
  static let kx = RecordFormat(.kx, "KX", "RFC 2230 §3.1", [.u16, .name(.whole)])
}
