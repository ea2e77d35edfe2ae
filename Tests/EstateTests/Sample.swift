import DNSWire
import Estate
import Names

/// Declarations for tests, read with files that exist only here.
enum Sample {
  struct NoFile: Error, CustomStringConvertible { var description: String { "there is no such file" } }

  static let knownChecks: [CheckID] = [
    "record-differs", "ttl-collapsed", "dnssec-missing", "exception-expired", "exception-unused",
  ]
  /// When every declaration here is read.
  static let now = Timestamp("2026-11-23T12:00:00Z") ?? Timestamp(seconds: 0)

  static func read(_ yaml: String, file: String = "nameward.yaml", files: [String: String] = [:]) -> Declaration.Reading {
    read(Array(yaml.utf8), file: file, files: files)
  }

  static func read(_ octets: [UInt8], file: String = "nameward.yaml", files: [String: String] = [:]) -> Declaration.Reading {
    let list = { (folder: String) in names(in: folder, of: files) }
    return Declaration.read(octets: octets, file: file, now: now, knownChecks: knownChecks, list: list) { path, _ in
      guard let text = files[path] else { throw NoFile() }
      return Array(text.utf8)
    }
  }

  /// The names of the files that are directly in a folder.
  static func names(in folder: String, of files: [String: String]) -> [String]? {
    let inside = files.keys.filter { $0.hasPrefix(folder + "/") }.map { String($0.dropFirst(folder.utf8.count + 1)) }
    return inside.isEmpty ? nil : inside.filter { !$0.contains("/") }
  }

