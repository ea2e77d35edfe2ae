import Indicators
import Names
import Notation

@testable import Store

/// The last line of a text needs no line feed.
func published(_ text: String) throws -> Publication { try Publication(Array(text.utf8)) }

/// A publication whose indicators have ids: each an id, a name to look for, and a title.
func bundle(_ rows: [(id: String, value: String, title: String)]) throws -> Publication {
  var publication = Publication(.stix2)
  for (row, (id, value, title)) in rows.enumerated() {
    var indicator = Indicator(
      id: id, place: TextPlace(line: row + 1, column: 3), criterion: .value(.name(try name(value), .whole)))
    indicator.title = title
    publication.indicators.append(indicator)
  }
  return publication
}

/// `count` names under `example`, each on a line of its own.
func list(_ numbers: some Collection<Int>) throws -> Publication {
  if numbers.isEmpty { return Publication(.plainList) }
  return try published(numbers.map { "host\($0).example" }.joined(separator: "\n"))
}

let feed = IndicatorSource("https://feed.example/indicators", .http)

extension Store {
  /// Takes a publication whose digest is unlike any other.
  @discardableResult
  func take(
    _ publication: Publication, _ source: IndicatorSource = feed, minute: Int64, isWhole: Bool = true, force: Bool = false
  ) throws -> TakenPublication {
    try take(
      publication, from: source, digest: "digest \(minute)", isWhole: isWhole, at: Timestamp(seconds: 60 * minute), force: force)
  }

  /// What a source says, as its readers gave it.
  func told(_ source: String = feed.name, at revision: Int? = nil) throws -> [Indicator] {
    try indicators.indicators(of: source, at: revision).all().map(\.indicator)
  }

  func values(at revision: Int? = nil) throws -> [String] {
    try told(at: revision).map { indicator in
      if case .value(let observable) = indicator.criterion { observable.value } else { "" }
    }
  }
}

extension IndicatorRevision {
  /// Added, changed, withdrawn, and what stands.
  var counts: [Int] { [added, changed, withdrawn, total] }
}
