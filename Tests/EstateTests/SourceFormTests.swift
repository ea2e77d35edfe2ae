import DNSWire
import Estate
import Names
import Testing

@Suite("Sources side by side") struct SourceFormTests {
  let reading = Sample.read(Sample.sourced, files: Sample.files)

  func domain(_ name: String) throws -> Domain {
    let declaration = try #require(reading.declaration, "\(reading.faults)")
    return try #require(declaration.domains.first { $0.name == Sample.name(name) })
  }

  func set(_ name: String, _ type: RRType, of domain: String) throws -> DeclaredRRset {
    try #require(try self.domain(domain).records.first { $0.name == Sample.name(name) && $0.type == type })
  }

  func address(_ text: String) -> DeclaredRRset.Intended? { Sample.rdata(.a, text).map { .exactly([$0]) } }

  @Test func `octoDNS, a file and a folder`() throws {
    #expect(try set("www.one.example", .a, of: "one.example").intended == address("192.0.2.1"))
    #expect(try set("www.split.example", .a, of: "split.example").intended == address("192.0.2.2"))
    #expect(try set("mail.split.example", .a, of: "split.example").intended == address("192.0.2.3"))
    #expect(try set("mail.split.example", .a, of: "split.example").declaredAt?.file == "split/mail.yaml")
    #expect(try domain("one.example").isWholeZone)
  }

  @Test func `Terraform and DNSControl`() throws {
    #expect(try set("www.plan.example", .a, of: "plan.example").intended == address("192.0.2.4"))
    #expect(try set("www.code.example", .a, of: "code.example").intended == address("192.0.2.5"))
  }

