internal import GRDB
internal import Indicators

extension Publication {
  /// Leaves indicators that stand marked as strictly as they are, or more strictly.
  ///
  /// For what a source adds to what it said before: the report that a marking came from was told then, and is missing now. Where the
  /// source is read whole its own words count, whatever they were.
  mutating func keepMarkings(ofSource source: Int64, _ database: Database) throws {
    var places: [IndicatorKey: [Int]] = [:]
    for (place, indicator) in indicators.enumerated() where IndicatorKey.hasOwnID(indicator, of: format) {
      places[IndicatorKey(id: indicator.id), default: []].append(place)
    }
    guard !places.isEmpty else { return }
    let blocks = try StoredBlock.fetchCursor(
      database, where: "source = ? AND \(StoredBlock.stands)", [source], holding: Set(places.keys.map(\.hash)))
    var markings: [IndicatorKey: TLP] = [:]
    while let block = try blocks.next() {
      for index in 0..<block.indicators.count where block.stood(index, at: nil) {
        let key = block.indicators.key(index)
        guard places[key] != nil, let marking = try block.indicators.indicator(index).marking else { continue }
        markings[key] = max(markings[key] ?? marking, marking)
      }
    }
    for (key, before) in markings {
      for place in places[key] ?? [] { indicators[place].marking = max(indicators[place].marking ?? before, before) }
    }
  }
}
