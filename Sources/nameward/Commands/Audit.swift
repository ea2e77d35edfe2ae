import ArgumentParser
import Audit
import DNSWire
import Estate
import Foundation
import Names
import Probe
import Store

extension Nameward {
  struct Audit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "One pass over the declaration: is every name as intended, at every place that answers for it?",
      discussion: """
        Walks from the roots to the parent zone, compares the delegation, glue and DS that each parent server gives, asks every \
        address of every name server for every declared record, asks the resolvers, and validates signed names. What differs \
        is told worst first, with what to do.

        With --zone, one zone file of any size is compared with the given servers; no configuration is needed. Findings come while \
        it runs with --format jsonl. Ctrl-C ends it with what was found until then, and exit code 4.
        """)

    @Argument(help: ArgumentHelp("Only these domains, or these names below them.", valueName: "name"))
    var names: [DomainName] = []

    @OptionGroup var configuration: ConfigurationOption
    @OptionGroup var state: StateOption
    @OptionGroup var output: OutputOptions

    @Option(
      name: .long, help: ArgumentHelp("A zone file to compare with --server, in the place of a declaration.", valueName: "file"),
      completion: .file())
    var zone: String?

    @Option(name: .long, help: ArgumentHelp("The zone's name, with --zone.", valueName: "name"))
    var origin: DomainName?

    @Option(
      name: .long, parsing: .upToNextOption, help: ArgumentHelp("The servers to ask, with --zone.", valueName: "addr[:port]"))
    var server: [Server] = []

    @Option(
      name: .long, parsing: .upToNextOption, help: ArgumentHelp("Ask only these of the domain's name servers.", valueName: "addr")
    )
    var servers: [Server] = []

    @Option(
      name: .long, parsing: .upToNextOption,
      help: ArgumentHelp("Ask these resolvers in the place of the declared ones.", valueName: "addr"))
    var resolvers: [Server] = []

    @Flag(name: .long, help: "Lift the limits on questions per second and server: for servers of your own.")
    var noLimits = false

    @Flag(
      inversion: .prefixedNo,
      help: ArgumentHelp(
        "With --zone, also ask every host for addresses and mail exchangers that are not declared (default: in zones of up to 100,000 names)."
      ))
    var absences: Bool?

    @Option(
      name: .long,
      help: ArgumentHelp("With --zone, threads that ask (default: one a server, at most one a processor).", valueName: "n"))
    var threads: Int?

    @Flag(name: .long, help: "Keep no record of this pass, and do not say what changed since the last.")
    var noState = false

    @OptionGroup(title: "Looking further") var further: FurtherOptions

    @Flag(
      name: .long, help: "Print the change to the declaration that would accept what was seen: for review, nothing is changed.")
    var propose = false

    @Option(name: .long, help: ArgumentHelp("Judge as if it were this moment (RFC 3339).", valueName: "time"))
    var now: Timestamp?

    func validate() throws {
      if zone != nil, further.isGiven {
        throw ValidationError("--undeclared, --names, --passive-dns, --services and --http need a declaration, not --zone.")
      }
      if zone == nil, origin != nil || !server.isEmpty { throw ValidationError("--origin and --server go with --zone.") }
      if zone == nil, absences != nil || threads != nil { throw ValidationError("--absences and --threads go with --zone.") }
      if let threads, !(1...256).contains(threads) { throw ValidationError("--threads is a number from 1 to 256.") }
      if zone != nil, origin == nil { throw ValidationError("--zone needs --origin NAME, the name of the zone.") }
      if zone != nil, server.isEmpty { throw ValidationError("--zone needs --server ADDR[:PORT], at least one.") }
    }

    func run() async throws {
      let started = Clock.second()
      if let zone, let origin, !isNarrowed { return try await sweep(zone, origin, started) }
      // A declaration with faults leaves no trace: the store is opened when there is something to keep or to go on from.
      var opened: Store?
      let declaration = try await declared(now ?? started) {
        opened = try openStore()
        return opened
      }
      let store = try opened ?? openStore()
      var scope = try scope(declaration)
      // What cannot be read of the past takes away one comparison, and recording this pass will tell why.
      if let store { scope.steadyTTLs = (try? store.steadyTTLs()) ?? [] }
      var settings = ProbeSettings(declaration.network)
      if noLimits { settings = settings.withoutLimits }
      tellWhatIsLeftOut(declaration)
      let pass = Pass(
        declaration: declaration, scope: scope, now: now ?? started, settings: settings, isQuiet: output.quiet,
        origins: try Reading.origins(declaration.network, now: now ?? started, isQuiet: output.quiet))
      let survey = await pass.run()
      var result = AuditResult(
        survey, declaration, in: store, scope: storeScope(declaration), started: started, at: now ?? Clock.second())
      if let store { result.sightings = known(result, in: store, now ?? started) }
      if propose {
        Console.print(AcceptingDiff(result: result).text)
        return try leave(result, survey, declaration)
      }
      Console.print(try result.rendered(as: output.format, coloured: Console.isColoured, width: Console.width))
      try leave(result, survey, declaration)
    }

    /// Indicators that were taken in, among what mismatches saw.
    private func known(_ result: AuditResult, in store: Store, _ now: Timestamp) -> [String: [SightedIndicator]] {
      let seen = Set(result.findings.filter { $0.verdict.kind == "mismatch" }.flatMap(\.observed))
      guard !seen.isEmpty else { return [:] }
      do {
        return try KnownIndicators(in: store, own: result.domains.map(\.name), now: now)?.sightings(in: seen) ?? [:]
      } catch {
        // What was found is told all the same.
        if !output.quiet { Console.say("note: indicators were not looked for among what was found: \(error)".printable) }
        return [:]
      }
    }

    private func declared(_ now: Timestamp, _ store: () throws -> Store?) async throws -> Declaration {
      if let zone, let origin { return try ordinary(zone, origin) }
      return try await Reading.declaration(at: configuration.config, now: now, store: store, isQuiet: output.quiet)
    }

    private func scope(_ declaration: Declaration) throws -> AuditScope {
      for name in names where !declaration.domains.contains(where: { name.isAtOrBelow($0.name) }) {
        let known = declaration.domains.map { $0.name.displayed }.joined(separator: ", ")
        throw Ending(.usage, "\(name.displayed) is in no declared domain. Declared are: \(known).")
      }
      var scope = AuditScope()
      scope.names = names
      scope.servers = servers.map(\.address.address)
      scope.resolvers = resolvers.isEmpty ? nil : Resolvers(resolvers)
      scope.walks = zone == nil
      try further.extend(&scope)
      return scope
    }

    /// Something is declared of services, and only DNS is asked.
    private func tellWhatIsLeftOut(_ declaration: Declaration) {
      let isDeclared = declaration.domains.contains { domain in
        domain.mail?.mtaSTS != nil || domain.records.contains { $0.type == .tlsa }
      }
      guard isDeclared, !further.services, !output.quiet else { return }
      Console.say("note: TLSA records and MTA-STS policies are compared with the services themselves only with --services")
    }

    private func openStore() throws -> Store? {
      guard zone == nil, !noState else { return nil }
      do { return try Store(folder: state.folder) } catch { throw Ending(.error, "\(error)") }
    }

    private func storeScope(_ declaration: Declaration) -> Scope {
      Scope(
        declaration: configuration.declarationName,
        domains: names.isEmpty ? nil : Set(names),
        servers: servers.isEmpty ? nil : Set(servers))
    }

    /// Nothing heard from any root is an error of this machine's network, unless something else was found all the same.
    private func leave(_ result: AuditResult, _ survey: Survey, _ declaration: Declaration) throws {
      if let sentence = result.unrecorded { throw Ending(.error, sentence) }
      if result.ending == .couldNotTell, let silence = survey.rootSilence {
        throw Ending(
          .error,
          "none of the \(declaration.network.roots.count) root servers answered (\(silence.words)). Look at this machine's network and "
            + "firewall (UDP and TCP port \(declaration.network.port)), or at `network: {roots}` in \(configuration.config).")
      }
      if result.ending != .intended { throw Ending(result.ending) }
    }
  }
}
