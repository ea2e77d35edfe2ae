public import ArgumentParser
import Estate
import Foundation
public import Indicators
import Names
import Store

extension Nameward.Indicators {
  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write indicators for others: US-CERT's CSV, STIX 2.1, a MISP event, a list.",
      discussion: """
        Without a file it writes what was taken in (`indicators import`) and stands.

        What may leave is said by --tlp, the marking of the export: nothing that is marked more strictly is in it, and what is not \
        marked at all is left out too, unless --assume says what it counts as. What was left out is told.

        csv, list and misp cannot say when an indicator is valid: what is so no more, or not yet, is left out of them. An indicator \
        without a time of its own has that of the file, or of when it was taken in, so that the same gives the same export: of stix, all \
        but the bundle's id. Identifiers are those that `indicators serve` gives.

        --own writes your own names as a warninglist of MISP, so that nobody takes them for indicators.
        """)

    @Argument(help: ArgumentHelp("Files of indicators; - for standard input.", valueName: "file"), completion: .file())
    var files: [String] = []

    @Option(
      name: .long,
      help: ArgumentHelp("One of \(IndicatorExport.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "format"))
    var format = IndicatorExport.stix

    @Option(
      name: .long, help: ArgumentHelp("How far the export may go: clear, green, amber, amber+strict, red.", valueName: "tlp"))
    var tlp: TLP

    @Option(name: .long, help: ArgumentHelp("What an indicator counts as that nobody marked.", valueName: "tlp"))
    var assume: TLP?

    @Option(name: .long, help: ArgumentHelp("What the export is called.", valueName: "text"))
    var title = "Indicators"

    @Flag(name: .long, help: "Your own names as a warninglist of MISP, from the declaration.")
    var own = false

    @OptionGroup var configuration: ConfigurationOption
    @OptionGroup var state: StateOption

    @Flag(name: .long, help: "No notices on standard error.")
    var quiet = false

    @Option(name: .long, help: ArgumentHelp("Write as if it were this moment (RFC 3339).", valueName: "time"))
    var now: Timestamp?

    func validate() throws {
      if own, !files.isEmpty {
        throw ValidationError("--own writes your own names, and files are for indicators: give one or the other.")
      }
    }

    func run() throws {
      let now = now ?? Clock.second()
      if own { return try exportOwn(now) }
      let (indicators, passedOver) =
        try files.isEmpty ? takenIn() : (files.flatMap { try Self.indicators(of: $0, by: now) }, 0)
      let release = Release(indicators, marked: tlp, assuming: assume, validAt: format.saysValidity ? nil : now)
      let written = format.file(of: release.indicators, title: title, at: now)
      Console.print(written.text)
      guard !quiet else { return }
      tell(release.tooStrict, "marked more strictly than \(tlp.label)")
      tell(release.unmarked, "not marked; --assume TLP says what they count as")
      tell(release.withdrawn, "revoked or benign")
      tell(release.untimely, "not valid now, which \(format.rawValue) cannot say")
      tell(passedOver + written.repeated, "another one of the same identity is in its place")
      tell(written.leftOut, "more than \(format.rawValue) can say")
      tell(written.inPart, "more than \(format.rawValue) can say", what: "written in part")
    }

    /// What a file publishes. What was never changed counts as changed when it was published: a time of the export would make another
    /// version of it each time (STIX 2.1 §3.6).
    private static func indicators(of path: String, by now: Timestamp) throws -> [Indicator] {
      let publication = try IndicatorFiles.read(path).publication
      let time = min(publication.produced ?? modified(path) ?? now, now)
      return publication.indicators.map { indicator in
        let (key, isOwnID) = indicator.key(in: publication.format)
        return indicator.given(by: path, key: key, isOwnID: isOwnID, since: time, changed: indicator.modified ?? time)
      }
    }

    /// What stands of all sources that were taken in, one of each identity, and how many others stand too.
    private func takenIn() throws -> ([Indicator], Int) {
      do {
        let chosen = try StoreReader(folder: state.folder).indicators.chosen()
        return (chosen.indicators.map(\.given), chosen.passedOver)
      } catch let fault as StoreFault {
        throw Ending(of: fault, beginning: "Name files of indicators, or take some in (`nameward indicators import FILE`)")
      }
    }

    /// When a file was last changed; `nil` for what is none.
    private static func modified(_ path: String) -> Timestamp? {
      guard path != "-", !Reading.isPipe(path) else { return nil }
      let file = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
      let date = (try? FileManager.default.attributesOfItem(atPath: file))?[.modificationDate] as? Date
      return date.flatMap { Int64(exactly: $0.timeIntervalSince1970.rounded(.down)) }.map { Timestamp(seconds: $0) }
    }

    private func tell(_ count: Int, _ why: String, what: String = "left out") {
      if count > 0 { Console.say("note: \(count) indicator\(count == 1 ? " is" : "s are") \(what): \(why)") }
    }

    private func exportOwn(_ now: Timestamp) throws {
      let reading = try Reading.offline(at: configuration.config, now: now)
      let names = (reading.declaration?.domains ?? []).map { String("\($0.name)".dropLast()) }.sorted()
      let list = Warninglist(
        name: "Names of \(title == "Indicators" ? "our own" : title)", description: "Names that we answer for: no indicators.",
        kind: .hostname, values: names)
      Console.print(MISP.document(of: list, version: now.seconds))
    }
  }
}

extension TLP: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}
