import Indicators
import Names
import Store

extension SharedStore {
  /// Numbers up to here are those of the objects that all others refer to: markings, an identity.
  static let preamble: Int64 = 16

  func indicatorPage(
    _ addedAfter: TAXIITimestamp?, after number: Int64, size: Int
  ) throws -> (offers: [SharedObject], end: Int64?) {
    var offers: [SharedObject] = []
    if number < Self.preamble, let first = try reader.firstIndicatorAdded() {
      for (place, marking) in TLP.allCases.filter({ $0 <= tlp }).enumerated() {
        offers.append(Self.object(of: marking, number: Int64(place) + 1, first: first))
      }
    }
    let indicators = try reader.sharedIndicators(
      after: max(0, number - Self.preamble), addedAfter: addedAfter?.microseconds, markings: TLP.allCases.filter { $0 <= tlp },
      includesUnmarked: assumed.map { $0 <= tlp } ?? false, limit: size)
    offers += indicators.map { object(of: $0) }
    return (offers, indicators.count < size ? nil : indicators.last.map { $0.number + Self.preamble })
  }

  /// A marking is there before all that is marked with it.
  static func object(of marking: TLP, number: Int64, first: Int64) -> SharedObject {
    // When OASIS made the markings of TLP 2.0.
    SharedObject(
      marking.markingDefinition, number: number, added: first - 1, version: Timestamp("2022-10-01T00:00:00Z")
    ) { STIX2.object(of: marking) }
  }

  private func object(of shared: SharedIndicator) -> SharedObject {
    var indicator = shared.indicator
    indicator.marking = indicator.marking ?? assumed
    let own = shared.hasOwnID ? STIX2.identifier(shared.key) : nil
    let id = own ?? "indicator--" + NameUUID.of("indicator", shared.source, shared.key)
    let (created, modified) = Self.times(of: shared, isOwn: own != nil)
    return SharedObject(
      id, number: shared.number + Self.preamble, added: shared.added, version: modified
    ) { STIX2.object(of: indicator, id: id, created: created, modified: modified) }
  }

  /// An object of STIX keeps the times that its creator gave it. Of any other we make the object: it begins when its source was
  /// first read, and each version when it was taken in.
  private static func times(of shared: SharedIndicator, isOwn: Bool) -> (created: Timestamp, modified: Timestamp) {
    if isOwn, let created = shared.indicator.created, let modified = shared.indicator.modified,
      isWritable(created), isWritable(modified)
    {
      return (created, max(created, modified))
    }
    let modified = Timestamp(milliseconds: shared.added / 1000)
    return (min(shared.sourceRead, modified), modified)
  }

  /// Whether RFC 3339 can write its year.
  private static func isWritable(_ time: Timestamp) -> Bool { Timestamp("\(time)") == time }
}
