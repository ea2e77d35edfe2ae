internal import Names
internal import Notation

/// Goes through packages and takes their indicators.
struct STIX1Reader {
  let index: STIX1Index
  let relations: STIX1.Relations
  var publication = Publication(.stix1)
  /// What elements have become, `nil` where they became nothing.
  var known: [Key: Built?] = [:]
  /// What properties that are referred to have become as a part of another object.
  var parts: [Part: ComparisonExpression] = [:]
  /// What the object that is being read takes from those that it refers to.
  var borrowed = Borrowed()
  /// What is being built at the moment, so that a reference back is seen.
  var open: Set<Key> = []
  /// Comparisons of all patterns so far.
  var comparisons = 0
  /// Comparisons of all that was put together so far, also of what is only a part of patterns, or of none that was taken.
  var composed = 0
  private var taken: [String: TextPlace] = [:]

  /// An element: as what it is read, and where it stands.
  struct Key: Hashable {
    var name: String
    var place: TextPlace
  }

  /// Properties, and the path below which they are tested.
  struct Part: Hashable {
    var base: ObjectPath
    var place: TextPlace
  }

  /// An expression and how many comparisons it has.
  struct Built {
    var expression: ObservationExpression
    var comparisons: Int
    /// Of what it refers to, and of indicators in it, where that is marked: who has the expression has them.
    var marking: TLP?
  }

  struct Borrowed {
    var comparisons = 0
    var marking: TLP?
  }

  /// What holds for all that stands in an element.
  struct Surroundings {
    var marking: TLP?
    /// Names of what it belongs to.
    var context: [String] = []
  }

  init(index: STIX1Index, relations: STIX1.Relations) { (self.index, self.relations) = (index, relations) }

  /// Takes what the outermost package says of itself.
  mutating func describe(_ package: XMLElement) {
    let header = package["STIX_Header"]
    publication.id = package.attributes["id"]
    publication.title = header?["Title"]?.content
    publication.marking = Self.marking(header?["Handling"])
    for (place, text) in index.unreadableMarkings { publication.remark(place, .unreadableMarking(text)) }
    let time = header?.first("Information_Source", "Time", "Produced_Time")?.content
    publication.produced = (time ?? package.attributes["timestamp"]).flatMap(Timestamp.init(written:))
  }

  func finish() -> Publication { publication }

  mutating func visit(_ element: XMLElement, _ surroundings: Surroundings, levels: Int) {
    guard levels > 0 else { return }
    var surroundings = surroundings
    switch element.name {
    case "Observables", "Observable", "Object", "Composite_Indicator_Expression", "Test_Mechanisms": return
    case "Indicator" where Self.isIndicator(element):
      take(element, surroundings)
      // Those that it is related to may stand in it in full.
      if let related = element["Related_Indicators"] {
        surroundings.marking = Self.marking(of: element, in: surroundings.marking)
        visit(related, surroundings, levels: levels - 1)
      }
      return
    case "Campaign", "Incident", "Threat_Actor": if let title = Self.title(element) { surroundings.context.append(title) }
    default: break
    }
    surroundings.marking = Self.marking(of: element, in: surroundings.marking)
    for child in element.children { visit(child, surroundings, levels: levels - 1) }
  }

  /// An OpenIOC definition has elements of the same name.
  static func isIndicator(_ element: XMLElement) -> Bool {
    guard element.name == "Indicator" else { return false }
    // Nearly all; searching in a text takes Swift longer than all else that is asked of an element.
    if element.namespace.hasPrefix("http://stix.mitre.org/") { return true }
    return !element.namespace.contains("mandiant") && !element.namespace.contains("openioc")
  }

