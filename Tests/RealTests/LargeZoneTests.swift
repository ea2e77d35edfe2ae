import Foundation
import RealServers
import Testing

/// A zone of twenty thousand names, at a Knot and an NSD of its own.
@Suite("nameward audit --zone, a large zone", .serialized) struct LargeZoneTests {
  static let names = 20_000

  /// Both servers, and the zone file as the owner has it.
  private struct Scene {
    var knot: KnotServer
    var nsd: NSDServer
    var zone: Zone
    var place: Scratch

    func arguments(_ more: [String]) -> [String] {
      ["audit", "--zone", "zone", "--origin", "large.example", "--server", "\(knot.address)", "\(nsd.address)"] + more
    }

    func audit(_ more: [String], limit: Duration = .seconds(60)) async throws -> Executable.Ending {
      try await Executable.run(arguments(more), in: place.path, limit: limit)
    }
  }

  private static let stage = Stage(.init(signed: false, powerDNS: false, unbound: false))

  private static func scene(_ change: (inout Zone) -> Void = { _ in }, while body: (Scene) async throws -> Void) async throws {
    let hierarchy = try await stage.hierarchy
    var zone = Zone(
      "large.example.", primary: "ns1.large.example.",
      records: [
        Zone.Record("large.example.", "NS", "ns1.large.example."), Zone.Record("ns1.large.example.", "A", "192.0.2.53"),
      ])
    for number in 0..<names {
      zone.records.append(.init("host\(number).large.example.", "A", "10.1.\(number >> 8).\(number & 255)"))
    }
    let declared = zone
    change(&zone)
    let knot = try KnotServer(at: hierarchy.vacancy(0), zones: [declared], signed: false)
    let nsd = try NSDServer(at: hierarchy.vacancy(1), serving: [.file(zone)])
    try await knot.start()
    try await nsd.start()
    let place = try Scratch()
    try place.write(declared.text, to: "zone")
    let outcome: Result<Void, any Error>
    do { outcome = .success(try await body(Scene(knot: knot, nsd: nsd, zone: declared, place: place))) } catch {
      outcome = .failure(error)
    }
    await knot.stop()
    await nsd.stop()
    try outcome.get()
  }

  /// The first line of a run that prints its findings as they come; nil after thirty seconds without one.
  private static func firstFinding(of run: Executable) async throws -> Substring? {
    let start = ContinuousClock.now
    while ContinuousClock.now - start < .seconds(30) {
      if let line = try run.outputSoFar.split(separator: "\n").first, run.isRunning { return line }
      try await Task.sleep(for: .milliseconds(50))
    }
    return nil
  }

  private static let planted: @Sendable (inout Zone) -> Void = { zone in
    zone.replace("host7.large.example.", "A", with: ["192.0.2.66"])
    zone.remove("host10000.large.example.", "A")
    zone.add("host19999.large.example.", "A", "192.0.2.66")
  }

  @Test func `three changes in twenty thousand names at one of two servers are found, and they alone`() async throws {
    try await Self.scene(Self.planted) { scene in
      let ending = try await scene.audit(["--no-limits", "--format", "json"])
      #expect(ending.status == 3, "\(ending.talk)")
      let document = try AuditDocument(ending.output)
      document.addUp()
      let nsd = "\(scene.nsd.address)"
      let expected =
        [("host10000", "removed"), ("host19999", "added"), ("host7", "replaced")].map {
          Row(check: "record-differs", name: "\($0).large.example.", type: "A", how: $1, server: nsd)
        } + [Row(check: "servers-disagree", name: "host10000.large.example.", type: "A", how: "replaced", server: nsd)]
      #expect(document.findings.map(\.row).sorted() == expected.sorted())
      #expect(document.totals.mismatch == 4 && document.totals.couldNotTell == 0)
      // Each name's A, no AAAA and no MX beside it, at each server, and the apex.
      #expect(document.totals.expected > Self.names * 3 * 2 && document.totals.expected < Self.names * 3 * 2 + 40)
      let records = document.findings.filter { $0.check == "record-differs" }
      #expect(records.allSatisfy { $0.declaredAt?.hasPrefix("zone:") == true })
      #expect(document.findings.allSatisfy { $0.evidence?.hasPrefix("sha256:") == true })
    }
  }

