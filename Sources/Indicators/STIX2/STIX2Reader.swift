internal import Names
internal import Notation

/// Reads the objects of one document: first what every one of them is, then the indicators and what others say about them.
struct STIX2Reader {
  var publication = Publication(.stix2)
  /// The newest version of every object, in the order of the text.
  private var entries: [Entry] = []
  private var byID: [String: Int] = [:]
  /// By the id of the marking definition; a statement is here with `nil`, and what cannot be read with the strictest.
  private var markings: [String: TLP?]
  /// What a marking definition says in words, by its id.
  private var statements: [String: String] = [:]
  /// What each indicator indicates, by its id.
  private var indicated: [String: [Relation]] = [:]
  /// Names of what indicators indicate, by the id; `nil` for what has none.
  private var names: [String: Name?] = [:]
  /// The strictest marking of the reports and groupings that hold an object, by its id.
  private var reported: [String: TLP] = [:]
  private var unknownMarkings: Set<String> = []

  private struct Relation {
    var target: String
    var marking: TLP?
  }

  private struct Name {
    var text: String
    var marking: TLP?
  }

  private struct Entry {
    var object: JSONValue
    var type: String
    var id: String?
    var version: Timestamp?
    /// From 1, among all objects of the document.
    var number: Int
  }

  /// - Parameter markings: What definitions say that were told before.
  init(knownMarkings markings: [String: TLP?]) { self.markings = markings }

