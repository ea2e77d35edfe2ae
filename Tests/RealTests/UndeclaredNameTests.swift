import Names
import RealServers
import Testing

/// Names that nobody declared, found in each of the ways that the audit has, at real servers.
@Suite("Names that nobody declared", .serialized) struct UndeclaredNameTests {
  private static let stage = Stage(.init(signed: true, unbound: false))
  private static let phishing = "webmail-login.agency.gov."

  private func audit(
    _ arguments: [String], files: [String: String] = [:], secondaries: [Endpoint] = []
  ) async throws -> (AuditDocument, Int32) {
    let owner = try await Owner(Self.stage.hierarchy, Owner.Intentions(resolvers: false, secondaries: secondaries))
    for (name, text) in files { try owner.folder.write(text, to: name) }
    let ending = try await Executable.run(
      ["audit", "--config", owner.config, "--no-state", "--format", "json", "--quiet"] + arguments, in: owner.folder.path)
    #expect(ending.talk.isEmpty)
    return (try AuditDocument(ending.output), ending.status)
  }

  private func withPhishing(_ body: () async throws -> Void) async throws {
    try await Self.stage.hierarchy.editChild { $0.add(Self.phishing, "A", "192.0.2.66") }
    let outcome: Result<Void, any Error>
    do { outcome = .success(try await body()) } catch { outcome = .failure(error) }
    try await Self.stage.hierarchy.restore()
    try outcome.get()
  }

  @Test func `a name in a list of certificates' names that exists is told, with its line`() async throws {
    try await withPhishing {
      let (document, status) = try await audit(
        ["--names", "names.txt"], files: ["names.txt": "# from certificates\nwww.agency.gov\n\(Self.phishing)\nwww.example.com\n"]
      )
      let found = document.findings.filter { $0.check == "undeclared-name" }
      #expect(found.map(\.name) == [Self.phishing])
      #expect(found.first?.observed == ["named in names.txt:3:1"])
      #expect(document.findings.count == 1)
      #expect(status == 3)
    }
  }

  @Test func `a name that passive DNS saw and that is gone is told as that, and changes no exit code`() async throws {
    let (document, status) = try await audit(
      ["--passive-dns", "seen.jsonl"],
      files: [
        "seen.jsonl":
          #"{"rrname":"gone.agency.gov","rrtype":"A","rdata":"192.0.2.66","time_first":1546300800,"time_last":1546387200}"#
      ])
    #expect(document.findings.map(\.check) == ["undeclared-name"])
    #expect(document.findings.first?.severity == "info")
    #expect(status == 0)
  }

  @Test func `without being told of it, nobody sees a name beside what is declared`() async throws {
    try await withPhishing {
      let (document, status) = try await audit([])
      #expect(document.findings.isEmpty)
      #expect(status == 0)
    }
  }

  @Test func `a server that transfers the zone to anybody is told, and the name that it tells with it`() async throws {
    let hierarchy = try await Self.stage.hierarchy
    var zone = hierarchy.initial.child
    zone.add(Self.phishing, "A", "192.0.2.66")
    let open = try NSDServer("NSD, open", at: hierarchy.vacancy(3), serving: [.file(zone)])
    try await open.start()
    let (document, status) = try await audit([], secondaries: [hierarchy.vacancy(3)])
    await open.stop()
    let (found, exposed) = (
      document.findings.filter { $0.check == "undeclared-name" }, document.findings.filter { $0.check == "transfer-open" }
    )
    #expect(found.map(\.name) == [Self.phishing])
    #expect(found.first?.observed == ["told by zone transfer"])
    #expect(exposed.map(\.where.server) == ["\(try hierarchy.vacancy(3).address)"])
    #expect(exposed.map(\.severity) == ["info"])
    #expect(status == 3)
  }

  @Test func `walking the zone's NSEC records finds it`() async throws {
    try await withPhishing {
      let (document, status) = try await audit(["--undeclared"])
      let found = document.findings.filter { $0.verdict == "mismatch" }
      #expect(found.map(\.check) == ["undeclared-name"])
      #expect(found.map(\.name) == [Self.phishing])
      // The zone beside it is not signed and not transferred: that nothing was found there says nothing.
      let untold = document.findings.filter { $0.verdict == "couldNotTell" }
      #expect(untold.map(\.name) == ["unsigned.gov."])
      #expect(untold.map(\.severity) == ["info"])
      #expect(status == 3)
    }
  }

  @Test(arguments: [
    ("names.txt", "--names", "www.agency.gov\na..b\n", "names.txt:2:1"),
    ("seen.jsonl", "--passive-dns", "{\"rrname\":\"a.agency.gov\"}\nnot json\n", "seen.jsonl:2:1"),
  ]) func `a line that cannot be read is told with its place`(
    _ file: String, _ option: String, _ text: String, _ place: String
  ) async throws {
    let owner = try await Owner(Self.stage.hierarchy, Owner.Intentions(resolvers: false))
    try owner.folder.write(text, to: file)
    let ending = try await Executable.run(
      ["audit", "--config", owner.config, "--no-state", option, file], in: owner.folder.path)
    #expect(ending.status == 2)
    #expect(ending.talk.contains(place), "\(ending.talk)")
    #expect(ending.output.isEmpty)
  }
}
