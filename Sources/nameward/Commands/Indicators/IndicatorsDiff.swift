import ArgumentParser
import Indicators
import Names
import Notation
import Store

extension Nameward.Indicators {
  struct Diff: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "What a source added, changed and withdrew from one revision to another.",
      discussion: """
        Of an indicator that changed, each field that did is told as it was and as it is. Exit code 3 where there is a difference, 0 \
        where there is none.
        """)

    @Argument(help: ArgumentHelp("The source, as `indicators list --sources` names it.", valueName: "source"))
    var source: String

    @Option(
      name: .long,
      help: ArgumentHelp("The older revision; 0 is before the first (default: the one before the newer).", valueName: "n"))
    var from: Int?

    @Option(name: .long, help: ArgumentHelp("The newer revision (default: the last).", valueName: "n"))
    var to: Int?

    @Option(name: .long, help: ArgumentHelp("One of text, jsonl.", valueName: "format"))
    var format = LineFormat.text

    @OptionGroup var state: StateOption

    func run() throws {
      let difference: IndicatorDifference
      do {
        let history = try StoreReader(folder: state.folder).indicators
        let last = try history.revisions(of: source).last?.number ?? 0
        let newer = to ?? last
        difference = try history.difference(of: source, from: from ?? max(0, newer - 1), to: newer)
      } catch let fault as StoreFault {
        throw Ending(of: fault)
      }
      Console.print(difference.added) { told("+", "added", $0) }
      Console.print(difference.changed) { change in
        told("~", "changed", change.after, IndicatorChange.all(from: change.before, to: change.after))
      }
      Console.print(difference.withdrawn) { told("-", "withdrawn", $0) }
      Console.print(difference.addedValues) { told("+", "added", $0) }
      Console.print(difference.withdrawnValues) { told("-", "withdrawn", $0) }
      if difference != IndicatorDifference() { throw Ending(.findings) }
    }

    private func told(_ sign: String, _ what: String, _ value: WarninglistValue) -> String {
      format == .text
        ? "\(sign) \(IndicatorLine.text(value))\n"
        : IndicatorLine.json(value, of: source, also: [("change", jsonString(what))]) + "\n"
    }

    private func told(_ sign: String, _ what: String, _ indicator: Indicator, _ changes: [IndicatorChange] = []) -> String {
      guard format == .text else {
        let changed = changes.isEmpty ? [] : [("changes", "[\(changes.map(\.json).joined(separator: ","))]")]
        return IndicatorLine.json(indicator, of: source, also: [("change", jsonString(what))] + changed) + "\n"
      }
      return "\(sign) \(IndicatorLine.text(indicator))\n" + changes.map { "    \($0.text)\n" }.joined()
    }
  }

  struct Forget: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Forget a source, its indicators and its revisions.")

    @Argument(help: ArgumentHelp("The source, as `indicators list --sources` names it.", valueName: "source"))
    var source: String

    @OptionGroup var state: StateOption

    func run() throws {
      do { try Store(existing: state.folder).forget(source: source) } catch let fault as StoreFault {
        throw Ending(of: fault)
      }
    }
  }
}
