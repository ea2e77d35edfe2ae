import Indicators
import Names
import Store

extension SharedStore {
  /// Numbers up to here are those of the objects that all others refer to: markings, an identity.
  static let preamble: Int64 = 16

  func indicatorRecords(_ wanted: Wanted, after number: Int64, limit: Int) throws -> [TAXIIRecord] {
    var offers: [SharedObject] = []
    if number < Self.preamble, wanted.mayTake("marking-definition"), let first = try reader.firstIndicatorAdded() {
      for (place, marking) in markings.enumerated() where Int64(place) + 1 > number {
        let offer = Self.object(of: marking, number: Int64(place) + 1, first: first)
        if wanted.takes(offer) { offers.append(offer) }
      }
    }
    if offers.count < limit, wanted.mayTake("indicator") {
      offers += try indicators(wanted, after: max(0, number - Self.preamble), limit: limit - offers.count)
    }
    return try offers.prefix(limit).compactMap { try $0.record() }
  }

  /// What may be given.
  private var markings: [TLP] { TLP.allCases.filter { $0 <= tlp } }

  private func indicators(_ wanted: Wanted, after number: Int64, limit: Int) throws -> [SharedObject] {
    func found(_ ids: [String]?) throws -> [SharedObject] {
      let shared = try reader.sharedIndicators(
        after: number, addedAfter: wanted.addedAfter?.microseconds, markings: markings,
        includesUnmarked: assumed.map { $0 <= tlp } ?? false, limit: limit, ids: ids
      ) { Self.canBeSaid($0.indicator) && wanted.takes(object(of: $0)) }
      return shared.map { object(of: $0) }
    }
    guard !wanted.ids.isEmpty else { return try found(nil) }
    let named = wanted.ids.filter { $0.hasPrefix("indicator--") }
    let own = try found(Array(named))
    // An identifier that is ours is made of what it stands for: the collection is looked through, once.
    return own.count < named.count && named.contains(where: NameUUID.mayBeOurs) ? try found(nil) : own
  }

  /// Whether STIX 2.1 can say it: what should be a pattern of STIX and is none is not given.
  private static func canBeSaid(_ indicator: Indicator) -> Bool {
    if case .foreign("stix", _) = indicator.criterion { false } else { true }
  }

  /// A marking is there before all that is marked with it.
  static func object(of marking: TLP, number: Int64, first: Int64) -> SharedObject {
    // When OASIS made the markings of TLP 2.0.
    SharedObject(
      marking.markingDefinition, number: number, added: first - 1, version: Timestamp("2022-10-01T00:00:00Z")
    ) { STIX2.object(of: marking) }
  }

  /// As others are given it.
  func object(of shared: SharedIndicator) -> SharedObject {
    var given = shared.given
    given.marking = given.marking ?? assumed
    return SharedObject(
      given.id, number: shared.number + Self.preamble, added: shared.added, version: given.modified
    ) { [given] in STIX2.object(of: given) }
  }
}
