import Hunt
import Indicators
import Names
import Notation
import Store

/// Puts what a source gave into the store, and tells what is new in it.
struct SourceTaking {
  let options: TakingOptions

  /// - Throws: ``Ending`` or `StoreFault`; what stood before stands then.
  func take(
    _ read: consuming IndicatorFiles.Source, from source: IndicatorSource, isWhole: Bool, marks: PollingMarks, into store: Store
  ) throws {
    var read = read
    // A list that cannot be used is told now, and not when someone looks for indicators.
    do { _ = try Exemptions(own: [], warninglists: read.publication.warninglists) } catch {
      throw Ending(.error, "\(read.name): \(error.sentence)".printable)
    }
    let publication = read.publication
    // What is told of it names none; so the store may give them back as soon as it has written them down.
    read.publication.indicators = []
    let taken = try store.take(
      publication, from: source, digest: read.digest, isWhole: isWhole, at: Clock.second(), force: options.force)
    try store.record(marks, of: source.name, readAt: Clock.second())
    tell(source.name, taken.revision, isNew: taken.isNew, of: read)
  }

  /// Does something with each of several sources: one that is broken holds up no other.
  /// - Throws: ``Ending`` with all that failed.
  static func each<Item>(_ items: [Item], _ work: (Item) async throws -> Void) async throws {
    var failed: [String] = []
    for item in items {
      do { try await work(item) } catch let ending as Ending { failed += ending.sentences } catch { failed.append("\(error)") }
    }
    if !failed.isEmpty { throw Ending(.error, failed) }
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
    // What a source says again was remarked on when it said it first; a file that is missing now is news.
    let isNews = isNew || read?.publication.remarkCounts[.missingFile] != nil
    guard !options.quiet, let page, isNews || options.remarks else { return }
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
  /// - Throws: ``Ending``
  init(_ folder: String) throws {
    self.folder = folder
    do { store = try Store(folder: folder) } catch { throw Ending(.error, "\(error)") }
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
