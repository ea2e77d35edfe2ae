import Audit
import DNSWire
import Estate
import Foundation
import Names
import Probe

extension Nameward.Audit {
  /// In larger zones absences are asked for only when wanted: they are most of the questions.
  private static let mostNamesWithAbsences = 100_000

  /// Whether only a part of the zone or of the servers, or also resolvers, are asked, or a change is proposed: then it is audited as
  /// a declared domain is.
  var isNarrowed: Bool { !names.isEmpty || !servers.isEmpty || !resolvers.isEmpty || propose }

  /// Each address once, in the order given.
  private var addresses: [SocketAddress] {
    server.map(\.address).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// A zone file as the one domain of a declaration.
  func ordinary(_ path: String, _ origin: DomainName) throws -> Declaration {
    let zone = try Reading.zone(at: path, origin: origin, isQuiet: output.quiet)
    guard zone.table.ownerCount <= Self.mostNamesWithAbsences else {
      throw Ending(
        .usage,
        "\(path) has \(SweepProgress.grouped(zone.table.ownerCount)) names; NAME, --servers, --resolvers and --propose go with zones of up to "
          + "\(SweepProgress.grouped(Self.mostNamesWithAbsences)). Leave them out.")
    }
    var domain = zone.domain
    domain.secondaries = addresses
    return Declaration(domains: [domain])
  }

  /// One zone file against servers, without a declaration and a store.
  func sweep(_ path: String, _ origin: DomainName, _ started: Timestamp) async throws {
    let zone = try Reading.zone(at: path, origin: origin, isQuiet: output.quiet)
    var settings = ProbeSettings(Network())
    if noLimits { settings = settings.withoutLimits }
    // Where one datagram in twenty is lost, four attempts would leave some of a million questions without an answer.
    settings.retries = max(settings.retries, 5)
    settings.threads = threads ?? min(addresses.count, ProcessInfo.processInfo.activeProcessorCount)
    let isSmall = zone.table.ownerCount <= Self.mostNamesWithAbsences
    tell(zone, questions: zone.table.rrsetCount * (absences ?? isSmall ? 3 : 1), isSmall, settings)

    let (format, quiet) = (output.format, output.quiet)
    let pass = SweepPass(
      zone: zone, servers: addresses, asksForAbsences: absences ?? isSmall, now: now ?? started, settings: settings,
      isQuiet: quiet, mostKept: Self.mostKept(format)
    ) { findings in
      if format == .jsonl { Console.printLines(findings.map { FindingDocument($0) }) }
    }
    let outcome = try await Interrupt.ending { await pass.run() }
    let result = AuditResult(outcome, of: zone.origin, started: started)
    if format == .jsonl {
      if !quiet { Console.say(TextReport.counts(result.totals) + (result.isEnded ? "; ended before it was through" : "")) }
    } else {
      Console.print(try result.rendered(as: format, coloured: Console.isColoured, width: Console.width))
      if result.untold > 0, !quiet, format != .text {
        Console.say("note: \(result.untold) more findings are not listed; --format jsonl lists each")
      }
    }
    if result.ending != .intended { throw Ending(result.ending) }
  }

  /// A person reads no more than a thousand, and what was written already needs no memory.
  private static func mostKept(_ format: Format) -> Int {
    switch format {
    case .text, .jsonl: 1_000
    case .json, .csv, .sarif, .junit: 100_000
    }
  }

  private func tell(_ zone: DeclaredZone, questions: Int, _ isSmall: Bool, _ settings: ProbeSettings) {
    guard !output.quiet else { return }
    if !isSmall, absences == nil {
      Console.say(
        "note: \(SweepProgress.grouped(zone.table.ownerCount)) names: what is declared of them is asked for; with --absences also that "
          + "no other address or mail exchanger has come to a host, which is up to three times the questions")
    }
    if let rate = settings.perServerRate, Double(questions) / rate > 60 {
      Console.say(
        "note: at \(Int(rate)) questions a second this takes about \(SweepProgress.time(Double(questions) / rate)); --no-limits "
          + "lifts the limit, for servers of your own")
    }
  }
}
