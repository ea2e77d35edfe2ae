extension RRType {
  /// A mail destination (obsolete) (RFC 1035 §3.3.4).
  public static let md = RRType(3)
}

extension RecordFormat {
  static let md = RecordFormat(.md, "MD", "RFC 1035 §3.3.4", [.name(.compressed)])
}
