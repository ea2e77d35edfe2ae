public import Notation

extension MISP {
  static func isWarninglist(_ document: JSONValue) -> Bool {
    document["list"] != nil && document["name"] != nil && document["type"] != nil
  }

  /// Reads a warninglist (MISP warninglists, `schema.json`).
  public static func warninglist(_ document: JSONValue) throws(MISPFault) -> Warninglist {
    try refuseDoubled(document)
    guard let list = document["list"], let type = document["type"]?.string else {
      throw MISPFault(document.place, .notWarninglist)
    }
    guard let kind = Warninglist.Kind(rawValue: type.lowercased()) else {
      throw MISPFault(document["type"]?.place ?? document.place, .unknownWarninglistType(type))
    }
    // Some lists give each value a comment: they are objects.
    guard let values = list.items?.compactMap({ text($0) }) ?? list.members?.map(\.name) else {
      throw MISPFault(list.place, .notWarninglist)
    }
    return Warninglist(
      name: document["name"]?.string ?? "", description: document["description"]?.string ?? "", kind: kind,
      values: values.map(\.trimmed).filter { !$0.isEmpty })
  }

  /// Writes a warninglist as MISP takes it.
  ///
  /// - Parameter version: Above the version that was given out before, or MISP keeps what it has.
  public static func document(of list: Warninglist, version: Int64) -> String {
    var json = JSONWriter()
    json.object { json in
      json.write(list.name, as: "name")
      json.write(version, as: "version")
      json.write(list.description, as: "description")
      json.write(list.kind.rawValue, as: "type")
      json.write(distinct(list.values), as: "list")
      json.write(matchingAttributes(list.kind), as: "matching_attributes")
    }
    return json.text + "\n"
  }

  /// The types of attributes whose values a list is held against.
  private static func matchingAttributes(_ kind: Warninglist.Kind) -> [String] {
    switch kind {
    case .hostname: ["domain", "hostname", "domain|ip", "hostname|port", "url", "uri", "link"]
    case .cidr: ["ip-src", "ip-dst", "domain|ip", "ip-src|port", "ip-dst|port"]
    case .string, .substring, .regex:
      ["domain", "hostname", "domain|ip", "url", "ip-src", "ip-dst", "email-src", "email-dst", "md5", "sha1", "sha256"]
    }
  }
}
