import DNSWire
import Estate
import Foundation
import Names
import Testing

@Suite("What sources say is neither lost nor contradicted in silence") struct HeldTogetherTests {
  static let zone = """
    $ORIGIN example.gov.
    $TTL 300
    @ SOA ns1 hostmaster 1 7200 3600 1209600 300
    @ NS ns1
    @ TXT token
    ns1 A 192.0.2.53

    """

  func read(_ block: String, _ files: [String: String] = [:]) -> Declaration.Reading {
    Sample.domain(block, files: files.merging(["z": Self.zone]) { one, _ in one })
  }

  func lines(_ reading: Declaration.Reading) -> [String] {
    reading.faults.map { $0.description.replacing("nameward.yaml:", with: "") }
  }

  func set(_ name: String, _ type: RRType, of reading: Declaration.Reading) throws -> DeclaredRRset {
    let domain = try #require(reading.declaration?.domains.first, "\(reading.faults)")
    return try #require(domain.records.first { $0.name == Sample.name(name) && $0.type == type })
  }

  // MARK: Times to live

  @Test func `a time to live beside other values is kept, and told where it differs`() throws {
    let block = "zone: z\nrecords: {\"@\": {TXT: {allOf: [token], others: true, ttl: 60}}}"
    #expect(
      lines(read(block)) == [
        "5:21: example.gov. TXT: records say allOf: \"token\"; any other with TTL 60 at 5:21, the zone file says \"token\" with TTL "
          + "300 at z:5:1. Keep one of the two, or make them equal."
      ])
    let same = read(block.replacing("60", with: "300"))
    #expect(try set("example.gov", .txt, of: same).ttl == 300)
    let alias = ["o": "www: {type: ALIAS, value: cdn.example.net.}\n"]
    let narrowed = read("octodns: o\nrecords: {www: {A: {within: [192.0.2.0/24], ttl: 60}}}", alias)
    #expect(try set("www.example.gov", .a, of: narrowed).ttl == 60)
  }

  static let proxied = """
    {"domains": [{"name": "example.gov", "dnsProviders": {}, "records": [
      {"type": "A", "name": "www", "target": "192.0.2.1", "meta": {"cloudflare_proxy": "on"}},
      {"type": "A", "name": "www", "target": "192.0.2.2", "meta": {"cloudflare_proxy": "on"}}]}]}
    """

  @Test func `records of which none says a time to live intend none`() throws {
    let reading = read("dnscontrol: d", ["d": Self.proxied])
    let set = try set("www.example.gov", .a, of: reading)
    #expect(set.intended == .tolerant(Tolerance(allowsOthers: true, atLeast: 0)))
    #expect(set.ttl == nil)
  }

  // MARK: Name servers

  static let asking = """
    {"domains": [{"name": "example.gov", "dnsProviders": {"r53": -1}, "records": [],
      "nameservers": [{"name": "ns1.example.net"}]}]}
    """

  @Test func `a delegation narrows name servers that DNSControl leaves open, and must hold those that it lists`() throws {
    let wide = read("dnscontrol: d\nnameservers: {ns1.example.net: any, ns2.example.net: any}", ["d": Self.asking])
    let both = ["ns1.example.net.", "ns2.example.net."].compactMap { Sample.rdata(.ns, $0) }
    #expect(try set("example.gov", .ns, of: wide).intended == .exactly(both))
    let foreign = read("dnscontrol: d\nnameservers: {ns9.example.net: any}", ["d": Self.asking])
    #expect(
      lines(foreign) == [
        "5:19: example.gov. NS: nameservers say ns9.example.net. at 5:19, DNSControl says allOf: ns1.example.net.; any other with "
          + "TTL 300 at d:2:19. Keep one of the two, or make them equal."
      ])
  }

  @Test func `the apex has name servers`() {
    #expect(
      lines(read("records: {\"@\": {NS: absent}}")) == [
        "4:25: The domain itself cannot be absent: it has SOA and NS. Write absent for single types, as in {MX: absent}."
      ])
  }

  // MARK: Aliases

  @Test(
    arguments: [
      (
        "records: {\"@\": {CNAME: a.example.net.}}",
        "4:21: example.gov. has a CNAME and SOA; a CNAME stands alone (RFC 1034 §3.6.2). Keep one of the two."
      ),
      (
        "records: {\"@\": {CNAME: a.example.net., MX: 10 mx.example.net.}}",
        "4:44: example.gov. has a CNAME and MX; a CNAME stands alone (RFC 1034 §3.6.2). Keep one of the two."
      ),
      (
        "records: {www: {CNAME: [a.example.net., b.example.net.]}}",
        "4:21: www.example.gov. has 2 CNAME records; a name has at most one (RFC 2181 §10.1). "
          + "Keep one, or write anyOf: where it is now one and now another."
      ),
      (
        "records: {www: {CNAME: {anyOf: [a.example.net., b.example.net.], atLeast: 2}}}",
        "4:21: www.example.gov. has 2 CNAME records; a name has at most one (RFC 2181 §10.1). "
          + "Keep one, or write anyOf: where it is now one and now another."
      ),
    ]) func `an alias that no zone could hold`(block: String, line: String)
  {
    #expect(lines(read(block)) == [line])
  }

  static let beside = """
    {"domains": [{"name": "example.gov", "dnsProviders": {}, "records": [
      {"type": "A", "name": "www", "target": "192.0.2.1"},
      {"type": "CNAME", "name": "www", "target": "a.example.net."}]}]}
    """

  @Test func `what a source has beside its own alias is told once`() {
    #expect(
      lines(read("dnscontrol: d", ["d": Self.beside])) == [
        "d:2:3: www.example.gov. has a CNAME and A; a CNAME stands alone (RFC 1034 §3.6.2). Keep one of the two."
      ])
  }

  @Test(arguments: ["true", "True", "TRUE", "yes", "On"]) func `octoDNS reads YAML 1.1, with its words for true`(word: String)
    throws
  {
    let yaml = "www: [{type: A, value: 192.0.2.1, octodns: {ignored: \(word)}}, {type: TXT, value: a}]\n"
    let reading = read("octodns: o", ["o": yaml])
    #expect(try set("www.example.gov", .a, of: reading).intended == .tolerant(Tolerance(allowsOthers: true, atLeast: 0)))
  }

  // MARK: Nothing

  @Test(arguments: ["", "; nothing\n", "\n\n$ORIGIN example.gov.\n"]) func `an empty zone file is refused`(text: String) {
    let line = "z:1:1: The zone file holds no record, so nothing would be checked. Write it again, or name the right file."
    #expect(lines(read("zone: z", ["z": text])) == [line])
    #expect(lines(read("zone: z\nrecords: {www: {A: 192.0.2.1}}", ["z": text])) == [line])
  }

  @Test(
    arguments: [
      ("octodns: o", "# nothing\n"), ("dnscontrol: o", "{\"domains\": [{\"name\": \"example.gov\", \"records\": []}]}"),
      (
        "templates: [{template: o}]", "{\"providerId\": \"p\", \"serviceId\": \"s\", \"records\": []}"
      ),
      ("zone: o", "@ 300 SOA ns1.example.net. h 1 2 3 4 5\n"),
    ]) func `sources without a record declare nothing`(block: String, text: String)
  {
    #expect(
      lines(read(block, ["o": text])) == [
        "3:3: Nothing is declared for example.gov., so nothing would be checked. Write zone:, nameservers:, ds: or records: below it."
      ])
  }

  @Test func `a zone file, and those that it includes, are bounded`() {
    let large = String(repeating: ";", count: (64 << 20) + 1)
    #expect(
      lines(read("zone: z", ["z": large])) == [
        "z:1:1: \"z\" has more than 64 MB, with what it includes. Name a file of what is meant only."
      ])
    let half = String(repeating: ";", count: 33 << 20)
    let including = read("zone: z", ["z": Self.zone + "$INCLUDE half\n$INCLUDE half\n", "half": half])
    #expect(
      lines(including) == [
        "z:8:10: \"half\" cannot be included: the zone's files have more than 64 MB together. Correct the path, or provide the file."
      ])
  }

  // MARK: Values

  @Test func `a DS record is checked wherever it stands`() {
    let short = "1 13 2 00"
    let line =
      ": A digest of type 2 has 32 octets (64 hexadecimal digits); this has 1. Copy it whole from the registry or the signer."
    #expect(lines(read("records: {child: {NS: ns.example.net., DS: \(short)}}")) == ["4:48\(line)"])
    let change = "name: example.gov, type: DS, to: \(short), from: 2026-12-01, until: 2026-12-02, ticket: T"
    let reading = Sample.read("version: 1\ndomains: {example.gov: {ds: unsigned}}\nchanges: [{\(change)}]\n")
    #expect(lines(reading) == ["3:45\(line)"])
  }

  @Test func `no value at all is written as absent`() {
    #expect(
      lines(read("records: {www: {A: {within: [192.0.2.0/24], atLeast: 0, atMost: 0}}}")) == [
        "4:69: atMost: 0 accepts no value. Write absent in place of all this."
      ])
  }

  @Test func `a use of a faulty group has no fault of its own`() {
    let text = "version: 1\ngroups: {office: []}\ndomains: {example.gov: {records: {www: {A: {within: $office}}}}}\n"
    #expect(
      lines(Sample.read(text)) == ["2:18: office: holds nothing. Write values, such as [192.0.2.0/24, 198.51.100.7]."])
  }

  /// What glibc 2.36 takes without a bound: gigabytes for the first.
  @Test(
    .timeLimit(.minutes(5)),
    arguments: [
      "((a{1,200}){1,200}){1,200}", "a{1,32767}", "a{0,32767}b{0,32767}", "((a{,100}){100,}){3}",
      String(repeating: "(", count: 300) + "a" + String(repeating: "+)", count: 300), "([]{1}[:alpha:]{]{40}){40}",
      "(\\(|x){600}",
    ]) func `a pattern that takes gigabytes to prepare`(pattern: String)
  {
    #expect(throws: TextPattern.Fault.self) { try TextPattern(pattern) }
  }

  @Test(
    arguments: [
      "^google-site-verification=[A-Za-z0-9_-]{43}$", "^v=spf1( include:[a-z.]+)+ [~-]all$", "a{2}{3}", "[{1000}]", "\\{1000\\}",
      "[[:digit:]]{1,255}", "((((a*)*)*)*)*",
    ]) func `a pattern as people write it`(pattern: String)
  {
    #expect(throws: Never.self) { try TextPattern(pattern) }
  }
}
