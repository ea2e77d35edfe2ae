internal import Foundation
internal import Notation

/// A value at the end of an object path, as it is compared (STIX 2.1 §9.3).
enum ObservedValue {
  /// Nothing can equal it: null, a list, a dictionary.
  case incomparable
  case boolean(Bool)
  case integer(Int64)
  case float(Double)
  case string(String)
  /// Of a property whose name ends in `_hex` or `_bin`.
  case octets([UInt8])

  /// - Parameter property: The name of the property that it is of.
  init(_ value: JSONValue, of property: String) {
    switch value.content {
    case .null, .array, .object: self = .incomparable
    case .boolean(let boolean): self = .boolean(boolean)
    case .number(let text): self = Int64(text).map { .integer($0) } ?? Double(text).map { .float($0) } ?? .incomparable
    case .string(let text):
      if property.hasSuffix("_hex"), let octets = hexadecimalOctets(text.utf8) {
        self = .octets(octets)
      } else if property.hasSuffix("_bin"), let octets = base64Octets(text.utf8) {
        self = .octets(octets)
      } else {
        self = .string(text)
      }
    }
  }

  /// What `LIKE` and `MATCHES` look at: a string in normal form C, or octets as the characters of the same numbers (§9.6); `nil`
  /// for all else.
  var scalars: [UInt32]? {
    switch self {
    case .string(let text): normalizedScalars(text)
    case .octets(let octets): octets.map { UInt32($0) }
    default: nil
    }
  }
}

/// The scalars of a text in Unicode normal form C.
func normalizedScalars(_ text: String) -> [UInt32] { normalized(text).unicodeScalars.map(\.value) }

/// A text in Unicode normal form C.
func normalized(_ text: String) -> String {
  text.utf8.allSatisfy { $0 < 0x80 } ? text : text.precomposedStringWithCanonicalMapping
}

extension ObservedData {
  /// What an object path leads to from one object: into dictionaries and lists, and through references (§9.5).
  ///
  /// Departure: `[*]` takes all values of a dictionary too, since patterns such as `file:hashes[*] = '…'` are published.
  func values(_ path: ObjectPath, from object: JSONValue, _ budget: inout WorkBudget) throws(MatchFault) -> [ObservedValue] {
    var (reached, property) = ([object], "")
    for step in path.steps {
      switch step {
      case .property(let name):
        property = name
        reached = try follow(reached.compactMap { $0[name] }, property, &budget)
      case .index(let index): reached = reached.compactMap { $0.items.flatMap { $0.indices.contains(index) ? $0[index] : nil } }
      case .any:
        // What lists refer to each other can double with each step.
        try budget.spend(reached.reduce(0) { $0 + ($1.items?.count ?? $1.members?.count ?? 0) } * Self.workOfValue)
        reached = reached.flatMap { $0.items ?? $0.members?.map(\.value) ?? [] }
      }
      if reached.isEmpty { return [] }
      try budget.spend(reached.count)
    }
    return reached.map { ObservedValue($0, of: property) }
  }

  /// A value that is kept takes memory too, so that the budget of work bounds it.
  private static let workOfValue = 64

  /// Puts what they refer to in the place of references.
  private func follow(_ values: [JSONValue], _ property: String, _ budget: inout WorkBudget) throws(MatchFault) -> [JSONValue] {
    if property.hasSuffix("_ref") { return values.compactMap { $0.string.flatMap { referents[$0] } } }
    guard property.hasSuffix("_refs") else { return values }
    try budget.spend(values.reduce(0) { $0 + ($1.items?.count ?? 0) } * Self.workOfValue)
    return values.map { list in
      var list = list
      list.content = .array((list.items ?? []).compactMap { $0.string.flatMap { referents[$0] } })
      return list
    }
  }
}
