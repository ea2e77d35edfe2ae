extension RRType {
  /// A 32-bit locator of ILNP (RFC 6742 §2.2).
  public static let l32 = RRType(105)
}

extension RecordFormat {
  static let l32 = RecordFormat(.l32, "L32", "RFC 6742 §2.2", [.u16, .ipv4])
}
