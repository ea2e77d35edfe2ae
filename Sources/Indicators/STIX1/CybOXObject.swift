internal import Names
internal import Notation

// CybOX 2.x objects as tests of STIX 2.1 objects. What a STIX 2.1 object has no property for is left out with a remark.

extension STIX1Reader {
  /// The test of an object's properties; `nil`, with a remark, where nothing in them can be said.
  mutating func comparison(object: XMLElement, levels: Int) -> ComparisonExpression? {
    guard let properties = object["Properties"] else {
      publication.remark(object.place, .noValue)
      return nil
    }
    guard let own = comparison(properties: properties, levels: levels) else { return nil }
    guard relations == .required, isName(object) else { return own }
    // STIX 2.1 §6.4: what a name resolves to belongs to the name.
    var all = [own]
    for related in object["Related_Objects"]?.children ?? [] where related.name == "Related_Object" && isResolution(related) {
      let base = ObjectPath("domain-name", below: "resolves_to_refs[*]")
      if let inner = related["Properties"] {
        guard levels > 1, let address = comparison(properties: inner, levels: levels - 1) else { continue }
        all.append(address.moved(below: base))
        continue
      }
      let reference = related.attributes["idref"]
      guard let target = reference.flatMap(self.properties(of:)) else {
        publication.remark(related.place, .danglingReference(reference ?? related.name))
        continue
      }
      if let address = part(target, of: related, below: base, levels: levels - 1) { all.append(address) }
    }
    return .all(all)
  }

  mutating func comparison(properties: XMLElement, levels: Int) -> ComparisonExpression? {
    guard levels > 0 else { return nil }
    let type = Self.type(properties)
    let before = publication.remarkCount
    var found: ComparisonExpression?
    switch type {
    case "AddressObjectType": found = address(properties)
    case "DomainNameObjectType": found = properties["Value"].flatMap { name($0) }
    case "HostnameObjectType": found = properties["Hostname_Value"].flatMap { name($0) }
    case "URIObjectType", "LinkObjectType": found = uri(properties)
    case "DNSRecordObjectType": found = dnsRecord(properties)
    case "DNSQueryObjectType": found = dnsQuery(properties, levels: levels - 1)
    case "PortObjectType": found = port(properties, "dst")
    case "SocketAddressObjectType": found = socketAddress(properties, direction(of: properties))
    case "NetworkConnectionObjectType": found = networkConnection(properties)
    case "NetworkPacketObjectType": found = networkPacket(properties)
    case "NetworkSocketObjectType": found = networkSocket(properties)
    case "HTTPSessionObjectType": found = httpSession(properties)
    case "EmailMessageObjectType": found = emailMessage(properties, levels: levels - 1)
    case let type where type.hasSuffix("FileObjectType"): found = file(properties, type)
    case "ArtifactObjectType": found = artifact(properties)
    case "WindowsRegistryKeyObjectType": found = registryKey(properties)
    case "ProcessObjectType", "WindowsProcessObjectType", "UnixProcessObjectType", "WindowsServiceObjectType":
      found = process(properties)
    case "X509CertificateObjectType": found = certificate(properties)
    case let type where type.hasSuffix("AccountObjectType"): found = account(properties, type)
    default:
      guard let table = CybOXTable.tables[type] else {
        publication.remark(properties.place, .unknownType(type))
        return nil
      }
      found = tests(properties, table)
    }
    if let root = CybOXTable.customRoots.first(where: { type.hasSuffix($0.key) })?.value {
      found = Self.joined([found, custom(properties["Custom_Properties"], root)])
    }
    if found == nil, publication.remarkCount == before { publication.remark(properties.place, .noValue) }
    return found
  }

  /// All tests that there are.
  static func joined(_ tests: [ComparisonExpression?]) -> ComparisonExpression? {
    let tests = tests.compactMap(\.self)
    return tests.isEmpty ? nil : .all(tests)
  }

