extension RRType {
  /// A public wallet address (IANA registration WALLET, 2024).
  public static let wallet = RRType(262)
}

extension RecordFormat {
  static let wallet = RecordFormat(.wallet, "WALLET", "IANA registration WALLET, 2024", [.strings])
}
