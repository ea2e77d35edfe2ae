extension RRType {
  /// Host information: CPU and operating system (RFC 1035 §3.3.2).
  public static let hinfo = RRType(13)
}

extension RecordFormat {
  static let hinfo = RecordFormat(.hinfo, "HINFO", "RFC 1035 §3.3.2", [.string, .string])
}
