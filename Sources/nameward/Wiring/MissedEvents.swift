import Indicators

/// Events of a feed that could not be had or read. What stood of them stays, while the others are read whole.
///
/// An indicator that stands does not name its event, but its context begins with what the event is called. Where that does not
/// tell, since an event was renamed or shares its name with another, less is withdrawn than might be.
struct MissedEvents {
  /// What the manifest calls them; `nil` for one that has no name there.
  var titles: Set<String?>
  /// What the events that were read call themselves.
  var readTitles: Set<String>
  var count: Int
  /// Of all events of the feed.
  var total: Int
  /// Why the first of them could not be read.
  var reason: String

  /// Adds to what the others say what stood of these.
  func keep(_ standing: [Indicator], _ sightings: [Sighting], in publication: inout Publication) {
    let told = Set(publication.indicators.map(\.id))
    let standingTitles = Set(standing.compactMap(\.context.first))
    let areFound = titles.allSatisfy { title in
      title.map { standingTitles.contains($0) && !readTitles.contains($0) } ?? false
    }
    let kept = standing.filter { indicator in
      let title = indicator.context.first
      if titles.contains(title) { return true }
      if areFound || title.map({ readTitles.contains($0) }) ?? false { return false }
      // An attribute without a UUID is named by its number, as are those of other events.
      return indicator.id.hasPrefix("attribute ") || !told.contains(indicator.id)
    }
    publication.indicators += kept
    let ids = Set(kept.map(\.id)).subtracting(told)
    publication.sightings += sightings.filter { ids.contains($0.indicator) }
  }

  /// That not everything could be told of a source which was taken in all the same.
  func ending(of name: String) -> Ending {
    let rest = count == 1 ? "it stays: " : "them stays (--remarks tells each); of the first: "
    let sentence = "\(name): \(count) of the feed's \(total) events could not be read, and what stood of \(rest)\(reason)"
    return Ending(.couldNotTell, sentence.printable)
  }
}
