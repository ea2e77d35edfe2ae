extension RRType {
  /// A 64-bit link address (RFC 7043 §4).
  public static let eui64 = RRType(109)
}

extension RecordFormat {
  static let eui64 = RecordFormat(.eui64, "EUI64", "RFC 7043 §4", [.eui(octets: 8)])
}
