internal import Names
internal import Notation

/// Reads events, and attributes and objects that stand alone, into one publication.
struct MISPReader {
  var publication = Publication(.misp)
  private var events = 0
  /// Of indicators without a UUID.
  private var number = 0

  /// What one value of a document is.
  enum Part {
    case event(JSONValue)
    case attributes([JSONValue])
    case objects([JSONValue])

    init?(_ value: JSONValue) {
      if value["type"]?.string != nil, value["value"] != nil, value["uuid"] ?? value["category"] ?? value["to_ids"] != nil {
        self = .attributes([value])
      } else if let event = value["Event"], event.members != nil {
        self = .event(event)
      } else if value["info"] != nil, value["Attribute"] ?? value["Object"] != nil {
        self = .event(value)
      } else if value["Attribute"] != nil, value["name"] ?? value["meta-category"] != nil {
        self = .objects([value])
      } else if let attributes = value["Attribute"] {
        self = .attributes(MISP.many(attributes))
      } else if let objects = value["Object"] {
        self = .objects(MISP.many(objects))
      } else {
        return nil
      }
    }
  }

  /// What an event, or an object in it, says of all that it holds.
  struct Surroundings {
    var marking: TLP?
    var confidence: Int?
    /// By the marking of the indicator that they are for: a name that is marked more strictly would go further with it than it may.
    var context: [TLP: SharedWords] = [:]
    var labels = SharedWords()
  }

  /// Words that many indicators have, each once.
  struct SharedWords {
    /// More are left out: a small file may hold thousands of names, and thousands of indicators that would each have all of them.
    static let most = 100

    private(set) var words: [String] = []
    private var known: Set<String> = []

    mutating func add(_ word: String) {
      if words.count < Self.most, known.insert(word).inserted { words.append(word) }
    }

    /// An indicator's own words that are not among these, each once.
    func others(_ own: [String]) -> [String] { distinct(own).filter { !known.contains($0) } }
  }

  mutating func read(_ parts: [JSONValue]) -> Publication {
    for value in parts {
      switch Part(value) {
      case .event(let event)?: self.event(event)
      case .attributes(let attributes)?: for attribute in attributes { self.attribute(attribute, Surroundings()) }
      case .objects(let objects)?: for object in objects { self.object(object, Surroundings()) }
      case nil: publication.remark(value.place, .noValue)
      }
    }
    return publication
  }

  // MARK: Events

  private mutating func event(_ event: JSONValue) {
    events += 1
    let info = MISP.text(event["info"])
    // Of several events none gives the publication its name.
    (publication.id, publication.title) = events == 1 ? (MISP.text(event["uuid"]), info) : (nil, nil)
    let produced = seconds(event["publish_timestamp"]) ?? seconds(event["timestamp"]) ?? date(event["date"])
    publication.produced = [publication.produced, produced].compactMap(\.self).max()
    let tags = MISPTags(event)
    publication.marking = TLP.strictest(publication.marking, tags.marking)
    if let unreadable = tags.unreadable { publication.remark(event.place, .unreadableMarking(unreadable)) }
    var around = Surroundings(marking: tags.marking, confidence: tags.confidence)
    for label in tags.labels + [threatLevel(event["threat_level_id"])].compactMap(\.self) { around.labels.add(label) }
    let attributes = MISP.many(event["Attribute"])
    let named = attributes.filter { !MISP.isTrue($0["deleted"]) }.compactMap(namedContext)
    for marking in TLP.allCases {
      var words = SharedWords()
      // What the event says of itself is marked as it is, and no indicator in it is marked less strictly.
      for word in [info].compactMap(\.self) + tags.context { words.add(word) }
      for (name, own) in named where TLP.allows(own, beside: marking) { words.add(name) }
      around.context[marking] = words
    }
    for attribute in attributes { self.attribute(attribute, around) }
    for object in MISP.many(event["Object"]) { self.object(object, around) }
  }

  private func namedContext(_ attribute: JSONValue) -> (name: String, marking: TLP?)? {
    guard let type = attribute["type"]?.string, MISPMeaning.contextTypes.contains(type) else { return nil }
    return MISP.text(attribute["value"]).map { ($0, MISPTags(attribute).marking) }
  }

  private func threatLevel(_ id: JSONValue?) -> String? {
    switch MISP.text(id) {
    case "1": "threat-level:high"
    case "2": "threat-level:medium"
    case "3": "threat-level:low"
    default: nil
    }
  }

  // MARK: Attributes

