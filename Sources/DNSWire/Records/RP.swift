extension RRType {
  /// A responsible person: a mailbox, and a name that holds TXT records (RFC 1183 §2.2).
  public static let rp = RRType(17)
}

extension RecordFormat {
  static let rp = RecordFormat(.rp, "RP", "RFC 1183 §2.2", [.name(.accepted), .name(.accepted)])
}