  @Test func `a template with variables, host and groups`() throws {
    let text = try #require(Sample.rdata(.txt, "\"suite=abc\""))
    #expect(try domain("suite.example").records.count == 1)
    #expect(
      try set("www.suite.example", .txt, of: "suite.example").intended == .tolerant(Tolerance(allOf: [text], allowsOthers: true)))
  }

  @Test func `mail, certificates, ports`() throws {
    let suite = try domain("suite.example")
    #expect(suite.mail?.spf == .soft && suite.mail?.dmarc == .quarantine && suite.mail?.mtaSTS == .testing)
    #expect(suite.mail?.tlsRPT == true && suite.mail?.isNone == false)
    #expect(suite.issuers?.issuers == ["letsencrypt.org", "ca.example"])
    #expect(suite.issuers?.accounts == ["https://acme.example/acct/1"])
    #expect(suite.issuers?.keys == ["sha256:" + String(repeating: "ab", count: 32)])
    let none = try domain("none.example")
    #expect(none.mail?.isNone == true)
    #expect(none.issuers?.issuers == [])
    #expect(try domain("one.example").mail == nil)
    let ports = try #require(reading.declaration).network.ports
    #expect((ports.https, ports.http, ports.smtp) == (8443, 8080, 2525))
  }

  @Test func `inventory, and providers' prefixes in their own files`() throws {
    let declaration = try #require(reading.declaration, "\(reading.faults)")
    #expect(declaration.inventory.map(\.description) == ["192.0.2.0/24", "2001:db8::/32"])
    #expect(
      declaration.clouds.map { "\($0.cloud) \($0.prefix)" } == [
        "aws 198.51.100.0/25", "aws 2001:db8:1::/48", "google 198.51.100.128/26", "google 2001:db8:2::/48",
        "azure 198.51.100.192/27", "azure 2001:db8:3::/48", "plain 198.51.100.224/28", "plain 2001:db8:4::/48",
        "own 203.0.113.0/24",
      ])
  }

  // MARK: Together

  @Test func `what a template needs may stand in the zone, or beside other values`() throws {
    let text = "v=spf1 -all"
    let zone = Sample.zone + "www TXT \"suite=abc\"\nwww TXT \"\(text)\"\n"
    let block = "templates: {template: suite.json, variables: {token: abc}, host: www, groups: verify}\n"
    let together = Sample.domain("zone: z\n" + block, files: ["z": zone].merging(Sample.files) { $1 })
    let set = together.declaration?.domains.first?.records.first { $0.type == .txt }
    #expect(
      set?.intended == .exactly(["\"suite=abc\"", "\"\(text)\""].compactMap { Sample.rdata(.txt, $0) }), "\(together.faults)")
    let twice = Sample.domain(
      "templates: [{template: suite.json, variables: {token: a}, groups: verify}, "
        + "{template: suite.json, variables: {token: b}, groups: verify}]", files: Sample.files)
    guard case .tolerant(let both)? = twice.declaration?.domains.first?.records.first?.intended else { throw SampleMissing() }
    #expect(both.allOf.map(\.text) == ["\"suite=a\"", "\"suite=b\""])
    #expect(both.allowsOthers)
  }

  @Test(arguments: [
    (
      "zone: z\noctodns: one.yaml",
      "one.yaml:1:1: www.example.gov. A: octoDNS says 192.0.2.1 with TTL 3600 at one.yaml:1:1, the zone file says 192.0.2.80 with "
        + "TTL 3600 at z:10:1. Keep one of the two, or make them equal."
    ),
    (
      "octodns: one.yaml\nrecords: {www: {CNAME: cdn.example.net.}}",
      "nameward.yaml:5:21: www.example.gov. has a CNAME and A; a CNAME stands alone (RFC 1034 §3.6.2). Keep one of the two."
    ),
    (
      "zone: z\nrecords: {www: {TXT: x}}\ntemplates: [{template: suite.json, variables: {token: abc}, host: www, groups: [verify]}]",
      "nameward.yaml:5:21: www.example.gov. TXT: records say \"x\" at nameward.yaml:5:21, the template says allOf: \"suite=abc\"; "
        + "any other at suite.json:2:3. Keep one of the two, or make them equal."
    ),
  ])
  func `two sources that disagree`(block: String, line: String) {
    let files = ["z": Sample.zone].merging(Sample.files) { $1 }
    #expect(Sample.domain(block, files: files).faults.map(\.description) == [line])
  }

  // MARK: Transfer

  static let transfer = """
    version: 1
    domains:
      example.gov:
        transfer:
          primary: 192.0.2.1
          key: {name: k.example.gov, algorithm: hmac-sha512, secret: "file:etc/k"}
    changes: [{name: www.example.gov, type: A, to: 192.0.2.81, from: 2026-12-01, until: 2026-12-02, ticket: T}]

    """

  func transferred(_ what: Transferred?) -> Declaration.Reading {
    Declaration.read(
      octets: Array(Self.transfer.utf8), file: "conf/n.yaml", now: Sample.now,
      transfers: what.map { [Self.request: $0] } ?? [:]
    ) { _, _ in [] }
  }

  static let request = TransferRequest(
    zone: Sample.name("example.gov"), primary: SocketAddress("192.0.2.1:53", defaultPort: 53)!,
    keyName: Sample.name("k.example.gov"), algorithm: .hmacSHA512, secret: SecretReference(.file, "conf/etc/k"),
    position: SourcePosition(file: "conf/n.yaml", line: 4, column: 5))

  @Test func `a transfer is wanted first, and its records are the zone then`() throws {
    let wanted = transferred(nil)
    #expect(wanted.declaration == nil)
    #expect(wanted.faults == [])
    #expect(wanted.wantedTransfers == [Self.request])
    let zone = ZoneFile(
      octets: Array((Sample.zone + "@ RRSIG NS 13 2 60 20300101000000 20200101000000 1 @ AA==\n").utf8), file: "z",
      origin: Sample.name("example.gov"), defaultTTL: nil)
    let whole = transferred(.records(zone.records.map(\.record)))
    let domain = try #require(whole.declaration?.domains.first, "\(whole.faults)")
    #expect(whole.wantedTransfers == [])
    #expect(domain.isWholeZone)
    #expect(domain.records.count == 8)
    #expect(domain.records.allSatisfy { $0.declaredAt == Self.request.position })
    #expect(domain.nameServers.map(\.name.description) == ["ns1.example.gov.", "ns2.example.net."])
    #expect(domain.records.first { $0.change != nil }?.change?.was == address("192.0.2.80"))
    #expect(whole.notices.map(\.position) == [Self.request.position])
  }

  @Test func `a transfer that failed`() {
    #expect(
      transferred(.failed("the server refused it")).faults.map(\.description) == [
        "conf/n.yaml:4:5: example.gov. could not be transferred from 192.0.2.1:53: the server refused it. Without it nothing "
          + "says what is intended."
      ])
  }

  // MARK: Secrets

  @Test(arguments: [
    ("env:NAMEWARD_KEY", SecretReference.Kind.env, "NAMEWARD_KEY"), ("file:/etc/key", .file, "/etc/key"),
    ("cred:tsig.key", .cred, "tsig.key"), ("cmd:pass show dns: key", .cmd, "pass show dns: key"),
  ])
  func `where a secret is kept`(text: String, kind: SecretReference.Kind, rest: String) {
    #expect(SecretReference(text) == SecretReference(kind, rest))
    #expect(SecretReference(text)?.description == text)
  }

  @Test(arguments: [
    "", "env:", "env:1A", "env:A B", "cred:../x", "cred:..", "file:", "cmd: ", "vault:x", "c2VjcmV0", "ENV:A", "cmd:a\u{0}b",
  ])
  func `what may be the secret itself`(text: String) { #expect(SecretReference(text) == nil) }

  // MARK: Folders

  @Test(
    arguments: [
      ("more/b.zone", "conf/zones/more/b.zone"), ("./more/../b.zone", "conf/zones/./more/../b.zone"),
      ("../b.zone", nil), ("more/../../b.zone", nil), ("/etc/passwd", nil), (".", nil), ("a/..", nil),
    ] as [(String, String?)])
  func `an included file stays in the zone file's folder`(path: String, full: String?) {
    var asked: [String] = []
    let reading = Declaration.read(
      octets: Array("version: 1\ndomains: {example.gov: {zone: zones/a.zone}}\n".utf8), file: "conf/n.yaml", now: Sample.now
    ) { file, _ in
      if file != "conf/zones/a.zone" { asked.append(file) }
      return Array((file == "conf/zones/a.zone" ? Sample.zone + "$INCLUDE \(path)\n" : "ftp A 192.0.2.21\n").utf8)
    }
    #expect(asked == (full.map { [$0] } ?? []))
    #expect(
      reading.faults.map(\.description)
        == (full == nil
          ? [
            "conf/zones/a.zone:13:10: \"\(path)\" cannot be included: it lies outside the folder of the file that the declaration "
              + "names. Correct the path, or provide the file."
          ] : []))
  }

  @Test func `an $INCLUDE that comes back to itself`() {
    let files = ["z/a": Sample.zone + "$INCLUDE b\n", "z/b": "x A 192.0.2.1\n$INCLUDE c\n", "z/c": "$INCLUDE b\n"]
    #expect(
      Sample.domain("zone: z/a", files: files).faults.map(\.description) == [
        "z/c:1:10: \"b\" includes itself. Remove this $INCLUDE."
      ])
  }
}
