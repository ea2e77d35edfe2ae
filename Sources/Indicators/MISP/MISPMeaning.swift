internal import Notation

/// How the value of an attribute is sought, by its type (MISP core format, attribute types).
///
/// Two decisions differ from what MISP's own conversion to STIX does, which joins all parts of a value by AND:
/// - Of a domain and its address each is sought alone, as MISP's own exports for detection do: who asks for the name and who
///   talks to the address both matter, and a log seldom holds both.
/// - A port or a file's name beside an address, a name or a hash is not sought: the hash is the same under any other name, and a
///   log of answers has no ports. What was written stays in the indicator's title.
enum MISPMeaning {
  /// Each of these alone tells it: a name, an address, a hash.
  case identifying([ComparisonExpression])
  /// Tells something together with others alone: a file's name, a port, a subject.
  case describing(ComparisonExpression)
  /// A rule in a language of its own.
  case rule(language: String)
  /// The name of what the event is about.
  case context
  case unknown
  /// What the type wants, where the value is not that.
  case refused(type: String)

  /// - Returns: The meaning, and what the value is read as where it is not what its type says.
  static func read(type: String, value: String) -> (meaning: MISPMeaning, readAs: Observable?) {
    let type = type.lowercased()
    switch type {
    case "domain", "hostname", "ip-src", "ip-dst", "url", "link", "email", "email-src", "email-dst", "email-reply-to":
      return observable(value, type == "email-reply-to" ? "email" : type)
    case "uri":
      // A path where the type stands in an HTTP request, else a URL.
      guard value.hasPrefix("/") else { return observable(value, type) }
      return (.describing(.equal(ObjectPath("network-traffic", http + ["request_value"]), value)), nil)
    case "ip-src|port", "ip-dst|port", "hostname|port":
      return observable(split(value, atLast: true)?.first, String(type.dropLast(5)))
    case "domain|ip": return bothAlone(value)
    case "malware-sample": return observable(split(value, atLast: true)?.last, "md5")
    case "regkey|value":
      guard let (key, data) = split(value, atLast: false) else { return (.refused(type: type), nil) }
      let values = ObjectPath("windows-registry-key", steps: [.property("values"), .any, .property("data")])
      return (.identifying([.and([.equal(ObjectPath("windows-registry-key", ["key"]), key), .equal(values, data)])]), nil)
    case "github-username":
      let account = ObjectPath("user-account", ["account_login"])
      return (
        .identifying([.and([.equal(ObjectPath("user-account", ["account_type"]), "github"), .equal(account, value)])]), nil
      )
    case "snort", "suricata", "yara", "sigma": return (.rule(language: type), nil)
    default: break
    }
    if contextTypes.contains(type) { return (.context, nil) }
    if type.hasPrefix("filename|") {
      guard let (name, hash) = split(value, atLast: true), !name.isEmpty else { return (.refused(type: type), nil) }
      // What follows the last bar has none, so this goes no deeper.
      return read(type: String(type.dropFirst(9)), value: hash)
    }
    if type.hasPrefix("x509-fingerprint-") || HashAlgorithm(name: type) != nil { return observable(value, type) }
    if let name = furtherHashes[type] {
      // Those in hexadecimal are the same in either case; others are not.
      let hash = value.utf8.allSatisfy { isHexadecimal($0) } ? value.lowercased() : value
      guard HashAlgorithm.isValue(hash, named: name) else { return (.refused(type: type), nil) }
      return (.identifying([.equal(ObjectPath("file", ["hashes", name]), hash)]), nil)
    }
    if let path = identifying[type] { return (.identifying([.equal(path, value)]), nil) }
    if let path = describing[type] { return (.describing(.equal(path, value)), nil) }
    if let (path, isAlone) = numbers[type] {
      let digits = type == "as" && value.lowercased().hasPrefix("as") ? value.dropFirst(2) : value[...]
      guard let number = Int64(digits), number >= 0 else { return (.refused(type: type), nil) }
      let comparison = ComparisonExpression.comparison(
        Comparison(path: path, isNegated: false, operator: .equal, operand: .constant(.integer(number))))
      return (isAlone ? .identifying([comparison]) : .describing(comparison), nil)
    }
    return (.unknown, nil)
  }

