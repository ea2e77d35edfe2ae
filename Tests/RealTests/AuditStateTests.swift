import Foundation
import RealServers
import Testing

/// What an audit keeps, and what the next one makes of it.
@Suite("nameward audit from one pass to the next", .serialized) struct AuditStateTests {
  private static let stage = Stage(.init(signed: false, bindResolver: true))

  private func withHierarchy(_ body: (Hierarchy) async throws -> Void) async throws {
    let hierarchy = try await Self.stage.hierarchy
    let outcome: Result<Void, any Error>
    do { outcome = .success(try await body(hierarchy)) } catch { outcome = .failure(error) }
    try await hierarchy.restore()
    try outcome.get()
  }

  /// Rows by table, as the sqlite3 program counts them.
  private func rows(_ owner: Owner) async throws -> String {
    let tables = ["place", "exchange", "meaning", "interval", "finding", "pass"]
    let counts = tables.map { "(SELECT count(*) FROM \($0))" }.joined(separator: ", ")
    return try await Program.output(of: ["sqlite3", owner.state + "/nameward.sqlite", "SELECT \(counts)"])
  }

  private func isWhole(_ owner: Owner) async throws -> Bool {
    try await Program.output(of: ["sqlite3", owner.state + "/nameward.sqlite", "PRAGMA integrity_check"]) == "ok"
  }

  @Test func `a second pass over the same adds no row and says nothing new`() async throws {
    try await withHierarchy { hierarchy in
      try await hierarchy.editChild { $0.replace("agency.gov.", "MX", with: ["10 mx.evil.example."]) }
      await hierarchy.bind.stop()
      let owner = try Owner(hierarchy)
      let first = try AuditDocument(await owner.audit().output)
      let before = try await rows(owner)
      #expect(first.findings.count == 5)
      let second = try AuditDocument(await owner.audit().output)
      #expect(try await rows(owner) == before)
      #expect(second.findings.map(\.row) == first.findings.map(\.row))
      #expect(second.findings.map(\.since) == first.findings.map(\.since))
      #expect(second.findings.map(\.evidence) == first.findings.map(\.evidence))
      #expect(second.totals == first.totals)
      #expect(second.gone.isEmpty)
      let text = try await owner.audit(format: "text").output
      #expect(text.contains("since the last pass 0 new, 0 gone"), "\(text)")
      #expect(try await rows(owner) == before)
      #expect(try await isWhole(owner))
    }
  }

  @Test func `a change is told as new, and its end as gone`() async throws {
    try await withHierarchy { hierarchy in
      let owner = try Owner(hierarchy)
      #expect(try await owner.audit().status == 0)
      try await hierarchy.editChild { $0.replace("agency.gov.", "MX", with: ["10 mx.evil.example."]) }
      let changed = try await owner.audit(format: "text")
      #expect(changed.status == 3)
      #expect(changed.output.contains("since the last pass 5 new, 0 gone"), "\(changed.output)")
      try await hierarchy.restore()
      let restored = try await owner.audit()
      #expect(restored.status == 0)
      let document = try AuditDocument(restored.output)
      #expect(document.findings.isEmpty)
      let expected =
        each(Spot.authoritative, "record-differs", "agency.gov.", "MX", "replaced")
        + each(Spot.resolvers, "resolver-differs", "agency.gov.", "MX", "replaced")
      #expect(document.gone.map(\.row).sorted() == (try expected.map { try $0.row(in: hierarchy) }.sorted()))
      #expect(try AuditDocument(await owner.audit().output).gone.isEmpty)
    }
  }

  @Test func `a finding is not gone because its server is silent`() async throws {
    try await withHierarchy { hierarchy in
      let owner = try Owner(hierarchy, .init(resolvers: false))
      try await hierarchy.edit(only: .bind) { $0.replace("agency.gov.", "MX", with: ["10 mx.evil.example."]) }
      let first = try AuditDocument(await owner.audit().output)
      #expect(first.findings.map(\.check).sorted() == ["record-differs", "servers-disagree"])
      await hierarchy.bind.stop()
      let silent = try await owner.audit()
      #expect(silent.status == 4)
      #expect(try AuditDocument(silent.output).gone.isEmpty)
      try await hierarchy.bind.start()
      let again = try AuditDocument(await owner.audit().output)
      let since = first.findings.first { $0.check == "record-differs" }?.since
      #expect(again.findings.first { $0.check == "record-differs" }?.since == since)
    }
  }

