internal import Names

extension ObservationExpression {
  /// All of several, flat; at least one.
  static func all(_ parts: [ObservationExpression]) -> ObservationExpression {
    parts.count == 1 ? parts[0] : .and(parts.flatMap { if case .and(let inner) = $0 { inner } else { [$0] } })
  }

  /// Any of several, flat; at least one. Alternatives that one observation meets alone become one observation, which says the same.
  static func any(_ parts: [ObservationExpression]) -> ObservationExpression {
    guard parts.count > 1 else { return parts[0] }
    var (single, others) = ([ComparisonExpression](), [ObservationExpression]())
    for part in parts.flatMap({ if case .or(let inner) = $0 { inner } else { [$0] } }) {
      if case .observation(let comparison) = part { single.append(comparison) } else { others.append(part) }
    }
    guard !single.isEmpty else { return .or(others) }
    let observation = ObservationExpression.observation(.any(single))
    return others.isEmpty ? observation : .or([observation] + others)
  }
}

extension ComparisonExpression {
  /// All of several, flat; at least one.
  static func all(_ parts: [ComparisonExpression]) -> ComparisonExpression {
    parts.count == 1 ? parts[0] : .and(parts.flatMap { if case .and(let inner) = $0 { inner } else { [$0] } })
  }

  /// Any of several, flat; at least one.
  static func any(_ parts: [ComparisonExpression]) -> ComparisonExpression {
    parts.count == 1 ? parts[0] : .or(parts.flatMap { if case .or(let inner) = $0 { inner } else { [$0] } })
  }

  /// That an address is in a block (STIX 2.1 §9.6.1): equality would compare texts.
  ///
  /// - Parameter path: Where the address stands; `nil` for one that is an object of its own.
  static func within(_ prefix: IPPrefix, at path: ObjectPath? = nil) -> ComparisonExpression {
    .comparison(
      Comparison(
        path: path ?? ObjectPath(prefix.address.isV6 ? "ipv6-addr" : "ipv4-addr", ["value"]), isNegated: false,
        operator: .isSubset, operand: .constant(.string("\(prefix)"))))
  }

  /// How many comparisons it has; a set counts as its members.
  var count: Int {
    switch self {
    case .comparison(let comparison): if case .set(let members) = comparison.operand { members.count } else { 1 }
    case .exists: 1
    case .and(let parts), .or(let parts): parts.reduce(0) { $0 + $1.count }
    }
  }

  /// The same of what a reference leads to: each path continues where `base` ends.
  func moved(below base: ObjectPath) -> ComparisonExpression {
    func moved(_ path: ObjectPath) -> ObjectPath { ObjectPath(base.objectType, steps: base.steps + path.steps) }
    switch self {
    case .comparison(var comparison):
      comparison.path = moved(comparison.path)
      return .comparison(comparison)
    case .exists(let path, let isNegated): return .exists(moved(path), isNegated: isNegated)
    case .and(let parts): return .and(parts.map { $0.moved(below: base) })
    case .or(let parts): return .or(parts.map { $0.moved(below: base) })
    }
  }

  /// The opposite.
  var negated: ComparisonExpression {
    switch self {
    case .comparison(var comparison):
      switch comparison.operator {
      case .equal: comparison.operator = .notEqual
      case .notEqual: comparison.operator = .equal
      default: comparison.isNegated.toggle()
      }
      return .comparison(comparison)
    case .exists(let path, let isNegated): return .exists(path, isNegated: !isNegated)
    case .and(let parts): return .or(parts.map(\.negated))
    case .or(let parts): return .and(parts.map(\.negated))
    }
  }
}

extension ObjectPath {
  /// Reads `values[*].data`: properties whose names hold no dot.
  init(_ objectType: String, below text: String) {
    var steps: [Step] = []
    for part in text.split(separator: ".") {
      if part.hasSuffix("[*]") {
        steps += [.property(String(part.dropLast(3))), .any]
      } else {
        steps.append(.property(String(part)))
      }
    }
    self.init(objectType, steps: steps)
  }
}
