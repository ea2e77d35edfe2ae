extension RRType {
  /// The status of a zone in text (draft-reid-dnsext-zs-01).
  public static let ninfo = RRType(56)
}

extension RecordFormat {
  static let ninfo = RecordFormat(.ninfo, "NINFO", "draft-reid-dnsext-zs-01", [.strings])
}
