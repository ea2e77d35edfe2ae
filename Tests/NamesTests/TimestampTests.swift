import Names
import Testing

@Suite("RFC 3339 §5.6, 5.8 Internet date and time") struct TimestampTests {
  // Epoch seconds by GNU date.
  @Test(
    arguments: [
      ("1985-04-12T23:20:50.52Z", 482_196_050_520), ("1996-12-19T16:39:57-08:00", 851_042_397_000),
      ("1996-12-20T00:39:57Z", 851_042_397_000), ("1937-01-01T12:00:27.87+00:20", -1_041_337_172_130),
      ("2000-02-29T00:00:00Z", 951_782_400_000), ("1900-03-01T00:00:00Z", -2_203_891_200_000), ("1970-01-01T00:00:00Z", 0),
      ("1969-12-31T23:59:59Z", -1000), ("2038-01-19T03:14:08Z", 2_147_483_648_000), ("0001-01-01T00:00:00Z", -62_135_596_800_000),
      ("9999-12-31T23:59:59Z", 253_402_300_799_000), ("2100-02-28T23:59:59Z", 4_107_542_399_000),
      ("1600-02-29T12:00:00Z", -11_670_955_200_000), ("2026-12-01T08:00Z", 1_796_112_000_000), ("2027-03-01", 1_803_859_200_000),
      ("1985-04-12t23:20:50.52z", 482_196_050_520), ("2026-12-01 08:00:00Z", 1_796_112_000_000),
      ("2026-12-01T08:00:00.1234567Z", 1_796_112_000_123), ("2026-12-01T08:00:00-00:00", 1_796_112_000_000),
    ] as [(String, Int64)])
  func `reads the moment`(text: String, milliseconds: Int64) { #expect(Timestamp(text)?.milliseconds == milliseconds) }

  // RFC 3339 §5.8: leap seconds. The time line does not count them: they are the second before.
  @Test(arguments: ["1990-12-31T23:59:60Z", "1990-12-31T15:59:60-08:00"])
  func `reads a leap second as the second before it`(text: String) { #expect(Timestamp(text)?.seconds == 662_687_999) }

  @Test(arguments: [
    "", "2026", "2026-13-01", "2026-00-01", "2026-02-29", "1900-02-29", "2100-02-29", "2026-04-31", "2026-12-00", "2026-12-01T",
    "2026-12-01T24:00Z", "2026-12-01T08:60Z", "2026-12-01T08:00:61Z", "2026-12-01T08:00:00", "2026-12-01T08:00:00.Z",
    "2026-12-01T08:00:00+24:00", "2026-12-01T08:00:00+0100", "2026-12-01T08:00:00Zz", " 2026-12-01", "2026-1-1", "+2026-12-01",
    "2026-12-01T0８:00Z", "0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
  ])
  func `refuses what is no date`(text: String) { #expect(Timestamp(text) == nil) }

  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59.999Z"), (482_196_050_520, "1985-04-12T23:20:50.520Z"),
      (951_782_400_000, "2000-02-29T00:00:00Z"), (-62_135_596_800_000, "0001-01-01T00:00:00Z"),
      (253_402_300_799_999, "9999-12-31T23:59:59.999Z"), (-62_167_219_200_000, "0000-01-01T00:00:00Z"),
      (253_402_300_799_000, "9999-12-31T23:59:59Z"), (-1_041_337_172_130, "1937-01-01T11:40:27.870Z"),
    ] as [(Int64, String)])
  func `prints UTC and reads it back`(milliseconds: Int64, text: String) {
    #expect("\(Timestamp(milliseconds: milliseconds))" == text)
    #expect(Timestamp(text)?.milliseconds == milliseconds)
  }

  @Test func `reads back every day of four centuries`() {
    var day = Timestamp("1800-01-01")
    var texts = Set<String>()
    for _ in 0..<146_097 {
      guard let moment = day else { break }
      let text = moment.description
      texts.insert(text)
      guard Timestamp(text) == moment else {
        Issue.record("\(text) is read as another day")
        return
      }
      day = moment.advanced(by: .seconds(86_400))
    }
    #expect(texts.count == 146_097)  // 400 Gregorian years
    #expect(day?.description == "2200-01-01T00:00:00Z")
  }

  @Test func `durations add and subtract`() {
    let start = Timestamp(milliseconds: -1500)
    #expect(start.seconds == -2)
    #expect(start.advanced(by: .milliseconds(1500)) == Timestamp(seconds: 0))
    #expect(start.duration(to: Timestamp(seconds: 1)) == .milliseconds(2500))
  }

  // 2 to the power of 63 is 9,223,372,036,854,775,808.
  @Test func `the first and the last moment that a number can tell end nothing`() {
    let (first, last) = (Timestamp(milliseconds: .min), Timestamp(milliseconds: .max))
    #expect((first.seconds, last.seconds) == (-9_223_372_036_854_776, 9_223_372_036_854_775))
    #expect(first.duration(to: last) == .seconds(18_446_744_073_709_551) + .milliseconds(615))
    #expect(first.description.hasSuffix(".192Z") && last.description.hasSuffix(".807Z"))
    #expect(!first.hasWrittenYear && !last.hasWrittenYear)
    #expect(Timestamp(milliseconds: -62_167_219_200_000).hasWrittenYear)
    #expect(!Timestamp(milliseconds: -62_167_219_200_001).hasWrittenYear)
    #expect(!Timestamp(milliseconds: 253_402_300_800_000).hasWrittenYear)
  }
}
