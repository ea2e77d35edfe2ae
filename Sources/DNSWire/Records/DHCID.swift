extension RRType {
  /// Who a DHCP client is (RFC 4701 §3.1).
  public static let dhcid = RRType(49)
}

extension RecordFormat {
  static let dhcid = RecordFormat(.dhcid, "DHCID", "RFC 4701 §3.1", [.base64(mayBeEmpty: false)])
}