  /// A declaration whose only domain, example.gov, is the given block; the block's first line is line 4.
  static func domain(_ block: String, files: [String: String] = [:]) -> Declaration.Reading {
    let lines = block.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)" }
    return read("version: 1\ndomains:\n  example.gov:\n\(lines.joined(separator: "\n"))\n", files: files)
  }

  static func name(_ text: String) -> DomainName { (try? DomainName(text)) ?? .root }

  static func rdata(_ type: RRType, _ text: String) -> RData? { try? RData(type: type, text: text, origin: nil) }

  static let zone = """
    $ORIGIN example.gov.
    $TTL 3600
    @ SOA ns1 hostmaster 1 7200 3600 1209600 300
    @ NS ns1
    @ NS ns2.example.net.
    @ MX 10 mail
    ns1 A 192.0.2.53
    ns1 AAAA 2001:db8::53
    mail 300 A 192.0.2.25
    www A 192.0.2.80
    child NS ns.child
    ns.child A 192.0.2.99

    """

  /// The design's example with the keys that this version honours, and every other key that it reads.
  static let whole = """
    version: 1
    organisation: Example Agency
    resolvers: {servers: [9.9.9.9, 1.1.1.1, "tls://8.8.8.8#dns.google", "127.0.0.1:5353"], agree: 3}
    network:
      roots: [198.41.0.4, {name: k.root-servers.net, address: "2001:7fd::1"}]
      port: 5353
      ipv6: false
      timeout: 500ms
      retries: 2
      perServerRate: 12.5
      width: 500
      trustAnchors: [". DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D"]
      tlsAuthorities: authorities.pem
      originDatabase: origin.mmdb
    domains:
      example.gov:
        zone: zones/example.gov.zone
        nameservers: {ns1.example.gov: [192.0.2.53, "2001:db8::53"], ns2.example.net: any}
        secondaries: [198.51.100.53, "198.51.100.54:53"]
        ds: [{keyTag: 12345, algorithm: 13, digestType: 2, digest: "\(String(repeating: "AB", count: 32))"}]
        mail: {spf: hard}
        registrar: {name: Example Registrar, locks: [clientTransferProhibited]}
        certificates: {issuers: [letsencrypt.org]}
        records:
          www: {A: 192.0.2.80, AAAA: [2001:db8::1, "2001:db8::2"]}
          shop: {CNAME: cdn.example.net.}
          text: {TXT: {values: ["v=spf1 -all", '"two" "strings"'], ttl: 300}}
          old: absent
          cdn: {A: {within: $office, originAS: [64496], endsIn: [cdn.example.net], atMost: 4}}
      bücher.example:
        ds: unsigned
    accounts: {aws: {kind: aws}}
    groups: {office: [192.0.2.0/24, "2001:db8::/32"]}
    changes:
      - {name: www.example.gov, type: A, to: [192.0.2.81], from: 2026-12-01T08:00Z, until: 2026-12-01T10:00Z, ticket: CHG-1}
    exceptions:
      - {check: record-differs, name: old.example.gov, type: TXT, reason: moving, owner: Jo, expires: 2026-12-31}

    """

  /// Each key of a domain that names a source, in a domain of its own, and what stands at the top beside domains.
  static let sourced = """
    version: 1
    network: {ports: {https: 8443, http: 8080, smtp: 2525}, originDatabase: origin.mmdb}
    inventory: [192.0.2.0/24, "2001:db8::/32"]
    clouds: {aws: aws.json, google: google.json, azure: azure.json, plain: plain.txt, own: [203.0.113.0/24]}
    domains:
      one.example: {octodns: one.yaml}
      split.example: {octodns: [split]}
      plan.example: {terraform: plan.json}
      code.example: {dnscontrol: ir.json}
      suite.example:
        templates:
          - {template: suite.json, variables: {token: abc}, host: www, groups: [verify]}
        mail: {spf: soft, dmarc: quarantine, mtaSTS: testing, tlsRPT: true}
        certificates:
          issuers: [letsencrypt.org, CA.example.]
          accounts: ["https://acme.example/acct/1"]
          keys: ["sha256:\(String(repeating: "Ab", count: 32))"]
      none.example: {mail: none, certificates: {issuers: []}}

    """

  static let files = [
    "one.yaml": "www:\n  type: A\n  value: 192.0.2.1\n",
    "split/www.yaml": "www:\n  type: A\n  value: 192.0.2.2\n",
    "split/mail.yaml": "mail:\n  type: A\n  value: 192.0.2.3\n",
    "split/README": "no zone",
    "plan.json": """
    {"format_version": "1.0", "values": {"root_module": {"resources": [
      {"address": "google_dns_record_set.www", "mode": "managed", "type": "google_dns_record_set", "name": "www",
       "values": {"name": "www.plan.example.", "type": "A", "ttl": 300, "rrdatas": ["192.0.2.4"], "managed_zone": "z"}}]}}}
    """,
    "ir.json": """
    {"domains": [{"name": "code.example", "records": [{"type": "A", "name": "www", "ttl": 300, "target": "192.0.2.5"}]}]}
    """,
    "suite.json": """
    {"providerId": "suite.example", "serviceId": "mail", "records": [
      {"type": "TXT", "groupId": "verify", "host": "@", "data": "suite=%token%", "ttl": 3600},
      {"type": "CNAME", "groupId": "web", "host": "shop", "pointsTo": "shop.suite.example", "ttl": 3600}]}
    """,
    "aws.json": """
    {"syncToken": "1", "prefixes": [
      {"ip_prefix": "198.51.100.0/24", "region": "x", "service": "AMAZON"},
      {"ip_prefix": "198.51.100.0/25", "region": "x", "service": "EC2"},
      {"ip_prefix": "198.51.100.0/25", "region": "y", "service": "EC2"}],
     "ipv6_prefixes": [{"ipv6_prefix": "2001:db8:1::/48", "region": "x", "service": "EC2"}]}
    """,
    "google.json": """
    {"prefixes": [{"ipv4Prefix": "198.51.100.128/26", "service": "Google Cloud"}, {"ipv6Prefix": "2001:db8:2::/48"}]}
    """,
    "azure.json": """
    {"changeNumber": 1, "values": [
      {"name": "ActionGroup", "properties": {"addressPrefixes": ["192.0.2.0/30"]}},
      {"name": "AzureCloud", "properties": {"addressPrefixes": ["198.51.100.192/27", "2001:db8:3::/48"]}}]}
    """,
    "plain.txt": "# ours\n\n198.51.100.224/28  # rack 1\r\n2001:db8:4::/48\n",
    "zones/example.gov.zone": zone,
    "authorities.pem": "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n",
  ]
}
