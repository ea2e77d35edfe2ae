import Foundation
import RealServers
import Testing

/// Narrowing, other ways in, and what the command says when it cannot do its work.
@Suite("nameward audit, as it is called", .serialized) struct AuditCommandTests {
  private static let stage = Stage(.init(signed: false, bindResolver: true))

  /// Two things changed: the domain's MX, and the address of its mail server.
  private func withTwoChanges(_ body: (Hierarchy, Owner) async throws -> Void) async throws {
    let hierarchy = try await Self.stage.hierarchy
    try await hierarchy.editChild { zone in
      zone.replace("agency.gov.", "MX", with: ["10 mx.evil.example."])
      zone.replace("mail.agency.gov.", "A", with: ["192.0.2.66"])
    }
    let outcome: Result<Void, any Error>
    do { outcome = .success(try await body(hierarchy, Owner(hierarchy))) } catch { outcome = .failure(error) }
    try await hierarchy.restore()
    try outcome.get()
  }

  private func found(_ ending: Executable.Ending) throws -> [Row] {
    #expect(ending.status == 3, "\(ending.talk)")
    let document = try AuditDocument(ending.output)
    document.addUp()
    return document.findings.map(\.row).sorted()
  }

  private func rows(_ expected: [Expected], in hierarchy: Hierarchy) throws -> [Row] {
    try expected.map { try $0.row(in: hierarchy) }.sorted()
  }

  @Test func `a name narrows the audit to itself and what is below it`() async throws {
    try await withTwoChanges { hierarchy, owner in
      let expected =
        each(Spot.authoritative, "record-differs", "mail.agency.gov.", "A", "replaced")
        + each(Spot.resolvers, "resolver-differs", "mail.agency.gov.", "A", "replaced")
      let found = try found(await owner.audit("MAIL.agency.gov"))
      #expect(try found == rows(expected, in: hierarchy))
      #expect(try await owner.audit("www.agency.gov", "unsigned.gov").status == 0)
    }
  }

