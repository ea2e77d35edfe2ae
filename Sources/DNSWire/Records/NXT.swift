extension RRType {
  /// The next name of the first DNSSEC (RFC 2535 §5.2).
  public static let nxt = RRType(30)
}

extension RecordFormat {
  static let nxt = RecordFormat(.nxt, "NXT", "RFC 2535 §5.2", [.name(.accepted), .oldTypes])
}
