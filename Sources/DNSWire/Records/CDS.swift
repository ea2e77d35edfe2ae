extension RRType {
  /// The DS records that the child asks its parent for (RFC 7344 §3.1). ``DS`` is its view.
  public static let cds = RRType(59)
}

extension RecordFormat {
  static let cds = RecordFormat(.cds, "CDS", "RFC 7344 §3.1", [.u16, .algorithm, .u8, .hex(mayBeEmpty: false)])
}
