import DNSWire
import Estate
import Names
import Testing

@Suite("What a declaration says") struct DeclarationTests {
  let reading = Sample.read(Sample.whole, files: Sample.files)

  func domain(_ index: Int) throws -> Domain {
    let declaration = try #require(reading.declaration, "\(reading.faults)")
    return declaration.domains[index]
  }

  @Test func `version, organisation, resolvers`() throws {
    let declaration = try #require(reading.declaration, "\(reading.faults)")
    #expect(declaration.organisation == "Example Agency")
    #expect(
      declaration.resolvers.servers.map(\.description) == [
        "9.9.9.9:53", "1.1.1.1:53", "tls://8.8.8.8:853#dns.google", "127.0.0.1:5353",
      ])
    #expect(declaration.resolvers.agree == 3)
    #expect(declaration.domains.map(\.name.description) == ["example.gov.", "xn--bcher-kva.example."])
  }

  @Test func `all resolvers must agree where nothing else is written`() throws {
    let reading = Sample.read("version: 1\nresolvers: [9.9.9.9, 1.1.1.1]\ndomains: {example.gov: {ds: unsigned}}\n")
    #expect(try #require(reading.declaration).resolvers.agree == 2)
  }

  @Test func `network`() throws {
    let network = try #require(reading.declaration).network
    #expect(network.roots.map(\.address.description) == ["198.41.0.4", "2001:7fd::1"])
    #expect(network.roots.map(\.name?.description) == [nil, "k.root-servers.net."])
    #expect(network.port == 5353)
    #expect(network.ipv6 == false)
    #expect(network.timeout == .milliseconds(500))
    #expect(network.retries == 2)
    #expect(network.perServerRate == 12.5)
    #expect(network.width == 500)
    #expect(network.trustAnchors.map(\.rdata.type) == [.ds])
    #expect(network.trustAnchors.first?.name == .root)
    #expect(network.tlsAuthorities == "authorities.pem")
  }

  @Test(arguments: [("2s", 2000), ("500ms", 500), ("1.5", 1500), ("3", 3000), ("1m", 60_000), ("0.25s", 250), ("5m", 300_000)])
  func `durations`(text: String, milliseconds: Int) throws {
    let reading = Sample.read("version: 1\nnetwork: {timeout: \(text)}\ndomains: {example.gov: {ds: unsigned}}\n")
    #expect(try #require(reading.declaration).network.timeout == .milliseconds(milliseconds))
  }

  @Test func `trust anchors out of a file`() throws {
    let digest = String(repeating: "ab", count: 32)
    let reading = Sample.read(
      "version: 1\nnetwork: {trustAnchors: etc/root.key}\ndomains: {example.gov: {ds: unsigned}}\n", file: "/srv/nameward.yaml",
      files: ["/srv/etc/root.key": "; the root\n. 172800 IN DS 20326 8 2 \(digest)\n. IN DNSKEY 257 3 8 AwEAAQ==\n"])
    let anchors = try #require(reading.declaration, "\(reading.faults)").network.trustAnchors
    #expect(anchors.map(\.rdata.type) == [.ds, .dnskey])
  }

  @Test func `delegation, secondaries, DS`() throws {
    let domain = try domain(0)
    #expect(domain.nameServers.map(\.name.description) == ["ns1.example.gov.", "ns2.example.net."])
    #expect(domain.nameServers[0].addresses == .exactly([IPAddress("192.0.2.53")!, IPAddress("2001:db8::53")!]))
    #expect(domain.nameServers[1].addresses == .any)
    #expect(domain.secondaries.map(\.description) == ["198.51.100.53:5353", "198.51.100.54:53"])
    let ds = try #require(Sample.rdata(.ds, "12345 13 2 \(String(repeating: "ab", count: 32))"))
    #expect(domain.ds == .exactly([ds]))
    #expect(try self.domain(1).ds == .unsigned)
    #expect(try self.domain(1).isWholeZone == false)
  }

  @Test func `DS as text`() throws {
    let reading = Sample.domain(
      "ds: [\"12345 13 2 \(String(repeating: "AB", count: 32))\", \"1 8 1 \(String(repeating: "01", count: 20))\"]")
    guard case .exactly(let records)? = reading.declaration?.domains.first?.ds else { throw SampleMissing() }
    #expect(records.map { $0.octets.count } == [36, 24])
  }

  @Test func `the zone file and the records are one`() throws {
    let domain = try domain(0)
    #expect(domain.isWholeZone)
    func set(_ name: String, _ type: RRType) -> DeclaredRRset? {
      domain.records.first { $0.name == Sample.name(name) && $0.type == type }
    }
    #expect(set("www.example.gov", .a)?.intended == Sample.rdata(.a, "192.0.2.80").map { .exactly([$0]) })
    #expect(set("www.example.gov", .a)?.ttl == 3600)
    #expect(set("www.example.gov", .a)?.declaredAt == SourcePosition(file: "zones/example.gov.zone", line: 10, column: 1))
    #expect(set("mail.example.gov", .a)?.ttl == 300)
    #expect(set("example.gov", .ns)?.intended != nil)
    #expect(set("example.gov", .soa) == nil)
    #expect(set("child.example.gov", .ns)?.intended == Sample.rdata(.ns, "ns.child.example.gov.").map { .exactly([$0]) })
    #expect(set("ns.child.example.gov", .a)?.intended == Sample.rdata(.a, "192.0.2.99").map { .exactly([$0]) })
    guard case .exactly(let addresses)? = set("www.example.gov", .aaaa)?.intended else { throw SampleMissing() }
    #expect(addresses.map(\.text) == ["2001:db8::1", "2001:db8::2"])
    #expect(set("shop.example.gov", .cname)?.intended == Sample.rdata(.cname, "cdn.example.net.").map { .exactly([$0]) })
    #expect(set("text.example.gov", .txt)?.ttl == 300)
    guard case .exactly(let texts)? = set("text.example.gov", .txt)?.intended else { throw SampleMissing() }
    #expect(texts.map(\.text) == ["\"v=spf1 -all\"", "\"two\" \"strings\""])
    for type in [RRType.a, .aaaa, .cname, .mx, .txt] { #expect(set("old.example.gov", type)?.intended == .absent) }
  }

  @Test func `the zone's NS records are the delegation where none is declared`() throws {
    let reading = Sample.domain("zone: z", files: ["z": Sample.zone])
    let servers = try #require(reading.declaration?.domains.first, "\(reading.faults)").nameServers
    #expect(servers.map(\.name.description) == ["ns1.example.gov.", "ns2.example.net."])
    #expect(servers.map(\.addresses) == [.exactly([IPAddress("192.0.2.53")!, IPAddress("2001:db8::53")!]), .any])
  }

  @Test func `what a signer makes is left out, and told`() throws {
    let signed =
      Sample.zone + """
        @ DNSKEY 257 3 13 AwEAAQ==
        @ NSEC3PARAM 1 0 0 -
        @ RRSIG SOA 13 2 3600 20300101000000 20200101000000 1 example.gov. AwEAAQ==
        @ RRSIG NS 13 2 3600 20300101000000 20200101000000 1 example.gov. AwEAAQ==

        """
    let reading = Sample.domain("zone: z", files: ["z": signed])
    let domain = try #require(reading.declaration?.domains.first, "\(reading.faults)")
    #expect(Set(domain.records.map(\.type)) == [.ns, .mx, .a, .aaaa])
    #expect(
      reading.notices.map(\.description) == [
        "z:15:1: 2 RRSIG records are left out of the comparison: a signer makes them and renews them by itself.",
        "z:13:1: 1 DNSKEY record is left out of the comparison: a signer makes it and renews it by itself.",
        "z:14:1: 1 NSEC3PARAM record is left out of the comparison: a signer makes it and renews it by itself.",
      ])
    let unsigned = Sample.domain("zone: z", files: ["z": Sample.zone + "@ DNSKEY 257 3 13 AwEAAQ==\n"])
    #expect(unsigned.declaration?.domains.first?.records.contains { $0.type == .dnskey } == true)
  }

  @Test func `keys of later versions are accepted and told`() {
    #expect(
      reading.notices.map(\.description).sorted() == [
        "nameward.yaml:22:5: registrar is accepted and not checked by this version.",
        "nameward.yaml:32:1: accounts is accepted and not checked by this version.",
      ])
  }

  @Test func `a zone file includes others beside itself`() throws {
    let reading = Sample.read(
      "version: 1\ndomains: {example.gov: {zone: zones/a.zone}}\n", file: "conf/nameward.yaml",
      files: ["conf/zones/a.zone": Sample.zone + "$INCLUDE more/b.zone\n", "conf/zones/more/b.zone": "ftp A 192.0.2.21\n"])
    let domain = try #require(reading.declaration?.domains.first, "\(reading.faults)")
    #expect(
      domain.records.contains { $0.name == Sample.name("ftp.example.gov") && $0.declaredAt?.file == "conf/zones/more/b.zone" })
  }

  @Test func `one DS as a mapping or as text alone`() {
    let digest = String(repeating: "ab", count: 32)
    for block in ["ds: {keyTag: 1, algorithm: 13, digestType: 2, digest: \(digest)}", "ds: 1 13 2 \(digest)"] {
      let reading = Sample.domain(block)
      #expect(reading.declaration?.domains.first?.ds == Sample.rdata(.ds, "1 13 2 \(digest)").map { .exactly([$0]) })
    }
  }

  @Test func `one value alone is a list of one`() throws {
    let reading = Sample.read(
      """
      version: 1
      resolvers: 9.9.9.9
      network: {roots: {address: 192.0.2.1}}
      domains: {example.gov: {secondaries: 192.0.2.2, nameservers: {ns1.example.gov: 192.0.2.3}}}

      """)
    let declaration = try #require(reading.declaration, "\(reading.faults)")
    #expect(declaration.resolvers.servers.map(\.description) == ["9.9.9.9:53"])
    #expect(declaration.network.roots.map(\.address.description) == ["192.0.2.1"])
    #expect(declaration.domains.first?.secondaries.map(\.description) == ["192.0.2.2:53"])
    #expect(declaration.domains.first?.nameServers.first?.addresses == .exactly([IPAddress("192.0.2.3")!]))
  }

  @Test func `sources that say the same do not conflict`() throws {
    let block = """
      zone: z
      nameservers: {NS1.example.gov: ["2001:db8:0::53", 192.0.2.53], ns2.example.net.: any}
      records:
        www: {A: 192.0.2.80}
        "@": {MX: 10 mail, NS: [ns2.example.net., ns1]}
        mail.example.gov.: {A: {values: 192.0.2.25, ttl: 300}}
        gone: {A: absent}
      """
    let reading = Sample.domain(block, files: ["z": Sample.zone])
    #expect(reading.faults.map(\.description) == [])
    let records = try #require(reading.declaration?.domains.first).records
    #expect(records.count == 9)
  }

  @Test func `a byte order mark is passed over`() {
    let reading = Sample.read([0xEF, 0xBB, 0xBF] + Array("version: 2\ndomains: {example.gov: {ds: unsigned}}\n".utf8))
    #expect(reading.faults.map(\.position.column) == [10])
  }
}

/// A value that a test needs is not there.
struct SampleMissing: Error {}
