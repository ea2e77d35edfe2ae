internal import Notation

// What an indicator looks for: its observables, composed with AND and OR (STIX 1.2 Indicator, CybOX 2.1 Core).

extension STIX1Reader {
  /// An indicator's pattern; what is foreign where there is none; `nil`, with a remark, where there is nothing at all. With it, the
  /// marking of what it takes from elsewhere.
  mutating func criterion(of indicator: XMLElement) -> (criterion: Indicator.Criterion, marking: TLP?)? {
    if let built = build(indicator, "Indicator", levels: STIX1.mostReferences) {
      guard built.comparisons <= STIX1.mostComparisonsInAll - comparisons else {
        publication.remark(
          indicator.place, .unsupported("patterns of more than \(STIX1.mostComparisonsInAll) comparisons in one file"))
        return nil
      }
      comparisons += built.comparisons
      return (Indicator.Criterion.pattern(Pattern(built.expression)), built.marking)
    }
    if let criterion = mechanism(of: indicator) { return (criterion, TLP?.none) }
    let said = indicator.children.filter { $0.name == "Observable" || $0.name == "Composite_Indicator_Expression" }
    guard !said.isEmpty else {
      publication.remark(indicator.place, .noValue)
      return nil
    }
    let text = said.map { $0.outline() }.joined(separator: "\n")
    return (Indicator.Criterion.foreign(language: "cybox", text: text), TLP?.none)
  }

  /// The first test mechanism that says something: the text of its rules, or the pattern of an OpenIOC definition.
  private mutating func mechanism(of indicator: XMLElement) -> Indicator.Criterion? {
    let mechanisms = (indicator["Test_Mechanisms"]?.children ?? []).filter { $0.name == "Test_Mechanism" }
    for mechanism in mechanisms {
      let type = Self.type(mechanism).lowercased()
      if let definition = mechanism.children.first(where: { $0.name == "ioc" }) {
        if let pattern = OpenIOC.pattern(of: definition, remarks: &publication) { return .pattern(pattern) }
        return .foreign(language: "openioc", text: definition.outline())
      }
      let rules = mechanism.children.filter { ["Rule", "Specification", "Definition"].contains($0.name) }
      let text = rules.compactMap(\.content).joined(separator: "\n")
      guard !text.isEmpty else { continue }
      let language = ["snort", "yara", "oval", "sigma"].first { type.contains($0) }
      return .foreign(language: language ?? (type.isEmpty ? "unknown" : type), text: text)
    }
    return nil
  }

  // MARK: Composition

  private mutating func build(indicator: XMLElement, levels: Int) -> Built? {
    guard levels > 0 else {
      publication.remark(indicator.place, .unsupported("references over more than \(STIX1.mostReferences) levels"))
      return nil
    }
    if isNegated(indicator) { return nil }
    if let composite = indicator["Composite_Indicator_Expression"] {
      let parts = composite.children.filter { $0.name == "Indicator" }
      return compose(composite, parts) { reader, part in reader.build(part, "Indicator", levels: levels - 1) }
    }
    let observables = indicator.children.filter { $0.name == "Observable" }
    // More than one are alternatives unless the indicator says otherwise (as the python-stix library writes them).
    return compose(indicator, observables) { reader, part in reader.build(part, "Observable", levels: levels - 1) }
  }

  private mutating func build(observable: XMLElement, levels: Int) -> Built? {
    if isNegated(observable) { return nil }
    if let composition = observable["Observable_Composition"] {
      let parts = composition.children.filter { $0.name == "Observable" }
      return compose(composition, parts) { reader, part in reader.build(part, "Observable", levels: levels - 1) }
    }
    if let object = observable["Object"] { return build(object, "Object", levels: levels - 1) }
    publication.remark(observable.place, observable["Event"] == nil ? .noValue : .unsupported("a CybOX event"))
    return nil
  }

