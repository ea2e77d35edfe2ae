extension RRType {
  /// Where to send notice of a changed record: type, scheme, port, target (RFC 9859 §2.1).
  public static let dsync = RRType(66)
}

extension RecordFormat {
  static let dsync = RecordFormat(.dsync, "DSYNC", "RFC 9859 §2.1", [.type, .scheme, .u16, .name(.whole)])
}
