import Indicators
import Names
import Notation
import Store

/// What a file of indicators says, as a person reads it, and as lines of JSON.
struct PublicationPage {
  private let source: IndicatorFiles.Source

  init(_ source: IndicatorFiles.Source) { self.source = source }

  private var publication: Publication { source.publication }

  /// What the file is, on one line.
  var head: String {
    var head = "\(source.name): \(Self.count(total, publication.format)) (\(publication.format.rawValue))"
    if let title = publication.title { head += ", \(defangedText(title))" }
    if let marking = publication.marking { head += ", \(marking.label)" }
    if let produced = publication.produced { head += ", of \(produced)" }
    return head.printable + "\n"
  }

  private var total: Int { publication.format == .warninglist ? values.count : publication.indicators.count }

  /// `1 indicator`, `2 values`
  static func count(_ total: Int, _ format: Publication.Format) -> String {
    "\(total) \(format == .warninglist ? "value" : "indicator")\(total == 1 ? "" : "s")"
  }

  var text: String {
    var out = head
    for indicator in publication.indicators { out += "  \(IndicatorLine.text(indicator))\n" }
    for value in values { out += "  \(IndicatorLine.text(value))\n" }
    return out
  }

  var lines: String {
    publication.indicators.map { IndicatorLine.json($0, of: source.name) + "\n" }.joined()
      + values.map { IndicatorLine.json($0, of: source.name) + "\n" }.joined()
  }

  /// Of warninglists.
  private var values: [WarninglistValue] {
    publication.warninglists.flatMap { list in list.values.map { WarninglistValue($0, list.kind) } }
  }

  // MARK: Remarks

  /// What became no indicator, or became another, on one line: how much of each kind, and the first of it.
  var summary: String? { summary(toldBy: "--remarks") }

  /// - Parameter way: What tells each.
  func summary(toldBy way: String) -> String? {
    let remarks = publication.remarks
    // That a value stands twice loses nothing.
    guard let first = remarks.first(where: { $0.cause.kind != .repeated }) ?? remarks.first else { return nil }
    let one = told(first)
    guard publication.remarkCount > 1 else { return "note: \(one)".printable }
    let counts = Publication.Remark.Kind.allCases.compactMap { kind in
      publication.remarkCounts[kind].map { "\($0) \(Self.words(kind))" }
    }
    return "note: \(source.name): \(counts.joined(separator: ", ")) (\(way) tells each), as \(one)".printable
  }

  private func told(_ remark: Publication.Remark) -> String {
    let sentence = remark.cause.sentence
    // Where a file of one's own source is, is copied from here.
    let shown = remark.cause.kind == .missingFile ? sentence : defangedText(sentence)
    return "\(remark.file ?? source.name):\(remark.place): \(shown)"
  }

  private static func words(_ kind: Publication.Remark.Kind) -> String {
    switch kind {
    case .noValue: "without a value"
    case .readAs: "read as what they are, not as their type"
    case .notOfType: "not of their type"
    case .unknownType: "of unknown types"
    case .badPattern: "with patterns that are none"
    case .danglingReference: "that name what is not there"
    case .unreadableMarking: "with markings that are not read and count as TLP:RED"
    case .badTime: "with times that cannot be read"
    case .unsupported: "that cannot be looked for"
    case .repeated: "repeated"
    case .missingFile: "in files that cannot be had or read"
    case .notUTF8: "not in UTF-8"
    }
  }

  /// Each remark that was kept, on a line.
  var remarks: [String] {
    let lines = publication.remarks.map { "note: \(told($0))".printable }
    let more = publication.remarkCount - lines.count
    return more > 0 ? lines + ["note: … and \(more) more remarks on \(source.name)".printable] : lines
  }

  /// The same in JSON, an object each.
  var remarkObjects: [String] {
    publication.remarks.map { remark in
      "{\"cause\":\(jsonString(remark.cause.kind.rawValue)),\"source\":\(jsonString(source.name)),"
        + (remark.file.map { "\"file\":\(jsonString($0))," } ?? "") + "\"line\":\(remark.place.line),"
        + "\"column\":\(remark.place.column),\"sentence\":\(jsonString(remark.cause.sentence))}"
    }
  }
}
