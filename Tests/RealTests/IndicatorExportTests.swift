import Foundation
import Testing

@Suite("nameward indicators export: what was taken in") struct IndicatorExportTests {
  private static func bundle(_ value: String, _ modified: String) -> String {
    #"{"type":"bundle","id":"bundle--00000000-0000-4000-8000-0000000000aa","objects":[{"type":"indicator","spec_version":"2.1","#
      + #""id":"indicator--00000000-0000-4000-8000-0000000000aa","created":"2020-01-01T00:00:00.000Z","#
      + #""modified":"\#(modified)","pattern":"[domain-name:value = '\#(value)']","pattern_type":"stix","#
      + #""valid_from":"2020-01-01T00:00:00Z"}]}"#
  }

  @Test(arguments: ["stix", "list", "csv", "misp"])
  func `of one id in two sources the newest is written, whatever the sources are called`(format: String) async throws {
    let place = try Scratch()
    func run(_ arguments: String...) async throws -> Executable.Ending {
      try await Executable.run(["indicators"] + arguments, in: place.path)
    }
    try place.write(Self.bundle("old.example", "2020-01-01T00:00:00.000Z"), to: "a.json")
    try place.write(Self.bundle("new.example", "2024-01-01T00:00:00.000Z"), to: "b.json")
    let taken = try await run("import", "--state", "s", "a.json", "b.json")
    #expect(taken.status == 0, "\(taken.talk)")
    let export = try await run("export", "--state", "s", "--tlp", "clear", "--assume", "clear", "--format", format)
    let output = export.output.replacing("[.]", with: ".")
    #expect(export.status == 0 && output.contains("new.example") && !output.contains("old.example"))
    #expect(
      export.talk.contains("note: 1 indicator is left out: another one of the same identity is in its place\n"), "\(export.talk)")
    if format == "stix" { #expect(!export.talk.contains("more than stix can say"), "\(export.talk)") }
    // Nor is the older version looked for.
    try place.write("old.example new.example\n", to: "log")
    let match = try await run("match", "--state", "s", "--format", "jsonl", "log")
    #expect(match.output.contains("new.example") && !match.output.contains("old.example"))
    #expect(match.talk.contains("1 of which another source has a newer version"), "\(match.talk)")
  }
}
