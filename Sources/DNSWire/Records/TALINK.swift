extension RRType {
  /// Links of a list of old trust anchors (draft-wijngaards-dnsop-trust-history-02).
  public static let talink = RRType(58)
}

extension RecordFormat {
  static let talink = RecordFormat(.talink, "TALINK", "draft-wijngaards-dnsop-trust-history-02", [.name(.whole), .name(.whole)])
}
