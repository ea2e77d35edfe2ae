public import Names
internal import Notation

/// The event that indicators are exported in, and who makes it.
public struct MISPEventHeader: Hashable, Sendable {
  /// The same for the same source, or MISP takes a second event for another.
  public var uuid: String
  public var info: String
  /// When the event is written.
  public var time: Timestamp
  public var organisation: String
  public var organisationUUID: String

  public init(uuid: String, info: String, time: Timestamp, organisation: String, organisationUUID: String) {
    (self.uuid, self.info, self.time) = (uuid, info, time)
    (self.organisation, self.organisationUUID) = (organisation, organisationUUID)
  }
}

extension MISP {
  /// Writes an event of indicators: an attribute for each value that a pattern looks for.
  ///
  /// MISP's attributes are values, so a pattern that needs several values at once, an order or a time loses that: what does not
  /// tell it alone is written as context (`to_ids` is false), as is what is benign. What is revoked is `deleted`. All names below one
  /// are no attribute: MISP has a type for the name alone, which they are not.
  ///
  /// - Parameter identify: Gives the UUID of an attribute, the same for the same indicator and value. It is not asked where an
  ///   indicator with one value has a UUID of its own.
  /// - Returns: The JSON text, the indicators of which nothing could be said so, and of how many only a part.
  public static func document(
    of indicators: [Indicator], header: MISPEventHeader, identify: (Indicator, String) -> String
  ) -> (text: String, omitted: [Indicator], inPart: Int) {
    let written = indicators.map { (indicator: $0, values: values($0)) }
    var json = JSONWriter()
    json.object { json in
      json.object(as: "Event") { json in
        json.write(header.uuid, as: "uuid")
        json.write(header.info, as: "info")
        json.write(String("\(header.time)".prefix(10)), as: "date")
        json.write(String(header.time.seconds), as: "timestamp")
        // 4: undefined; 2: completed. They are MISP's words about an investigation, of which an export knows nothing.
        json.write("4", as: "threat_level_id")
        json.write("2", as: "analysis")
        json.write(false, as: "published")
        for role in ["Org", "Orgc"] {
          json.object(as: role) { json in
            json.write(header.organisation, as: "name")
            json.write(header.organisationUUID, as: "uuid")
          }
        }
        // An event is as strict as the strictest that it holds: tools that look at its tag alone spread nothing.
        writeTags([indicators.compactMap(\.marking).max().map(tag)].compactMap(\.self), to: &json)
        json.array(as: "Attribute") { list in
          for (indicator, values) in written {
            for value in values {
              let uuid = (values.count == 1 ? ownUUID(indicator.id) : nil) ?? identify(indicator, value.value)
              list.object { write(value, of: indicator, uuid: uuid, at: header.time, to: &$0) }
            }
          }
        }
      }
    }
    let inPart = written.count { indicator, values in
      if case .foreign = indicator.criterion { return false }
      return !values.isEmpty && indicator.isMore(than: values.count)
    }
    return (json.text + "\n", written.filter(\.values.isEmpty).map(\.indicator), inPart)
  }

  /// One attribute to be.
  private struct Value {
    var type: String
    var category: String
    var value: String
    /// Whether it tells the indicator alone.
    var isSufficient: Bool
  }

  private static func values(_ indicator: Indicator) -> [Value] {
    switch indicator.criterion {
    case .foreign(let language, let text):
      guard let category = ruleCategories[language.lowercased()] else { return [] }
      return [Value(type: language.lowercased(), category: category, value: text, isSufficient: true)]
    case .value, .pattern:
      let values = indicator.observables.compactMap { observable, isSufficient in
        type(observable).map { Value(type: $0.type, category: $0.category, value: observable.value, isSufficient: isSufficient) }
      }
      return once(values)
    }
  }

  /// One of each type and value, since its UUID is made of them; it tells the indicator alone where one of its like does.
  private static func once(_ values: [Value]) -> [Value] {
    var (once, places): ([Value], [String: Int]) = ([], [:])
    for value in values {
      let key = value.type + "|" + value.value
      if let place = places[key] {
        if value.isSufficient { once[place].isSufficient = true }
      } else {
        places[key] = once.count
        once.append(value)
      }
    }
    return once
  }

