import ArgumentParser
import Foundation
import Store

extension Nameward.Indicators {
  struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take in what sources publish, and tell what is new in it.",
      discussion: """
        Each file or URL is a source, known by it; a URL that ends in collections/ID/ is a collection of a TAXII 2.1 server, and the \
        manifest.json of a MISP feed stands for all its events. Read again, it makes a revision where it says something else: what \
        was added, changed and withdrawn is told, and what stood before stays to be looked at (`indicators diff`). A source that \
        cannot be read, or that is suddenly empty or ten times as large or as small, changes nothing; --force takes the latter \
        all the same. Exit code 1 where a source could not be taken, 2 where it is a file that is not there, and 4 where events \
        of a MISP feed could not be read: what stood of these stays.

        A warninglist of MISP is a source too: `indicators match` does not tell what is on it.
        """)

    @Argument(help: ArgumentHelp("Files and URLs; - for standard input, with --name.", valueName: "source"), completion: .file())
    var files: [String]

    @Option(name: .long, help: ArgumentHelp("The source's name, in the place of its path or URL.", valueName: "name"))
    var name: String?

    @OptionGroup var taking: TakingOptions
    @OptionGroup var web: WebOptions
    @OptionGroup var state: StateOption

    func validate() throws {
      if name != nil, files.count > 1 { throw ValidationError("--name names one source; give one file.") }
      if let name, name.allSatisfy(\.isWhitespace) {
        throw ValidationError("--name is empty. Give a name to call the source by.")
      }
      // What others sent would count as a source of one's own, and hide what other sources say.
      let names = name.map { [$0] } ?? files
      if names.contains(SharedStore.source.name) {
        throw ValidationError(
          "\"\(SharedStore.source.name)\" is what others send to `indicators serve`. Give the source another name: --name NAME.")
      }
      if name == nil, files.contains(where: { SourceReader.source($0).kind == .pipe }) {
        throw ValidationError("Standard input and pipes need a name: --name NAME.")
      }
    }

    func run() async throws {
      var reader = try web.reader
      (reader.isQuiet, reader.takesEmpty) = (taking.quiet, taking.force)
      let asking = reader
      var store = try LentStore(state.folder)
      try await SourceTaking.each(files) { file in
        let source = SourceReader.source(file)
        if !taking.quiet, let field = SourceReader.secretField(of: file) {
          Console.say(
            "note: \(field) in the URL looks like a secret, and is kept and shown with the source's name; "
              + "where the server takes a token or a password, give that by --bearer or --basic")
        }
        store.release(for: source.kind)
        guard case .read(let read, let isWhole, let marks) = try await asking.read(source) else { return }
        try SourceTaking(options: taking).take(
          read, from: kept(source, file), isWhole: isWhole, marks: marks, into: store.opened())
      }
    }

    private func kept(_ source: IndicatorSource, _ file: String) -> IndicatorSource {
      var source = source
      if let name { source.name = name }
      // Whoever refreshes it may stand in another folder.
      if source.kind == .file { source.location = URL(fileURLWithPath: file).path }
      return source
    }
  }
}
