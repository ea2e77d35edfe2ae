public import Names
public import Notation

/// What was observed, when, and how often (STIX 2.1 §4.14, STIX 2.0 part 2 §2.8): what patterns are held against.
public struct ObservedData: Sendable {
  public var id: String?
  public var place: TextPlace
  public var firstObserved: Timestamp
  /// Not before the first.
  public var lastObserved: Timestamp
  /// How often, at least once.
  public var count: Int
  /// The observables that it tells of, with their ids (2.1) or keys (2.0). What they refer to is not among them.
  public var objects: [JSONValue]
  /// By id or key, all that a reference can lead to.
  var referents: [String: JSONValue]
}

/// Why a JSON value is no observed data, and where.
public struct ObservedDataFault: Error, Hashable, Sendable {
  public enum Cause: Hashable, Sendable {
    /// Neither a bundle, nor observed data, nor a list of them.
    case noObservedData
    case noTime(String)
    case badTime(String, String)
    case lastBeforeFirst
    case badCount
  }

  public var place: TextPlace
  public var cause: Cause

  init(_ place: TextPlace, _ cause: Cause) { (self.place, self.cause) = (place, cause) }

  /// What is wrong and what to write, without the place.
  public var sentence: String {
    switch cause {
    case .noObservedData: "This is no observed data. Give a STIX bundle, an observed-data object, or a list of them."
    case .noTime(let name): "Observed data has no \(name). Write it as in \"2026-01-31T08:00:00Z\"."
    case .badTime(let name, let text):
      "\(name) is \(quoted(text)), which is no timestamp. Write it as in \"2026-01-31T08:00:00Z\"."
    case .lastBeforeFirst: "last_observed is before first_observed. Exchange them or correct one."
    case .badCount: "number_observed is not a whole number from 1 to 999999999. Write how often it was observed."
    }
  }
}

extension ObservedData {
  /// Reads all observed data of a bundle, of one object, or of a list of both. Other objects are passed over, and so are
  /// references that lead nowhere.
  public static func read(_ value: JSONValue) throws(ObservedDataFault) -> [ObservedData] {
    guard let items = value.items else { return try read(item: value) }
    var all: [ObservedData] = []
    for item in items { all += try read(item: item) }
    return all
  }

  private static func read(item: JSONValue) throws(ObservedDataFault) -> [ObservedData] {
    if item["type"]?.string == "observed-data" { return [try ObservedData(item, [:])] }
    guard item["type"]?.string == "bundle" else { throw ObservedDataFault(item.place, .noObservedData) }
    let objects = item["objects"]?.items ?? []
    var byID: [String: JSONValue] = [:]
    for object in objects { if let id = object["id"]?.string { byID[id] = object } }
    var all: [ObservedData] = []
    for object in objects where object["type"]?.string == "observed-data" { all.append(try ObservedData(object, byID)) }
    return all
  }

  private init(_ object: JSONValue, _ bundle: [String: JSONValue]) throws(ObservedDataFault) {
    (id, place, referents) = (object["id"]?.string, object.place, bundle)
    firstObserved = try Self.time("first_observed", of: object)
    lastObserved = try Self.time("last_observed", of: object)
    guard firstObserved <= lastObserved else { throw ObservedDataFault(object.place, .lastBeforeFirst) }
    guard let number = object["number_observed"]?.integer, let number = Int(exactly: number), 1...999_999_999 ~= number else {
      throw ObservedDataFault(object["number_observed"]?.place ?? object.place, .badCount)
    }
    (count, objects) = (number, [])
    // 2.0 has the objects inside, 2.1 beside it; an object that has both has all.
    for member in object["objects"]?.members ?? [] {
      referents[member.name] = member.value
      objects.append(member.value)
    }
    for reference in object["object_refs"]?.items ?? [] {
      if let id = reference.string, let referent = bundle[id] { objects.append(referent) }
    }
  }

  private static func time(_ name: String, of object: JSONValue) throws(ObservedDataFault) -> Timestamp {
    guard let value = object[name] else { throw ObservedDataFault(object.place, .noTime(name)) }
    guard let text = value.string, let time = Timestamp(stix: text) else {
      throw ObservedDataFault(value.place, .badTime(name, value.string ?? ""))
    }
    return time
  }
}
