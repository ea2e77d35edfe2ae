import Indicators
import Names
import Notation
import Store

extension SharedStore {
  /// What others send is a source of its own, with revisions as any other.
  static let source = IndicatorSource("received by TAXII", .received)

  func add(
    _ objects: [TAXIIObject], to collection: String, at time: TAXIITimestamp, status: ([TAXIIAddition]) -> TAXIIStatus
  ) throws -> TAXIIStatus {
    guard let receiving else { throw StoreFault.readOnly(path: collection) }
    return try turn.take {
      let store: Store
      do { store = try Store(folder: receiving) } catch let fault as StoreFault {
        if case .inUse = fault { throw TAXIICatalogBusy() }
        if case .busy = fault { throw TAXIICatalogBusy() }
        throw fault
      }
      let told = status(try receive(objects, into: store, at: time.timestamp))
      var json = JSONWriter()
      told.write(to: &json)
      try store.record(receivedStatus: json.text, id: told.id, at: time.timestamp)
      return told
    }
  }

  func status(_ id: String) throws -> TAXIIStatus? {
    try reader.receivedStatus(id).map { try TAXIIStatus(JSONValue(Array($0.utf8))) }
  }

  private func receive(
    _ objects: [TAXIIObject], into store: Store, at time: Timestamp
  ) throws -> [TAXIIAddition] {
    let isOfUse = objects.contains { $0.type == "indicator" || $0.type == "sighting" }
    let sent = objects.filter { $0.type == "indicator" }.map(\.id)
    let known = try store.indicators.indicators(sent, of: Self.source.name)
    let others = try store.indicators.ids(sent, ofOthersThan: Self.source.name).union(made(among: sent))
    var (additions, kept): ([TAXIIAddition], [JSONValue]) = ([], [])
    for object in objects {
      let value = try JSONValue(Array(object.text.utf8))
      let (addition, isKept) = try Self.judge(object, value, isOfUse: isOfUse, known, others)
      additions.append(addition)
      if isKept { kept.append(value) }
    }
    let markings = try store.indicators.markingDefinitions(of: Self.source.name, ids: STIX2.markingReferences(of: kept))
    let publication = try STIX2.read(JSONValue(content: .array(kept), place: .start), knownMarkings: markings)
    guard !publication.indicators.isEmpty || !publication.sightings.isEmpty else { return additions }
    let digest = IndicatorFiles.digest(Array(objects.map(\.text).joined(separator: "\n").utf8))
    // However much others send, it takes nothing away.
    _ = try store.take(publication, from: Self.source, digest: digest, isWhole: false, at: time, force: true)
    return additions
  }

  /// Those of some identifiers that we made for what other sources have: everybody who reads it knows them.
  private func made(among sent: [String]) throws -> Set<String> {
    let ids = Set(sent.filter(NameUUID.mayBeOurs).map { $0.lowercased() })
    guard !ids.isEmpty else { return [] }
    let found = try reader.sharedIndicators(
      after: 0, markings: TLP.allCases, includesUnmarked: true, limit: ids.count
    ) { $0.source != Self.source.name && ids.contains(object(of: $0).id) }
    return Set(found.map { object(of: $0).id })
  }

  /// What becomes of an object, and whether it is taken in with the others.
  ///
  /// - Parameters:
  ///   - known: What was sent before, by id.
  ///   - others: The ids that other sources have.
  private static func judge(
    _ object: TAXIIObject, _ value: JSONValue, isOfUse: Bool, _ known: [String: Indicator], _ others: Set<String>
  ) throws -> (TAXIIAddition, isKept: Bool) {
    let alone = try STIX2.read(JSONValue(content: .array([value]), place: .start))
    switch object.type {
    case "indicator":
      guard !others.contains(object.id), !others.contains(object.id.lowercased()) else {
        return (.refused("Another source has this id, and its object stays as it is. Send yours with an id of its own."), false)
      }
      // What it does not become is told last.
      guard let indicator = alone.indicators.first else { return (.refused(sentence(alone.remarks.last?.cause)), false) }
      for remark in alone.remarks {
        if case .badPattern = remark.cause { return (.refused(sentence(remark.cause)), false) }
      }
      guard let new = indicator.modified, let old = known[object.id]?.modified, new <= old else { return (.taken(), true) }
      return (.taken(remark: new < old ? "A newer version is here already." : nil), false)
    case "sighting":
      return alone.sightings.isEmpty
        ? (.refused("It is revoked or not of an indicator. Send sightings of indicators."), false) : (.taken(), true)
    default:
      return isOfUse
        ? (.taken(remark: "Read for what it says of the indicators; it is not kept itself."), true)
        : (.refused("Indicators and sightings are kept here. Send it together with those that it belongs to."), false)
    }
  }

  /// Why an indicator is not kept, to its sender.
  private static func sentence(_ cause: Publication.Remark.Cause?) -> String {
    switch cause {
    case .badPattern(let reason): "The pattern is no STIX pattern: \(reason)"
    case .noValue, nil: "The indicator has no pattern. Send what is to be looked for."
    case let cause?: cause.sentence
    }
  }
}