  private mutating func attribute(_ attribute: JSONValue, _ around: Surroundings) {
    guard !MISP.isTrue(attribute["deleted"]) else { return }
    guard let (type, value) = typed(attribute) else {
      publication.remark(attribute.place, .noValue)
      return
    }
    let criterion: Indicator.Criterion
    switch meaning(attribute, type, value, in: nil) {
    case .identifying(let comparisons): criterion = .pattern(pattern(anyOf: comparisons))
    case .describing(let comparison): criterion = .pattern(Pattern(comparison))
    case .rule(let language): criterion = .foreign(language: language, text: value)
    case .context, .unknown, .refused: return
    }
    var indicator = indicator(attribute, criterion, around, [MISPTags(attribute)])
    if type.contains("|") || type == "malware-sample" { indicator.title = value }
    indicator.description = MISP.text(attribute["comment"])
    indicator.isBenign = !MISP.isTrue(attribute["to_ids"])
    take(indicator, sightings: MISP.many(attribute["Sighting"]))
  }

  private func typed(_ attribute: JSONValue) -> (type: String, value: String)? {
    guard let type = attribute["type"]?.string, let value = MISP.text(attribute["value"])?.trimmed, !value.isEmpty else {
      return nil
    }
    return (type, value)
  }

  /// What an attribute looks for; what is wrong with it is a remark.
  private mutating func meaning(_ attribute: JSONValue, _ type: String, _ value: String, in object: String?) -> MISPMeaning {
    let read = MISPMeaning.read(type: type, value: value)
    var meaning = read.meaning
    if case .unknown = meaning, let object, let relation = attribute["object_relation"]?.string {
      meaning = MISPMeaning.read(text: value, object: object, relation: relation)
    }
    switch meaning {
    case .refused(let type): publication.remark(attribute.place, .notOfType(type: type, value: value))
    // Text, dates, comments: worth telling only where somebody wants to be alerted.
    case .unknown where MISP.isTrue(attribute["to_ids"]): publication.remark(attribute.place, .unknownType(type))
    default: break
    }
    if let readAs = read.readAs { publication.remark(attribute.place, .readAs(type: type, written: value, value: readAs.value)) }
    return meaning
  }

  // MARK: Objects

  /// The attributes of an object describe one thing, so they are one indicator: what identifies it is sought, each alone; where
  /// nothing does, all that describes it together.
  private mutating func object(_ object: JSONValue, _ around: Surroundings) {
    guard !MISP.isTrue(object["deleted"]) else { return }
    let name = MISP.text(object["name"])
    let tags = MISPTags(object)
    var within = around
    within.marking = TLP.strictest(around.marking, tags.marking)
    let attributes = MISP.many(object["Attribute"]).filter { !MISP.isTrue($0["deleted"]) }
    let alerting = attributes.filter { MISP.isTrue($0["to_ids"]) }
    var (identifying, describing, fileName): ([ComparisonExpression], [ComparisonExpression], String?) = ([], [], nil)
    for attribute in alerting.isEmpty ? attributes : alerting {
      guard let (type, value) = typed(attribute) else {
        publication.remark(attribute.place, .noValue)
        continue
      }
      if type == "filename" { fileName = fileName ?? value }
      switch meaning(attribute, type, value, in: name ?? "") {
      case .identifying(let comparisons): identifying += comparisons
      case .describing(let comparison): describing.append(comparison)
      case .rule: self.attribute(attribute, within)
      case .context, .unknown, .refused: break
      }
    }
    guard let pattern = identifying.isEmpty ? pattern(allOf: describing) : pattern(anyOf: identifying) else {
      // Its rules are marked so.
      if let unreadable = tags.unreadable { publication.remark(object.place, .unreadableMarking(unreadable)) }
      return
    }
    var indicator = indicator(object, .pattern(pattern), within, [tags] + attributes.map { MISPTags($0) })
    indicator.title = fileName ?? name
    indicator.description = MISP.text(object["comment"])
    indicator.isBenign = alerting.isEmpty
    take(indicator, sightings: attributes.flatMap { MISP.many($0["Sighting"]) })
  }

  private func pattern(anyOf comparisons: [ComparisonExpression]) -> Pattern {
    let each = once(comparisons)
    return Pattern(each.count == 1 ? each[0] : .or(each))
  }

