import Estate
import Hunt
import Indicators
import Names
import Store

/// The indicators that were taken in, to be told beside what an audit found. Nothing is judged by them.
struct KnownIndicators {
  private let matcher: LogMatcher
  private let watchlist: Watchlist
  private let sources: [String]
  private let exemptions: Exemptions
  private let values: RecordedValues
  private let now: Timestamp

  /// - Parameter own: Names that are never told.
  /// - Returns: `nil` where nothing was taken in.
  /// - Throws: ``StoreFault``
  init?(in store: Store, own: [DomainName], now: Timestamp) throws {
    (watchlist, sources) = try Watchlist.stored(store.indicators, at: now)
    if watchlist.isEmpty { return nil }
    matcher = LogMatcher(watchlist)
    exemptions = try Exemptions(own: own, warninglists: store.indicators.warninglists())
    (values, self.now) = (store.recordedValues, now)
  }

  /// The indicators in the data of records, by that data.
  /// - Throws: ``StoreFault``
  func sightings(in data: Set<String>) throws -> [String: [SightedIndicator]] {
    var found: [String: [LogMatcher.Hit]] = [:]
    for one in data {
      let hits = matcher.hits(amongWordsOf: one).filter { exemptions.reason(for: $0.value) == nil }
      if !hits.isEmpty { found[one] = hits }
    }
    let addresses = Set(found.values.joined().compactMap { IPAddress($0.value) })
    let population = addresses.isEmpty ? [:] : try values.names(at: addresses).mapValues(\.count)
    return found.mapValues { $0.compactMap { told($0, population) } }
  }

  private func told(_ hit: LogMatcher.Hit, _ population: [IPAddress: Int]) -> SightedIndicator? {
    let entry = watchlist.entries[hit.entry]
    guard let indicator = watchlist.indicator(of: entry) else { return nil }
    return SightedIndicator(
      value: hit.value, manner: hit.manner, namesAtAddress: IPAddress(hit.value).flatMap { population[$0] },
      mention: IndicatorMention(entry, indicator, source: sources[entry.source], now: now))
  }
}

extension Watchlist {
  /// The indicators that were taken in, and the names of their sources by number.
  ///
  /// - Parameter below: Every name also means what is below it.
  /// - Throws: ``StoreFault``
  static func stored(
    _ history: IndicatorHistory, at now: Timestamp, below: Bool = false
  ) throws -> (watchlist: Watchlist, sources: [String]) {
    let sources = try history.sources().filter { $0.format != .warninglist }.map(\.source.name)
    var watchlist = Watchlist()
    let superseded = try history.superseded()
    for (number, name) in sources.enumerated() {
      watchlist.add(
        try history.indicators(of: name).all().map(\.indicator), source: number, at: now, below: below,
        superseded: superseded[name] ?? [])
    }
    return (watchlist, sources)
  }
}
