internal import Names

/// A comparison made ready to be run often (STIX 2.1 §9.3 and 9.6).
///
/// What cannot be compared is not equal, and no order holds of it; `NOT` turns that round, as the reference matcher does.
struct ComparisonTest: Sendable {
  private enum Kind: Sendable {
    case equal(ConstantSet)
    /// One address or prefix that holds the value, where patterns are read leniently.
    case contained([IPPrefix], orEqual: ConstantSet)
    /// Which signs of the difference pass.
    case order(Constant, signs: ClosedRange<Int>)
    case like([UInt32])
    case matches(RegularExpression)
    case subset(IPPrefix)
    case superset(IPPrefix)
  }

  let path: ObjectPath
  private let kind: Kind
  private let isNegated: Bool

  /// - Parameter isLenient: Reads a prefix that an address is held equal to as the block of it.
  init(_ comparison: Comparison, isLenient: Bool) throws(MatchFault) {
    path = comparison.path
    let constants: [Constant]
    switch comparison.operand {
    case .constant(let constant): constants = [constant]
    case .set(let set): constants = set
    }
    isNegated = comparison.isNegated != (comparison.operator == .notEqual)
    switch comparison.operator {
    case .equal, .notEqual, .isIn:
      let blocks = isLenient && path.isOfAddress ? constants.compactMap { $0.writtenBlock } : []
      kind = blocks.isEmpty ? .equal(ConstantSet(constants)) : .contained(blocks, orEqual: ConstantSet(constants))
    case .less: kind = Self.order(constants, -1 ... -1)
    case .lessOrEqual: kind = Self.order(constants, -1...0)
    case .greater: kind = Self.order(constants, 1...1)
    case .greaterOrEqual: kind = Self.order(constants, 0...1)
    case .like: kind = .like(normalizedScalars(Self.text(constants)))
    case .matches:
      do { kind = .matches(try RegularExpression(normalized(Self.text(constants)))) } catch {
        throw .regularExpression(error, path: path)
      }
    case .isSubset: kind = .subset(try Self.block(constants, path))
    case .isSuperset: kind = .superset(try Self.block(constants, path))
    }
  }

  private static func order(_ constants: [Constant], _ signs: ClosedRange<Int>) -> Kind {
    // A tree that no text gave may have a set here; nothing is in an order with that.
    constants.count == 1 ? .order(constants[0], signs: signs) : .equal(ConstantSet([]))
  }

  private static func text(_ constants: [Constant]) -> String {
    if case .string(let text)? = constants.first { text } else { "" }
  }

  private static func block(_ constants: [Constant], _ path: ObjectPath) throws(MatchFault) -> IPPrefix {
    guard let block = IPPrefix(around: text(constants)) else { throw .notPrefix(text(constants), path: path) }
    return block
  }

  /// Whether a value passes.
  ///
  /// - Parameter observed: Which observed data it is of, for the words of a fault.
  func passes(_ value: ObservedValue, observed: Int, _ budget: inout WorkBudget) throws(MatchFault) -> Bool {
    switch kind {
    case .equal(let constants):
      return try equals(any: constants, value, observed, &budget) != isNegated
    case .contained(let blocks, let constants):
      if case .string(let text) = value, let own = IPPrefix(around: text), blocks.contains(where: { $0.contains(own) }) {
        return !isNegated
      }
      return try equals(any: constants, value, observed, &budget) != isNegated
    case .order(let constant, let signs):
      guard let order = try compare(value, constant, observed) else {
        // The reference negates octets that have no order with a string, and nothing else that has none.
        return isNegated && value.isTextual && constant.isTextual
      }
      return signs.contains(order) != isNegated
    case .like(let pattern):
      guard let scalars = value.scalars else { return isNegated }
      return try isLike(scalars, pattern, &budget) != isNegated
    case .matches(let expression):
      guard let scalars = value.scalars else { return isNegated }
      return try expression.isFound(in: scalars, &budget) != isNegated
    case .subset(let block):
      guard case .string(let text) = value, let own = IPPrefix(around: text) else { return isNegated }
      return block.contains(own) != isNegated
    case .superset(let block):
      guard case .string(let text) = value, let own = IPPrefix(around: text) else { return isNegated }
      return own.contains(block) != isNegated
    }
  }

  private func equals(any set: ConstantSet, _ value: ObservedValue, _ observed: Int, _ budget: inout WorkBudget)
    throws(MatchFault) -> Bool
  {
    let rest: [Constant]
    if case .string(let text) = value {
      if set.texts.contains(Array(text.utf8)) { return true }
      rest = set.others
    } else {
      rest = set.constants
    }
    try budget.spend(rest.count + 1)
    for constant in rest where try compare(value, constant, observed) == 0 { return true }
    return false
  }

