internal import Names
internal import Notation

/// What a STIX 1 document refers to by id, found once.
struct STIX1Index {
  var observables: [String: Marked] = [:]
  /// Objects and related objects.
  var objects: [String: Marked] = [:]
  var indicators: [String: Marked] = [:]
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

  /// What an id stands for, and how far that may go: by its own marking and those of what it stands in.
  struct Marked {
    var element: XMLElement
    var marking: TLP?

    /// A child, which may go as far as what it stands in.
    func child(_ name: String) -> Marked? { element[name].map { Marked(element: $0, marking: marking) } }
  }

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
    case "Observable":
      if let id, observables[id] == nil { observables[id] = Marked(element: element, marking: marking) }
    case "Object", "Related_Object":
      if let id, objects[id] == nil { objects[id] = Marked(element: element, marking: marking) }
    case "Indicator" where STIX1Reader.isIndicator(element):
      if let id { add(version: Marked(element: element, marking: marking), of: id) }
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

  /// An indicator that is told more than once is what the latest version says, and as strict as the strictest: of versions for
  /// different readers, none says that another may be given to its own.
  private mutating func add(version: Marked, of id: String) {
    let known = indicators[id]
    var latest = version
    if let known, !isNewer(version.element, than: known.element) { latest = known }
    latest.marking = TLP.strictest(known?.marking, version.marking)
    indicators[id] = latest
  }

  private func isNewer(_ element: XMLElement, than other: XMLElement) -> Bool {
    guard let time = element.attributes["timestamp"].flatMap(Timestamp.init(written:)) else { return false }
    guard let before = other.attributes["timestamp"].flatMap(Timestamp.init(written:)) else { return true }
    return time > before
  }
}
