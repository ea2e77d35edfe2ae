import ArgumentParser
import Indicators
import Names
import Notation
import Store

extension Nameward.Indicators {
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "The indicators that were taken in, and their sources.",
      discussion: "Without a source: all that stand. With --revision, those that stood then.")

    @Argument(help: ArgumentHelp("A source, as `indicators list --sources` names it.", valueName: "source"))
    var source: String?

    @Option(name: .long, help: ArgumentHelp("The revision of the source (default: the last).", valueName: "n"))
    var revision: Int?

    @Flag(name: .long, help: "The sources alone, with their revisions.")
    var sources = false

    @Option(name: .long, help: ArgumentHelp("One of text, jsonl.", valueName: "format"))
    var format = LineFormat.text

    @OptionGroup var state: StateOption

    func validate() throws {
      if revision != nil, source == nil { throw ValidationError("--revision goes with a source.") }
      if sources, source != nil { throw ValidationError("Give either --sources or a source.") }
    }

    func run() throws {
      do {
        let history = try StoreReader(folder: state.folder).indicators
        if sources { return try list(history.sources()) }
        if let source, try history.source(source)?.format == .warninglist {
          return list(try history.warninglistValues(of: source, at: revision), of: source)
        }
        var pages = try source.map { try history.indicators(of: $0, at: revision) } ?? history.indicators()
        while let page = try pages.next() {
          Console.print(
            page.map { stored in
              format == .jsonl
                ? IndicatorLine.json(stored.indicator, of: stored.source) + "\n"
                : "\(stored.source.printable)  \(IndicatorLine.text(stored.indicator))\n"
            }.joined())
        }
      } catch let fault as StoreFault {
        throw Ending(of: fault)
      }
    }

    private func list(_ values: [WarninglistValue], of source: String) {
      Console.print(values) { value in
        format == .jsonl
          ? IndicatorLine.json(value, of: source) + "\n" : "\(source.printable)  \(IndicatorLine.text(value))\n"
      }
    }

    private func list(_ sources: [KnownIndicatorSource]) {
      for known in sources {
        let revision = known.revision
        if format == .jsonl {
          let members = [
            ("source", jsonString(known.source.name)), ("kind", jsonString(known.source.kind.rawValue)),
            ("location", jsonString(known.source.location)),
            ("format", jsonString(known.format.rawValue)), ("revision", "\(revision.number)"),
            ("total", "\(revision.total)"),
            ("added", "\(revision.added)"), ("changed", "\(revision.changed)"), ("withdrawn", "\(revision.withdrawn)"),
            ("at", jsonString("\(revision.at)")), ("lastRead", jsonString("\(known.lastRead)")),
          ]
          Console.print("{" + members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}\n")
        } else {
          let marking = known.marking.map { ", \($0.label)" } ?? ""
          let count = PublicationPage.count(revision.total, known.format)
          let origin = known.source.kind == .pipe ? ", from standard input" : ""
          Console.print(
            "\(known.source.name.printable): \(count) (\(known.format.rawValue)\(marking))\(origin), "
              + "revision \(revision.number) of \(revision.at), last read \(known.lastRead)\n")
        }
      }
    }
  }
}
