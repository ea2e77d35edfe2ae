internal import Notation

/// What a STIX 1 document refers to by id, found once.
struct STIX1Index {
  var observables: [String: XMLElement] = [:]
  /// Objects and related objects.
  var objects: [String: XMLElement] = [:]
  var indicators: [String: XMLElement] = [:]
  /// Titles of TTPs, campaigns, threat actors and incidents.
  var titles: [String: Title] = [:]
  /// Names of phases of kill chains.
  var phases: [String: String] = [:]
  /// Of an indicator's id: what lists it as its own.
  var owners: [String: [Title]] = [:]
  /// What should say a marking of TLP and does not, where it stands.
  var unreadableMarkings: [(place: TextPlace, text: String)] = []
  /// Ids of indicators that another one says it revokes.
  var revoked: Set<String> = []

  /// Titles that one indicator takes from what it belongs to.
  static let mostOwners = 100

  /// What something is called, and how far that may go: by its own marking and those of what it stands in.
  struct Title {
    var text: String
    var marking: TLP?
  }

  init(_ root: XMLElement) { add(root, owner: nil, marking: nil, levels: STIX1.mostLevels) }

  private mutating func add(_ element: XMLElement, owner: Title?, marking: TLP?, levels: Int) {
    guard levels > 0 else { return }
    var owner = owner
    let marking = STIX1Reader.marking(of: element, in: marking)
    let id = element.attributes["id"]
    // Of two with one id the first is meant, except of indicators, where a later version replaces an earlier.
    switch element.name {
    case "Observable": if let id, observables[id] == nil { observables[id] = element }
    case "Object", "Related_Object": if let id, objects[id] == nil { objects[id] = element }
    case "Indicator" where STIX1Reader.isIndicator(element):
      if let id, isNewer(element, than: indicators[id]) { indicators[id] = element }
      if let owner, let of = id ?? element.attributes["idref"], owners[of, default: []].count < Self.mostOwners {
        owners[of, default: []].append(owner)
      }
    case "Related_Indicator":
      if element["Relationship"]?.content?.lowercased() == "revokes",
        let target = element["Indicator"]?.attributes["idref"] ?? element["Indicator"]?.attributes["id"]
      {
        revoked.insert(target)
      }
    case "Marking_Structure":
      if let text = STIX1Reader.said(by: element).unreadable { unreadableMarkings.append((element.place, text)) }
    case "Kill_Chain_Phase":
      if let id = element.attributes["phase_id"], let name = element.attributes["name"] { phases[id] = name }
    case "TTP": if let id, let text = STIX1Reader.title(element) { titles[id] = Title(text: text, marking: marking) }
    case "Campaign", "Threat_Actor", "Incident", "Report":
      if let text = STIX1Reader.title(element) {
        let title = Title(text: text, marking: marking)
        if let id { titles[id] = title }
        owner = title
      }
    default: break
    }
    // An indicator's own relations to others do not make it their owner.
    if element.name == "Indicator" { owner = nil }
    for child in element.children { add(child, owner: owner, marking: marking, levels: levels - 1) }
  }

  private func isNewer(_ element: XMLElement, than other: XMLElement?) -> Bool {
    guard let other else { return true }
    guard let time = element.attributes["timestamp"].flatMap(STIX1Reader.moment) else { return false }
    guard let before = other.attributes["timestamp"].flatMap(STIX1Reader.moment) else { return true }
    return time > before
  }
}
