internal import Notation

/// What stands in one pair of square brackets, made ready to be run often (STIX 2.1 §9.4.2).
indirect enum ObservationTest: Sendable {
  case comparison(ComparisonTest)
  case exists(ObjectPath, isNegated: Bool)
  case and([Part])
  case or([ObservationTest])

  /// What AND joins, and the object types that it looks at: found once, and asked for with each observed data.
  struct Part: Sendable {
    var test: ObservationTest
    var types: Set<String>

    init(_ test: ObservationTest) { (self.test, types) = (test, test.types) }
  }

  init(_ expression: ComparisonExpression, isLenient: Bool) throws(MatchFault) {
    switch expression {
    case .comparison(let comparison): self = .comparison(try ComparisonTest(comparison, isLenient: isLenient))
    case .exists(let path, let isNegated): self = .exists(path, isNegated: isNegated)
    case .and(let parts): self = .and(try Self.all(parts, isLenient).map { Part($0) })
    case .or(let parts): self = .or(try Self.all(Self.gathered(parts), isLenient))
    }
  }

  /// Equalities of one path become one set, as `IN` would write it: published patterns join thousands of them by OR.
  private static func gathered(_ parts: [ComparisonExpression]) -> [ComparisonExpression] {
    var (out, constants, places): ([ComparisonExpression], [[Constant]], [ObjectPath: Int]) = ([], [], [:])
    for part in parts {
      guard case .comparison(let comparison) = part, comparison.operator == .equal, !comparison.isNegated,
        case .constant(let constant) = comparison.operand
      else {
        out.append(part)
        constants.append([])
        continue
      }
      if let place = places[comparison.path] {
        constants[place].append(constant)
      } else {
        places[comparison.path] = out.count
        out.append(part)
        constants.append([constant])
      }
    }
    for place in places.values where constants[place].count > 1 {
      if case .comparison(var comparison) = out[place] {
        (comparison.operator, comparison.operand) = (.isIn, .set(constants[place]))
        out[place] = .comparison(comparison)
      }
    }
    return out
  }

  private static func all(_ parts: [ComparisonExpression], _ isLenient: Bool) throws(MatchFault) -> [ObservationTest] {
    var tests: [ObservationTest] = []
    for part in parts { tests.append(try ObservationTest(part, isLenient: isLenient)) }
    return tests
  }

  /// The object types that it looks at.
  private var types: Set<String> {
    switch self {
    case .comparison(let test): [test.path.objectType]
    case .exists(let path, _): [path.objectType]
    case .and(let parts): parts.reduce(into: []) { $0.formUnion($1.types) }
    case .or(let parts): parts.reduce(into: []) { $0.formUnion($1.types) }
    }
  }

  /// The objects of one observed data, by their index, for which it holds: those at which its object paths start.
  ///
  /// What AND joins must hold for one object, as in the reference matcher. Departure: of different object types there need only
  /// be one object each, where the reference finds none; the specification's own examples join `network-traffic` and
  /// `user-account`.
  func roots(in data: ObservedData, _ types: [String], observed: Int, _ budget: inout WorkBudget) throws(MatchFault) -> Set<Int> {
    var roots: Set<Int> = []
    switch self {
    case .comparison(let test):
      for (index, object) in data.objects.enumerated() where types[index] == test.path.objectType {
        for value in try data.values(test.path, from: object, &budget) where try test.passes(value, observed: observed, &budget) {
          roots.insert(index)
          break
        }
      }
    case .exists(let path, let isNegated):
      for (index, object) in data.objects.enumerated() where types[index] == path.objectType {
        if try data.values(path, from: object, &budget).isEmpty == isNegated { roots.insert(index) }
      }
    case .or(let parts):
      for part in parts { roots.formUnion(try part.roots(in: data, types, observed: observed, &budget)) }
    case .and(let parts):
      var seen: Set<String> = []
      for part in parts {
        let own = try part.test.roots(in: data, types, observed: observed, &budget)
        try budget.spend(part.types.count)
        if own.isEmpty { return [] }
        let shared = seen.intersection(part.types)
        if shared.isEmpty {
          roots.formUnion(own)
        } else {
          roots = roots.filter { own.contains($0) || !shared.contains(types[$0]) }
            .union(own.filter { !seen.contains(types[$0]) })
          guard roots.contains(where: { shared.contains(types[$0]) }) else { return [] }
        }
        seen.formUnion(part.types)
      }
    }
    try budget.spend(data.objects.count + 1)
    return roots
  }
}
