internal import Notation

// The tree of a definition (OpenIOC 1.0 `definition`, 1.1 `criteria`) as a pattern.

extension OpenIOC {
  /// Levels of operators, and items, of one definition.
  static let mostLevels = 50
  static let mostItems = 50_000

  /// A part of the tree.
  private enum Term {
    /// A test of one object of a type; `nil` where its alternatives are of several.
    case comparison(ComparisonExpression, type: String?)
    case observation(ObservationExpression)

    var observation: ObservationExpression {
      switch self {
      case .comparison(let comparison, _): .observation(comparison)
      case .observation(let observation): observation
      }
    }

    /// It holds of whatever is not named in it, so alone it says nothing.
    var isNegation: Bool { if case .comparison(let comparison, _) = self { OpenIOC.isNegation(comparison) } else { false } }
  }

  /// The pattern of a definition; `nil`, with remarks, where no item of it can be said.
  static func pattern(of root: XMLElement, remarks: inout Publication) -> Pattern? {
    guard let definition = root["definition"] ?? root["criteria"] else { return nil }
    var left = mostItems
    let terms = definition.children.filter { $0.name == "Indicator" }
      .compactMap { term($0, levels: mostLevels, left: &left, &remarks) }
    return joined(or: terms, &remarks, definition).map { Pattern($0.observation) }
  }

  private static func term(_ element: XMLElement, levels: Int, left: inout Int, _ remarks: inout Publication) -> Term? {
    guard levels > 0, left > 0 else {
      remarks.remark(element.place, .unsupported("a definition of more than \(mostLevels) levels or \(mostItems) items"))
      return nil
    }
    left -= 1
    if element.name == "IndicatorItem" {
      return OpenIOCItem.test(element, &remarks).map { .comparison($0, type: objectType(of: $0)) }
    }
    let isAnd = (element.attributes["operator"] ?? "OR").uppercased() == "AND"
    var terms: [Term] = []
    let parts = element.children.filter { $0.name == "Indicator" || $0.name == "IndicatorItem" }
    for part in parts {
      if let one = term(part, levels: levels - 1, left: &left, &remarks) {
        terms.append(one)
      } else if isAnd {
        // Without the part it would ask for less than its author did.
        for other in parts where other.place != part.place { disregard(other, levels: levels - 1, &remarks) }
        return nil
      }
    }
    return isAnd ? joined(and: terms, parts, levels: levels, &remarks) : joined(or: terms, &remarks, element)
  }

  /// Remarks upon all items of a part that is left out for the sake of another.
  private static func disregard(_ element: XMLElement, levels: Int, _ remarks: inout Publication) {
    guard levels > 0 else { return }
    if element.name == "IndicatorItem" {
      remarks.remark(element.place, .unsupported("an item that is only meant together with another that cannot be said"))
    }
    for child in element.children { disregard(child, levels: levels - 1, &remarks) }
  }

  private static func joined(or terms: [Term], _ remarks: inout Publication, _ element: XMLElement) -> Term? {
    let terms = terms.filter { term in
      if term.isNegation { remarks.remark(element.place, .unsupported("a condition that all but one value meet, alone")) }
      return !term.isNegation
    }
    guard let first = terms.first else { return nil }
    guard terms.count > 1 else { return first }
    let expression = ObservationExpression.any(terms.map(\.observation))
    guard case .observation(let comparison) = expression else { return .observation(expression) }
    return .comparison(comparison, type: objectType(of: comparison))
  }

  /// Items of one kind under an AND are about one object: a file with this name and this size. Values that are objects of their own
  /// are seen one by one.
  private static func joined(and terms: [Term], _ parts: [XMLElement], levels: Int, _ remarks: inout Publication) -> Term? {
    guard let first = terms.first else { return nil }
    guard terms.count > 1 || first.isNegation else { return first }
    var (order, groups, others) = ([String](), [String: [ComparisonExpression]](), [ObservationExpression]())
    for term in terms {
      guard case .comparison(let comparison, let type?) = term, !single.contains(type) else {
        others.append(term.observation)
        continue
      }
      if groups[type] == nil { order.append(type) }
      groups[type, default: []].append(comparison)
    }
    let isSaid =
      order.allSatisfy { type in groups[type]?.contains { !Term.comparison($0, type: type).isNegation } == true }
      && !terms.contains {
        if case .comparison(_, let type) = $0 { $0.isNegation && type.map(single.contains) != false } else { false }
      }
    guard isSaid else {
      for part in parts { disregard(part, levels: levels - 1, &remarks) }
      return nil
    }
    if others.isEmpty, order.count == 1, let all = groups[order[0]] { return .comparison(.all(all), type: order[0]) }
    return .observation(.all(order.compactMap { groups[$0].map { .observation(.all($0)) } } + others))
  }

  /// Objects that are a value alone.
  private static let single: Set = ["domain-name", "ipv4-addr", "ipv6-addr", "url", "email-addr", "mac-addr", "mutex"]

  /// The type of the object that is tested, if it is one; of a network value it may be either of two.
  private static func objectType(of comparison: ComparisonExpression) -> String? {
    switch comparison {
    case .comparison(let comparison): return comparison.path.objectType
    case .exists(let path, _): return path.objectType
    case .and(let parts), .or(let parts):
      guard let first = parts.first, let type = objectType(of: first) else { return nil }
      return parts.dropFirst().allSatisfy { self.objectType(of: $0) == type } ? type : nil
    }
  }

  private static func isNegation(_ comparison: ComparisonExpression) -> Bool {
    switch comparison {
    case .comparison(let comparison): comparison.isNegated || comparison.operator == .notEqual
    case .exists(_, let isNegated): isNegated
    case .and(let parts): parts.allSatisfy(isNegation)
    case .or(let parts): parts.contains(where: isNegation)
    }
  }
}
