internal import Notation

/// What a STIX 1 document refers to by id, found once.
struct STIX1Index {
  var observables: [String: XMLElement] = [:]
  /// Objects and related objects.
  var objects: [String: XMLElement] = [:]
  var indicators: [String: XMLElement] = [:]
  /// Titles of TTPs, campaigns, threat actors and incidents.
  var titles: [String: String] = [:]
  /// Names of phases of kill chains.
  var phases: [String: String] = [:]
  /// Of an indicator's id: what lists it as its own.
  var owners: [String: [String]] = [:]
  /// Ids of indicators that another one says it revokes.
  var revoked: Set<String> = []

  /// Titles that one indicator takes from what it belongs to.
  static let mostOwners = 100

  init(_ root: XMLElement) { add(root, owner: nil, levels: STIX1.mostLevels) }

  private mutating func add(_ element: XMLElement, owner: String?, levels: Int) {
    guard levels > 0 else { return }
    var owner = owner
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
    case "Kill_Chain_Phase":
      if let id = element.attributes["phase_id"], let name = element.attributes["name"] { phases[id] = name }
    case "TTP": if let id, let title = STIX1Reader.title(element) { titles[id] = title }
    case "Campaign", "Threat_Actor", "Incident", "Report":
      if let title = STIX1Reader.title(element) {
        if let id { titles[id] = title }
        owner = title
      }
    default: break
    }
    // An indicator's own relations to others do not make it their owner.
    if element.name == "Indicator" { owner = nil }
    for child in element.children { add(child, owner: owner, levels: levels - 1) }
  }

  private func isNewer(_ element: XMLElement, than other: XMLElement?) -> Bool {
    guard let other else { return true }
    guard let time = element.attributes["timestamp"].flatMap(STIX1Reader.moment) else { return false }
    guard let before = other.attributes["timestamp"].flatMap(STIX1Reader.moment) else { return true }
    return time > before
  }
}
