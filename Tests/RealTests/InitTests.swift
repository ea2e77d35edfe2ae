import Names
import RealServers
import Testing

/// A first declaration is proposed from what real servers say, and is one that an audit accepts.
@Suite("init: a declaration proposed from what is served", .serialized) struct InitTests {
  private static let stage = Stage(.init(signed: true))

  /// The declaration of an owner who has declared how to ask, and no domain.
  private func folder(_ hierarchy: Hierarchy) throws -> Scratch {
    let folder = try Scratch()
    let resolvers = hierarchy.resolvers.map { "\"\(hierarchy.address(of: $0))\"" }.joined(separator: ", ")
    let anchor = hierarchy.rootSigner.map { ", trustAnchors: [\". DS \($0)\"]" } ?? ""
    try folder.write(
      """
      # How we ask.
      version: 1
      resolvers: [\(resolvers)]
      network: {roots: [\(hierarchy.root.address.address)], port: \(hierarchy.port), ipv6: false, timeout: 1s, perServerRate: 5000\(anchor)}

      """, to: "nameward.yaml")
    try folder.write(hierarchy.initial.child.text, to: "agency.gov.zone")
    return folder
  }

  @Test func `what it proposes is as intended at once, says who agreed, and warns loudly`() async throws {
    let hierarchy = try await Self.stage.hierarchy
    let folder = try folder(hierarchy)
    let ending = try await Executable.run(["init", "agency.gov", "--output", "proposed.yaml", "--quiet"], in: folder.path)
    #expect(ending.status == 0, "\(ending.talk)")
    let text = try folder.text("proposed.yaml")
    #expect(text.contains("WHAT IT LEARNED MAY ALREADY BE HIJACKED"))
    #expect(text.contains("# How we ask."))
    #expect(text.contains("3 of 3 name servers, 1 of 1 resolvers"))
    #expect(!text.contains("DIFFERS"))
    let audit = try await Executable.run(["audit", "--config", "proposed.yaml", "--no-state", "--quiet"], in: folder.path)
    #expect(audit.status == 0, "\(audit.output)\n\(audit.talk)\n\(text)")
  }

  @Test func `what differs between places is marked, with who says what, and the exit code tells`() async throws {
    let hierarchy = try await Self.stage.hierarchy
    let folder = try folder(hierarchy)
    try await hierarchy.edit(only: .nsd) { $0.replace("www.agency.gov.", "A", with: ["192.0.2.66"]) }
    let ending = try await Executable.run(["init", "agency.gov", "--quiet"], in: folder.path)
    try await hierarchy.restore()
    #expect(ending.status == 3, "\(ending.talk)")
    let marked = ending.output.split(separator: "\n").filter { $0.contains("DIFFERS A: 192.0.2.66 at ") }
    #expect(marked.count == 1, "\(ending.output)")
    #expect(marked.first?.contains("\(hierarchy.nsd.address)") ?? false)
  }

  @Test func `a zone file is proposed as what is intended, and what is served otherwise stands beside it`() async throws {
    let hierarchy = try await Self.stage.hierarchy
    let folder = try folder(hierarchy)
    let first = try await Executable.run(["init", "agency.gov", "--from-zone", "agency.gov.zone", "--quiet"], in: folder.path)
    #expect(first.output.contains("zone: \"agency.gov.zone\""), "\(first.talk)")
    #expect(first.output.contains("What is served now is as this file says."), "\(first.output)")
    try await hierarchy.editChild { $0.replace("mail.agency.gov.", "A", with: ["192.0.2.66"]) }
    let second = try await Executable.run(["init", "agency.gov", "--from-zone", "agency.gov.zone", "--quiet"], in: folder.path)
    try await hierarchy.restore()
    #expect(second.output.contains("#   record-differs mail.agency.gov. A at "), "\(second.output)")
    #expect(second.output.contains("192.0.2.66"))
  }

  @Test func `a file that is there is kept, and a domain that is declared is not proposed again`() async throws {
    let hierarchy = try await Self.stage.hierarchy
    let folder = try folder(hierarchy)
    try folder.write("mine", to: "proposed.yaml")
    let kept = try await Executable.run(["init", "agency.gov", "--output", "proposed.yaml", "--quiet"], in: folder.path)
    #expect(kept.status == 2)
    #expect(try folder.text("proposed.yaml") == "mine")
    let owner = try Owner(hierarchy)
    let again = try await Executable.run(["init", "agency.gov", "--quiet"], in: owner.folder.path)
    #expect(again.status == 2)
    #expect(again.talk.contains("--propose"), "\(again.talk)")
  }

  @Test func `audit --propose prints what would accept what is served, with the place of the declaration`() async throws {
    let hierarchy = try await Self.stage.hierarchy
    let owner = try Owner(hierarchy, Owner.Intentions(resolvers: false))
    let silent = try await Executable.run(["audit", "--propose", "--no-state", "--quiet"], in: owner.folder.path)
    #expect(silent.output.isEmpty && silent.status == 0, "\(silent.output)\(silent.talk)")
    try await hierarchy.editChild { $0.replace("mail.agency.gov.", "A", with: ["192.0.2.66"]) }
    let ending = try await Executable.run(["audit", "--propose", "--no-state", "--quiet"], in: owner.folder.path)
    try await hierarchy.restore()
    #expect(ending.status == 3)
    #expect(ending.output.contains("@@ mail.agency.gov. A, declared at agency.gov.zone:"), "\(ending.output)")
    #expect(ending.output.contains("+192.0.2.66"))
  }
}