  /// The tests of those children that a table has, joined; others are remarked upon.
  mutating func tests(_ element: XMLElement, _ table: CybOXTable) -> ComparisonExpression? {
    let type = Self.type(element)
    var tests: [ComparisonExpression] = []
    for child in element.children {
      if let (path, kind) = table.properties[child.name] {
        if let test = comparison(child, path, kind) { tests.append(test) }
      } else if !table.others.contains(child.name), child.name != "Custom_Properties" {
        publication.remark(child.place, .unsupported("\(type.isEmpty ? element.name : type)/\(child.name)"))
      }
    }
    return Self.joined(tests)
  }

  /// Properties that a publisher added. STIX 2.1 §11.1 names such ones `x_…`.
  private mutating func custom(_ properties: XMLElement?, _ root: String) -> ComparisonExpression? {
    var tests: [ComparisonExpression?] = []
    for property in properties?.children ?? [] where property.name == "Property" {
      guard let name = property.attributes["name"]?.trimmed.lowercased(), !name.isEmpty,
        name.unicodeScalars.allSatisfy({
          $0 == " " || $0 == "_" || $0 == "-" || $0.isASCII && $0.properties.isAlphabetic || $0.value &- 0x30 < 10
        })
      else {
        publication.remark(property.place, .unsupported("a custom property without a plain name"))
        continue
      }
      let plain = String(name.map { $0 == " " || $0 == "-" ? "_" : $0 })
      tests.append(comparison(property, ObjectPath(root, ["x_" + plain])))
    }
    return Self.joined(tests)
  }

  /// The hashes of a `Hashes` element: any of them is enough, since each names the same thing.
  ///
  /// A hash that is not what its type says is read by its length.
  mutating func hashes(_ element: XMLElement?, _ root: ObjectPath) -> ComparisonExpression? {
    var tests: [ComparisonExpression] = []
    for hash in element?.children ?? [] where hash.name == "Hash" {
      guard let element = hash["Simple_Hash_Value"] ?? hash["Fuzzy_Hash_Value"] else { continue }
      guard let (condition, values) = condition(element) else { continue }
      let isFuzzy = element.name == "Fuzzy_Hash_Value"
      let type = hash["Type"]?.content ?? (isFuzzy ? "SSDEEP" : "")
      let test = combine(element, condition, values) { reader, value in
        reader.hash(element, root, condition, value.trimmed, type)
      }
      if let test { tests.append(test) }
    }
    return tests.isEmpty ? nil : .any(tests)
  }

  private mutating func hash(
    _ element: XMLElement, _ root: ObjectPath, _ condition: CybOXCondition, _ value: String, _ type: String
  ) -> ComparisonExpression? {
    let named = HashAlgorithm(name: type)
    guard let comparison = condition.comparison else {
      guard let named else { return nil }
      return likeness(element, Self.path(root, named), condition, value.lowercased())
    }
    var found = named.flatMap { algorithm in algorithm.value(value).map { (algorithm, $0) } }
    if found == nil, let algorithm = HashAlgorithm(digits: value.utf8.count), let digits = algorithm.value(value) {
      if !type.isEmpty, named != nil {
        publication.remark(element.place, .readAs(type: type, written: value, value: "\(algorithm.rawValue) \(digits)"))
      }
      found = (algorithm, digits)
    }
    guard let (algorithm, digits) = found else {
      publication.remark(element.place, .notOfType(type: type.isEmpty ? "hash" : type, value: value))
      return nil
    }
    return .comparison(
      Comparison(
        path: Self.path(root, algorithm), isNegated: false, operator: comparison, operand: .constant(.string(digits))))
  }

  private static func path(_ root: ObjectPath, _ algorithm: HashAlgorithm) -> ObjectPath {
    ObjectPath(root.objectType, steps: root.steps + [.property("hashes"), .property(algorithm.rawValue)])
  }
}
