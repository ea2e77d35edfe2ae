public import Notation

/// A STIX object as a server keeps it: what it is asked for by, and its JSON text.
public struct TAXIIObject: Hashable, Sendable {
  public var id: String
  public var type: String
  /// `modified`, else `created`, as written; `nil` for an object that has neither.
  public var version: String?
  /// Of STIX, as `2.1`.
  public var specVersion: String
  /// On one line.
  public var text: String

  /// Why an object is not kept.
  public enum Fault: Error, Hashable, Sendable {
    case notObject, noType, notIdentifier, notTimestamp
    /// Of a version of STIX that is not spoken here.
    case notSpecVersion(String)
    case tooLarge(octets: Int, limit: Int)
    /// A member that stands twice: readers differ in which they take.
    case doubledMember(String)

    public var sentence: String {
      switch self {
      case .notObject: "This is no STIX object. Send objects with a type and an id."
      case .noType: "The object has no type. Send objects with a type and an id."
      case .notIdentifier: "The id is not the type, two hyphens and a UUID. Write it so."
      case .notTimestamp: "modified or created is no time in UTC. Write it as 2016-11-03T12:30:59.001Z."
      case .notSpecVersion(let version):
        "The object is of STIX \(quoted(version)). Send objects of 2.0 or 2.1."
      case .tooLarge(let octets, let limit): "The object has \(octets) octets; at most \(limit) are kept. Send a smaller one."
      case .doubledMember(let name): "\(quoted(name)) stands twice in the object. Remove one of the two."
      }
    }
  }

  /// Octets of one object that are kept.
  public static let octets = 1 << 20

  public init(_ value: JSONValue) throws(Fault) {
    guard value.members != nil else { throw .notObject }
    guard let type = value["type"]?.string, !type.isEmpty else { throw .noType }
    guard let id = value["id"]?.string, id.hasPrefix(type + "--"), hasUUIDForm(id.dropFirst(type.count + 2)),
      // STIX 2.1 §2.9: letters, digits and hyphens; so an id may stand in a URL as it is.
      type.utf8.count <= 250, type.utf8.allSatisfy({ $0 == 0x2D || $0 &- 0x30 < 10 || $0 &- 0x61 < 26 })
    else { throw .notIdentifier }
    if let doubled = value.doubledMember { throw .doubledMember(doubled.name) }
    let version = value["modified"] ?? value["created"]
    guard version == nil || version?.string.flatMap({ TAXIITimestamp($0) }) != nil else { throw .notTimestamp }
    (self.id, self.type, self.version) = (id, type, version?.string)
    // Objects of version 2.0 do not tell it; cyber-observable objects, which have no version, came with 2.1 (STIX 2.1 §3.2).
    specVersion = value["spec_version"]?.string ?? (version == nil ? "2.1" : "2.0")
    guard specVersion == "2.0" || specVersion == "2.1" else { throw .notSpecVersion(specVersion) }
    text = value.text
    guard text.utf8.count <= Self.octets else { throw .tooLarge(octets: text.utf8.count, limit: Self.octets) }
  }
}

/// An object in a collection: one version, since when, and in which order.
public struct TAXIIRecord: Hashable, Sendable {
  public var object: TAXIIObject
  public var added: TAXIITimestamp
  /// Grows with every addition to its collection and is never used again: by it pages go on where they ended.
  public var number: Int64

  public init(_ object: TAXIIObject, added: TAXIITimestamp, number: Int64) {
    (self.object, self.added, self.number) = (object, added, number)
  }

  /// As it is told: of an object without times, when it was added (§5.3.1).
  public var version: String { object.version ?? "\(added)" }
  var moment: TAXIITimestamp { object.version.flatMap { TAXIITimestamp($0) } ?? added }

  var manifest: TAXIIManifestRecord {
    TAXIIManifestRecord(
      id: object.id, added: added, version: version, mediaType: TAXII.stixMediaType(object.specVersion))
  }
}
