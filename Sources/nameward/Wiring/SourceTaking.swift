import Hunt
import Indicators
import Names
import Notation
import Store

/// Puts what a source gave into the store, and tells what is new in it.
struct SourceTaking {
  let options: TakingOptions

  /// - Throws: ``Ending`` or `StoreFault`; what stood before stands then. Where events of a feed were missed it is taken all the
  ///   same, and the ``Ending`` says that not everything could be told.
  func take(
    _ read: consuming IndicatorFiles.Source, from source: IndicatorSource, isWhole: Bool, marks: PollingMarks, into store: Store
  ) throws {
    var read = read
    // A list that cannot be used is told now, and not when someone looks for indicators.
    do { _ = try Exemptions(own: [], warninglists: read.publication.warninglists) } catch {
      throw Ending(.error, "\(read.name): \(error.sentence)".printable)
    }
    if let missed = read.missed { try keep(missed, of: source.name, in: &read.publication, store.indicators) }
    let publication = read.publication
    // What is told of it names none; so the store may give them back as soon as it has written them down.
    read.publication.indicators = []
    let taken = try store.take(
      publication, from: source, digest: read.digest, isWhole: isWhole || read.missed != nil, at: Clock.second(),
      force: options.force)
    try store.record(marks, of: source.name, readAt: Clock.second())
    tell(source.name, taken.revision, isNew: taken.isNew, of: read)
    if let missed = read.missed { throw missed.ending(of: source.name) }
  }

  /// Makes what was read of a feed the whole of it, by what stood of the events that were missed.
  private func keep(
    _ missed: MissedEvents, of source: String, in publication: inout Publication, _ history: IndicatorHistory
  ) throws {
    // What another format says has other names here.
    guard let known = try history.source(source), known.format == publication.format else { return }
    let standing = try history.indicators(of: source).all().map(\.indicator)
    missed.keep(standing, try history.sightings(of: source), in: &publication)
    publication.marking = [publication.marking, known.marking].compactMap(\.self).max()
  }

  /// Does something with each of several sources: one that is broken holds up no other.
  /// - Throws: ``Ending`` with all that failed, and the code of the worst of it: an error, before a fault of the call, before
  ///   that not everything could be told.
  static func each<Item>(_ items: [Item], _ work: (Item) async throws -> Void) async throws {
    var (failed, codes): ([String], Set<Ending.Code>) = ([], [])
    for item in items {
      do { try await work(item) } catch let ending as Ending {
        failed += ending.sentences
        codes.insert(ending.code)
      } catch {
        failed.append("\(error)")
        codes.insert(.error)
      }
    }
    if failed.isEmpty { return }
    throw Ending(codes.contains(.error) ? .error : codes.contains(.usage) ? .usage : .couldNotTell, failed)
  }

  /// - Parameter read: What was read; `nil` where the source had nothing else than the last time.
  func tell(_ source: String, _ revision: IndicatorRevision, isNew: Bool, of read: IndicatorFiles.Source?) {
    let page = read.map { PublicationPage($0) }
    guard options.format == .text else {
      var members = [
        ("revision", "\(revision.number)"), ("isNew", "\(isNew)"), ("total", "\(revision.total)"),
      ]
      if isNew {
        members += [
          ("added", "\(revision.added)"), ("changed", "\(revision.changed)"), ("withdrawn", "\(revision.withdrawn)"),
        ]
      }
      if let read, let page {
        members.append(("remarkCount", "\(read.publication.remarkCount)"))
        members.append(("remarks", "[\(page.remarkObjects.joined(separator: ","))]"))
      }
      return tell(source, members)
    }
    tell(
      source,
      isNew
        ? "revision \(revision.number): \(revision.added) added, \(revision.changed) changed, \(revision.withdrawn) withdrawn, "
          + "\(revision.total) in all"
        : "unchanged, revision \(revision.number) with \(revision.total)")
    // What a source says again was remarked on when it said it first.
    guard !options.quiet, let page, isNew || options.remarks else { return }
    for line in options.remarks ? page.remarks : [page.summary].compactMap(\.self) { Console.say(line) }
  }

  /// What came from standard input is nowhere to be read again.
  func tellPassedOver(_ known: KnownIndicatorSource) {
    let name = known.source.name
    let what = "passed over: it came from standard input. Give it again with `nameward indicators import --name NAME -`"
    if options.format == .text { tell(name, what) } else { tell(name, [("passedOver", jsonString(what))]) }
  }

  private func tell(_ source: String, _ what: String) { Console.print("\(source): \(what)".printable + "\n") }

  private func tell(_ source: String, _ members: [(String, String)]) {
    let members = [("source", jsonString(source))] + members
    Console.print("{" + members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}\n")
  }
}

/// The store of a run that asks others: held while it is written to, and let go while others are waited for, so that audits and
/// those who send are not kept out meanwhile.
struct LentStore {
  private let folder: String
  private var store: Store?

  /// Opens it once, so that a folder that cannot be used is told before anything is asked for.
  /// - Parameter mustBeThere: Whether a folder without a state is refused, and not made: its name may be mistyped.
  /// - Throws: ``Ending``
  init(_ folder: String, mustBeThere: Bool = false) throws {
    self.folder = folder
    do { store = try mustBeThere ? Store(existing: folder) : Store(folder: folder) } catch let fault as StoreFault {
      throw Ending(of: fault)
    } catch {
      throw Ending(.error, "\(error)")
    }
  }

  /// Before a source is read.
  mutating func release(for kind: IndicatorSource.Kind) {
    // A file is there at once, and to open the store for each of many would take long.
    if kind != .file { store = nil }
  }

  /// - Throws: `StoreFault`, where another process has taken the folder meanwhile.
  mutating func opened() throws -> Store {
    let opened = try store ?? Store(folder: folder)
    store = opened
    return opened
  }
}

extension Exemptions.Fault {
  /// Without its end.
  var sentence: String { "the warninglist \(quoted(list)) holds \(quoted(value)): \(reason)" }
}