  /// Below, at or above zero as the value is less than the constant, equal or greater; `nil` where they cannot be compared.
  /// Booleans have no order, but no operator asks for it.
  private func compare(_ value: ObservedValue, _ constant: Constant, _ observed: Int) throws(MatchFault) -> Int? {
    switch (value, constant) {
    case (.boolean(let left), .boolean(let right)): return left == right ? 0 : 1
    case (.integer(let left), .integer(let right)): return sign(left, right)
    case (.integer(let left), .float(let right)): return sign(Double(left), right)
    case (.float(let left), .integer(let right)): return sign(left, Double(right))
    case (.float(let left), .float(let right)): return sign(left, right)
    // Not by Swift's ==, for which differently composed characters are equal: §9.6 normalises for LIKE and MATCHES alone.
    case (.string(let left), .string(let right)): return sign(left.utf8, right.utf8)
    case (.string(let text), .timestamp(let right)):
      guard let left = Timestamp(stix: text) else { throw .notTimestamp(text, path: path, observed: observed) }
      return sign(left, right)
    case (.octets(let left), .hex(let right)), (.octets(let left), .binary(let right)): return sign(left, right)
    case (.string(let text), .hex(let right)), (.string(let text), .binary(let right)):
      return latin1(text).map { sign($0, right) }
    case (.octets(let left), .string(let text)): return latin1(text).map { sign(left, $0) }
    default: return nil
    }
  }

  private func sign<Value: Comparable>(_ left: Value, _ right: Value) -> Int { left < right ? -1 : left == right ? 0 : 1 }

  private func sign(_ left: some Sequence<UInt8>, _ right: some Sequence<UInt8>) -> Int {
    left.lexicographicallyPrecedes(right) ? -1 : left.elementsEqual(right) ? 0 : 1
  }

  /// The octets of a string whose characters are all below U+0100 (§9.3).
  private func latin1(_ text: String) -> [UInt8]? {
    var octets: [UInt8] = []
    for scalar in text.unicodeScalars {
      guard let octet = UInt8(exactly: scalar.value) else { return nil }
      octets.append(octet)
    }
    return octets
  }

  /// `%` is any text, `_` one character; the whole value is meant. Only the last `%` is tried again, which is enough.
  private func isLike(_ text: [UInt32], _ pattern: [UInt32], _ budget: inout WorkBudget) throws(MatchFault) -> Bool {
    var (place, wanted) = (0, 0)
    var last: (place: Int, wanted: Int)?
    while place < text.count {
      try budget.spend(1)
      if wanted < pattern.count, pattern[wanted] == UInt32(UInt8(ascii: "%")) {
        last = (place, wanted)
        wanted += 1
      } else if wanted < pattern.count, pattern[wanted] == UInt32(UInt8(ascii: "_")) || pattern[wanted] == text[place] {
        (place, wanted) = (place + 1, wanted + 1)
      } else if let tried = last {
        last = (tried.place + 1, tried.wanted)
        (place, wanted) = (tried.place + 1, tried.wanted + 1)
      } else {
        return false
      }
    }
    return pattern[wanted...].allSatisfy { $0 == UInt32(UInt8(ascii: "%")) }
  }
}

/// Constants of which one must be equal; strings are found at once, for there can be thousands.
private struct ConstantSet {
  let constants: [Constant]
  /// As octets: a Set of String takes differently composed characters for one.
  let texts: Set<[UInt8]>
  let others: [Constant]

  init(_ constants: [Constant]) {
    var (texts, others): (Set<[UInt8]>, [Constant]) = ([], [])
    for constant in constants {
      if case .string(let text) = constant { texts.insert(Array(text.utf8)) } else { others.append(constant) }
    }
    (self.constants, self.texts, self.others) = (constants, texts, others)
  }
}

extension ObservedValue {
  fileprivate var isTextual: Bool {
    switch self {
    case .string, .octets: true
    default: false
    }
  }
}

extension Constant {
  fileprivate var isTextual: Bool {
    switch self {
    case .string, .hex, .binary: true
    default: false
    }
  }

  /// The block that a string with a slash means; `nil` where it is none.
  fileprivate var writtenBlock: IPPrefix? {
    guard case .string(let text) = self, text.utf8.contains(UInt8(ascii: "/")) else { return nil }
    return IPPrefix(around: text)
  }
}

extension ObjectPath {
  /// The value of an address, by its own object or through a reference, whose object may be another.
  var isOfAddress: Bool {
    guard steps.last == .property("value") else { return false }
    if steps.count == 1 { return objectType == "ipv4-addr" || objectType == "ipv6-addr" }
    for step in steps.dropLast().reversed() {
      if case .property(let name) = step { return name.hasSuffix("_ref") || name.hasSuffix("_refs") }
    }
    return false
  }
}

extension IPPrefix {
  /// Reads a block that may be written by any address in it, as STIX allows (`192.0.2.7/24`), or an address alone.
  init?(around text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, let address = IPAddress(first) else { return nil }
    guard parts.count == 2 else {
      self.init(containing: address, length: address.bitWidth)
      return
    }
    guard 1...3 ~= parts[1].utf8.count, parts[1].utf8.allSatisfy({ $0 &- 0x30 < 10 }), let length = Int(parts[1]) else {
      return nil
    }
    self.init(containing: address, length: length)
  }

  /// Whether another block of the same family lies in this one.
  func contains(_ other: IPPrefix) -> Bool { other.length >= length && contains(other.address) }
}
