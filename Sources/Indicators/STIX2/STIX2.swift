public import Notation

/// STIX 2.0 and 2.1 in JSON: bundles, the envelopes of TAXII 2.1, and objects that stand alone.
public enum STIX2 {
  /// Whether a JSON text looks like STIX 2, by its outermost members.
  public static func recognizes(_ document: JSONValue) -> Bool {
    (document.items ?? [document]).contains { item in
      guard let type = item["type"]?.string else {
        return item["objects"]?.items?.contains { $0["type"]?.string != nil } ?? false
      }
      return type == "bundle" || item["id"]?.string?.hasPrefix(type + "--") == true
    }
  }

  /// Reads the indicators and sightings of a document, and what it tells about them.
  ///
  /// Of several versions of one object the newest counts (STIX 2.1 §3.6). Observed data and the objects in it are observations,
  /// not things to look for, and become no indicators. Types that are not known are passed over.
  ///
  /// - Parameters:
  ///   - document: A bundle, an envelope (TAXII 2.1 §3.7; `{}` is an empty one), a list of objects, or one object.
  ///   - known: What marking definitions say that the same source told before, by their ids; `nil` for one that is no TLP.
  /// - Throws: ``STIX2Fault``. What is wrong with one object is a remark of the publication.
  public static func read(
    _ document: JSONValue, knownMarkings known: [String: TLP?] = [:]
  ) throws(STIX2Fault) -> Publication {
    if let doubled = document.doubledMember {
      throw STIX2Fault(doubled.second, .doubledMember(doubled.name, first: doubled.first))
    }
    var reader = STIX2Reader(knownMarkings: known)
    reader.publication.id = document["type"]?.string == "bundle" ? document["id"]?.string : nil
    return reader.read(try objects(document))
  }

  /// The ids of the marking definitions that some objects name (STIX 2.1 §7.2.2, §7.2.3).
  public static func markingReferences(of objects: [JSONValue]) -> Set<String> {
    Set(objects.flatMap { references(toMarkingsOf: $0) }.compactMap(\.string))
  }

  static func references(toMarkingsOf object: JSONValue) -> [JSONValue] {
    (object["object_marking_refs"]?.items ?? []) + (object["granular_markings"]?.items ?? []).compactMap { $0["marking_ref"] }
  }

  private static func objects(_ document: JSONValue) throws(STIX2Fault) -> [JSONValue] {
    if let items = document.items {
      guard items.isEmpty || items.contains(where: { $0["type"]?.string != nil }) else {
        throw STIX2Fault(document.place, .notSTIX)
      }
      return items.flatMap(within)
    }
    guard let members = document.members else { throw STIX2Fault(document.place, .notSTIX) }
    if let type = document["type"], type.string != "bundle" {
      guard type.string != nil else { throw STIX2Fault(type.place, .notSTIX) }
      return [document]
    }
    guard let list = document["objects"] else {
      // A bundle or envelope may hold nothing.
      guard members.isEmpty || document["type"] != nil || document["more"] != nil else {
        throw STIX2Fault(document.place, .notSTIX)
      }
      return []
    }
    guard let items = list.items else { throw STIX2Fault(list.place, .objectsNotList) }
    return items.flatMap(within)
  }

  /// What stands in a list: the objects of a bundle, or the object itself.
  private static func within(_ item: JSONValue) -> [JSONValue] {
    item["type"]?.string == "bundle" ? item["objects"]?.items ?? [] : [item]
  }
}
