import Estate
import Testing

@testable import nameward

@Suite("The progress line of a sweep") struct SweepProgressTests {
  @Test func `tells how far, how fast, what was found and how long it will take`() {
    let totals = Totals(match: 411_998, mismatch: 2, couldNotTell: 0)
    #expect(
      SweepProgress.words(totals, of: 1_000_003, counted: 412_000, in: 4)
        == "412,000 of 1,000,003 (41 %), 103,000/s, 2 not as intended, 0 could not tell, 6 s left")
  }

  @Test func `at the start it promises nothing`() {
    #expect(
      SweepProgress.words(Totals(), of: 12, counted: 0, in: 0) == "0 of 12 (0 %), 0 not as intended, 0 could not tell")
    #expect(SweepProgress.words(Totals(), of: 0, counted: 0, in: 1).hasPrefix("0 of 0 (100 %)"))
  }

  @Test(arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")])
  func `thousands stand apart`(number: Int, shown: String) { #expect(SweepProgress.grouped(number) == shown) }

  @Test(arguments: [(0.2, "1 s"), (119, "119 s"), (120, "2 min"), (7199, "120 min"), (10_000, "2 h 46 min")])
  func `time is told as a person tells it`(seconds: Double, shown: String) { #expect(SweepProgress.time(seconds) == shown) }
}
