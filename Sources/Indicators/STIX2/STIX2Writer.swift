public import Names
internal import Notation

extension STIX2 {
  /// Writes a bundle of STIX 2.1 with indicators, and the markings that they have.
  ///
  /// What STIX has no place for stays out: first and last seen. What an indicator belongs to is among its labels. Times that are
  /// missing are taken from what is known: `valid_from` from when it was first seen or created.
  ///
  /// - Parameters:
  ///   - id: `bundle--` and a UUID.
  ///   - time: When the bundle is written: the time of what has none.
  ///   - identify: Gives `indicator--` and a UUID for an indicator whose own id is none; the same for the same indicator, or its
  ///     readers will take it for another.
  /// - Returns: The JSON text, and the indicators that are not in it: those whose text should be a STIX pattern and is none, and
  ///   those whose identifier stood before.
  public static func bundle(
    of indicators: [Indicator], id: String, at time: Timestamp, identify: (Indicator) -> String
  ) -> (text: String, omitted: [Indicator]) {
    var (entries, omitted, ids): ([(id: String, indicator: Indicator)], [Indicator], Set<String>) = ([], [], [])
    for indicator in indicators {
      let id = identifier(indicator.id) ?? identify(indicator)
      let isBroken = if case .foreign("stix", _) = indicator.criterion { true } else { false }
      if isBroken || !ids.insert(id).inserted { omitted.append(indicator) } else { entries.append((id, indicator)) }
    }
    var json = JSONWriter()
    json.object { json in
      json.write("bundle", as: "type")
      json.write(id, as: "id")
      // An empty list is none (STIX 2.1 §2.11).
      guard !entries.isEmpty else { return }
      json.array(as: "objects") { list in
        for marking in Set(entries.compactMap(\.indicator.marking)).sorted() { list.object { write(marking, to: &$0) } }
        for (id, indicator) in entries {
          let changed = indicator.modified?.writable ?? time
          let created = min(indicator.created?.writable ?? changed, changed)
          list.object { write(indicator, id: id, created: created, modified: changed, to: &$0) }
        }
      }
    }
    return (json.text + "\n", omitted)
  }

  /// The identifier that an indicator brings along: of STIX, or a UUID as MISP's are.
  public static func identifier(_ id: String) -> String? {
    let uuid = id.hasPrefix("indicator--") ? id.dropFirst("indicator--".count) : id[...]
    return isRFC4122UUID(uuid) ? "indicator--" + uuid.lowercased() : nil
  }

  /// As OASIS publishes the markings of TLP 2.0; every reader must have the same.
  static func write(_ marking: TLP, to json: inout JSONWriter) {
    json.write("marking-definition", as: "type")
    json.write("2.1", as: "spec_version")
    json.write(marking.markingDefinition, as: "id")
    json.write("2022-10-01T00:00:00.000Z", as: "created")
    json.write(marking.label, as: "name")
    json.object(as: "extensions") { json in
      json.object(as: TLP.extensionDefinition) { json in
        json.write("property-extension", as: "extension_type")
        json.write(marking.rawValue, as: "tlp_2_0")
      }
    }
  }

  static func write(
    _ indicator: Indicator, id: String, created: Timestamp, modified: Timestamp, to json: inout JSONWriter
  ) {
    let start = indicator.validFrom?.writable ?? indicator.firstSeen?.writable ?? created
    json.write("indicator", as: "type")
    json.write("2.1", as: "spec_version")
    json.write(id, as: "id")
    json.write(text(created), as: "created")
    json.write(text(modified), as: "modified")
    if indicator.isRevoked { json.write(true, as: "revoked") }
    if let title = indicator.title, !title.isEmpty { json.write(title, as: "name") }
    if let description = indicator.description, !description.isEmpty { json.write(description, as: "description") }
    var types = distinct(indicator.labels.filter(indicatorTypes.contains))
    if indicator.isBenign, !types.contains("benign") { types.append("benign") }
    if !types.isEmpty { json.write(types, as: "indicator_types") }
    let labels = distinct(indicator.labels + indicator.context).filter { !$0.isEmpty && !indicatorTypes.contains($0) }
    if !labels.isEmpty { json.write(labels, as: "labels") }
    if case .foreign(let language, let text) = indicator.criterion {
      json.write(text, as: "pattern")
      json.write(language, as: "pattern_type")
    } else if let pattern = indicator.pattern {
      json.write("\(pattern)", as: "pattern")
      json.write("stix", as: "pattern_type")
    }
    json.write(text(start), as: "valid_from")
    // It must be later (STIX 2.1 §4.7.1); one that never was valid is told by no other means.
    if let end = indicator.validUntil?.writable, end > start { json.write(text(end), as: "valid_until") }
    if let confidence = indicator.confidence, 0...100 ~= confidence { json.write(Int64(confidence), as: "confidence") }
    if let marking = indicator.marking { json.write([marking.markingDefinition], as: "object_marking_refs") }
  }

  /// STIX 2.1 §10.14, indicator-type-ov.
  private static let indicatorTypes: Set<String> = [
    "anomalous-activity", "anonymization", "attribution", "benign", "compromised", "malicious-activity", "unknown",
  ]

  /// To the millisecond (STIX 2.1 §3.2).
  static func text(_ time: Timestamp) -> String {
    let text = "\(time)"
    return text.contains(".") ? text : text.dropLast() + ".000Z"
  }
}