  /// Comparisons of one object type must hold for one object; those of others for others (STIX 2.1 §9.4.2).
  private func pattern(allOf comparisons: [ComparisonExpression]) -> Pattern? {
    var (types, byType): ([String], [String: [ComparisonExpression]]) = ([], [:])
    for comparison in once(comparisons) {
      guard case .comparison(let test) = comparison else { continue }
      if byType[test.path.objectType, default: []].isEmpty { types.append(test.path.objectType) }
      byType[test.path.objectType, default: []].append(comparison)
    }
    let observations = types.compactMap { byType[$0] }.map { ObservationExpression.observation($0.count == 1 ? $0[0] : .and($0)) }
    guard let first = observations.first else { return nil }
    return Pattern(observations.count == 1 ? first : .and(observations))
  }

  private func once(_ comparisons: [ComparisonExpression]) -> [ComparisonExpression] {
    var seen: Set<ComparisonExpression> = []
    return comparisons.filter { seen.insert($0).inserted }
  }

  // MARK: What attributes and objects have alike

  /// - Parameter tags: Of the attribute, or of the object and its attributes.
  private mutating func indicator(
    _ value: JSONValue, _ criterion: Indicator.Criterion, _ around: Surroundings, _ tags: [MISPTags]
  ) -> Indicator {
    number += 1
    var indicator = Indicator(id: MISP.text(value["uuid"]) ?? "attribute \(number)", place: value.place, criterion: criterion)
    if let unreadable = tags.compactMap(\.unreadable).first { publication.remark(value.place, .unreadableMarking(unreadable)) }
    indicator.marking = tags.reduce(around.marking) { TLP.strictest($0, $1.marking) }
    indicator.confidence = tags.compactMap(\.confidence).first ?? around.confidence
    let category = [MISP.text(value["category"]) ?? MISP.text(value["meta-category"])].compactMap(\.self)
    indicator.labels = around.labels.others(category + tags.flatMap(\.labels)) + around.labels.words
    // An attribute that a search found names its event itself.
    let info = [MISP.text(value["Event"]?["info"])].compactMap(\.self)
    let shared = around.context[indicator.marking ?? .clear] ?? SharedWords()
    let own = shared.others(info + tags.flatMap(\.context))
    // Most have none of their own, and share one list.
    indicator.context = own.isEmpty ? shared.words : shared.words + own
    indicator.modified = seconds(value["timestamp"])
    indicator.firstSeen = moment(value["first_seen"])
    indicator.lastSeen = moment(value["last_seen"])
    return indicator
  }

  /// Takes an indicator and what was seen of it: a false positive is a label, and an expiry ends its validity (MISP core format,
  /// Sighting: types 0, 1 and 2).
  private mutating func take(_ indicator: Indicator, sightings: [JSONValue]) {
    var (indicator, isFalse) = (indicator, false)
    for value in sightings where value.members != nil {
      let seen = seconds(value["date_sighting"])
      switch MISP.text(value["type"]) ?? "0" {
      case "0":
        var sighting = Sighting(indicator: indicator.id)
        (sighting.firstSeen, sighting.lastSeen, sighting.count) = (seen, seen, 1)
        sighting.whereSighted = [MISP.text(value["Organisation"]?["name"]) ?? MISP.text(value["source"])].compactMap(\.self)
        publication.sightings.append(sighting)
      case "1": isFalse = true
      case "2": indicator.validUntil = [indicator.validUntil, seen].compactMap(\.self).max()
      default: break
      }
    }
    if isFalse, !indicator.labels.contains("false-positive") { indicator.labels.append("false-positive") }
    publication.take(indicator)
  }

  // MARK: Times

  private func seconds(_ value: JSONValue?) -> Timestamp? { MISP.seconds(value) }

  /// RFC 3339, or microseconds since 1970 as some servers write them.
  private func moment(_ value: JSONValue?) -> Timestamp? {
    guard let text = MISP.text(value) else { return nil }
    if let time = Timestamp(text) { return time }
    guard let microseconds = Int64(text), microseconds > 0, microseconds / 1_000_000 <= MISP.lastSecond else { return nil }
    return Timestamp(milliseconds: microseconds / 1000)
  }

  private func date(_ value: JSONValue?) -> Timestamp? { value?.string.flatMap { Timestamp($0) } }
}

extension MISP {
  /// The last second of the year 9999; what is later is no time.
  static let lastSecond: Int64 = 253_402_300_799

  /// Seconds since 1970, as text or number; zero is what MISP writes where nothing is known.
  static func seconds(_ value: JSONValue?) -> Timestamp? {
    guard let text = text(value), let seconds = Int64(text), 1...lastSecond ~= seconds else { return nil }
    return Timestamp(seconds: seconds)
  }
}
