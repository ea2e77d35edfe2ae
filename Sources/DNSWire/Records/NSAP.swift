extension RRType {
  /// An OSI network address (RFC 1706 §5).
  public static let nsap = RRType(22)
}

extension RecordFormat {
  static let nsap = RecordFormat(.nsap, "NSAP", "RFC 1706 §5", [.networkAddress])
}
