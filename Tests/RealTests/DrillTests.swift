import Foundation
import Testing

/// The drill is the first thing that a new user runs.
@Suite("nameward drill") struct DrillTests {
  private struct Report: Decodable {
    struct Step: Decodable {
      var step: String
      var technique: String
      var caught: Bool
      var seconds: Double
      var seen: [String]
      var blind: [String]
    }

    var steps: [Step]
  }

  @Test func `catches what the hijackers of 2019 did, and sees the recovery`() async throws {
    let folder = try Scratch()
    let ending = try await Executable.run(["drill", "--format", "json"], in: folder.path)
    #expect(ending.status == 0, "\(ending.talk)")
    let report = try JSONDecoder().decode(Report.self, from: Data(ending.output.utf8))
    #expect(report.steps.map(\.technique) == ["a-record", "ns-record", "recovery"])
    #expect(report.steps.allSatisfy { $0.caught && $0.blind.isEmpty && $0.seconds > 0 })
    let changed = report.steps[0].seen
    #expect(changed.contains { $0.hasPrefix("record-differs agency.gov. MX replaced at 127.83.0.3") }, "\(changed)")
    #expect(changed.contains { $0.hasPrefix("record-differs mail.agency.gov. A replaced at 127.83.0.4") }, "\(changed)")
    #expect(report.steps[1].seen.contains { $0.hasPrefix("delegation-differs agency.gov. NS") }, "\(report.steps[1].seen)")
    #expect(report.steps[1].seen.contains { $0.hasPrefix("glue-differs ns1.agency.gov. A replaced") }, "\(report.steps[1].seen)")
    #expect(report.steps[2].seen.isEmpty)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty, "it leaves nothing behind")
  }

  @Test func `tells the story to a person`() async throws {
    let folder = try Scratch()
    let ending = try await Executable.run(["drill"], in: folder.path)
    #expect(ending.status == 0, "\(ending.talk)")
    let told = ending.output
    #expect(told.components(separatedBy: "── caught in").count == 3, "\(told)")
    #expect(told.contains("── seen in"))
    #expect(told.contains("agency.gov.  AS INTENDED"))
    #expect(told.contains("observed  5 mx.evil.example."))
    #expect(!told.contains("\u{1B}"), "colour in a pipe")
  }
}
