extension RRType {
  /// A trust anchor outside the parent (obsolete) (Weiler, Deploying DNSSEC Without a Signed Root, 2005). ``DS`` is its view.
  public static let ta = RRType(32768)
}

extension RecordFormat {
  static let ta = RecordFormat(
    .ta, "TA", "Weiler, Deploying DNSSEC Without a Signed Root, 2005",
    [.u16, .algorithm, .u8, .hex(mayBeEmpty: false)])
}