  private static func write(
    _ value: Value, of indicator: Indicator, uuid: String, at time: Timestamp, to json: inout JSONWriter
  ) {
    json.write(uuid, as: "uuid")
    json.write(value.type, as: "type")
    json.write(value.category, as: "category")
    json.write(value.value, as: "value")
    json.write(value.isSufficient && !indicator.isBenign, as: "to_ids")
    json.write(String((indicator.modified?.writable ?? time).seconds), as: "timestamp")
    let comment = distinct([indicator.title, indicator.description].compactMap(\.self).filter { !$0.isEmpty })
    json.write(comment.joined(separator: ": "), as: "comment")
    if indicator.isRevoked { json.write(true, as: "deleted") }
    if let first = indicator.firstSeen?.writable { json.write("\(first)", as: "first_seen") }
    if let last = indicator.lastSeen?.writable { json.write("\(last)", as: "last_seen") }
    let told = [indicator.marking.map(tag), indicator.confidence.map { MISPTags.tag(confidence: $0) }].compactMap(\.self)
    writeTags(told + indicator.labels + indicator.context, to: &json)
  }

  private static func writeTags(_ tags: [String], to json: inout JSONWriter) {
    let names = distinct(tags).filter { !$0.isEmpty }
    guard !names.isEmpty else { return }
    json.array(as: "Tag") { list in
      for name in names { list.object { $0.write(name, as: "name") } }
    }
  }

  /// As the taxonomy of MISP spells it.
  private static func tag(_ marking: TLP) -> String { marking.label.lowercased() }

  private static func ownUUID(_ id: String) -> String? {
    let uuid = id.hasPrefix("indicator--") ? id.dropFirst("indicator--".count) : id[...]
    return hasUUIDForm(uuid) ? uuid.lowercased() : nil
  }

  // MARK: Types

  private static let ruleCategories = [
    "snort": "Network activity", "suricata": "Network activity", "yara": "Payload installation", "sigma": "Artifacts dropped",
  ]

  /// The attribute type and category that a value has in MISP; `nil` for what MISP has no type for.
  private static func type(_ observable: Observable) -> (type: String, category: String)? {
    switch observable {
    // A name of two labels is what MISP calls a domain.
    case .name(_, .below): nil
    case .name(let name, _): (name.labelCount > 2 ? "hostname" : "domain", "Network activity")
    case .address, .prefix: ("ip-dst", "Network activity")
    case .url: ("url", "Network activity")
    case .emailAddress: ("email", "Network activity")
    case .fileHash(let algorithm, _): (hashType(algorithm), "Payload delivery")
    case .certificateHash(let algorithm, _):
      switch algorithm {
      case .md5, .sha1, .sha256: ("x509-fingerprint-" + hashType(algorithm), "Network activity")
      default: nil
      }
    case .other(let path, _): otherTypes[path]
    }
  }

  private static func hashType(_ algorithm: HashAlgorithm) -> String {
    switch algorithm {
    case .md5, .ssdeep, .tlsh, .sha3256, .sha3512: algorithm.rawValue.lowercased()
    case .sha1, .sha224, .sha256, .sha384, .sha512: algorithm.rawValue.lowercased().replacing("-", with: "")
    }
  }

  private static let otherTypes: [ObjectPath: (type: String, category: String)] = [
    ObjectPath("file", ["name"]): ("filename", "Payload delivery"),
    ObjectPath("mutex", ["name"]): ("mutex", "Artifacts dropped"),
    ObjectPath("windows-registry-key", ["key"]): ("regkey", "Persistence mechanism"),
    ObjectPath("autonomous-system", ["number"]): ("AS", "Network activity"),
    ObjectPath("mac-addr", ["value"]): ("mac-address", "Network activity"),
    ObjectPath("email-message", ["subject"]): ("email-subject", "Payload delivery"),
    ObjectPath("email-message", ["message_id"]): ("email-message-id", "Payload delivery"),
    ObjectPath("network-traffic", ["extensions", "http-request-ext", "request_header", "User-Agent"]): (
      "user-agent", "Network activity"
    ),
  ]
}