  /// Text in an object, which its relation alone explains.
  static func read(text value: String, object: String, relation: String) -> MISPMeaning {
    texts["\(object)/\(relation)"].map { .describing(.equal($0, value)) } ?? .unknown
  }

  // MARK: Values

  private static func observable(_ value: String?, _ type: String) -> (MISPMeaning, Observable?) {
    guard let value, let (observable, isOfType) = Observable.read(value, as: type) else { return (.refused(type: type), nil) }
    return (.identifying([observable.comparison]), isOfType ? nil : observable)
  }

  private static func bothAlone(_ value: String) -> (MISPMeaning, Observable?) {
    guard let (first, last) = split(value, atLast: false),
      let (name, isName) = Observable.read(first, as: "domain"), let (address, isAddress) = Observable.read(last, as: "ip-dst")
    else { return (.refused(type: "domain|ip"), nil) }
    let readAs: Observable? = if !isName { name } else if !isAddress { address } else { nil }
    return (.identifying([name.comparison, address.comparison]), readAs)
  }

  /// The two parts of a composite value. A file's name may hold a bar and what stands before it; what follows it may not.
  private static func split(_ value: String, atLast: Bool) -> (first: String, last: String)? {
    guard let bar = atLast ? value.lastIndex(of: "|") : value.firstIndex(of: "|") else { return nil }
    let (first, last) = (String(value[..<bar]), String(value[value.index(after: bar)...]))
    return last.isEmpty ? nil : (first, last)
  }

  // MARK: Tables

  /// Types of attributes that name what their event is about.
  static let contextTypes: Set<String> = ["campaign-name", "threat-actor"]

  private static let http = ["extensions", "http-request-ext"]

  /// Hashes that STIX's vocabulary does not name (STIX 2.1 §10.7 is open), under the names that MISP's conversion gives them.
  private static let furtherHashes = [
    "authentihash": "AUTHENTIHASH", "cdhash": "CDHASH", "imphash": "IMPHASH", "impfuzzy": "IMPFUZZY", "pehash": "PEHASH",
    "sha3-224": "SHA3-224", "sha3-384": "SHA3-384", "sha512/224": "SHA-512/224", "sha512/256": "SHA-512/256",
    "telfhash": "TELFHASH", "vhash": "VHASH",
  ]

  private static let identifying = [
    "email-message-id": ObjectPath("email-message", ["message_id"]),
    "mac-address": ObjectPath("mac-addr", ["value"]),
    "mutex": ObjectPath("mutex", ["name"]),
    "regkey": ObjectPath("windows-registry-key", ["key"]),
  ]

  private static let describing = [
    "attachment": ObjectPath("file", ["name"]),
    "email-attachment": ObjectPath(
      "email-message", steps: [.property("body_multipart"), .any, .property("body_raw_ref"), .property("name")]),
    "email-body": ObjectPath("email-message", ["body"]),
    "email-header": ObjectPath("email-message", steps: [.property("received_lines"), .any]),
    "email-subject": ObjectPath("email-message", ["subject"]),
    "email-x-mailer": ObjectPath("email-message", ["additional_header_fields", "X-Mailer"]),
    "filename": ObjectPath("file", ["name"]),
    "http-method": ObjectPath("network-traffic", http + ["request_method"]),
    "user-agent": ObjectPath("network-traffic", http + ["request_header", "User-Agent"]),
  ]

  /// Whether a number alone tells it.
  private static let numbers = [
    "as": (ObjectPath("autonomous-system", ["number"]), true),
    "port": (ObjectPath("network-traffic", ["dst_port"]), false),
    "size-in-bytes": (ObjectPath("file", ["size"]), false),
  ]

  private static let texts = [
    "directory/path": ObjectPath("directory", ["path"]),
    "file/path": ObjectPath("file", ["parent_directory_ref", "path"]),
    "mutex/name": ObjectPath("mutex", ["name"]),
    "registry-key/data": ObjectPath("windows-registry-key", steps: [.property("values"), .any, .property("data")]),
    "registry-key/name": ObjectPath("windows-registry-key", steps: [.property("values"), .any, .property("name")]),
    "x509/issuer": ObjectPath("x509-certificate", ["issuer"]),
    "x509/serial-number": ObjectPath("x509-certificate", ["serial_number"]),
    "x509/subject": ObjectPath("x509-certificate", ["subject"]),
  ]
}
