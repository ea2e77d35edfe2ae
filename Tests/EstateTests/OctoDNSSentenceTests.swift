import DNSWire
import Testing

@testable import Estate

@Suite("What a person reads about a zone file of octoDNS") struct OctoDNSSentenceTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var yaml: String
    var lines: [String]
    var testDescription: String { lines.first ?? yaml }

    init(_ yaml: String, _ lines: String...) { (self.yaml, self.lines) = (yaml, lines) }
  }

  static let dot = "and providers differ in what that means. Write"

  @Test(arguments: [
    Row("'@': {type: A, value: 192.0.2.1}", "1:1: octoDNS does not know \"@\". Write '' for the zone itself."),
    Row(
      "www.example.gov.: {type: A, value: 192.0.2.1}",
      "1:1: \"www.example.gov.\" ends in a dot, and octoDNS would add the zone to it. Write the name without the zone."),
    Row(
      "a..b: {type: A, value: 192.0.2.1}",
      "1:1: \"a..b\" is not a domain name: an empty label at 2. Write it relative to the zone."),
    Row("www:", "1:1: \"www\" holds no record. Write its type and value, or remove it."),
    Row("www: []", "1:1: \"www\" holds no record. Write its type and value, or remove it."),
    Row(
      "www: 192.0.2.1",
      "1:1: \"www\" holds text where a record belongs. Write {type: A, value: 192.0.2.1}, or a list of such records."),
    Row(
      "www: [192.0.2.1]",
      "1:7: \"www\" holds text where a record belongs. Write {type: A, value: 192.0.2.1}, or a list of such records."),
    Row("'': {value: 192.0.2.1}", "1:1: '' has no type. Write it."),
    Row("www: {type: A}", "1:1: www.example.gov. A has no value. Write it."),
    Row("www: {type: A, value: }", "1:23: www.example.gov. A has no value. Write it."),
    Row("www: {type: A, values: []}", "1:24: www.example.gov. A has no value. Write it."),
    Row("www: {type: AAA, value: 192.0.2.1}", "1:13: octoDNS's type \"AAA\" is not read. Did you mean AAAA?"),
    Row(
      "www: {type: Route53Provider/ALIAS, value: x}",
      "1:13: octoDNS's type \"Route53Provider/ALIAS\" is not read. Declare the name under records:."),
    Row(
      "'': {type: SOA, value: x}", "1:12: SOA records are made by the server or signer and cannot be declared. Remove them."),
    Row(
      "www: {type: A, ttl: 1h, value: 192.0.2.1}", "1:21: \"1h\" is not a time to live. Write seconds from 0 to 2147483647."),
    Row(
      "www: {type: A, value: 192.0.2.256}",
      "1:23: \"192.0.2.256\" is not A data: \"192.0.2.256\" is not an IPv4 address such as 192.0.2.1. Mend the value."),
    Row(
      "www: {type: A, value: '192.0.2.1 ; x'}",
      "1:23: \"192.0.2.1 ; x\" is not what value of an A record holds. Write one word, or a number where one belongs."),
    Row(
      "www: {type: CNAME, value: cdn.example.net}",
      "1:27: \"cdn.example.net\" has no final dot, \(dot) cdn.example.net. with the dot, as octoDNS wants for CNAME."),
    Row("mx: {type: MX, value: {exchange: mx.example.gov.}}", "1:23: mx.example.gov. MX has no preference. Write it."),
    Row(
      "mx: {type: MX, value: 10 mx.example.gov.}",
      "1:23: value of an MX record does not hold preference:, exchange:. Write preference:, exchange:."),
    Row(
      "c: {type: CAA, value: {tag: issue, value: 'a\"b'}}",
      "1:43: \"a\"b\" is not what value of a CAA record holds. Write one word, or a number where one belongs."),
    Row(
      "w: {type: A, value: 192.0.2.1, dynamic: {rules: []}}",
      "1:41: dynamic of an A record does not hold pools: and rules:. Write pools: and rules:."),
    Row(
      "w: {type: A, value: 192.0.2.1, dynamic: {pools: {a: {values: []}}}}", "1:50: pool \"a\" has no values. Write it."),
    Row(
      "w: {type: A, value: 192.0.2.1, geo: [x]}",
      "1:37: geo of an A record does not hold places and their values. Write places and their values."),
    Row(
      "w:\n- {type: A, value: 192.0.2.1}\n- {type: A, value: 192.0.2.2}",
      "3:3: \"w.example.gov. A\" stands twice, first at zones/z.yaml:2:3. Remove one."),
    Row(
      "w: {type: A, values: [192.0.2.1, 192.0.2.1]}",
      "1:34: \"192.0.2.1\" stands twice, first at zones/z.yaml:1:23. Remove one."),
    Row(
      "w:\n- {type: A, value: 192.0.2.1}\n- {type: CNAME, value: x.}",
      "2:3: w.example.gov. has a CNAME and A; a CNAME stands alone (RFC 1034 §3.6.2). Keep one of the two."),
    Row(
      "w: {type: A, value: 192.0.2.1}\nw: {type: A, value: 192.0.2.2}",
      "2:1: \"w\" stands twice, first at zones/z.yaml:1:1. Keep one of the two."),
    Row(
      "providers: {config: {class: octodns.provider.yaml.YamlProvider, directory: ./config}}\nzones: {}",
      "1:1: This is octoDNS's configuration, which names providers and holds no records. "
        + "Name the zone file, such as config/example.gov.yaml."),
    Row(
      "a: &x {type: A, value: 192.0.2.1}\nb: *x",
      "2:4: YAML aliases (*name) are not read. Write the value out; quote text that starts with *."),
  ])
  func `refused`(row: Row) {
    #expect(OctoDNSReading(row.yaml).faults == row.lines.map { "zones/z.yaml:\($0)" })
  }

  @Test(arguments: [
    Row(
      "www: {type: CNAME, value: cdn.example.net, octodns: {lenient: true}}",
      "1:27: \"cdn.example.net\" has no final dot and is lenient: it is read as cdn.example.net. with the dot."),
    Row(
      "'': {type: DS, value: {key_tag: 1, algorithm: 13, digest_type: 2, digest: AB}}",
      "1:1: DS records of example.gov. itself stand with its parent and are left out. Declare them under ds:."),
    Row(
      "www: {type: A, value: 192.0.2.1, octodns: {cloudflare: {proxied: true}}}",
      "1:1: www.example.gov. is answered by the provider itself (proxied): any address is accepted. "
        + "Declare it under records: with within: or originAS: to be stricter."),
    Row("# nothing\n", "1:1: The zone file holds no record, so nothing is expected of the zone."),
  ])
  func `told, and read`(row: Row) {
    let reading = OctoDNSReading(row.yaml)
    #expect(reading.faults == [])
    #expect(reading.notices == row.lines.map { "zones/z.yaml:\($0)" })
  }

  @Test func `what is not judged stands open where its name has other records`() {
    let reading = OctoDNSReading(
      "w:\n- {type: AAAA, value: '2001:db8::1'}\n- {type: A, value: 192.0.2.1, octodns: {ignored: true}}\n")
    #expect(reading.sets.map(\.type) == [.aaaa, .a])
    #expect(reading.sets.last?.intended == .tolerant(Tolerance(allowsOthers: true, atLeast: 0)))
  }

  @Test func `split files hold one zone: a set stands once`() {
    var reader = DeclarationReader(file: "nameward.yaml") { _, _ in [] }
    let files = ["b.yaml", "a.yaml"].map { ("zones/d/\($0)", Array("www: {type: A, value: 192.0.2.1}".utf8)) }
    _ = OctoDNSSource.read(
      folder: "zones/d", files, domain: Sample.name("example.gov"), &reader,
      order: SourcePosition(file: "nameward.yaml", line: 4, column: 5))
    _ = OctoDNSSource.read(
      folder: "zones/e", [("zones/e/.gitkeep", [])], domain: Sample.name("example.gov"), &reader,
      order: SourcePosition(file: "nameward.yaml", line: 5, column: 5))
    #expect(
      reader.faults.inReadingOrder().map(\.description) == [
        "zones/d/b.yaml:1:1: \"www.example.gov. A\" stands twice, first at zones/d/a.yaml:1:1. Remove one.",
        "nameward.yaml:5:5: The folder holds no file whose name ends in .yaml. "
          + "Name the zone's file, or the folder of its split files.",
      ])
  }
}
