extension RRType {
  /// A 48-bit link address (RFC 7043 §3).
  public static let eui48 = RRType(108)
}

extension RecordFormat {
  static let eui48 = RecordFormat(.eui48, "EUI48", "RFC 7043 §3", [.eui(octets: 6)])
}
