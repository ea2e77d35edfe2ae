import DNSWire
import Estate
import Names
import Testing

@Suite("What a person reads about a faulty declaration") struct SentenceTests {
  static let files = [
    "z": Sample.zone,
    "broken": "$TTL 300\n@ SOA ns1 h 1 2 3 4 5\n@ NS ns1\nns1 AAA 192.0.2.1\nwww A 192.0.2.256\n",
    "empty.pem": "nothing",
  ]

  func check(_ row: Row) {
    let reading = Sample.read(row.yaml, files: Self.files)
    #expect(reading.faults.map(\.description) == row.lines.map { "nameward.yaml:\($0)" })
    #expect(reading.faultCount == row.lines.count)
    #expect(reading.declaration == nil)
  }

  @Test(arguments: [
    Row("", "1:1: The declaration is empty. Write version: 1 and, below domains:, the domains to audit."),
    Row("# nothing\n", "1:1: The declaration is empty. Write version: 1 and, below domains:, the domains to audit."),
    Row("---\n...\n", "2:1: The declaration is empty. Write version: 1 and, below domains:, the domains to audit."),
    Row("version: 1\n\tdomains:\n", "2:1: A tab stands where YAML wants spaces. Indent with spaces."),
    Row(
      "version: 1\na\u{7}b: c\n",
      "2:2: The character U+0007 may not stand in YAML. Remove it, or write it as \\u0007 in double quotes."),
    Row(
      "version: 1\na: \u{2028}\n",
      "2:4: The character U+2028 may not stand in YAML. Remove it, or write it as \\u2028 in double quotes."),
    .domain(
      "records: {*.example: {A: 192.0.2.1}}", "4:15: YAML takes an unquoted * for an alias. Quote it: \"*\" or \"*.example\"."),
    .domain("records: {*: {A: 192.0.2.1}}", "4:15: YAML takes an unquoted * for an alias. Quote it: \"*\" or \"*.example\"."),
    .top("organisation: *us", "2:15: YAML aliases (*name) are not read. Write the value out; quote text that starts with *."),
    .top(
      "organisation: &us Us",
      "2:15: YAML anchors (&name) are not read. Write the value out where it is needed; quote text that starts with &."),
    .top(
      "organisation: &us Us\nresolvers: *us",
      "3:12: YAML aliases (*name) are not read. Write the value out; quote text that starts with *."),
    .top(
      "organisation: !secret us",
      "2:15: The YAML tag \"!secret\" is not read. Remove it; quote text that starts with an exclamation mark."),
    Row("version: 1\n---\nversion: 1\n", "2:1: A second YAML document starts here; a declaration is one. Remove the line ---."),
    .domain(
      "nameservers: {ns1.example.gov: [::1]}",
      "4:37: YAML takes the colons of \"::1\" for its own. Write the address in double quotes."),
    .domain(
      "nameservers: {ns1.example.gov: ::1}",
      "4:36: YAML takes the colons of \"::1\" for its own. Write the address in double quotes."),
    .domain(
      "nameservers: {ns1.example.gov: [2001:db8::]}",
      "4:46: YAML takes the colons of \"2001:db8::\" for its own. Write the address in double quotes."),
    Row(
      "version: 1\nversion: [\n",
      "3:1: This is not YAML: did not find expected node content, while parsing a flow node. "
        + "Mend it here or on the line above; text with : # or quotes is quoted."),
    Row(
      "version: 1\nnetwork: {port: 1\n",
      "3:1: This is not YAML: did not find expected ',' or '}', while parsing a flow mapping that starts in line 2. "
        + "Mend it here or on the line above; text with : # or quotes is quoted."),
  ])
  func `YAML itself`(row: Row) { check(row) }

