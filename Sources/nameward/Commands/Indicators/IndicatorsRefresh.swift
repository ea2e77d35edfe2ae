import ArgumentParser
import Store

extension Nameward.Indicators {
  struct Refresh: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Read every source again that was taken in.",
      discussion: """
        Files are read, URLs are asked whether they changed (ETag, If-Modified-Since), TAXII collections for what was added. What came \
        from standard input is passed over. It is safe to repeat: what says the same changes nothing. A secret is sent only to \
        sources that are named. Exit code 1 where a source could not be taken, and 4 where events of a MISP feed could not be \
        read: what stood of these stays.
        """)

    @Argument(help: ArgumentHelp("Only these sources, as `indicators list --sources` names them.", valueName: "source"))
    var sources: [String] = []

    @OptionGroup var taking: TakingOptions
    @OptionGroup var web: WebOptions
    @OptionGroup var state: StateOption

    func validate() throws {
      if web.areGiven, sources.isEmpty { throw ValidationError("Name the sources that the secret is for.") }
    }

    func run() async throws {
      var reader = try web.reader
      (reader.isQuiet, reader.takesEmpty) = (taking.quiet, taking.force)
      let asking = reader
      var store = try LentStore(state.folder, mustBeThere: true)
      let known = try wanted(store.opened())
      let taking = SourceTaking(options: self.taking)
      try await SourceTaking.each(known) { source in
        guard source.source.kind != .pipe else { return taking.tellPassedOver(source) }
        // Beside whoever writes: only reading.
        let markings =
          try source.source.kind == .taxii
          ? StoreReader(folder: state.folder).indicators.markingDefinitions(of: source.source.name) : [:]
        store.release(for: source.source.kind)
        switch try await asking.read(source.source, since: source, markings: markings) {
        case .unchanged:
          try store.opened().record(source.marks, of: source.source.name, readAt: Clock.second())
          taking.tell(source.source.name, source.revision, isNew: false, of: nil)
        case .read(let read, let isWhole, let marks):
          try taking.take(read, from: source.source, isWhole: isWhole, marks: marks, into: store.opened())
        }
      }
    }

    private func wanted(_ store: Store) throws -> [KnownIndicatorSource] {
      do {
        guard !sources.isEmpty else { return try store.indicators.sources() }
        return try sources.map { name in
          guard let source = try store.indicators.source(name) else { throw StoreFault.unknownSource(name) }
          return source
        }
      } catch { throw Ending(.usage, "\(error)") }
    }
  }
}
