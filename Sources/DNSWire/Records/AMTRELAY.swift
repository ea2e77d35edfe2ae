extension RRType {
  /// Where multicast is tunnelled from (RFC 8777 §4).
  public static let amtrelay = RRType(260)
}

extension RecordFormat {
  static let amtrelay = RecordFormat(.amtrelay, "AMTRELAY", "RFC 8777 §4", [.relay])
}
