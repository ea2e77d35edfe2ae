import Foundation
import RealServers
import Testing

/// An audit says beside a mismatch that a value it saw is a known indicator: the one is not found by the other, and neither is judged by it.
@Suite("nameward audit beside indicators", .serialized) struct KnownIndicatorTests {
  private static let stage = Stage(.init(signed: false, bindResolver: true))

  private static let list = """
    INDICATOR_VALUE,TYPE,COMMENT,ROLE,OBSERVED_DATE,HANDLING
    192[.]0[.]2[.]66,IPV4ADDR,where mail went,IP_WATCHLIST,2019-01-10,TLP:WHITE
    mx[.]evil[.]example,FQDN,a relay,RELAY,2019-01-10,TLP:GREEN
    mail[.]agency[.]gov,FQDN,a victim,VICTIM,2019-01-10,TLP:WHITE
    203[.]0[.]113[.]9,IPV4ADDR,seen nowhere,IP_WATCHLIST,2019-01-10,TLP:WHITE

    """

  private func audited(_ change: @escaping (inout Zone) -> Void, _ body: (Owner) async throws -> Void) async throws {
    let hierarchy = try await Self.stage.hierarchy
    try await hierarchy.editChild { change(&$0) }
    let outcome: Result<Void, any Error>
    do {
      let owner = try Owner(hierarchy)
      try owner.folder.write(Self.list, to: "list.csv")
      let taken = try await Executable.run(
        ["indicators", "import", "--quiet", "--state", owner.state, "list.csv"], in: owner.folder.path)
      #expect(taken.status == 0, "\(taken.talk)")
      outcome = .success(try await body(owner))
    } catch { outcome = .failure(error) }
    try await hierarchy.restore()
    try outcome.get()
  }

  @Test func `an address and a name that it saw are told with their source, and the finding stays what it is`() async throws {
    try await audited { zone in
      zone.replace("mail.agency.gov.", "A", with: ["192.0.2.66"])
      zone.replace("agency.gov.", "MX", with: ["10 mx.evil.example."])
    } _: { owner in
      let document = try AuditDocument(await owner.audit("--now", "2026-01-10T00:00:00Z").output)
      let told = document.findings.filter { $0.verdict == "mismatch" }
      #expect(Set(told.map(\.name)) == ["mail.agency.gov.", "agency.gov."])
      for finding in told {
        let sightings = finding.sightings ?? []
        #expect(sightings.map(\.indicator) == [finding.type == "A" ? "192.0.2.66" : "mx.evil.example"])
        #expect(sightings.map(\.tlp) == [finding.type == "A" ? "TLP:CLEAR" : "TLP:GREEN"])
        #expect(sightings.map(\.source) == ["list.csv"])
        #expect(sightings.map(\.namesAtAddress) == [finding.type == "A" ? 1 : nil])
      }
      let text = try await owner.audit("--now", "2026-01-10T00:00:00Z", format: "text").output
      #expect(text.contains("192[.]0[.]2[.]66 is a known indicator"), "\(text)")
      #expect(text.contains("2557 days old") && text.contains("1 name known at it"), "\(text)")
      for format in ["csv", "sarif", "junit"] {
        let written = try await owner.audit("--now", "2026-01-10T00:00:00Z", format: format).output
        #expect(written.contains("mx[.]evil[.]example is a known indicator"), "\(format): \(written)")
      }
    }
  }

  @Test func `without a mismatch, and of one's own names, nothing is told`() async throws {
    try await audited {
      $0.replace("agency.gov.", "MX", with: ["10 mail.agency.gov.", "20 mail.agency.gov."])
    } _: { owner in
      let document = try AuditDocument(await owner.audit().output)
      #expect(document.totals.mismatch > 0)
      #expect(document.findings.allSatisfy { $0.sightings == nil })
    }
  }
}
