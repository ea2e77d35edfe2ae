public import Names

extension Timestamp {
  /// Reads a time as generators of XML write it: one without a zone is UTC.
  init?(written text: String) {
    let text = text.trimmed
    guard let time = Timestamp(text) ?? Timestamp(text + "Z") else { return nil }
    self = time
  }

  /// The time itself where its year is 1 to 9999, which is what RFC 3339 can write and every reader takes.
  public var writable: Timestamp? { -62_135_596_800_000...253_402_300_799_999 ~= milliseconds ? self : nil }
}
