extension RRType {
  /// What a resolver says about itself (RFC 9606 §4).
  public static let resinfo = RRType(261)
}

extension RecordFormat {
  static let resinfo = RecordFormat(.resinfo, "RESINFO", "RFC 9606 §4", [.strings])
}
