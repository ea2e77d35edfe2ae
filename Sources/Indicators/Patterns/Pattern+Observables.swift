internal import Names

extension Pattern {
  /// That one observable is seen.
  public init(_ observable: Observable) { self.init(observable.comparison) }

  /// The values that the pattern looks for by equality, so that they can be looked up in tables: in the order of the text, each
  /// once.
  ///
  /// A value is sufficient if it makes the pattern true alone, whenever it is seen: only OR stands above it. What `NOT` and `!=`
  /// exclude, and patterns of text other than `LIKE '%.name'`, are not among them. `=` with a prefix is the prefix here, since
  /// that is meant (see `Pattern.matches`, which takes it by the letter unless it is told otherwise).
  ///
  /// That a reference leads to an object of a type (`dst_ref.type = 'ipv4-addr'`) is no value of its own where the same AND also
  /// looks for that object's value: no other type has such a value.
  public var observables: [(observable: Observable, isSufficient: Bool)] {
    var found = Collected()
    found.add(expression, isSufficient: true)
    return found.order.map { ($0, found.sufficient.contains($0)) }
  }

  private struct Collected {
    var order: [Observable] = []
    var known: Set<Observable> = []
    var sufficient: Set<Observable> = []

    mutating func add(_ expression: ObservationExpression, isSufficient: Bool) {
      switch expression {
      case .observation(let comparison): add(comparison, isSufficient: isSufficient)
      case .or(let parts): for part in parts { add(part, isSufficient: isSufficient) }
      case .and(let parts), .followedBy(let parts):
        for part in parts { add(part, isSufficient: isSufficient && parts.count == 1) }
      case .qualified(let inner, .within), .qualified(let inner, .repeats(1)): add(inner, isSufficient: isSufficient)
      // Between START and STOP it says nothing of any other time.
      case .qualified(let inner, .repeats), .qualified(let inner, .startStop): add(inner, isSufficient: false)
      }
    }

    mutating func add(_ expression: ComparisonExpression, isSufficient: Bool) {
      switch expression {
      case .exists: break
      case .or(let parts): for part in parts { add(part, isSufficient: isSufficient) }
      case .and(let parts):
        let implied = ImpliedTypes(parts)
        let telling = parts.filter { !implied.holds($0) }
        for part in telling { add(part, isSufficient: isSufficient && telling.count == 1) }
      case .comparison(let comparison):
        for observable in comparison.observables {
          if known.insert(observable).inserted { order.append(observable) }
          if isSufficient { sufficient.insert(observable) }
        }
      }
    }
  }
}

/// Which types of objects the values of one AND imply: whoever looks for the value of an object that a reference leads to need not ask
/// for its type. By the path to the object, so that thousands of parts are not held against each other.
private struct ImpliedTypes {
  /// Of values at each path; where one is no value of any type, all types are implied.
  private var types: [ObjectPath: Set<String>] = [:]
  private var all: Set<ObjectPath> = []

  init(_ parts: [ComparisonExpression]) {
    // Few patterns ask for a type at all.
    guard parts.contains(where: { Self.typeTest($0) != nil }) else { return }
    for case .comparison(let comparison) in parts {
      guard comparison.isPlainEquality, let object = Self.object(of: comparison.path, property: "value") else { continue }
      let found = Set(comparison.observables.map(\.type))
      if found.isEmpty { all.insert(object) } else if found.count == 1 { types[object, default: []].formUnion(found) }
    }
  }

  /// Whether a part only asks for a type that is implied.
  func holds(_ part: ComparisonExpression) -> Bool {
    guard let (object, type) = Self.typeTest(part) else { return false }
    return all.contains(object) || types[object]?.contains(type) == true
  }

  private static func typeTest(_ part: ComparisonExpression) -> (object: ObjectPath, type: String)? {
    guard case .comparison(let comparison) = part, comparison.isPlainEquality,
      case .constant(.string(let type)) = comparison.operand, let object = object(of: comparison.path, property: "type")
    else { return nil }
    return (object, type)
  }

  /// The path to the object whose property a path ends with; `nil` where the path ends otherwise, or leads to no other object.
  private static func object(of path: ObjectPath, property: String) -> ObjectPath? {
    guard path.steps.count > 1, path.steps.last == .property(property) else { return nil }
    return ObjectPath(path.objectType, steps: Array(path.steps.dropLast()))
  }
}

