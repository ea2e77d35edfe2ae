public import Names
internal import Notation

/// Objects of STIX 2.1 that stand alone, as a TAXII server gives them, each as a JSON text. Their identifiers are the caller's.
extension STIX2 {
  /// A marking definition of TLP 2.0, by its identifier, in the form that every reader must have.
  public static func object(of marking: TLP) -> String { text { write(marking, to: &$0) } }

  /// An indicator (§4.7). What can be no STIX pattern although it should is none: `nil`.
  ///
  /// - Parameter indicator: With an identifier of STIX and both times: when it was created, the same in all versions, and when it was
  ///   modified, by which these are told apart. Without them it is no object: `nil`.
  public static func object(of indicator: Indicator) -> String? {
    if case .foreign("stix", _) = indicator.criterion { return nil }
    guard let id = identifier(indicator.id), let created = indicator.created, let modified = indicator.modified else {
      return nil
    }
    return text { write(indicator, id: id, created: created, modified: modified, to: &$0) }
  }

  /// What every version of an object says of itself (§3.2).
  public struct Header: Hashable, Sendable {
    /// Type, two hyphens and a UUID.
    public var id: String
    /// The identifier of who says it.
    public var creator: String?
    public var created: Timestamp
    public var modified: Timestamp
    public var labels: [String] = []
    public var marking: TLP?

    public init(_ id: String, by creator: String? = nil, created: Timestamp, modified: Timestamp) {
      (self.id, self.creator, self.created, self.modified) = (id, creator, created, modified)
    }
  }

  /// An organisation (§4.5).
  public static func organisation(_ name: String, _ header: Header) -> String {
    object("identity", header) { json in
      json.write(name, as: "name")
      json.write("organization", as: "identity_class")
    }
  }

  /// That objects were seen together, from the first time to the last (§4.14).
  ///
  /// - Parameters:
  ///   - count: How often at least: 1 to 999,999,999.
  ///   - objects: Identifiers of observables.
  public static func observedData(
    _ objects: [String], from first: Timestamp, to last: Timestamp, count: Int, _ header: Header
  ) -> String {
    object("observed-data", header) { json in
      json.write(text(first), as: "first_observed")
      json.write(text(max(first, last)), as: "last_observed")
      json.write(Int64(count), as: "number_observed")
      json.write(objects, as: "object_refs")
    }
  }

  /// What is to be said of other objects, in words (§4.13).
  public static func note(_ abstract: String, _ content: String, on objects: [String], _ header: Header) -> String {
    object("note", header) { json in
      json.write(abstract, as: "abstract")
      json.write(content, as: "content")
      json.write(objects, as: "object_refs")
    }
  }

  /// A domain name or an address by itself (§6.4, §6.8, §6.9): an observable has no versions.
  public static func observable(_ type: String, value: String, id: String, marking: TLP?) -> String {
    text { json in
      json.write(type, as: "type")
      json.write("2.1", as: "spec_version")
      json.write(id, as: "id")
      json.write(value, as: "value")
      if let marking { json.write([marking.markingDefinition], as: "object_marking_refs") }
    }
  }

  private static func object(_ type: String, _ header: Header, _ members: (inout JSONWriter) -> Void) -> String {
    text { json in
      json.write(type, as: "type")
      json.write("2.1", as: "spec_version")
      json.write(header.id, as: "id")
      if let creator = header.creator { json.write(creator, as: "created_by_ref") }
      json.write(text(min(header.created, header.modified)), as: "created")
      json.write(text(header.modified), as: "modified")
      members(&json)
      if !header.labels.isEmpty { json.write(header.labels, as: "labels") }
      if let marking = header.marking { json.write([marking.markingDefinition], as: "object_marking_refs") }
    }
  }

  private static func text(_ members: (inout JSONWriter) -> Void) -> String {
    var json = JSONWriter()
    json.object(members)
    return json.text
  }
}