  @Test func `a name that nobody declared is refused`() async throws {
    let owner = try Owner(await Self.stage.hierarchy)
    let ending = try await owner.audit("mail.agency.example")
    #expect(ending.status == 2)
    #expect(ending.output.isEmpty)
    #expect(
      ending.talk == "nameward: mail.agency.example. is in no declared domain. Declared are: agency.gov., unsigned.gov..\n")
  }

  @Test func `--servers narrows the audit to some name servers, --resolvers asks others`() async throws {
    try await withTwoChanges { hierarchy, owner in
      let (nsd, unbound) = (try Spot.nsd.address(in: hierarchy), try Spot.unbound.address(in: hierarchy))
      let expected = [("agency.gov.", "MX"), ("mail.agency.gov.", "A")].flatMap { name, type in
        each([.nsd], "record-differs", name, type, "replaced") + each([.unbound], "resolver-differs", name, type, "replaced")
      }
      let found = try found(await owner.audit("--servers", nsd, "--resolvers", unbound))
      #expect(try found == rows(expected, in: hierarchy))
    }
  }

  @Test func `a zone file is compared with a server, without declaration and state`() async throws {
    try await withTwoChanges { hierarchy, owner in
      let place = try Scratch()
      try place.write(hierarchy.initial.child.text, to: "zone")
      let nsd = try Spot.nsd.address(in: hierarchy)
      let call = ["audit", "--zone", "zone", "--origin", "agency.gov", "--server", nsd, "--format", "json"]
      let expected =
        each([.nsd], "record-differs", "agency.gov.", "MX", "replaced")
        + each([.nsd], "record-differs", "mail.agency.gov.", "A", "replaced")
      let found = try found(await Executable.run(call, in: place.path))
      #expect(try found == rows(expected, in: hierarchy))
      #expect(try FileManager.default.contentsOfDirectory(atPath: place.path) == ["zone"])

      var zone = hierarchy.initial.child
      zone.replace("agency.gov.", "MX", with: ["10 mx.evil.example."])
      zone.replace("mail.agency.gov.", "A", with: ["192.0.2.66"])
      try place.write(zone.text, to: "zone")
      let ending = try await Executable.run(call, in: place.path)
      #expect(ending.status == 0)
      #expect(try AuditDocument(ending.output).findings.isEmpty)
    }
  }

  @Test func `a declaration with faults is refused with all of them, each with its place`() async throws {
    let place = try Scratch()
    try place.write(
      """
      version: 1
      resolver: [192.0.2.1]
      network: {port: 99999}
      domains:
        agency.gov:
          zone: agency.zone
          nameservers: {ns1.agency.gov: [192.0.2.300]}

      """, to: "nameward.yaml")
    try place.write("@ 60 SOA ns1 host 1 2 3 4 5\nwww A 192.0.2.256\nmail MX ten mail\n", to: "agency.zone")
    let ending = try await Executable.run(["audit", "--state", "state"], in: place.path)
    #expect(ending.status == 2)
    #expect(ending.output.isEmpty)
    let lines = ending.talk.split(separator: "\n").map(String.init)
    let places = lines.map { $0.split(separator: " ").dropFirst().first.map(String.init) ?? "" }
    #expect(
      places == [
        "nameward.yaml:2:1:", "nameward.yaml:3:17:", "agency.zone:2:7:", "agency.zone:3:9:", "nameward.yaml:7:36:",
      ], "\(ending.talk)")
    #expect(lines.first == "nameward: nameward.yaml:2:1: There is no key \"resolver\". Did you mean resolvers?")
    #expect(!FileManager.default.fileExists(atPath: place("state")))
  }

  @Test func `a declaration that is not there is refused`() async throws {
    let place = try Scratch()
    let ending = try await Executable.run(["audit", "--config", "no.yaml"], in: place.path)
    #expect(ending.status == 2)
    #expect(
      ending.talk == "nameward: no.yaml: there is no such file. Write a declaration there, or name one with --config FILE.\n")
  }

  @Test func `what is called wrongly ends with 2`() async throws {
    let place = try Scratch()
    for call in [["audit", "--origin", "agency.gov"], ["audit", "--format", "xml"], ["audti"], ["audit", "--zone", "zone"]] {
      let ending = try await Executable.run(call, in: place.path)
      #expect(ending.status == 2, "\(call)")
      #expect(ending.output.isEmpty)
      #expect(ending.talk.contains("Usage: nameward"), "\(call)")
    }
  }

  @Test func `the same findings in every format, and each can be read`() async throws {
    try await withTwoChanges { hierarchy, owner in
      await hierarchy.bind.stop()
      let ending = try await owner.audit("--no-state")
      let document = try AuditDocument(ending.output)
      document.addUp()
      let rows = document.findings.map(\.row).sorted()
      let expected =
        [("agency.gov.", "MX"), ("mail.agency.gov.", "A")].flatMap { name, type in
          each([.primary, .nsd], "record-differs", name, type, "replaced")
            + each(Spot.resolvers, "resolver-differs", name, type, "replaced")
        } + [Expected("name-server-unreachable", "ns3.agency.gov.", at: .bind)]
      #expect(try rows == self.rows(expected, in: hierarchy))
      func output(_ format: String) async throws -> String {
        let ending = try await owner.audit("--no-state", format: format)
        #expect(ending.status == 3)
        #expect(ending.talk.isEmpty)
        return ending.output
      }

      let lines = try await output("jsonl").split(separator: "\n")
      #expect(try lines.map { try JSONDecoder().decode(AuditDocument.Finding.self, from: Data($0.utf8)).row }.sorted() == rows)

      // SQLite reads the CSV.
      try owner.folder.write(await output("csv"), to: "findings.csv")
      let columns = ["\"check\"", "name", "type", "how", "server"].map { "ifnull(nullif(\($0), ''), '-')" }
      let table = try await Program.output(of: [
        "sqlite3", ":memory:", ".import --csv \(owner.folder("findings.csv")) f",
        "SELECT \(columns.joined(separator: " || ' ' || ")) FROM f",
      ])
      #expect(table.split(separator: "\n").map(String.init).sorted() == rows.map(\.description))

      let sarif = try await output("sarif")
      let results = try SARIFLog(sarif).runs[0].results
      #expect(results.map(\.ruleId).sorted() == document.findings.map(\.check).sorted())
      #expect(results.count { $0.kind == "fail" } == document.findings.count { $0.verdict == "mismatch" })

      let junit = JUnitLog(try await output("junit"))
      #expect(junit.isWellFormed)
      let totals = document.totals
      #expect(junit.counted == [totals.expected, totals.mismatch, totals.couldNotTell])
      #expect(junit.declared == junit.counted)
      #expect(junit.suites == junit.counted)

      let text = try await output("text")
      let sum = "\(totals.match) as intended + \(totals.mismatch) not + \(totals.couldNotTell) could not tell"
      #expect(text.contains("\(totals.expected) expected = \(sum)"))
      #expect(!text.contains("\u{1B}"))
    }
  }
}

/// What is read of SARIF 2.1.0.
struct SARIFLog: Decodable {
  struct Result: Decodable {
    var ruleId: String
    var kind: String
  }
  struct Run: Decodable { var results: [Result] }

  var version: String
  var runs: [Run]

  init(_ text: String) throws { self = try JSONDecoder().decode(Self.self, from: Data(text.utf8)) }
}
