import Hunt
import Indicators
import Store

/// Looks for a watchlist's values in what audits saw: every answer that the store has.
struct StateHunt {
  let matcher: LogMatcher
  let reader: StoreReader

  init(_ watchlist: Watchlist, in reader: StoreReader) { (matcher, self.reader) = (LogMatcher(watchlist), reader) }

  /// - Parameter tell: Takes the sightings of a page, the oldest answers first.
  /// - Returns: How many values were looked at.
  func run(tell: ([LocatedHit]) throws -> Void) throws -> Int {
    var (pages, count) = (reader.recordedValues, 0)
    while let values = try pages.next() {
      try tell(
        matcher.hits(amongWordsOf: values.map { $0.value.value + "\n" }.joined()).map { hit in
          LocatedHit(origin: .observation(values[Int(hit.line)]), value: hit.value, entry: hit.entry, manner: hit.manner)
        })
      count += values.count
    }
    return count
  }
}
