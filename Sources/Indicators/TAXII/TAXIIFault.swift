public import Notation

/// Why a JSON text is not the resource of TAXII 2.1 that belongs there, and where.
public struct TAXIIFault: Error, Hashable, Sendable {
  public enum Resource: String, Hashable, Sendable {
    case discovery
    case apiRoot = "API root"
    case collection, collections, manifest, envelope, versions, status, error
  }

  public enum Cause: Hashable, Sendable {
    case notObject
    case missing(String)
    /// What the member must be, as `a string`.
    case notOfType(String, String)
    case notTimestamp(String)
    /// A list that is longer than what is read.
    case tooMany(String, limit: Int)
    /// `more` without anything to go on from.
    case endlessPage
  }

  public var place: TextPlace
  public var resource: Resource
  public var cause: Cause

  init(_ place: TextPlace, _ resource: Resource, _ cause: Cause) {
    (self.place, self.resource, self.cause) = (place, resource, cause)
  }

  /// A page that promises more and gives no way to it.
  public init(endless place: TextPlace) { self.init(place, .envelope, .endlessPage) }

  /// What is wrong and what to do, without the place.
  public var sentence: String {
    let what = "This is no \(resource.rawValue) resource of TAXII 2.1: "
    return switch cause {
    case .notObject: what + "an object belongs here. Check that the URL is that of a TAXII 2.1 server."
    case .missing(let member): what + "\(member) is missing. Check that the URL is that of a TAXII 2.1 server."
    case .notOfType(let member, let wanted): what + "\(member) is not \(wanted). Tell those who run the server."
    case .notTimestamp(let member): what + "\(member) is not a time in UTC. Tell those who run the server."
    case .tooMany(let member, let limit): what + "\(member) holds more than \(limit) entries. Tell those who run the server."
    case .endlessPage:
      what + "more is promised, but neither next nor the time of the last object is given. Tell those who run the server."
    }
  }
}

/// Reads the members of one resource.
struct TAXIIReader {
  var value: JSONValue
  var resource: TAXIIFault.Resource
  /// Entries of any list that are read.
  static let entries = 100_000

  init(_ value: JSONValue, _ resource: TAXIIFault.Resource) throws(TAXIIFault) {
    guard value.members != nil else { throw TAXIIFault(value.place, resource, .notObject) }
    (self.value, self.resource) = (value, resource)
  }

  func optional(_ name: String) throws(TAXIIFault) -> String? {
    guard let member = value[name] else { return nil }
    guard let text = member.string else { throw fault(member, .notOfType(name, "a string")) }
    return text
  }

  func string(_ name: String) throws(TAXIIFault) -> String {
    guard let text = try optional(name) else { throw fault(value, .missing(name)) }
    return text
  }

  func boolean(_ name: String) throws(TAXIIFault) -> Bool? {
    guard let member = value[name] else { return nil }
    guard let flag = member.boolean else { throw fault(member, .notOfType(name, "true or false")) }
    return flag
  }

  func count(_ name: String) throws(TAXIIFault) -> Int? {
    guard let member = value[name] else { return nil }
    guard let number = member.integer, number >= 0 else { throw fault(member, .notOfType(name, "a whole number from 0")) }
    return Int(number)
  }

  func time(_ name: String) throws(TAXIIFault) -> TAXIITimestamp? {
    guard let text = try optional(name) else { return nil }
    guard let time = TAXIITimestamp(text) else { throw fault(value[name] ?? value, .notTimestamp(name)) }
    return time
  }

  /// Empty where the member is missing (§2: an empty list is left out).
  func items(_ name: String) throws(TAXIIFault) -> [JSONValue] {
    guard let member = value[name] else { return [] }
    guard let items = member.items else { throw fault(member, .notOfType(name, "a list")) }
    guard items.count <= Self.entries else { throw fault(member, .tooMany(name, limit: Self.entries)) }
    return items
  }

  func strings(_ name: String) throws(TAXIIFault) -> [String] {
    var texts: [String] = []
    for item in try items(name) {
      guard let text = item.string else { throw fault(item, .notOfType(name, "a list of strings")) }
      texts.append(text)
    }
    return texts
  }

  private func fault(_ value: JSONValue, _ cause: TAXIIFault.Cause) -> TAXIIFault { TAXIIFault(value.place, resource, cause) }
}
