extension RRType {
  /// A name that holds locators of ILNP (RFC 6742 §2.4).
  public static let lp = RRType(107)
}

extension RecordFormat {
  static let lp = RecordFormat(.lp, "LP", "RFC 6742 §2.4", [.u16, .name(.whole)])
}
