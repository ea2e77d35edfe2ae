extension RRType {
  /// A mail forwarder (obsolete) (RFC 1035 §3.3.5).
  public static let mf = RRType(4)
}

extension RecordFormat {
  static let mf = RecordFormat(.mf, "MF", "RFC 1035 §3.3.5", [.name(.compressed)])
}
