import DNSWire
import Estate
import Hunt
import Indicators
import Names
import Notation
import Store

/// Sightings as a person reads them, and as lines of JSON.
struct SightingPage {
  /// The names of the sources, by their number.
  let sources: [String]
  let watchlist: Watchlist
  let now: Timestamp
  let isColoured: Bool
  var population = AddressPopulation()
  /// What is told of an entry, as JSON: an entry is often seen again, and there are no more than the watchlist has.
  private var rests: [Int: String] = [:]

  init(sources: [String], watchlist: Watchlist, now: Timestamp, isColoured: Bool) {
    (self.sources, self.watchlist, self.now, self.isColoured) = (sources, watchlist, now, isColoured)
  }

  /// What is said of the sources before anything is looked for.
  var notes: [String] {
    var notes: [String] = []
    let empty = sources.indices.filter { watchlist.isEmpty(source: $0) }.map { sources[$0] }
    if empty.count == sources.count, !empty.isEmpty {
      let more = empty.count > 3 ? " and \(empty.count - 3) more" : ""
      notes.append("no indicators are in \(empty.prefix(3).joined(separator: ", "))\(more)".printable)
    } else if let first = empty.first {
      // Of many sources some are often empty: no news, and short.
      let which = empty.count == 1 ? "has no indicators: " : "have no indicators, such as "
      notes.append("\(empty.count) of \(sources.count) sources \(which)\(first)".printable)
    }
    let words = Watchlist.PassedOver.allCases.compactMap { reason in
      watchlist.passedOver[reason].map { "\($0) \(Self.words(reason))" }
    }
    if !words.isEmpty {
      notes.append("of \(watchlist.count) indicators, these are not looked for: " + words.joined(separator: ", "))
    }
    let count = watchlist.partlyLookedFor
    if count > 0 {
      let what = count == 1 ? "1 indicator is" : "\(count) indicators are"
      notes.append("\(what) looked for in part: an alternative has no value to look up, as a regular expression")
    }
    return notes
  }

  private static func words(_ reason: Watchlist.PassedOver) -> String {
    switch reason {
    case .benign: "benign"
    case .revoked: "revoked"
    case .expired: "expired"
    case .notYet: "not yet valid"
    case .superseded: "of which another source has a newer version"
    case .foreign: "in a language that is not STIX"
    case .noValue: "with no value to look up"
    case .notInLogs: "with values that logs do not have"
    }
  }

  // MARK: Text

  func text(_ sightings: [LocatedHit]) -> String {
    var out = ""
    for sighting in sightings {
      guard let mention = mention(sighting.entry) else { continue }
      let seen = (Observable.detect(sighting.value) ?? watchlist.entries[sighting.entry].observable).shown
      out += "\(bold(Self.place(sighting.origin).printable))  \(red(seen.printable))\n"
      out += "    \(mention.about(sighting.manner))".printable + "\n"
      out += "    \(mention.facts(names: names(at: sighting.value)).joined(separator: " · "))".printable + "\n"
      if sighting.more > 0 { out += "    \(sighting.more) more indicators look for the same here\n" }
    }
    return out
  }

  private func mention(_ number: Int) -> IndicatorMention? {
    let entry = watchlist.entries[number]
    return watchlist.indicator(of: entry).map { IndicatorMention(entry, $0, source: sources[entry.source], now: now) }
  }

  private static func place(_ origin: LocatedHit.Origin) -> String {
    switch origin {
    case .log(let file, let line, let field): return "\(file):\(line)  \(field)"
    case .observation(let value):
      let server = value.place.server.map { " at \($0)" } ?? ""
      return "\(value.owner) \(value.type) (\(value.place.kind.rawValue)\(server), \(value.firstSeen) to \(value.lastSeen))"
    }
  }

  private func names(at value: String) -> Int? { IPAddress(value).flatMap { population[$0] } }

  private func bold(_ text: String) -> String { isColoured ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
  private func red(_ text: String) -> String { isColoured ? "\u{1B}[31m\(text)\u{1B}[0m" : text }

  // MARK: JSON

  /// A line each. What is the same in every sighting of an entry is written once.
  mutating func lines(_ sightings: [LocatedHit]) -> String {
    var out = ""
    for sighting in sightings {
      var members: [(String, String)]
      switch sighting.origin {
      case .log(let file, let line, let field):
        members = [("file", jsonString(file)), ("line", "\(line)"), ("field", jsonString(field))]
      case .observation(let value): members = Self.members(value)
      }
      members += [("value", jsonString(sighting.value)), ("match", jsonString(sighting.manner.rawValue))]
      if sighting.more > 0 { members.append(("more", "\(sighting.more)")) }
      if let names = names(at: sighting.value) { members.append(("namesAtAddress", "\(names)")) }
      out += "{" + members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "," + rest(sighting.entry) + "}\n"
    }
    return out
  }

  private static func members(_ value: RecordedValue) -> [(String, String)] {
    var members = [
      ("name", jsonString("\(value.owner)")), ("asked", jsonString("\(value.name)")),
      ("recordType", jsonString("\(value.type)")), ("kind", jsonString(value.place.kind.rawValue)),
      ("firstSeen", jsonString("\(value.firstSeen)")), ("lastSeen", jsonString("\(value.lastSeen)")),
    ]
    if let server = value.place.server { members.append(("server", jsonString("\(server)"))) }
    if let evidence = value.evidence { members.append(("evidence", jsonString("\(evidence)"))) }
    return members
  }

  private mutating func rest(_ number: Int) -> String {
    if let known = rests[number] { return known }
    let object = mention(number).flatMap { try? JSON.line($0) } ?? "{}"
    let rest = String(object.dropFirst().dropLast())
    rests[number] = rest
    return rest
  }
}
