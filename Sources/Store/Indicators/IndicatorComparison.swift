internal import GRDB
internal import Indicators

/// What a publication tells, beside what stands.
struct IndicatorComparison {
  enum Fate {
    case isNew
    /// The same key stands, and says something else.
    case changes
    case stays
  }

  private(set) var fates: [Fate]
  var standing: StandingIndicators

  /// The publication's indicators.
  private let told: EncodedIndicators
  /// All that is told, by the hashes of the keys, and then in the order of the publication.
  private var order: [(hash: UInt64, index: Int)]

  /// - Parameter standing: Gives what stands; it is given the hashes of all keys that are told.
  init(
    of indicators: [Indicator], _ format: Publication.Format, standing: ([UInt64]) throws -> StandingIndicators
  ) rethrows {
    told = EncodedIndicators(indicators, format)
    fates = Array(repeating: .isNew, count: indicators.count)
    order = told.hashes.enumerated().map { ($1, $0) }
    order.sort { $0.hash != $1.hash ? $0.hash < $1.hash : $0.index < $1.index }
    self.standing = try standing(told.hashes)
  }

  /// Goes through both, sorted as they are, side by side.
  mutating func settle() {
    let (order, places) = (order, standing.places)
    // Settled afterwards, in the order of the publication, which mostly is that of the last one: so memory is read from front to end.
    var pairs = [StandingIndicators.Place?](repeating: nil, count: order.count)
    var (one, other) = (0, 0)
    while one < order.count {
      let hash = order[one].hash
      let endOfTold = order[one...].firstIndex { $0.hash != hash } ?? order.count
      while other < places.count, places[other].hash < hash { other += 1 }
      let endOfPlaces = places[other...].firstIndex { $0.hash != hash } ?? places.count
      if endOfTold - one == 1, endOfPlaces - other == 1 {
        pairs[order[one].index] = places[other].place
      } else if other < endOfPlaces {
        settle(order[one..<endOfTold].map(\.index), places[other..<endOfPlaces].map(\.place))
      }
      (one, other) = (endOfTold, endOfPlaces)
    }
    for (index, place) in pairs.enumerated() { if let place { settle(index, place) } }
  }

  /// All of one hash.
  private mutating func settle(_ told: [Int], _ places: [StandingIndicators.Place]) {
    let places = Dictionary(grouping: places, by: standing.key)
    for (key, told) in Dictionary(grouping: told, by: self.told.key) { settle(oneKey: told, places[key] ?? []) }
  }

  /// Two of one hash, and no others.
  private mutating func settle(_ index: Int, _ place: StandingIndicators.Place) {
    guard told.key(index) == standing.key(place) else { return }
    if told.content(index) == standing.content(place) { keep(place, as: index) } else { change(place, into: index) }
  }

  /// All of one key, settled together: each alone against all others would take the square of their number. First those that say
  /// the same find each other, then the others are changes in their order.
  private mutating func settle(oneKey told: [Int], _ places: [StandingIndicators.Place]) {
    var same = Dictionary(grouping: places.reversed(), by: standing.content)
    var unmatched: [Int] = []
    for index in told {
      if let place = same[self.told.content(index)]?.popLast() { keep(place, as: index) } else { unmatched.append(index) }
    }
    for (index, place) in zip(unmatched, same.values.joined().sorted()) { change(place, into: index) }
  }

  private mutating func keep(_ place: StandingIndicators.Place, as index: Int) {
    standing.keep(place, identity: told.identity(index))
    fates[index] = .stays
  }

  private mutating func change(_ place: StandingIndicators.Place, into index: Int) {
    standing.change(place)
    fates[index] = .changes
  }
}
