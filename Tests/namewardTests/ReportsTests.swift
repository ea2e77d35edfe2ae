import Testing

@testable import nameward

@Suite("What a server tells its owner") struct ReportsTests {
  @Test func `is told once, however often it happens`() {
    let reports = Reports()
    #expect(["disk full", "disk full", "damaged", "disk full"].map(reports.isNew) == [true, false, true, false])
  }

  @Test func `has an end`() {
    let reports = Reports()
    #expect((0..<1000).filter { reports.isNew("\($0)") }.count == Reports.most)
  }
}