  @Test func `a hijack is not over because the parent is silent`() async throws {
    try await withHierarchy { hierarchy in
      let owner = try Owner(hierarchy, .init(resolvers: false))
      let evil = try hierarchy.vacancy(0)
      var zone = hierarchy.initial.child
      zone.replace("mail.agency.gov.", "A", with: ["192.0.2.66"])
      let attacker = try NSDServer("NSD, the attacker's", at: evil, serving: [.file(zone)], key: Hierarchy.key)
      try await attacker.start()
      try await hierarchy.editTLD { $0.replace("ns1.agency.gov.", "A", with: [evil.host]) }
      let first = try AuditDocument(await owner.audit().output)
      #expect(first.findings.map(\.check).sorted() == ["glue-differs", "record-differs"])
      await hierarchy.tld.stop()
      let silent = try await owner.audit()
      #expect(silent.status == 4)
      #expect(try AuditDocument(silent.output).gone.isEmpty)
      try await hierarchy.tld.start()
      let again = try AuditDocument(await owner.audit().output)
      #expect(again.findings.map(\.row) == first.findings.map(\.row))
      #expect(again.findings.map(\.since) == first.findings.map(\.since))
      try await hierarchy.restore()
      let over = try AuditDocument(await owner.audit().output)
      #expect(over.gone.map(\.row).sorted() == first.findings.map(\.row).sorted())
      await attacker.stop()
    }
  }

  @Test func `with no root server to be reached it says so, and nothing is lost`() async throws {
    try await withHierarchy { hierarchy in
      let owner = try Owner(hierarchy)
      #expect(try await owner.audit().status == 0)
      let nowhere = try hierarchy.vacancy(3).host
      try owner.declare(.init(network: ["roots": "[\(nowhere)]"]))
      let ending = try await owner.audit()
      #expect(ending.status == 1)
      #expect(ending.talk.hasPrefix("nameward: none of the 1 root servers answered ("), "\(ending.talk)")
      #expect(ending.talk.contains("Look at this machine's network and firewall (UDP and TCP port \(hierarchy.port))"))
      #expect(ending.talk.split(separator: "\n").count == 1)
      #expect(try await isWhole(owner))
      try owner.declare(.init())
      let after = try await owner.audit()
      #expect(after.status == 0)
    }
  }

  /// Three questions a second and server: an audit that takes long.
  private static let slow = Owner.Intentions(network: ["perServerRate": "3"])

  @Test func `a state folder is used by one audit at a time`() async throws {
    try await withHierarchy { hierarchy in
      let owner = try Owner(hierarchy, Self.slow)
      let one = try Executable(["audit", "--config", owner.config, "--state", owner.state, "--quiet"], in: owner.folder.path)
      try await Self.wait(for: owner.state + "/nameward.sqlite", of: one)
      let other = try await owner.audit()
      #expect(other.status == 1)
      #expect(other.output.isEmpty)
      #expect(
        other.talk == "nameward: \(owner.state): the state folder is in use by process \(one.processIdentifier). "
          + "Wait until it ends, or name another folder with --state.\n")
      #expect(one.isRunning)
      one.kill()
      _ = try await one.ending()
    }
  }

  @Test func `an audit that is killed leaves a state that the next one opens`() async throws {
    try await withHierarchy { hierarchy in
      let owner = try Owner(hierarchy)
      #expect(try await owner.audit().status == 0)
      let before = try await rows(owner)
      try owner.declare(Self.slow)
      for pause in [0, 100, 400] {
        let one = try Executable(["audit", "--config", owner.config, "--state", owner.state, "--quiet"], in: owner.folder.path)
        try await Task.sleep(for: .milliseconds(pause))
        one.kill()
        #expect(try await one.ending().status == 128 + 9)
      }
      try owner.declare(.init())
      let after = try await owner.audit()
      #expect(after.status == 0, "\(after.talk)")
      #expect(try await rows(owner) == before)
      #expect(try await isWhole(owner))
    }
  }

  private static func wait(for path: String, of one: Executable) async throws {
    let deadline = ContinuousClock.now + .seconds(20)
    while !FileManager.default.fileExists(atPath: path), one.isRunning, ContinuousClock.now < deadline {
      try await Task.sleep(for: .milliseconds(5))
    }
    try #require(FileManager.default.fileExists(atPath: path))
  }
}
