extension RRType {
  /// An AFS database server: subtype and host (RFC 1183 §1).
  public static let afsdb = RRType(18)
}

extension RecordFormat {
  static let afsdb = RecordFormat(.afsdb, "AFSDB", "RFC 1183 §1", [.u16, .name(.accepted)])
}
