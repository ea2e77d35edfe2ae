extension RRType {
  /// A node identifier of ILNP (RFC 6742 §2.1).
  public static let nid = RRType(104)
}

extension RecordFormat {
  static let nid = RecordFormat(.nid, "NID", "RFC 6742 §2.1", [.u16, .locator])
}
