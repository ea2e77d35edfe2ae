internal import DNSWire

/// The one table of keys: what is read, suggested, refused and described in the JSON Schema comes from here.
struct DeclarationKey: Sendable {
  enum Use: Sendable {
    /// Read and honoured.
    case read(Shape)
    /// Accepted with a notice.
    case notChecked
    /// Refused, since ignoring it would change verdicts; what to write instead.
    case refused(instead: String)
  }

  var name: String
  var use: Use
  var says: String

  init(_ name: String, _ shape: Shape, _ says: String) { (self.name, use, self.says) = (name, .read(shape), says) }
  init(_ name: String, _ use: Use, _ says: String = "") { (self.name, self.use, self.says) = (name, use, says) }
}

/// The keys of one mapping.
struct DeclarationKeys: Sendable {
  /// How sentences name the mapping; absent for the declaration itself.
  var title: String?
  var keys: [DeclarationKey]
  var required: [String] = []

  func key(_ name: String) -> DeclarationKey? { keys.first { $0.name == name } }

  /// The keys that a person may write.
  var known: [String] {
    keys.compactMap { if case .refused = $0.use { nil } else { $0.name } }
  }
}

/// What a value may look like; as much of it as JSON Schema can say.
indirect enum Shape: Sendable {
  case text(pattern: String?)
  case word(String)
  case integer(ClosedRange<Int>)
  case number(ClosedRange<Double>)
  case boolean
  case list(Shape, least: Int)
  case mapping(DeclarationKeys)
  /// Each key is a name that the owner chooses.
  case named(Shape, names: String)
  case any(of: [Shape])

  static let anyText = Shape.text(pattern: nil)
}

extension DeclarationKeys {
  static let root = DeclarationKeys(
    title: nil,
    keys: [
      DeclarationKey("version", .integer(1...1), "The version of this format."),
      DeclarationKey("organisation", .anyText, "Who owns the domains."),
      DeclarationKey(
        "resolvers", .any(of: [.list(server, least: 1), .mapping(resolvers)]),
        "Who else is asked; all of them must agree, or as many as agree says."),
      DeclarationKey("network", .mapping(network), "Where the hierarchy begins and how it is asked."),
      DeclarationKey("domains", .named(.mapping(domain), names: "domain names"), "What the organisation intends, by domain."),
      DeclarationKey(
        "groups", .named(.list(.anyText, least: 1), names: "names of groups"),
        "Values that are shared by name: $name stands for them in any list."),
      DeclarationKey(
        "changes", .list(.mapping(change), least: 0), "What is planned: both values are intended inside the window."),
      DeclarationKey(
        "exceptions", .list(.mapping(exception), least: 0), "Departures that are accepted for a time, and counted apart."),
      DeclarationKey(
        "inventory", .list(prefix, least: 1), "Addresses that are the organisation's own, also in a provider's prefixes."),
      DeclarationKey(
        "clouds", .named(.any(of: [.list(prefix, least: 1), .anyText]), names: "names of providers"),
        "Whose customers get and give back addresses: prefixes, or the file that the provider publishes."),
      DeclarationKey("accounts", .notChecked, "Systems with accounts that can change DNS. Not checked by this version."),
    ], required: ["version", "domains"])

  static let resolvers = DeclarationKeys(
    title: "resolvers",
    keys: [
      DeclarationKey("servers", .list(server, least: 1), "The resolvers."),
      DeclarationKey("agree", .integer(1...1_000), "How many of them must see the intended value; all where it is not written."),
    ], required: ["servers"])

  static let network = DeclarationKeys(
    title: "network",
    keys: [
      DeclarationKey(
        "roots", .list(.any(of: [address, .mapping(rootServer)]), least: 1),
        "The root servers; the public ones where it is not written."),
      DeclarationKey("port", .integer(1...65_535), "The port of every authoritative server: 53."),
      DeclarationKey("ipv6", .boolean, "Whether IPv6 addresses are asked: true."),
      DeclarationKey("timeout", duration, "How long one attempt waits for its reply: 2s."),
      DeclarationKey("retries", .integer(0...20), "How often a question is sent again: 3."),
      DeclarationKey("perServerRate", .number(0.1...1_000_000), "Questions per second to one server: 100."),
      DeclarationKey("width", .integer(1...100_000), "Questions under way at once, to all servers together: 8192."),
      DeclarationKey(
        "trustAnchors", .any(of: [.list(.anyText, least: 1), .anyText]),
        "DS or DNSKEY records, or a file of them; the system's root key where it is not written."),
      DeclarationKey(
        "tlsAuthorities", .anyText,
        "A PEM file of certificate authorities, for DNS over TLS and for services; the system's where it is not written."),
      DeclarationKey(
        "originDatabase", .anyText, "A MaxMind DB or a pfx2as file that says who announces an address, for originAS."),
      DeclarationKey("ports", .mapping(ports), "Where web and mail servers listen."),
    ])

  static let ports = DeclarationKeys(
    title: "ports",
    keys: [
      DeclarationKey("https", .integer(1...65_535), "443."),
      DeclarationKey("http", .integer(1...65_535), "80."),
      DeclarationKey("smtp", .integer(1...65_535), "25."),
    ])

  static let rootServer = DeclarationKeys(
    title: "a root server",
    keys: [
      DeclarationKey("name", .anyText, "Its host name."),
      DeclarationKey("address", address, "Its address, without port."),
    ], required: ["address"])
}

extension RRType {
  /// The types that people declare by name; suggestions come from these.
  static let declarable = [
    "A", "AAAA", "CAA", "CNAME", "DNAME", "DNSKEY", "DS", "HINFO", "HTTPS", "LOC", "MX", "NAPTR", "NS", "OPENPGPKEY", "PTR",
    "SMIMEA",
    "SRV", "SSHFP", "SVCB", "TLSA", "TXT", "URI",
  ]

  /// The types whose records a server or signer makes and renews by itself.
  static let generated: [RRType] = [.rrsig, .nsec, .nsec3, .nsec3param, .zonemd]
  /// Those that a signer adds to a zone when it signs it.
  static let addedBySigner: [RRType] = [.dnskey, .cds, .cdnskey]

  /// What `absent` for a whole name asks for: the types through which a name leads somewhere or proves something.
  static let keyTypes = ["A", "AAAA", "CNAME", "MX", "TXT"].compactMap { RRType($0) }
}
