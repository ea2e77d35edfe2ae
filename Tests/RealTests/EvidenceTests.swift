import Foundation
import RealServers
import Testing

/// A third party must be able to check a finding from what is stored.
@Suite("nameward evidence show", .serialized) struct EvidenceTests {
  private static let stage = Stage(.init(signed: false))

  @Test func `prints the question and the answer behind a finding, in words and in octets`() async throws {
    let hierarchy = try await Self.stage.hierarchy
    try await hierarchy.editChild { $0.replace("agency.gov.", "MX", with: ["10 mx.evil.example."]) }
    let owner = try Owner(hierarchy, .init(resolvers: false))
    let document = try AuditDocument(await owner.audit().output)
    let id = try #require(document.findings.first { $0.type == "MX" }?.evidence)
    let shown = try await Executable.run(["evidence", "show", id, "--state", owner.state], in: owner.folder.path)
    #expect(shown.status == 0, "\(shown.talk)")
    #expect(shown.output.contains("asked      agency.gov. MX of "))
    #expect(shown.output.contains("agency.gov. 3600 IN MX 10 mx.evil.example."), "\(shown.output)")

    // The wire form of the new exchange, RFC 1035 §3.1:
    // a length octet and a label, three times, and a zero.
    let digits = shown.output.components(separatedBy: "answer, ").last?.split(separator: "\n").dropFirst().flatMap {
      $0.split(separator: " ").dropFirst()
    }
    #expect(
      digits?.joined(separator: " ").contains("02 6d 78 04 65 76 69 6c 07 65 78 61 6d 70 6c 65 00") == true, "\(shown.output)")

    let begun = try await Executable.run(
      ["evidence", "show", String(id.prefix(19)), "--state", owner.state], in: owner.folder.path)
    #expect(begun.output == shown.output, "\(begun.talk)")
    try await hierarchy.restore()
  }

  @Test func `says so where there is none`() async throws {
    let folder = try Scratch()
    let nothing = try await Executable.run(["evidence", "show", "sha256:00", "--state", folder("state")], in: folder.path)
    #expect(nothing.status == 1)
    #expect(nothing.talk.contains("there is no state here yet"), "\(nothing.talk)")
  }
}
