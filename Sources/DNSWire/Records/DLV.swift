extension RRType {
  /// A digest of a key outside the parent (obsolete) (RFC 4431 §2). ``DS`` is its view.
  public static let dlv = RRType(32769)
}

extension RecordFormat {
  static let dlv = RecordFormat(.dlv, "DLV", "RFC 4431 §2", [.u16, .algorithm, .u8, .hex(mayBeEmpty: false)])
}
