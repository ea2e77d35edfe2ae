import Foundation
import Indicators
import Testing

@testable import nameward

@Suite("Files between indicators and logs") struct RecognisedFilesTests {
  /// How many indicators a file is taken to hold; `nil` where it is taken as a log.
  private func indicators(_ text: String) throws -> Int? {
    let path = NSTemporaryDirectory() + "/nameward-recognised-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return try IndicatorFiles.recognised(path)?.publication.indicators.count
  }

  private static let bundle =
    #"{"type":"bundle","id":"bundle--00000000-0000-4000-8000-0000000000aa","objects":[{"type":"indicator","spec_version":"2.1","#
    + #""id":"indicator--00000000-0000-4000-8000-0000000000aa","created":"2020-01-01T00:00:00.000Z","#
    + #""modified":"2020-01-01T00:00:00.000Z","pattern":"[domain-name:value = 'evil.example']","pattern_type":"stix","#
    + #""valid_from":"2020-01-01T00:00:00Z"}]}"#

  @Test func `a bundle in one line is indicators, and cut short it is no log but a fault`() throws {
    #expect(try indicators(Self.bundle) == 1)
    for count in [1, 2, 40, 200] {
      #expect(throws: Ending.self, "\(count)") { try indicators(String(Self.bundle.dropLast(count))) }
    }
  }

  @Test(arguments: [
    #"{"query":"evil.example","type":"A"}"#, #"["evil.example"]"#,
    // The second line is beyond what is looked at.
    #"{"query":"\#(String(repeating: "a", count: 70_000))"}"# + "\n" + #"{"query":"evil.example"}"# + "\n",
    "{\"query\":\"a.example\"}\n{\"query\":\"b.exa",
  ])
  func `lines of JSON that are no kind of indicators are a log`(text: String) throws {
    #expect(try indicators(text) == nil)
  }

  @Test func `the manifest of a feed is no log`() {
    #expect(throws: Ending.self) { try indicators(#"{"00000000-0000-4000-8000-0000000000aa":{"info":"i"}}"#) }
  }
}
