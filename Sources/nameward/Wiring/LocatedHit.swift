import Hunt
import Store

/// A value that was seen, where, and which entry of the watchlist looks for it.
struct LocatedHit {
  enum Origin {
    /// The line counts from 1.
    case log(file: String, line: Int, field: String)
    /// An answer that an audit got.
    case observation(RecordedValue)
  }

  var origin: Origin
  /// As it stands there.
  var value: String
  var entry: Int
  var manner: MatchManner
  /// Other entries that look for the same at this place, and are counted only.
  var more = 0
}
