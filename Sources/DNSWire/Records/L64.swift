extension RRType {
  /// A 64-bit locator of ILNP (RFC 6742 §2.3).
  public static let l64 = RRType(106)
}

extension RecordFormat {
  static let l64 = RecordFormat(.l64, "L64", "RFC 6742 §2.3", [.u16, .locator])
}
