extension RRType {
  /// A member of a mail group (experimental) (RFC 1035 §3.3.6).
  public static let mg = RRType(8)
}

extension RecordFormat {
  static let mg = RecordFormat(.mg, "MG", "RFC 1035 §3.3.6", [.name(.compressed)])
}
