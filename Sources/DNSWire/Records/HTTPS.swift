extension RRType {
  /// How to reach an HTTPS origin (RFC 9460 §9). ``SVCB`` is its view.
  public static let https = RRType(65)
}

extension RecordFormat {
  static let https = RecordFormat(.https, "HTTPS", "RFC 9460 §9", [.u16, .name(.whole), .parameters])
}