  @Test func `octets that are no UTF-8`() {
    let reading = Sample.read(Array("version: 1\norganisation: B".utf8) + [0xFC] + Array("cher\n".utf8))
    #expect(
      reading.faults.map(\.description) == [
        "nameward.yaml:2:16: Octet 26 of the file is 0xFC, which is not UTF-8 here. Save the file as UTF-8."
      ])
    let other = Sample.read([0xFF, 0xFE, 0x76, 0x00])
    #expect(other.faults.map(\.description) == ["nameward.yaml:1:1: The file is UTF-16. Save it as UTF-8."])
  }

  @Test func `too large and too deep`() {
    let large = Sample.read([UInt8](repeating: 0x20, count: 16 << 20 | 1))
    #expect(
      large.faults.map(\.description) == [
        "nameward.yaml:1:1: The declaration has 16777217 octets; at most 16777216 are read. "
          + "Move records to zone files and name these with zone:."
      ])
    let deep = Sample.read(
      "version: 1\norganisation: " + String(repeating: "[", count: 40) + String(repeating: "]", count: 40) + "\n")
    #expect(
      deep.faults.last?.description
        == "nameward.yaml:2:46: Lists and mappings are nested deeper than 32 levels; a declaration needs 6. Flatten them.")
  }

  @Test(arguments: [
    Row(
      "version: 1\nversion: 1\nversion: 2\ndomains: {example.gov: {ds: unsigned, ds: unsigned}}\n",
      "2:1: \"version\" stands twice, first at nameward.yaml:1:1. Keep one of the two.",
      "3:1: \"version\" stands twice, first at nameward.yaml:1:1. Keep one of the two.",
      "4:39: \"ds\" stands twice, first at nameward.yaml:4:25. Keep one of the two."),
    .domain("\"zone\": z\nzone: z", "5:5: \"zone\" stands twice, first at nameward.yaml:4:5. Keep one of the two."),
    .domain(
      "records: {\"a\": {A: x}, 'a': {A: y}, b: {A: z}}",
      "4:24: \"x\" is not A data: \"x\" is not an IPv4 address such as 192.0.2.1. Write it as in a zone file.",
      "4:28: \"a\" stands twice, first at nameward.yaml:4:15. Keep one of the two.",
      "4:48: \"z\" is not A data: \"z\" is not an IPv4 address such as 192.0.2.1. Write it as in a zone file."),
    Row(
      "version: 1\n[a]: 1\ndomains: {example.gov: {ds: unsigned}}\n",
      "2:1: A key is text. Quote an IPv6 address that ends in a colon, and write lists and mappings as values only."),
    Row(
      "version: 1\ndomains:\n  example.gov: {ds: unsigned}\n  EXAMPLE.gov.: {ds: unsigned}\n",
      "4:3: \"EXAMPLE.gov.\" stands twice, first at nameward.yaml:3:3. Remove one."),
  ])
  func `what stands twice`(row: Row) { check(row) }

  @Test(
    arguments: [
      .top("resolver: [9.9.9.9]", "2:1: There is no key \"resolver\". Did you mean resolvers?"),
      .top("organization: x", "2:1: There is no key \"organization\". Did you mean organisation?"),
      .top(
        "colour: blue",
        "2:1: There is no key \"colour\". The keys here are version, organisation, resolvers, network, domains, groups, changes, "
          + "exceptions, inventory, clouds, accounts."
      ),
      .top("network: {time_out: 2s}", "2:11: There is no key \"time_out\" in network. Did you mean timeout?"),
      .top("network: {roots: [{adress: 192.0.2.1}]}", "2:20: There is no key \"adress\" in a root server. Did you mean address?"),
      .top("resolvers: {serves: [9.9.9.9]}", "2:13: There is no key \"serves\" in resolvers. Did you mean servers?"),
      .domain(
        "name-servers: {ns1.example.gov: any}", "4:5: There is no key \"name-servers\" in a domain. Did you mean nameservers?"),
      .domain(
        "ds: [{keytag: 1, algorithm: 13, digestType: 2, digest: \"00\"}]",
        "4:11: There is no key \"keytag\" in a DS record. Did you mean keyTag?"),
      .domain("records: {www: {A: {value: 192.0.2.1}}}", "4:25: There is no key \"value\" in a record set. Did you mean values?"),
      .domain("records: {www: {AAA: 192.0.2.1}}", "4:21: There is no record type \"AAA\". Did you mean AAAA?"),
      .domain(
        "records: {www: {address: 192.0.2.1}}",
        "4:21: There is no record type \"address\". Write a type such as A or MX, or TYPE and its number."),
      .domain(
        "records: {www: {A: {oneOf: [192.0.2.1]}}}",
        "4:25: This version cannot honour oneOf, and ignoring it would change verdicts. Write anyOf: with the values that may "
          + "be there."),
      .domain(
        "records: {www: {TXT: {startsWith: a, contains: b, noneOf: c}}}",
        "4:27: This version cannot honour startsWith, and ignoring it would change verdicts. Write matches: and the text after ^.",
        "4:42: This version cannot honour contains, and ignoring it would change verdicts. Write matches: and the text that "
          + "occurs.",
        "4:55: This version cannot honour noneOf, and ignoring it would change verdicts. Write values: or anyOf: with what may "
          + "be there; anything else is a departure."),
    ] as [Row])
  func `keys`(row: Row) { check(row) }

  @Test(
    arguments: [
      Row("domains: {example.gov: {ds: unsigned}}\n", "1:1: The declaration lacks version:. Write version: 1."),
      Row(
        "version: 2\ndomains: {example.gov: {ds: unsigned}}\n",
        "1:10: \"2\" is not a version that this nameward reads. Write version: 1."),
      Row(
        "version: 1\n",
        "1:1: The declaration lacks domains:. Write domains: and below it each domain as a key, such as example.gov: "
          + "{zone: zones/example.gov.zone}."
      ),
      Row("version: 1\ndomains:\n", "2:1: No domain is declared. Write at least one below domains:."),
      Row("version: 1\ndomains: {}\n", "2:10: No domain is declared. Write at least one below domains:."),
      Row(
        "version: 1\ndomains: [example.gov]\n",
        "2:10: domains: holds a list where a mapping belongs. Write each domain as a key, such as example.gov: {zone: "
          + "zones/example.gov.zone}."
      ),
      Row(
        "- version\n",
        "1:1: the declaration: holds a list where a mapping belongs. Write keys and values, starting with version: 1."),
      Row(
        "version: 1\ndomains:\n  example.gov:\n",
        "3:3: Nothing is declared for example.gov., so nothing would be checked. Write zone:, nameservers:, ds: or "
          + "records: below it."
      ),
      .domain(
        "secondaries: 192.0.2.1",
        "3:3: Nothing is declared for example.gov., so nothing would be checked. Write zone:, nameservers:, ds: or "
          + "records: below it."
      ),
      Row(
        "version: 1\ndomains:\n  exa mple.com: {ds: unsigned}\n",
        "3:3: \"exa mple.com\" is not a domain name: a label holds a space at 3. Write a name such as www.example.gov."),
      .top("organisation: [x]", "2:15: organisation: holds a list where a name belongs. Write the organisation's name as text."),
      .top(
        "resolvers:",
        "2:11: resolvers: holds nothing. Write addresses, such as [9.9.9.9, \"tls://8.8.8.8#dns.google\"], or {servers: "
          + "[…], agree: 2}."
      ),
      .top(
        "resolvers: [dns.google]",
        "2:13: \"dns.google\" is not a resolver. Write 9.9.9.9, \"127.0.0.1:5353\" or \"tls://8.8.8.8#dns.google\"."),
      .top("resolvers: [9.9.9.9, 9.9.9.9:53]", "2:22: \"9.9.9.9:53\" stands twice, first at nameward.yaml:2:13. Remove one."),
      .top(
        "resolvers: {servers: [9.9.9.9, 1.1.1.1], agree: 3}",
        "2:49: agree: 3 does not fit 2 resolvers. Write a number from 1 to 2."),
      .top("resolvers: {servers: 9.9.9.9, agree: 0}", "2:38: agree: 0 does not fit 1 resolver. Write a number from 1 to 1."),
      .top("resolvers: {agree: 1}", "2:12: resolvers lacks servers:. Write servers: [9.9.9.9, 1.1.1.1]."),
      .top("network: x", "2:10: network: holds text where a mapping belongs. Write keys such as {port: 53, timeout: 2s}."),
      .top("network: {port: fifty}", "2:17: \"fifty\" is not a port. Write a number from 1 to 65535."),
      .top("network: {port: 0}", "2:17: \"0\" is not a port. Write a number from 1 to 65535."),
      .top("network: {port: 053}", "2:17: \"053\" starts with a zero, which some YAML readers take for octal. Write 53."),
      .top("network: {ipv6: on}", "2:17: \"on\" is not true or false. Write true or false."),
      .top(
        "network: {timeout: 1:30}", "2:20: \"1:30\" is not a duration. Write 2s, 500ms or 1m: more than nothing and at most 5m."),
      .top("network: {timeout: 0s}", "2:20: \"0s\" is not a duration. Write 2s, 500ms or 1m: more than nothing and at most 5m."),
      .top("network: {retries: 21}", "2:20: \"21\" is not a number of retries. Write a number from 0 to 20."),
      .top("network: {width: 0}", "2:18: \"0\" is not a width. Write questions under way at once, from 1 to 100000."),
      .top("network: {perServerRate: 1e3}", "2:26: \"1e3\" is not a rate. Write questions per second, from 0.1 to 1000000."),
      .top(
        "network: {roots: [192.0.2.1:53]}",
        "2:19: \"192.0.2.1:53\" is not a root server. Write an address without port, such as 198.41.0.4, or {name: "
          + "a.root-servers.net, address: 198.41.0.4}."
      ),
      .top(
        "network: {trustAnchors: [\". A 192.0.2.1\"]}",
        "2:26: \". A 192.0.2.1\" is not a trust anchor. Write a DS or DNSKEY record such as \". DS 20326 8 2 …\", or the "
          + "path of a file of them."
      ),
      .top(
        "network: {tlsAuthorities: none.pem}",
        "2:27: \"none.pem\" cannot be read: there is no such file. Write the path of a readable file, seen from the "
          + "declaration's folder."
      ),
      .top(
        "network: {tlsAuthorities: empty.pem}",
        "2:27: \"empty.pem\" holds no certificate in PEM form. Write the path of a file with -----BEGIN CERTIFICATE----- lines."),
    ] as [Row])
  func `values at the top`(row: Row) { check(row) }

  @Test(
    arguments: [
      .domain(
        "zone: zones/none.zone",
        "4:11: \"zones/none.zone\" cannot be read: there is no such file. Write the path of a readable file, seen from "
          + "the declaration's folder."
      ),
      .domain(
        "nameservers: [ns1.example.gov]",
        "4:18: nameservers: holds a list where a mapping belongs. Write each name server as a key, such as "
          + "{ns1.example.gov: [192.0.2.53], ns2.example.net: any}."
      ),
      .domain(
        "nameservers: {ns1.example.gov: all}",
        "4:36: \"all\" is not an IP address. Write an address without port, such as 192.0.2.53 or \"2001:db8::53\"."),
      .domain(
        "ds: unsigned\nsecondaries: [192.0.2.1, ns3]",
        "5:30: \"ns3\" is not an IP address with or without a port. Write 192.0.2.53, \"192.0.2.53:5353\" or "
          + "\"[2001:db8::53]:5353\"."
      ),
      .domain(
        "ds: [{keyTag: 70000, algorithm: 13, digestType: 2, digest: \"0\"}]",
        "4:19: \"70000\" is not a key tag. Write a number from 0 to 65535.",
        "4:64: \"0\" is not a digest. Write an even number of hexadecimal digits."),
      .domain(
        "ds: [{keyTag: 1, algorithm: 13, digestType: 2, digest: \"abcd\"}]",
        "4:60: A digest of type 2 has 32 octets (64 hexadecimal digits); this has 2. Copy it whole from the registry or "
          + "the signer."
      ),
      .domain(
        "ds: [\"0 0 0 00\"]",
        "4:10: Algorithm 0 and digest type 0 stand for no DS at all (RFC 8078). Write ds: unsigned for a domain without DS."),
      .domain(
        "ds: [\"12345 13\"]",
        "4:10: \"12345 13\" is not DS data: the record ends where a number from 0 to 255 is wanted. Write it as in a zone file."),
      .domain(
        "ds: [{keyTag: 1}]", "4:10: a DS record lacks algorithm:. Write algorithm: 13.",
        "4:10: a DS record lacks digestType:. Write digestType: 2.", "4:10: a DS record lacks digest:. Write digest: \"…\"."),
      .domain(
        "records: {www: 192.0.2.1}",
        "4:20: www: holds text where a mapping of record types belongs. Write types and values, such as {A: 192.0.2.1, "
          + "MX: [10 mx1]}, or absent."
      ),
      .domain(
        "records: {www: {A: }}", "4:24: A: holds nothing. Write a value, [value, value], {values: [value], ttl: 300} or absent."),
      .domain(
        "records: {www: {A: []}}", "4:24: A: holds nothing. Write a value, [value, value], {values: [value], ttl: 300} or absent."
      ),
      .domain(
        "records: {www: {A: {values: [192.0.2.1], ttl: 1h}}}",
        "4:51: \"1h\" is not a time to live. Write seconds from 0 to 2147483647."),
      .domain(
        "records: {www: {RRSIG: x}}",
        "4:21: RRSIG records are made by the server or signer and cannot be declared. "
          + "Remove them."),
      .domain(
        "records: {www: {ANY: x}}", "4:21: ANY stands in questions only; no zone holds it. Write the types that the name has."),
      .domain(
        "records: {\"@\": {DS: x}}",
        "4:21: The DS of the domain itself stands with its parent. Write it under ds:, beside records:."),
      .domain(
        "records: {\"@\": absent}",
        "4:20: The domain itself cannot be absent: it has SOA and NS. Write absent for single types, as in {MX: absent}."),
      .domain(
        "records: {shop: {CNAME: cdn.example.net}}",
        "4:29: \"cdn.example.net\" means cdn.example.net.example.gov. here, since it has no final dot. "
          + "Write cdn.example.net. with the dot, or cdn.example.net.example.gov. in full if that is meant."),
      .domain(
        "records: {www.example.gov: {A: 192.0.2.1}}",
        "4:15: \"www.example.gov\" means www.example.gov.example.gov. here, since it has no final dot. "
          + "Write the name relative to example.gov. or with its final dot."),
      .domain(
        "records: {www.example.net.: {A: 192.0.2.1}}",
        "4:15: www.example.net. is outside example.gov. under which it stands. Declare it under the domain that it is in."),
      .domain(
        "records: {shop: {CNAME: www, A: 192.0.2.1}}",
        "4:34: shop.example.gov. has a CNAME and A; a CNAME stands alone (RFC 1034 §3.6.2). Keep one of the two."),
      .domain(
        "records: {www: {A: [192.0.2.1, 192.0.2.1]}}",
        "4:36: \"192.0.2.1\" stands twice, first at nameward.yaml:4:25. Remove one."),
    ] as [Row])
  func `values of a domain`(row: Row) { check(row) }

  @Test(
    arguments: [
      .domain(
        "zone: z\nrecords: {www: {A: 192.0.2.9}}",
        "5:21: www.example.gov. A: records say 192.0.2.9 at nameward.yaml:5:21, "
          + "the zone file says 192.0.2.80 with TTL 3600 at z:10:1. Keep one of the two, or make them equal."),
      .domain(
        "zone: z\nrecords: {mail: absent}",
        "5:15: mail.example.gov. A: records say absent at nameward.yaml:5:15, "
          + "the zone file says 192.0.2.25 with TTL 300 at z:9:1. Keep one of the two, or make them equal."),
      .domain(
        "zone: z\nrecords: {www: {A: {values: 192.0.2.80, ttl: 60}}}",
        "5:21: www.example.gov. A: records say 192.0.2.80 with TTL 60 at nameward.yaml:5:21, "
          + "the zone file says 192.0.2.80 with TTL 3600 at z:10:1. Keep one of the two, or make them equal."),
      .domain(
        "zone: z\nnameservers: {ns1.example.gov: any}",
        "5:19: example.gov. NS: nameservers say ns1.example.gov. at nameward.yaml:5:19, "
          + "the zone file says ns1.example.gov., ns2.example.net. with TTL 3600 at z:4:1. Keep one of the two, or make "
          + "them equal."
      ),
      .domain(
        "zone: z\nnameservers: {ns1.example.gov: [192.0.2.53], ns2.example.net: any}",
        "5:19: ns1.example.gov. A and AAAA: nameservers say 192.0.2.53 at nameward.yaml:5:19, "
          + "the zone file says 192.0.2.53, 2001:db8::53 at z:7:1. Keep one of the two, or make them equal."),
      .domain(
        "nameservers: {ns.example.net: any}\nrecords: {\"@\": {NS: ns}}",
        "4:19: example.gov. NS: nameservers say ns.example.net. at nameward.yaml:4:19, "
          + "records say ns.example.gov. at nameward.yaml:5:21. Keep one of the two, or make them equal."),
    ] as [Row])
  func `two sources that disagree`(row: Row) { check(row) }

  @Test func `the faults of a zone file stand where it is named, with their own places`() {
    let reading = Sample.read(
      "version: 1\ndomains:\n  example.gov:\n    zone: broken\n    ds: signed\n  example.net: {ds: [x]}\n", files: Self.files)
    #expect(reading.faults.map { "\($0.position)" } == ["broken:4:5", "broken:5:7", "nameward.yaml:5:9", "nameward.yaml:6:22"])
    #expect(reading.faults.first?.description == "broken:4:5: \"AAA\" is not a record type. Did you mean AAAA?")
  }

  @Test func `a zone of another class, a zone that deserves a look`() {
    let chaos = Sample.domain("zone: z", files: ["z": "$TTL 60\n@ CH SOA a b 1 2 3 4 5\nx CH TXT y\n"])
    #expect(
      chaos.faults.map(\.description) == [
        "z:2:1: This record is of class CH, and only IN is audited. Remove it, or write IN.",
        "z:3:1: This record is of class CH, and only IN is audited. Remove it, or write IN.",
      ])
    let look = Sample.domain("zone: z", files: ["z": "@ SOA a b 1 2 3 4 60\n@ NS a.example.\n"])
    #expect(look.declaration?.domains.first?.records.first?.ttl == 60)
    #expect(look.notices.map(\.position.description) == ["z:1:1"])
    #expect(look.notices.first?.description.hasPrefix("z:1:1: There is no TTL for the SOA; its last field, 60, is used") == true)
  }

  @Test func `a key that stands twice where the second place is not found`() {
    let reading = Sample.read("version: 1\n\"\u{E000}\": 1\nx: 1\nx: 2\n")
    #expect(reading.faults.map(\.description) == ["nameward.yaml:3:1: \"x\" stands more than once in one mapping. Keep one."])
    let list = Sample.read("version: 1\n[a, b]: 1\n[a, b]: 2\n")
    #expect(list.faults.map(\.cause) == [.keyNotText])
  }

  @Test func `all at once, in reading order, bounded`() {
    let records = (1...300).map { "      n\($0): {A: bad\($0)}" }.joined(separator: "\n")
    let reading = Sample.domain("records:\n\(records)\nzome: x")
    #expect(reading.faultCount == 301)
    #expect(reading.faults.count == 100)
    #expect(reading.faults.map(\.position.line) == Array(5..<105))
  }

  @Test func `text of the file is escaped and cut`() {
    let reading = Sample.read(
      "version: 1\n\"\\e[31m\\u202Eevil\": 1\n\(String(repeating: "k", count: 200)): 1\ndomains: {example.gov: {ds: unsigned}}\n")
    #expect(
      reading.faults.first?.description.hasPrefix("nameward.yaml:2:1: There is no key \"\\u{1B}[31m\\u{202E}evil\".") == true)
    #expect(
      reading.faults.last?.description.hasPrefix("nameward.yaml:3:1: There is no key \"\(String(repeating: "k", count: 80))…\".")
        == true)
  }
}