  mutating func read(_ objects: [JSONValue]) -> Publication {
    collect(objects)
    for entry in entries where entry.type == "marking-definition" {
      guard let id = entry.id else { continue }
      var (said, unreadable) = TLP.said(byDefinition: entry.object)
      if TLP.isUnread(markingDefinition: entry.object) { (said, unreadable) = (.red, unreadable ?? id) }
      // A definition has no versions (STIX 2.1 §7.2.1): one that was told before cannot become milder.
      let marking = TLP.strictest(said, markings[id].flatMap { $0 })
      markings.updateValue(marking, forKey: id)
      publication.markingDefinitions.updateValue(marking, forKey: id)
      if let unreadable { publication.remark(entry.object.place, .unreadableMarking(unreadable)) }
      statements[id] = entry.object["definition"]?["statement"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    }
    for entry in entries where entry.type == "report" || entry.type == "grouping" { report(entry.object) }
    // A report's marking covers the relationships that it holds.
    for entry in entries where entry.type == "relationship" { relationship(entry) }
    for entry in entries {
      switch entry.type {
      case "indicator": indicator(entry)
      case "sighting": sighting(entry.object)
      default: break
      }
    }
    return publication
  }

  // MARK: Objects and their versions

  private mutating func collect(_ objects: [JSONValue]) {
    for (offset, object) in objects.enumerated() {
      guard let type = object["type"]?.string else {
        publication.remark(object.place, .noValue)
        continue
      }
      let version = (object["modified"] ?? object["created"])?.string.flatMap { Timestamp($0) }
      let entry = Entry(object: object, type: type, id: object["id"]?.string, version: version, number: offset + 1)
      guard let id = entry.id else {
        entries.append(entry)
        continue
      }
      if let earlier = byID[id] {
        // Of two with the same time the later in the text: a source that writes again what it said corrects it.
        if (entry.version?.milliseconds ?? .min) >= (entries[earlier].version?.milliseconds ?? .min) { entries[earlier] = entry }
      } else {
        byID[id] = entries.count
        entries.append(entry)
      }
    }
    entries.sort { $0.number < $1.number }
    for (place, entry) in entries.enumerated() { if let id = entry.id { byID[id] = place } }
  }

  // MARK: What others say about indicators

  private mutating func relationship(_ entry: Entry) {
    let object = entry.object
    guard object["relationship_type"]?.string == "indicates", object["revoked"]?.boolean != true,
      let source = object["source_ref"]?.string, let target = object["target_ref"]?.string
    else { return }
    if byID[target] == nil { publication.remark(object.place, .danglingReference(target)) }
    let relation = Relation(target: target, marking: covering(entry))
    indicated[source, default: []].append(relation)
  }

  /// By the specification a marking covers its own object alone (STIX 2.1 §7.2). A report's covers here also what it publishes:
  /// what its author forgot to mark one by one is better kept than spread.
  private mutating func report(_ object: JSONValue) {
    let marking = marking(of: object)
    if publication.title == nil { publication.title = object["name"]?.string }
    if publication.produced == nil {
      publication.produced = time(object, object["published"] == nil ? "modified" : "published")
    }
    publication.marking = TLP.strictest(publication.marking, marking)
    guard let marking else { return }
    for reference in object["object_refs"]?.items ?? [] {
      if let id = reference.string { reported[id] = max(reported[id] ?? marking, marking) }
    }
  }

  /// The strictest of all markings of an object and its parts (STIX 2.1 §7.2.2, §7.2.3): one part in red makes the whole red.
  private mutating func marking(of object: JSONValue) -> TLP? {
    var marking: TLP?
    for reference in STIX2.references(toMarkingsOf: object) {
      guard let id = reference.string else { continue }
      if let known = markings[id] {
        marking = TLP.strictest(marking, known)
      } else if let fixed = TLP(markingDefinition: id) {
        marking = TLP.strictest(marking, fixed)
      } else {
        // What it says stands elsewhere: it may be anything.
        marking = .red
        if unknownMarkings.insert(id).inserted { publication.remark(reference.place, .unreadableMarking(id)) }
      }
    }
    return marking
  }

  /// The strictest of an object's own marking and those of the reports that hold it.
  private mutating func covering(_ entry: Entry) -> TLP? {
    TLP.strictest(marking(of: entry.object), entry.id.flatMap { reported[$0] })
  }

  private func name(of id: String) -> String? {
    byID[id].flatMap { entries[$0].object["name"]?.string }.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// A name and the marking of its object, which is read once although many may indicate it.
  private mutating func markedName(of id: String) -> Name? {
    if let known = names[id] { return known }
    var found: Name?
    if let text = name(of: id), let entry = byID[id].map({ entries[$0] }) {
      found = Name(text: text, marking: covering(entry))
    }
    names[id] = .some(found)
    return found
  }

  /// The names of what an indicator indicates. One that is marked more strictly than the indicator, or whose relationship is, stays
  /// out: with the indicator it would go further than it may.
  private mutating func context(of id: String, marking: TLP?) -> [String] {
    var found: [String] = []
    for relation in indicated[id] ?? [] where TLP.allows(relation.marking, beside: marking) {
      if let name = markedName(of: relation.target), TLP.allows(name.marking, beside: marking) { found.append(name.text) }
    }
    return found
  }

  /// What the markings of an object say in words beside TLP (STIX 2.1 §7.2.1.1): whoever has the object must have them too.
  private func words(on object: JSONValue) -> [String] {
    STIX2.references(toMarkingsOf: object).compactMap { $0.string.flatMap { statements[$0] } }
  }

  // MARK: Indicators and sightings

  private mutating func indicator(_ entry: Entry) {
    let object = entry.object
    guard let text = object["pattern"]?.string, !text.isEmpty else {
      publication.remark(object.place, .noValue)
      return
    }
    if let id = entry.id {
      if !isIdentifier(id, of: "indicator") { publication.remark(object.place, .notOfType(type: "identifier", value: id)) }
    } else {
      publication.remark(object.place, .notOfType(type: "identifier", value: ""))
    }
    var indicator = Indicator(
      id: entry.id ?? "object \(entry.number)", place: object.place, criterion: criterion(text, object))
    indicator.title = object["name"]?.string
    indicator.description = object["description"]?.string
    let types = strings(object["indicator_types"])
    let labels = strings(object["labels"])
    let phases = (object["kill_chain_phases"]?.items ?? []).compactMap { $0["phase_name"]?.string }
    indicator.labels = distinct(types + labels + phases)
    // Labels are what version 2.0 has instead of indicator types (STIX 2.0 part 2 §2.5.1).
    indicator.isBenign = (types + labels).contains { $0.lowercased() == "benign" }
    indicator.isRevoked = object["revoked"]?.boolean ?? false
    indicator.marking = covering(entry)
    indicator.confidence = confidence(object)
    indicator.validFrom = time(object, "valid_from")
    indicator.validUntil = time(object, "valid_until")
    indicator.created = time(object, "created")
    indicator.modified = time(object, "modified") ?? indicator.created
    let names = entry.id.map { context(of: $0, marking: indicator.marking) } ?? []
    indicator.context = distinct(names + words(on: object))
    publication.take(indicator)
  }

  private mutating func criterion(_ text: String, _ object: JSONValue) -> Indicator.Criterion {
    // Version 2.0 has STIX patterns alone and does not say so.
    let language = object["pattern_type"]?.string ?? "stix"
    guard language == "stix" else { return .foreign(language: language, text: text) }
    do {
      return .pattern(try Pattern(text))
    } catch {
      publication.remark(object["pattern"]?.place ?? object.place, .badPattern(error.sentence))
      return .foreign(language: language, text: text)
    }
  }

  private mutating func sighting(_ object: JSONValue) {
    guard object["revoked"]?.boolean != true, let indicator = object["sighting_of_ref"]?.string,
      byID[indicator].map({ entries[$0].type == "indicator" }) ?? indicator.hasPrefix("indicator--")
    else { return }
    var sighting = Sighting(indicator: indicator)
    sighting.firstSeen = time(object, "first_seen")
    sighting.lastSeen = time(object, "last_seen")
    sighting.count = object["count"]?.integer.flatMap { $0 < 0 ? nil : Int(exactly: $0) }
    sighting.whereSighted = distinct(strings(object["where_sighted_refs"]).map { name(of: $0) ?? $0 })
    publication.sightings.append(sighting)
  }

  // MARK: Members

  private mutating func time(_ object: JSONValue, _ name: String) -> Timestamp? {
    guard let value = object[name] else { return nil }
    if let time = value.string.flatMap({ Timestamp($0) }) { return time }
    publication.remark(value.place, .notOfType(type: "timestamp", value: value.string ?? name))
    return nil
  }

  private mutating func confidence(_ object: JSONValue) -> Int? {
    guard let value = object["confidence"] else { return nil }
    if let number = value.integer, 0...100 ~= number { return Int(number) }
    publication.remark(value.place, .notOfType(type: "confidence", value: value.string ?? "confidence"))
    return nil
  }

  private func strings(_ list: JSONValue?) -> [String] { (list?.items ?? []).compactMap(\.string).filter { !$0.isEmpty } }

  /// `indicator--` and a UUID (STIX 2.1 §2.9).
  private func isIdentifier(_ text: String, of type: String) -> Bool {
    text.hasPrefix(type + "--") && hasUUIDForm(text.dropFirst(type.count + 2))
  }
}
