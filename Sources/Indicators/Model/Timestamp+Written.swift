internal import Names

extension Timestamp {
  /// The time itself where its year is 1 to 9999, which is what RFC 3339 can write and every reader takes.
  var writable: Timestamp? { -62_135_596_800_000...253_402_300_799_999 ~= milliseconds ? self : nil }
}