  /// Builds what an element holds or refers to, each once.
  private mutating func build(_ element: XMLElement, _ name: String, levels: Int) -> Built? {
    guard levels > 0 else {
      publication.remark(element.place, .unsupported("references over more than \(STIX1.mostReferences) levels"))
      return nil
    }
    // An element with content is meant itself, even where an idref stands beside it.
    guard element.children.isEmpty, let reference = element.attributes["idref"] ?? element.attributes["object_reference"] else {
      return build(once: element, name, from: element, levels: levels)
    }
    guard let found = target(reference, name) else {
      publication.remark(element.place, .danglingReference(reference))
      return nil
    }
    var built = build(once: found.element, name, from: element, levels: levels)
    let marking = TLP.strictest(built?.marking, found.marking)
    built?.marking = marking
    return built
  }

  /// - Parameter element: What it is asked for by, where remarks belong.
  private mutating func build(once meant: XMLElement, _ name: String, from element: XMLElement, levels: Int) -> Built? {
    // By its place, since published files have several objects of one id.
    let key = Key(name: name, place: meant.place)
    if let built = known[key] { return built }
    guard open.insert(key).inserted else {
      publication.remark(element.place, .unsupported("a reference that leads back to itself: \(meant.attributes["id"] ?? name)"))
      return nil
    }
    let outer = borrowed
    borrowed = Borrowed()
    var built = build(content: meant, name, levels: levels)
    let marking = TLP.strictest(built?.marking, Self.marking(of: meant, in: borrowed.marking))
    built?.marking = marking
    // What of it was too much has a remark; without that, it would ask for less than its author did.
    if borrowed.comparisons > STIX1.mostComparisons { built = nil }
    borrowed = outer
    open.remove(key)
    known[key] = .some(built)
    return built
  }

  private func target(_ reference: String, _ name: String) -> STIX1Index.Marked? {
    switch name {
    case "Indicator": index.indicators[reference]
    case "Observable": index.observables[reference]
    default: index.objects[reference] ?? index.observables[reference]?.child("Object")
    }
  }

  private mutating func build(content element: XMLElement, _ name: String, levels: Int) -> Built? {
    switch name {
    case "Indicator": build(indicator: element, levels: levels)
    case "Observable": build(observable: element, levels: levels)
    case "Properties": build(properties: element, levels: levels)
    default: build(object: element, levels: levels)
    }
  }

  /// That a thing was not seen cannot be said as a pattern: turning the test round would ask for anything else, which is always there.
  private mutating func isNegated(_ element: XMLElement) -> Bool {
    guard ["true", "1"].contains(element.attributes["negate"]?.trimmed.lowercased()) else { return false }
    publication.remark(element.place, .unsupported("negate: that something is not seen"))
    return true
  }

  /// Joins parts by the operator of an element. A part that cannot be said makes an AND unsayable: without it, it would ask for less
  /// than its author did. Of an OR, the other parts remain.
  private mutating func compose(
    _ element: XMLElement, _ parts: [XMLElement], _ build: (inout STIX1Reader, XMLElement) -> Built?
  ) -> Built? {
    let operation = (element.attributes["operator"] ?? "OR").uppercased()
    let isAnd = operation == "AND"
    guard isAnd || operation == "OR" else {
      publication.remark(element.place, .unsupported("the operator \(operation)"))
      return nil
    }
    var (built, comparisons, marking) = ([ObservationExpression](), 0, TLP?.none)
    for part in parts {
      guard let one = build(&self, part) else {
        if isAnd { return nil }
        continue
      }
      comparisons += one.comparisons
      guard comparisons <= STIX1.mostComparisons else {
        publication.remark(element.place, .unsupported("a pattern of more than \(STIX1.mostComparisons) comparisons"))
        return nil
      }
      built.append(one.expression)
      marking = TLP.strictest(marking, one.marking)
    }
    guard !built.isEmpty else { return nil }
    // One part is shared; several are copied into a pattern that is longer than each.
    if built.count > 1, !composes(comparisons, at: element) { return nil }
    let expression: ObservationExpression = isAnd ? .all(built) : .any(built)
    return Built(expression: expression, comparisons: comparisons, marking: marking)
  }

