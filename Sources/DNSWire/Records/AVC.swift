extension RRType {
  /// What an application is, for network equipment (IANA registration AVC, 2016).
  public static let avc = RRType(258)
}

extension RecordFormat {
  static let avc = RecordFormat(.avc, "AVC", "IANA registration AVC, 2016", [.strings])
}
