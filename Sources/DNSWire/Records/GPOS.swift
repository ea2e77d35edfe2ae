extension RRType {
  /// A place: longitude, latitude and altitude in text (RFC 1712 §3).
  public static let gpos = RRType(27)
}

extension RecordFormat {
  static let gpos = RecordFormat(.gpos, "GPOS", "RFC 1712 §3", [.string, .string, .string])
}
