extension RRType {
  /// An ISDN address, perhaps with a subaddress (RFC 1183 §3.2).
  public static let isdn = RRType(20)
}

extension RecordFormat {
  static let isdn = RecordFormat(.isdn, "ISDN", "RFC 1183 §3.2", [.string, .optionalString])
}
