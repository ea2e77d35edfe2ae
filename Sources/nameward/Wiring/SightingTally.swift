import Hunt
import Indicators
import Telemetry

/// Counts what was seen, and keeps back what is not told.
struct SightingTally {
  private let exemptions: Exemptions
  private(set) var sightings = 0
  /// Of values that very many indicators look for, those that are not told one by one.
  private var untold = 0
  /// Lines with sightings: of logs that were read to their end, and of the one that is being read.
  private var (lines, linesOfLog) = (0, 0)
  /// The line of the last sighting.
  private var last: (file: String, line: Int)?
  private var indicators: Set<Int> = []
  private var exempt: [Exemptions.Reason: Int] = [:]
  private var files: [LogHunt.FileTotals] = []
  private var brokenOff: [String] = []
  /// Values that the store had.
  private var recorded: Int?
  private var shownAt = 0
  /// Values that were asked about, and why they are not told: what is seen is often seen again.
  private(set) var known: [String: Exemptions.Reason?] = [:]
  private static let mostKnown = 100_000
  /// Of a value that is remembered: a log may have any number of longer ones, which are seldom seen again.
  static let mostKnownOctets = 256

  init(exemptions: Exemptions) { self.exemptions = exemptions }

  /// - Returns: Those that are told.
  mutating func take(_ found: [LocatedHit], _ watchlist: Watchlist) -> [LocatedHit] {
    var told: [LocatedHit] = []
    for sighting in found {
      if let reason = reason(sighting.value) {
        exempt[reason, default: 0] += 1
        continue
      }
      told.append(sighting)
      untold += sighting.more
      indicators.insert(sighting.entry)
      if case .log(let file, let line, _) = sighting.origin, last?.line != line || last?.file != file {
        (linesOfLog, last) = (linesOfLog + 1, (file, line))
      }
    }
    sightings += told.count
    return told
  }

  private mutating func reason(_ value: String) -> Exemptions.Reason? {
    guard value.utf8.count <= Self.mostKnownOctets else { return exemptions.reason(for: value) }
    if let known = known[value] { return known }
    let reason = exemptions.reason(for: value)
    if known.count < Self.mostKnown { known[value] = .some(reason) }
    return reason
  }

  mutating func add(_ totals: LogHunt.FileTotals) {
    files.append(totals)
    (lines, linesOfLog, last) = (lines + linesOfLog, 0, nil)
  }
  /// How many lines such a log has is not known.
  mutating func add(brokenOff log: String) {
    brokenOff.append(log)
    (linesOfLog, last) = (0, nil)
  }
  mutating func add(recorded count: Int) { recorded = count }

  /// Shown every 64 MB.
  mutating func progress(_ file: String, _ octets: Int) {
    guard octets - shownAt >= 64 << 20 || octets < shownAt else { return }
    shownAt = octets
    Console.progress("\(file): \(octets >> 20) MB read, \(sightings) sightings")
  }

  /// What is said at the end.
  var summary: [String] {
    let lineCount = files.reduce(0) { $0 + $1.lines }
    let forms = files.map { "\($0.file) as \($0.form)" }.joined(separator: ", ")
    let seen = "\(sightings) sighting\(sightings == 1 ? "" : "s") of \(indicators.count) value\(indicators.count == 1 ? "" : "s")"
    var places: [String] = []
    if let recorded { places.append("\(recorded) values that audits saw") }
    if !files.isEmpty { places.append("\(lines) of \(lineCount) lines (\(forms))") }
    if !brokenOff.isEmpty { places.append("what could be read of \(brokenOff.joined(separator: ", "))") }
    guard !places.isEmpty else { return ["no log could be read"] }
    var said = ["\(seen) in \(places.joined(separator: " and in "))".printable]
    if recorded == 0 {
      said.append("note: no audit has left answers here, so there is nothing to look in. Run `nameward audit`, or name a log")
    }
    for file in files where file.unreadFrames > 0 {
      said.append(
        "note: \(file.unreadFrames) of the \(file.lines) frames of \(file.file) hold no DNS message that can be read".printable)
    }
    if untold > 0 {
      said.append(
        "note: \(untold) more are counted only, where over \(LogMatcher.mostHitsAtPlace) indicators look for the same value")
    }
    for (reason, count) in exempt.sorted(by: { "\($0.key)" < "\($1.key)" }) {
      switch reason {
      case .own: said.append("note: \(count) more of your own names are not told")
      case .warninglist(let name): said.append("note: \(count) more on the warninglist \"\(name.printable)\" are not told")
      }
    }
    if sightings > 0 { said.append("note: a sighting is a reason to look, not an incident: many may share an address") }
    return said
  }
}
