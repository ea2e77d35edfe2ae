extension RRType {
  /// A host that holds a mailbox (experimental) (RFC 1035 §3.3.3).
  public static let mb = RRType(7)
}

extension RecordFormat {
  static let mb = RecordFormat(.mb, "MB", "RFC 1035 §3.3.3", [.name(.compressed)])
}
