import Hunt
import Indicators
import Names

/// What is told of an indicator beside a value that it looks for, in words and in JSON.
struct IndicatorMention: Encodable {
  var indicator: String
  var type: String
  var id: String
  var source: String
  var tlp: String?
  var ageDays: Int?
  var confidence: Int?
  var title: String?
  var labels: [String]?
  /// Only where it is one of several values that belong together.
  var sufficient: Bool?

  private let observable: Observable

  private enum CodingKeys: CodingKey { case indicator, type, id, source, tlp, ageDays, confidence, title, labels, sufficient }

  /// - Parameter source: The name of the entry's source.
  init(_ entry: Watchlist.Entry, _ indicator: Indicator, source: String, now: Timestamp) {
    observable = entry.observable
    (self.indicator, type) = (entry.observable.value, entry.observable.type)
    (id, self.source) = (indicator.id, source)
    tlp = indicator.marking?.label
    ageDays = Self.age(indicator, now)
    confidence = indicator.confidence
    title = (indicator.title ?? indicator.description).map { Self.first(200, of: $0) }
    labels = indicator.labels.isEmpty ? nil : indicator.labels
    sufficient = entry.isSufficient ? nil : false
  }

  /// Whole days since the source last said something of it.
  private static func age(_ indicator: Indicator, _ now: Timestamp) -> Int? {
    let moments = [indicator.lastSeen, indicator.firstSeen, indicator.modified, indicator.validFrom].compactMap(\.self)
    guard let latest = moments.max() else { return nil }
    return max(0, Int(latest.duration(to: now).components.seconds / 86_400))
  }

  private static func first(_ count: Int, of text: String) -> String {
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    return line.count > count ? line.prefix(count - 1) + "…" : line
  }

  // MARK: Words

  /// `below evil[.]example: a title (C2)`
  func about(_ manner: MatchManner) -> String {
    let about = title.map { ": \(defangedText(Self.first(120, of: $0)))" } ?? ""
    let labels = labels.map { " (\($0.shown.joined(separator: ", ")))" } ?? ""
    return Self.words(manner, observable.shown) + about + labels
  }

  private static func words(_ manner: MatchManner, _ indicator: String) -> String {
    switch manner {
    case .whole: indicator
    case .below: "below \(indicator)"
    case .prefix: "in \(indicator)"
    case .host: "host of \(indicator)"
    }
  }

  /// Where it is from, how old, how sure: one fact each.
  ///
  /// - Parameter names: How many names are known to stand at the address that was seen.
  func facts(names: Int?) -> [String] {
    var facts = ["\(source), \(defangedText(id))"]
    if let tlp { facts.append(tlp) }
    if let ageDays { facts.append("\(ageDays) day\(ageDays == 1 ? "" : "s") old") }
    if let confidence { facts.append("confidence \(confidence)") }
    if let names {
      let more = names < AddressPopulation.mostNames ? "" : " or more"
      facts.append("\(names)\(more) name\(names == 1 ? "" : "s") known at it")
    }
    if sufficient == false { facts.append("one of several values that belong together") }
    return facts
  }
}

/// A value of a finding that an indicator looks for.
struct SightedIndicator: Encodable {
  var value: String
  var manner: MatchManner
  var namesAtAddress: Int?
  var mention: IndicatorMention

  private enum CodingKeys: CodingKey { case value, match, namesAtAddress }

  func encode(to encoder: any Encoder) throws {
    try mention.encode(to: encoder)
    var members = encoder.container(keyedBy: CodingKeys.self)
    try members.encode(value, forKey: .value)
    try members.encode(manner.rawValue, forKey: .match)
    try members.encodeIfPresent(namesAtAddress, forKey: .namesAtAddress)
  }

  /// `203[.]0[.]113[.]7 is a known indicator: a title (C2) · list.csv, row 12 · TLP:CLEAR · 12 days old`
  var words: String {
    let seen = Observable.detect(value)?.shown ?? defangedText(value)
    let about = mention.about(manner)
    let what = about.hasPrefix(seen + ":") ? String(about.dropFirst(seen.count)) : about == seen ? "" : ": \(about)"
    return "\(seen) is a known indicator\(what) · \(mention.facts(names: namesAtAddress).joined(separator: " · "))"
  }
}