extension Comparison {
  fileprivate var isPlainEquality: Bool { !isNegated && (`operator` == .equal || `operator` == .isSubset) }

  /// What it looks for by equality, or as one block of addresses or names.
  var observables: [Observable] {
    guard !isNegated else { return [] }
    switch (`operator`, operand) {
    case (.equal, .constant(let constant)): return [path.observable(constant)].compactMap { $0 }
    case (.isIn, .set(let constants)): return constants.compactMap { path.observable($0) }
    case (.isSubset, .constant(.string(let text))):
      guard path.isOfAddress, let prefix = IPPrefix(around: text) else { return [] }
      return [Observable(prefix)]
    case (.like, .constant(.string(let text))):
      guard text.hasPrefix("%."), !text.dropFirst().contains(where: { $0 == "%" || $0 == "_" }), path.isOfName,
        case (.name(let name, _), true)? = Observable.read(text.dropFirst(2), as: "domain-name")
      else { return [] }
      return [.name(name, .below)]
    default: return []
    }
  }
}

extension ObjectPath {
  /// The value of a domain name, by its own object or where a reference can lead to one.
  fileprivate var isOfName: Bool {
    guard steps.last == .property("value") else { return false }
    return steps.count == 1 ? objectType == "domain-name" : ["src_ref", "dst_ref", "resolves_to_refs"].contains(reference)
  }

  /// The name of the property whose reference leads to the last step's object.
  private var reference: String? {
    for step in steps.dropLast().reversed() {
      if case .property(let name) = step { return name.hasSuffix("_ref") || name.hasSuffix("_refs") ? name : nil }
    }
    return nil
  }

  /// The observable that has a constant at this path; `nil` for an empty one.
  fileprivate func observable(_ constant: Constant) -> Observable? {
    guard let text = constant.plainText, !text.isEmpty else { return nil }
    return known(text) ?? .other(self, value: text)
  }

  private func known(_ text: String) -> Observable? {
    guard case .property(let last)? = steps.last else { return nil }
    if steps.count >= 2, steps[steps.count - 2] == .property("hashes") { return hash(text, last) }
    guard last == "value" else { return nil }
    if steps.count == 1 {
      switch objectType {
      case "ipv4-addr", "ipv6-addr": return address(text) ?? Self.read(text, "ipv4-addr")
      case "domain-name", "url", "email-addr": return Self.read(text, objectType)
      default: return nil
      }
    }
    guard let reference else { return nil }
    if objectType == "email-message" || ["from_ref", "sender_ref", "to_refs", "cc_refs", "bcc_refs"].contains(reference) {
      return Self.read(text, "email-addr")
    }
    guard ["src_ref", "dst_ref", "resolves_to_refs"].contains(reference) else { return nil }
    return address(text) ?? Self.read(text, "domain-name")
  }

  private static func read(_ text: String, _ type: String) -> Observable? { Observable.read(text, as: type)?.observable }

  private func address(_ text: String) -> Observable? { IPPrefix(around: text).map { Observable($0) } }

  /// Of a whole certificate, or of a file's content: its own, or through a reference; a section of a file is not the file.
  private func hash(_ text: String, _ name: String) -> Observable? {
    guard let algorithm = HashAlgorithm(name: name), let value = algorithm.value(text) else { return nil }
    if steps.count > 2 {
      let object = ObjectPath(objectType, steps: Array(steps.dropLast()))
      return object.reference == nil ? nil : .fileHash(algorithm, value)
    }
    switch objectType {
    case "file", "artifact": return .fileHash(algorithm, value)
    case "x509-certificate": return .certificateHash(algorithm, value)
    default: return nil
    }
  }
}

extension Observable {
  fileprivate init(_ prefix: IPPrefix) {
    self = prefix.length == prefix.address.bitWidth ? .address(prefix.address) : .prefix(prefix)
  }
}

extension Constant {
  /// As it is looked up: without quotes.
  fileprivate var plainText: String? {
    switch self {
    case .string(let text): text
    case .integer(let number): String(number)
    case .timestamp(let timestamp): "\(timestamp)"
    case .float, .boolean: "\(self)"
    case .hex(let octets), .binary(let octets): hexadecimalText(octets)
    }
  }
}
