extension RRType {
  /// A mailbox under another name (experimental) (RFC 1035 §3.3.8).
  public static let mr = RRType(9)
}

extension RecordFormat {
  static let mr = RecordFormat(.mr, "MR", "RFC 1035 §3.3.8", [.name(.compressed)])
}
