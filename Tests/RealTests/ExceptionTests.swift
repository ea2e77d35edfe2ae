import RealServers
import Testing

/// A departure that the owner accepts for a time, as scripts see it.
@Suite("Exceptions: apart, for a time, and never silent", .serialized) struct ExceptionTests {
  private static let stage = Stage(.init(signed: false, powerDNS: false, unbound: false))
  private static let name = "www.agency.gov."

  private static func exception(_ name: String, expires: String) -> String {
    """
    exceptions:
      - check: record-differs
        name: \(name)
        type: A
        reason: the old proxy moves in spring
        owner: Jo Doe
        expires: \(expires)

    """
  }

  private func withForeign(_ further: String, _ body: (Owner) async throws -> Void) async throws {
    let hierarchy = try await Self.stage.hierarchy
    let outcome: Result<Void, any Error>
    do {
      // Everywhere the same, so that no other check tells of it.
      try await hierarchy.editChild { $0.replace(Self.name, "A", with: ["203.0.113.66"]) }
      outcome = .success(try await body(Owner(hierarchy, Owner.Intentions(resolvers: false, further: further))))
    } catch { outcome = .failure(error) }
    try await hierarchy.restore()
    try outcome.get()
  }

  private let foreign = each(Spot.authoritative, "record-differs", name, "A", "replaced")

  @Test func `a covered finding stands apart, the totals add up, and the exit code is 0`() async throws {
    var whole = 0
    try await withForeign("") { whole = try await $0.finds(foreign, "--now", "2026-12-01T00:00:00Z").totals.expected }
    try await withForeign(Self.exception("www.agency.gov", expires: "2026-12-31")) { owner in
      let document = try await owner.finds([], "--now", "2026-12-01T00:00:00Z")
      let rows = try foreign.map { try $0.row(in: owner.hierarchy) }.sorted()
      #expect(document.excepted.map(\.row).sorted() == rows)
      #expect(document.excepted.allSatisfy { $0.exception?.owner == "Jo Doe" && $0.verdict == "mismatch" })
      #expect(document.totals.excepted == 3)
      #expect(document.totals.mismatch == 0)
      // Counted apart: neither expected nor as intended.
      #expect(document.totals.expected == whole - 3)
    }
  }

  @Test func `an exception that expired covers nothing, and is told`() async throws {
    try await withForeign(Self.exception("www.agency.gov", expires: "2026-12-31")) { owner in
      try await owner.finds([], "--now", "2026-12-31T23:59:00Z")
      let ending = try await owner.audit("--quiet", "--no-state", "--now", "2027-01-01T00:00:01Z")
      #expect(ending.status == 3)
      let document = try AuditDocument(ending.output)
      #expect(document.excepted.isEmpty)
      #expect(document.totals.excepted == 0)
      #expect(document.findings.map(\.check).sorted() == ["exception-expired"] + foreign.map(\.check))
    }
  }

  @Test func `an exception that nothing needs is told, and does not cover the rest`() async throws {
    try await withForeign(Self.exception("mail.agency.gov", expires: "2026-12-31")) { owner in
      let ending = try await owner.audit("--quiet", "--no-state", "--now", "2026-12-01T00:00:00Z")
      #expect(ending.status == 3)
      let document = try AuditDocument(ending.output)
      #expect(document.findings.map(\.check).sorted() == ["exception-unused"] + foreign.map(\.check))
      #expect(document.findings.first { $0.check == "exception-unused" }?.declaredAt?.hasPrefix("\(owner.config):") == true)
      #expect(document.totals.excepted == 0)
    }
  }

  @Test(arguments: [("2028-01-01", "366"), ("never", "is not a time")])
  func `an exception without an end within a year is refused`(expires: String, word: String) async throws {
    try await withForeign(Self.exception("www.agency.gov", expires: expires)) { owner in
      let ending = try await owner.audit("--quiet", "--no-state", "--now", "2026-12-01T00:00:00Z")
      #expect(ending.status == 2)
      #expect(ending.output.isEmpty)
      #expect(ending.talk.contains("\(owner.config):") && ending.talk.contains(word), "\(ending.talk)")
    }
  }
}