  @Test func `findings come while it runs, and Ctrl-C ends it with the totals so far and exit code 4`() async throws {
    try await Self.scene(Self.planted) { scene in
      // A hundred questions a second and server: this would take three minutes and more.
      let run = try Executable(scene.arguments(["--format", "jsonl", "--no-absences"]), in: scene.place.path)
      let first = try #require(try await Self.firstFinding(of: run))
      let finding = try JSONDecoder().decode(AuditDocument.Finding.self, from: Data(first.utf8))
      #expect(finding.row.name == "host7.large.example." && finding.row.check == "record-differs")
      let asked = ContinuousClock.now
      run.interrupt()
      let ending = try await run.ending()
      #expect(ContinuousClock.now - asked < .seconds(10))
      #expect(ending.status == 4)
      let lines = ending.talk.split(separator: "\n")
      #expect(
        lines.first
          == "note: at 100 questions a second this takes about 4 min; --no-limits lifts the limit, for servers of your own")
      let sum = try #require(lines.last)
      #expect(sum.hasSuffix("; ended before it was through"))
      let numbers = sum.split(whereSeparator: { !$0.isNumber }).compactMap { Int($0) }
      #expect(numbers.count == 4 && numbers[0] == numbers[1] + numbers[2] + numbers[3])
      // Every name is counted, whether it was asked for or not.
      #expect(numbers[0] > Self.names * 2 && numbers[1] > 0 && numbers[2] == 1 && numbers[3] > Self.names)
    }
  }

  @Test func `a server that is stopped does not hold up the other, and what it was not asked is told once`() async throws {
    try await Self.scene { scene in
      await scene.nsd.stop()
      let ending = try await scene.audit(["--no-limits", "--format", "json"])
      #expect(ending.status == 4, "\(ending.talk)")
      let document = try AuditDocument(ending.output)
      document.addUp()
      #expect(document.findings.map(\.row.check) == ["name-server-unreachable"])
      #expect(document.totals.mismatch == 0)
      #expect(document.totals.match > Self.names * 3 && document.totals.couldNotTell > Self.names * 3)
    }
  }

  @Test func `a server that stops while it is asked is given up once, and every name is counted`() async throws {
    try await Self.scene(Self.planted) { scene in
      let nsd = "\(scene.nsd.address)"
      let call = ["audit", "--zone", "zone", "--origin", "large.example", "--server", nsd, "--format", "jsonl", "--absences"]
      let run = try Executable(call, in: scene.place.path)
      // Its eighth name tells that the server is being asked; it has twenty thousand to go.
      _ = try #require(try await Self.firstFinding(of: run))
      await scene.nsd.stop()
      let ending = try await run.ending()
      #expect(ending.status == 3, "\(ending.talk)")
      let findings = try ending.output.split(separator: "\n").map {
        try JSONDecoder().decode(AuditDocument.Finding.self, from: Data($0.utf8))
      }
      #expect(findings.filter { $0.verdict == "mismatch" }.map(\.row.name) == ["host7.large.example."])
      // What was in flight is told one by one; of the server, and of all that it was not asked, once.
      let unreachable = findings.filter { $0.check == "name-server-unreachable" }
      #expect(unreachable.map(\.row.server) == [nsd], "\(findings.map(\.row))")
      #expect(unreachable.first?.reason.contains("questions to it were not asked") == true)
      #expect(findings.count < 300)
      let sum = try #require(ending.talk.split(separator: "\n").last)
      let numbers = sum.split(whereSeparator: { !$0.isNumber }).compactMap { Int($0) }
      #expect(numbers.count == 4 && numbers[0] == numbers[1] + numbers[2] + numbers[3], "\(sum)")
      #expect(numbers[0] > Self.names * 3 && numbers[1] > 0 && numbers[2] == 1 && numbers[3] > Self.names * 2, "\(sum)")
    }
  }

  @Test(arguments: [
    (["--threads", "0"], "--threads is a number from 1 to 256."),
    (["--services"], "--undeclared, --names, --passive-dns, --services and --http need a declaration, not --zone."),
  ]) func `what does not go with a zone file is refused in a sentence`(more: [String], sentence: String) async throws {
    let place = try Scratch()
    try place.write("@ 60 SOA ns host 1 2 3 4 5\n@ 60 NS ns\n", to: "zone")
    let ending = try await Executable.run(
      ["audit", "--zone", "zone", "--origin", "large.example", "--server", "192.0.2.1"] + more, in: place.path)
    #expect(ending.status == 2 && ending.talk.contains(sentence), "\(ending.talk)")
  }
}
