internal import DNSWire

extension DeclarationKeys {
  static let domain = DeclarationKeys(
    title: "a domain",
    keys: [
      DeclarationKey("zone", .anyText, "A zone file; its path is seen from the declaration's folder."),
      DeclarationKey(
        "nameservers", .named(.any(of: [.list(address, least: 1), .word("any")]), names: "host names"),
        "The delegation: name servers and their addresses."),
      DeclarationKey(
        "secondaries", .list(socketAddress, least: 1), "Servers that are asked too, though no delegation names them."),
      DeclarationKey(
        "ds", .any(of: [.list(.any(of: [.mapping(ds), .anyText]), least: 1), .word("unsigned")]),
        "The DS records at the parent, or that there are none."),
      DeclarationKey(
        "records",
        .named(
          .any(of: [.named(recordValues, names: "record types"), .word("absent")]),
          names: "names relative to the domain; @ is the domain itself"),
        "Single records, beside a zone file or instead of one."),
      DeclarationKey("registrar", .notChecked, "The registrar and its locks. Not checked by this version."),
      DeclarationKey(
        "octodns", .list(.anyText, least: 1), "octoDNS's file of the zone, or the folder of a split zone, or several."),
      DeclarationKey("dnscontrol", .list(.anyText, least: 1), "What dnscontrol print-ir writes."),
      DeclarationKey(
        "terraform", .list(.anyText, least: 1), "What terraform show -json writes of a plan or a state, or several."),
      DeclarationKey("templates", .list(.mapping(template), least: 0), "Domain Connect templates: what services need."),
      DeclarationKey("transfer", .mapping(transfer), "A hidden primary that gives the zone, by AXFR with TSIG."),
      DeclarationKey("mail", .any(of: [.word("none"), .mapping(mail)]), "What is intended of mail, beside the records."),
      DeclarationKey("certificates", .mapping(certificates), "Who may issue certificates."),
    ])

  static let ds = DeclarationKeys(
    title: "a DS record",
    keys: [
      DeclarationKey("keyTag", .integer(0...65_535), "RFC 4034 §5.1.1."),
      DeclarationKey("algorithm", .integer(1...255), "RFC 4034 §5.1.2: 8 is RSA/SHA-256, 13 ECDSA P-256, 15 Ed25519."),
      DeclarationKey("digestType", .integer(1...255), "RFC 4034 §5.1.3: 2 is SHA-256, 4 SHA-384."),
      DeclarationKey("digest", .text(pattern: "^([0-9A-Fa-f]{2}\\s*)+$"), "Hexadecimal digits, in quotes."),
    ], required: ["keyTag", "algorithm", "digestType", "digest"])

  private static let refused = [
    ("oneOf", "Write anyOf: with the values that may be there."),
    ("noneOf", "Write values: or anyOf: with what may be there; anything else is a departure."),
    ("startsWith", "Write matches: and the text after ^."),
    ("contains", "Write matches: and the text that occurs."),
  ]

  static let recordSet = DeclarationKeys(
    title: "a record set",
    keys: [
      DeclarationKey("values", list, "All values, in any order."),
      DeclarationKey("allOf", list, "Values that must all be there."),
      DeclarationKey("anyOf", list, "Values that may be there."),
      DeclarationKey("within", .list(prefix, least: 1), "Addresses in these prefixes may be there (A and AAAA)."),
      DeclarationKey(
        "originAS", .list(.any(of: [.integer(1...4_294_967_295), .text(pattern: "^(AS[1-9][0-9]*|\\$.+)$")]), least: 1),
        "Addresses that one of these autonomous systems announces may be there (A and AAAA)."),
      DeclarationKey(
        "endsIn", .list(.anyText, least: 1), "Where an alias chain may lead: at or below one of these names (A, AAAA and CNAME)."),
      DeclarationKey(
        "matches", .list(.anyText, least: 1), "Extended regular expressions; texts that one finds may be there (TXT)."),
      DeclarationKey("atLeast", .integer(0...1000), "How many values there are at least: 1."),
      DeclarationKey("atMost", .integer(0...1000), "How many values there are at most."),
      DeclarationKey("others", .boolean, "Whether any other value may be there too: false."),
      DeclarationKey(
        "tlsProof", .boolean,
        "Whether a TLS handshake for the name softens a foreign address to \"could not tell\" (A and AAAA): false."),
      DeclarationKey("ttl", .integer(0...2_147_483_647), "The longest time to live that is intended, in seconds."),
    ] + refused.map { DeclarationKey($0.0, .refused(instead: $0.1)) })

  static let change = DeclarationKeys(
    title: "a change",
    keys: [
      DeclarationKey("name", .anyText, "The whole name."),
      DeclarationKey("type", .anyText, "The record type; NS and DS of a domain are its delegation."),
      DeclarationKey("was", recordValues, "What is intended before; what the other sources say where it is not written."),
      DeclarationKey("to", recordValues, "What is intended after."),
      DeclarationKey("from", time, "When the new value may first be seen."),
      DeclarationKey("until", time, "When the old value is to be gone, but for caches."),
      DeclarationKey("ticket", .anyText, "Where the change was agreed."),
    ], required: ["name", "type", "to", "from", "until", "ticket"])

  static let exception = DeclarationKeys(
    title: "an exception",
    keys: [
      DeclarationKey("check", .anyText, "The check whose findings are accepted."),
      DeclarationKey("domain", .anyText, "A declared domain, with everything of it."),
      DeclarationKey("name", .anyText, "One name, in place of domain."),
      DeclarationKey("type", .anyText, "One record type of the name."),
      DeclarationKey("reason", .anyText, "Why this is accepted."),
      DeclarationKey("owner", .anyText, "Who answers for it."),
      DeclarationKey("expires", time, "When it ends: at most 366 days away; a date stands for its end in UTC."),
    ], required: ["check", "reason", "owner", "expires"])

  private static let list = Shape.list(.anyText, least: 1)
  static let recordValues = Shape.any(of: [.list(.anyText, least: 1), .mapping(recordSet), .word("absent"), .anyText])
  static let prefix = Shape.text(pattern: "^([0-9A-Fa-f.:]+(/[0-9]+)?|\\$[A-Za-z][A-Za-z0-9_-]*)$")
  private static let time = Shape.text(pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ].+)?$")
  static let server = Shape.anyText
  static let address = Shape.text(pattern: "^([0-9A-Fa-f.:]+|\\$[A-Za-z][A-Za-z0-9_-]*)$")
  static let socketAddress = Shape.text(pattern: "^([0-9A-Fa-f.:\\[\\]]+|\\$[A-Za-z][A-Za-z0-9_-]*)$")
  static let duration = Shape.any(of: [.text(pattern: "^[0-9]+(\\.[0-9]+)?(ms|s|m)?$"), .number(0.001...300)])
}