  /// Counts what a pattern of several parts takes, before it is made; `false`, with a remark, where a file has too much of it.
  private mutating func composes(_ comparisons: Int, at element: XMLElement) -> Bool {
    guard comparisons <= STIX1.mostComposed - composed else {
      publication.remark(
        element.place, .unsupported("patterns of more than \(STIX1.mostComparisonsInAll) comparisons in one file"))
      return false
    }
    composed += comparisons
    return true
  }

  // MARK: Objects

  /// An object, and with it what it is related to where that is required.
  ///
  /// A related object that is only referred to stands as an observable of its own, and is no part of this one.
  private mutating func build(object: XMLElement, levels: Int) -> Built? {
    guard let own = comparison(object: object, levels: levels) else { return nil }
    var (all, comparisons, marking) = ([ObservationExpression.observation(own)], own.count, TLP?.none)
    if relations == .required {
      for related in object["Related_Objects"]?.children ?? [] where related.name == "Related_Object" {
        guard related["Properties"] != nil, !(isResolution(related) && isName(object)) else { continue }
        // What cannot be said of a relation is left out: the object itself is what the indicator is about.
        guard let one = build(related, "Related_Object", levels: levels - 1) else { continue }
        comparisons += one.comparisons
        guard comparisons <= STIX1.mostComparisons else {
          publication.remark(object.place, .unsupported("a pattern of more than \(STIX1.mostComparisons) comparisons"))
          return nil
        }
        all.append(one.expression)
        marking = TLP.strictest(marking, one.marking)
      }
    }
    if all.count > 1, !composes(comparisons, at: object) { return nil }
    return Built(expression: .all(all), comparisons: comparisons, marking: marking)
  }

  func isResolution(_ related: XMLElement) -> Bool { related["Relationship"]?.content == "Resolved_To" }

  func isName(_ object: XMLElement) -> Bool {
    ["DomainNameObjectType", "HostnameObjectType"].contains(Self.type(object["Properties"]))
  }

  private mutating func build(properties: XMLElement, levels: Int) -> Built? {
    comparison(properties: properties, levels: levels).map {
      Built(expression: .observation($0), comparisons: $0.count, marking: nil)
    }
  }

  /// The properties of an object that is referred to by its id, or by the observable that holds it.
  func properties(of reference: String) -> STIX1Index.Marked? { target(reference, "Object")?.child("Properties") }

  /// The test of properties that an object refers to, as a part of that object: read once, and moved once below each path, however
  /// many refer to them. What an object takes in this way is counted before it is copied, and its marking is kept for it.
  ///
  /// - Parameters:
  ///   - element: What refers to them.
  ///   - base: `nil` where their paths are those of the object.
  mutating func part(_ target: STIX1Index.Marked, of element: XMLElement, below base: ObjectPath? = nil, levels: Int)
    -> ComparisonExpression?
  {
    guard levels > 0, let built = build(once: target.element, "Properties", from: element, levels: levels),
      case .observation(let test) = built.expression
    else { return nil }
    let isTold = borrowed.comparisons > STIX1.mostComparisons
    borrowed.comparisons += built.comparisons
    guard borrowed.comparisons <= STIX1.mostComparisons else {
      if !isTold {
        publication.remark(element.place, .unsupported("a pattern of more than \(STIX1.mostComparisons) comparisons"))
      }
      return nil
    }
    guard composes(built.comparisons, at: element) else { return nil }
    borrowed.marking = TLP.strictest(borrowed.marking, TLP.strictest(target.marking, built.marking))
    guard let base else { return test }
    let part = Part(base: base, place: target.element.place)
    if let moved = parts[part] { return moved }
    let moved = test.moved(below: base)
    parts[part] = moved
    return moved
  }

  /// The local name of an element's `xsi:type`. Some elements have a `type` of their own beside it.
  static func type(_ element: XMLElement?) -> String { element?.attributes["xsi:type"].map { localName($0) } ?? "" }

  /// Without its prefix.
  static func localName(_ name: String) -> String {
    name.lastIndex(of: ":").map { String(name[name.index(after: $0)...]) } ?? name
  }
}