  private mutating func take(_ element: XMLElement, _ surroundings: Surroundings) {
    let id = element.attributes["id"]
    // With an idref alone it only names one that stands elsewhere.
    guard id != nil || element.attributes["idref"] == nil else { return }
    if let id {
      if let first = taken[id] {
        publication.remark(element.place, .repeated(first: first))
        return
      }
      taken[id] = element.place
    }
    let told = id.flatMap { index.indicators[$0] }
    let element = told?.element ?? element
    guard let (criterion, marking) = criterion(of: element) else { return }
    var surroundings = surroundings
    surroundings.marking = TLP.strictest(surroundings.marking, TLP.strictest(told?.marking, marking))
    var indicator = Indicator(id: id ?? "indicator \(element.place)", place: element.place, criterion: criterion)
    describe(&indicator, element, surroundings)
    publication.take(indicator)
  }

  private mutating func describe(_ indicator: inout Indicator, _ element: XMLElement, _ surroundings: Surroundings) {
    indicator.title = element["Title"]?.content
    indicator.description = (element["Description"] ?? element["Short_Description"])?.content
    let types = element.children("Type").compactMap(\.content)
    // Some write it in the marks of Markdown: `**Benign**`.
    indicator.isBenign = types.contains { $0.lowercased().filter { $0 != "*" }.trimmed == "benign" }
    indicator.labels = distinct(types + phases(element))
    indicator.marking = TLP.strictest(surroundings.marking, Self.marking(element["Handling"]))
    indicator.confidence = element.first("Confidence", "Value")?.content.flatMap(Self.confidence)
    indicator.validFrom = element.first("Valid_Time_Position", "Start_Time")?.content.flatMap(Timestamp.init(written:))
    indicator.validUntil = element.first("Valid_Time_Position", "End_Time")?.content.flatMap(Timestamp.init(written:))
    let produced = element.first("Producer", "Time", "Produced_Time")?.content
    indicator.modified = (element.attributes["timestamp"] ?? produced).flatMap(Timestamp.init(written:))
    indicator.isRevoked = index.revoked.contains(indicator.id)
    let told =
      (index.owners[indicator.id] ?? []) + referred(element, "Indicated_TTP", "TTP")
      + referred(element["Related_Campaigns"], "Related_Campaign", "Campaign")
    // A title that is marked more strictly than the indicator would go further with it than it may.
    let titles = told.filter { TLP.allows($0.marking, beside: indicator.marking) }
    indicator.context = distinct(surroundings.context + titles.map(\.text))
    takeSightings(&indicator, element)
  }

  /// The titles of what an element refers to, or holds.
  private func referred(_ element: XMLElement?, _ relation: String, _ name: String) -> [STIX1Index.Title] {
    (element?.children ?? []).filter { $0.name == relation }.compactMap { $0[name] }.compactMap { target in
      if let text = Self.title(target) { return STIX1Index.Title(text: text, marking: Self.marking(target["Handling"])) }
      return target.attributes["idref"].flatMap { index.titles[$0] }
    }
  }

  private func phases(_ element: XMLElement) -> [String] {
    (element["Kill_Chain_Phases"]?.children ?? []).compactMap { phase in
      phase.attributes["name"] ?? phase.attributes["phase_id"].flatMap { index.phases[$0] }
    }
  }

  /// One for each that is told. The count belongs to the only one, or stands alone; where several are told, they are what it counts.
  private mutating func takeSightings(_ indicator: inout Indicator, _ element: XMLElement) {
    guard let all = element["Sightings"] else { return }
    let count = all.attributes["sightings_count"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
    let told = all.children.filter { $0.name == "Sighting" }
    for one in told {
      var sighting = Sighting(indicator: indicator.id)
      sighting.firstSeen = one.attributes["timestamp"].flatMap(Timestamp.init(written:))
      sighting.lastSeen = sighting.firstSeen
      sighting.whereSighted = one.children("Source").compactMap { $0.first("Identity", "Name")?.content }
      if told.count == 1 { sighting.count = count }
      publication.sightings.append(sighting)
      guard let time = sighting.firstSeen else { continue }
      indicator.firstSeen = min(indicator.firstSeen ?? time, time)
      indicator.lastSeen = max(indicator.lastSeen ?? time, time)
    }
    if told.isEmpty, let count {
      var sighting = Sighting(indicator: indicator.id)
      sighting.count = count
      publication.sightings.append(sighting)
    }
  }
}
