internal import Notation

// What is on a host: CybOX 2.x Registry Key, Process, Account, X.509 Certificate.

extension STIX1Reader {
  mutating func registryKey(_ properties: XMLElement) -> ComparisonExpression? {
    var all: [ComparisonExpression?] = [registryPath(properties)]
    for value in properties["Values"]?.children ?? [] { all.append(tests(value, CybOXTable.registryValue)) }
    for child in properties.children where !["Key", "Hive", "Values", "Custom_Properties"].contains(child.name) {
      publication.remark(child.place, .unsupported("registry key/\(child.name)"))
    }
    return Self.joined(all)
  }

  /// STIX 2.1 §6.17 has the key with its hive. Where only a part of the key is told, the hive is how it starts.
  private mutating func registryPath(_ properties: XMLElement) -> ComparisonExpression? {
    let path = ObjectPath("windows-registry-key", ["key"])
    let hive = properties["Hive"]
    guard var key = properties["Key"] else { return hive.flatMap { comparison($0, path) } }
    guard let start = hive?.content, let rest = key.content, !rest.hasPrefix(start) else { return comparison(key, path) }
    switch CybOXCondition(key.attributes["condition"] ?? "Equals") {
    case .equals, .startsWith, .inclusiveBetween:
      key.text = start + "\\" + rest
      return comparison(key, path)
    default: return Self.joined([comparison(key, path), .part(path, start + "\\", atStart: true)])
    }
  }

  mutating func process(_ properties: XMLElement) -> ComparisonExpression? {
    var all = [tests(properties, CybOXTable.process)]
    for list in ["Image_Info", "Child_PID_List", "Description_List"] {
      all.append(properties[list].flatMap { tests($0, CybOXTable.process) })
    }
    for variable in properties["Environment_Variable_List"]?.children ?? [] {
      guard let name = variable["Name"]?.content, let value = variable["Value"] else { continue }
      all.append(comparison(value, ObjectPath("process", ["environment_variables", name])))
    }
    for connection in properties["Network_Connection_List"]?.children ?? [] {
      all.append(networkConnection(connection)?.moved(below: ObjectPath("process", below: "opened_connection_refs[*]")))
    }
    return Self.joined(all)
  }

  /// - Parameter type: The object's type, which says whose account it is.
  mutating func account(_ properties: XMLElement, _ type: String) -> ComparisonExpression? {
    var all: [ComparisonExpression?] = []
    if ["true", "1"].contains(properties.attributes["disabled"]) {
      let path = ObjectPath("user-account", ["is_disabled"])
      all.append(.comparison(Comparison(path: path, isNegated: false, operator: .equal, operand: .constant(.boolean(true)))))
    }
    all.append(tests(properties, CybOXTable.account))
    guard all.contains(where: { $0 != nil }) else { return nil }
    if type == "UnixUserAccountObjectType" { all.append(.equal(ObjectPath("user-account", ["account_type"]), "unix")) }
    return Self.joined(all)
  }

  mutating func certificate(_ properties: XMLElement) -> ComparisonExpression? {
    let fingerprint = properties["Certificate_Signature"].flatMap(Self.fingerprint)
    guard let certificate = properties["Certificate"] else {
      if fingerprint == nil {
        publication.remark(properties.place, .unsupported("an X.509 certificate that is only given whole"))
      }
      return fingerprint
    }
    var all = [fingerprint, tests(certificate, CybOXTable.certificate)]
    all.append(certificate["Validity"].flatMap { tests($0, CybOXTable.validity) })
    if let key = certificate["Subject_Public_Key"] {
      all.append(tests(key, CybOXTable.publicKey))
      all.append(key["RSA_Public_Key"].flatMap { tests($0, CybOXTable.publicKey) })
    }
    if let extensions = certificate["Standard_Extensions"] {
      all.append(tests(extensions, CybOXTable.certificateExtensions))
      all.append(extensions["Private_Key_Usage_Period"].flatMap { tests($0, CybOXTable.keyUsagePeriod) })
    }
    return Self.joined(all)
  }

  /// A fingerprint, which MISP writes in the place of the signature, with the name of the hash as its algorithm. No signature is as short
  /// as a hash.
  private static func fingerprint(_ signature: XMLElement) -> ComparisonExpression? {
    guard let element = signature["Signature"], CybOXCondition(element.attributes["condition"] ?? "Equals") == .equals,
      let algorithm = signature["Signature_Algorithm"]?.content.flatMap({ HashAlgorithm(name: $0) }), algorithm.digits != nil,
      let digits = element.content.flatMap({ algorithm.value($0.trimmed) })
    else { return nil }
    return .equal(ObjectPath("x509-certificate", ["hashes", algorithm.rawValue]), digits)
  }
}
