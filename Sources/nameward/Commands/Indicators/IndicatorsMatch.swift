import ArgumentParser
import Estate
import Foundation
import Hunt
import Indicators
import Names
import Store

extension Nameward.Indicators {
  struct Match: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Look for indicators in logs.",
      discussion: """
        Reads passive DNS (COF), Zeek's logs (its own form and JSON), query logs of BIND, Unbound and dnsmasq, any JSON lines, and \
        any other text by its words; compressed with gzip or zstd, or not; `-` is standard input. Names match whole, or below where \
        the indicator says so; addresses exactly or by prefix; URLs by their host; hashes and fingerprints of certificates.

        Without --indicators it looks for those that were taken in (`indicators import`). Without a log it looks in what audits saw: \
        every answer that the store has (--state).

        Each sighting says what was seen, where, and which indicator of which source it is. A sighting is never an incident by \
        itself: published lists hold addresses that many share, and it tells how many names are known at one. Exit code 3 where \
        something was seen, 0 where nothing was.
        """)

    @Option(
      name: .long, parsing: .upToNextOption,
      help: ArgumentHelp(
        "Files of indicators. The last file of all is a log; files between are what their content says.", valueName: "file"),
      completion: .file())
    var indicators: [String] = []

    @Argument(help: ArgumentHelp("The logs; - for standard input.", valueName: "log"), completion: .file())
    var logs: [String] = []

    @Option(
      name: .long, parsing: .upToNextOption,
      help: ArgumentHelp(
        "MISP warninglists: what is on one is counted and not told. So are those that were taken in.", valueName: "file"),
      completion: .file())
    var warninglist: [String] = []

    @Option(
      name: .long, parsing: .upToNextOption,
      help: ArgumentHelp(
        "Names of your own and what is below them, beside the declaration's; or addresses. They are counted and not told.",
        valueName: "name"))
    var own: [OwnValue] = []

    @Option(
      name: .long,
      help: ArgumentHelp("The declaration, whose domains are your own (default: nameward.yaml, where it is).", valueName: "file"),
      completion: .file(extensions: ["yaml", "yml"]))
    var config: String?

    @Option(
      name: .customLong("passive-dns"), parsing: .upToNextOption,
      help: ArgumentHelp(
        "Passive DNS (COF), by which is told how many names are known at an address; beside what audits saw.", valueName: "file"),
      completion: .file())
    var passiveDNS: [String] = []

    @Flag(name: .long, help: "Every name that is looked for also means what is below it.")
    var below = false

    @Option(name: .long, help: ArgumentHelp("One of text, jsonl.", valueName: "format"))
    var format: LineFormat?

    @Option(
      name: .long, help: ArgumentHelp("Pieces of a log that are matched at once (default: one a processor).", valueName: "n"))
    var threads: Int?

    @Flag(name: .long, help: "No progress and no notices on standard error.")
    var quiet = false

    @Option(name: .long, help: ArgumentHelp("Judge validity and age as if it were this moment (RFC 3339).", valueName: "time"))
    var now: Timestamp?

    @OptionGroup var state: StateOption

    func validate() throws {
      if let threads, !(1...256).contains(threads) { throw ValidationError("--threads is a number from 1 to 256.") }
    }

    func run() async throws {
      let now = now ?? Clock.now()
      let (sources, logs) = try inputs()
      let reader = try storeReader(isNeeded: sources.isEmpty || logs.isEmpty)
      var watchlist = Watchlist()
      var names = sources.map(\.name)
      for (number, source) in sources.enumerated() {
        watchlist.add(source.publication.indicators, source: number, at: now, below: below)
      }
      if !quiet {
        for line in sources.compactMap({ PublicationPage($0).summary(toldBy: "`indicators show --remarks`") }) {
          Console.say(line)
        }
      }
      if sources.isEmpty, let reader {
        do { (watchlist, names) = try Watchlist.stored(reader.indicators, at: now, below: below) } catch {
          throw Ending(.error, "\(error)")
        }
      }
      var page = SightingPage(sources: names, watchlist: watchlist, now: now, isColoured: Console.isColoured)
      if !quiet { for note in page.notes { Console.say("note: \(note)") } }
      guard !watchlist.isEmpty else {
        throw Ending(
          .usage,
          sources.isEmpty
            ? "There is nothing to look for. Take indicators in (`nameward indicators import FILE`), or name files with --indicators."
            : "There is nothing to look for: no indicator has a value that logs have.")
      }
      var tally = SightingTally(exemptions: try exemptions(reader, now))
      page.population = try population(watchlist, reader)
      let hunt = LogHunt(watchlist, width: threads ?? ProcessInfo.processInfo.activeProcessorCount)
      func tell(_ sightings: [LocatedHit]) {
        var told = tally.take(sightings, watchlist)[...]
        guard !told.isEmpty else { return }
        Console.endProgress()
        // Some at a time: a hostile log can be full of them.
        while !told.isEmpty {
          let some = Array(told.prefix(1000))
          Console.print(isJSON ? page.lines(some) : page.text(some))
          told = told.dropFirst(some.count)
        }
      }
      if logs.isEmpty, let reader {
        do { tally.add(recorded: try StateHunt(watchlist, in: reader).run(tell: tell)) } catch {
          throw Ending(.error, "\(error)")
        }
      }
      // One that cannot be read holds up no other.
      var unread: [String] = []
      var isFaultOfCall = true
      for log in logs {
        do {
          let totals = try await hunt.run(log) { sightings, octets in
            tell(sightings)
            if !quiet { tally.progress(log, octets) }
          }
          tally.add(totals)
        } catch let error as Reading.Unreadable {
          unread.append("\(error).".printable)
          guard !error.isFaultOfCall else { continue }
          tally.add(brokenOff: log)
          isFaultOfCall = false
        }
      }
      Console.endProgress()
      if !quiet { for line in tally.summary { Console.say(line) } }
      if !unread.isEmpty { throw Ending(isFaultOfCall ? .usage : .error, unread) }
      if tally.sightings > 0 { throw Ending(.findings) }
    }

    private func storeReader(isNeeded: Bool) throws -> StoreReader? {
      do { return try StoreReader(folder: state.folder) } catch {
        // Without a store there is nothing to know of addresses, and nothing else is asked of it.
        guard isNeeded else { return nil }
        guard let fault = error as? StoreFault else { throw Ending(.error, "\(error)") }
        throw indicators.isEmpty ? Ending(of: fault) : Ending(of: fault, beginning: "Run an audit first, or name a log")
      }
    }

    /// What audits and passive DNS know at the addresses that are looked for.
    private func population(_ watchlist: Watchlist, _ reader: StoreReader?) throws -> AddressPopulation {
      var population = AddressPopulation()
      let addresses = watchlist.entries.compactMap { if case .address(let address) = $0.observable { address } else { nil } }
      do {
        for (address, names) in try reader?.recordedValues.names(at: Set(addresses)) ?? [:] {
          for name in names { population.add(name, at: address) }
        }
      } catch { throw Ending(.error, "\(error)") }
      let census = PassiveDNSCensus(watchlist)
      for path in passiveDNS { try census.read(path, into: &population) }
      return population
    }

    /// The lists that are named here and those that were taken in.
    private func exemptions(_ reader: StoreReader?, _ now: Timestamp) throws -> Exemptions {
      var lists = try warninglist.flatMap { path in
        let lists = try IndicatorFiles.read(path).publication.warninglists
        if lists.isEmpty { throw Ending(.usage, "\(path) is no warninglist of MISP: no name, type and list.".printable) }
        return lists
      }
      do { lists += try reader?.indicators.warninglists() ?? [] } catch { throw Ending(.error, "\(error)") }
      let names = own.compactMap { if case .name(let name) = $0 { name } else { nil } }
      let prefixes = own.compactMap { if case .prefix(let prefix) = $0 { prefix } else { nil } }
      let all = try names + declared(now)
      do { return try Exemptions(own: all, ownPrefixes: prefixes, warninglists: lists) } catch {
        throw Ending(.usage, error.sentence.printable)
      }
    }

    /// The domains of the declaration. One that nobody named and that cannot be read does not hold up a search.
    private func declared(_ now: Timestamp) throws -> [DomainName] {
      guard config != nil || FileManager.default.fileExists(atPath: "nameward.yaml") else { return [] }
      do {
        return (try Reading.offline(at: config ?? "nameward.yaml", now: now).declaration?.domains ?? []).map(\.name)
      } catch  where config == nil {
        if !quiet { Console.say("note: nameward.yaml cannot be read, so what it declares is told like any other name") }
        return []
      }
    }

    private var isJSON: Bool { format.map { $0 == .jsonl } ?? !Console.isTerminal }

    /// `--indicators FILE… LOG…`: after the option, files of indicators and logs follow one another without a mark between. The first
    /// is indicators and the last is a log; of those between, a log is what is no file of indicators.
    private func inputs() throws -> (sources: [IndicatorFiles.Source], logs: [String]) {
      guard logs.isEmpty, indicators.count > 1 else {
        return (try indicators.map(IndicatorFiles.read), logs)
      }
      var (sources, found) = ([try IndicatorFiles.read(indicators[0])], [String]())
      for path in indicators.dropFirst().dropLast() {
        if found.isEmpty, let source = try IndicatorFiles.recognised(path) { sources.append(source) } else { found.append(path) }
      }
      found.append(indicators[indicators.count - 1])
      if !quiet, indicators.count > 2 {
        let names = sources.map(\.name).joined(separator: ", ")
        Console.say("note: taken as indicators: \(names); as logs: \(found.joined(separator: ", "))".printable)
      }
      return (sources, found)
    }
  }
}
