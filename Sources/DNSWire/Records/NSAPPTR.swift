extension RRType {
  /// A pointer from an OSI network address (RFC 1348 §3).
  public static let nsapPTR = RRType(23)
}

extension RecordFormat {
  static let nsapPTR = RecordFormat(.nsapPTR, "NSAP-PTR", "RFC 1348 §3", [.name(.accepted)])
}
