import DNSWire
import Fixtures
import Foundation
import Names
import Testing

@testable import Estate

/// What a source says, with every set on one line, and what it tells.
struct SourceReading {
  var sourced: Sourced?
  var faults: [String]
  var notices: [String]

  var lines: [String] {
    (sourced?.sets ?? []).map { set in
      let says =
        switch set.intended {
        case .exactly(let values): values.map(\.text).sorted().joined(separator: " | ")
        case .tolerant(let tolerance): "tolerant \(tolerance.words)"
        case .absent: "absent"
        }
      return "\(set.name) \(set.ttl.map { "\($0)" } ?? "-") \(set.type) \(says)"
    }.sorted()
  }

  /// Reads with a reader of an empty declaration, whose line 7 names the file.
  static func read(_ take: (inout DeclarationReader, SourcePosition) -> Sourced?) -> SourceReading {
    var reader = DeclarationReader(file: "nameward.yaml") { _, _ in [] }
    let sourced = take(&reader, SourcePosition(file: "nameward.yaml", line: 7, column: 5))
    return SourceReading(
      sourced: sourced, faults: reader.faults.inReadingOrder().map(\.description), notices: reader.notices.map(\.description))
  }
}

@Suite("What terraform show -json says of a domain") struct TerraformTests {
  static func read(_ octets: [UInt8], domain: String = "example.gov") -> SourceReading {
    SourceReading.read { reader, order in
      TerraformSource.read(octets, file: "t.json", domain: Sample.name(domain), &reader, order: order)
    }
  }

  static func fixture(_ name: String, domain: String = "example.gov") throws -> SourceReading {
    read(Array(try Data(contentsOf: URL(filePath: Fixture.path("dns/declared/terraform/\(name).json")))), domain: domain)
  }

  /// A state whose resources are given, each on a line of its own from line 2 on.
  static func state(_ resources: String..., domain: String = "example.gov") -> SourceReading {
    let head = "{\"format_version\": \"1.0\", \"values\": {\"root_module\": {\"resources\": [\n"
    return read(Array((head + resources.joined(separator: ",\n") + "\n]}}}").utf8), domain: domain)
  }

  static func resource(_ type: String, _ name: String, _ values: String) -> String {
    "{\"address\": \"\(type).\(name)\", \"mode\": \"managed\", \"type\": \"\(type)\", \"name\": \"\(name)\", \"values\": {\(values)}}"
  }

  static func route53(_ name: String, _ values: String) -> String {
    resource("aws_route53_record", name, "\"fqdn\": \"\(name).example.gov\", \"zone_id\": \"Z1\", \(values)")
  }

  // MARK: Providers

  @Test func `Route 53: sets, aliases, routing, quotes, private and other zones`() throws {
    let reading = try Self.fixture("route53-state")
    #expect(reading.faults == [])
    #expect(
      reading.lines == [
        "*.apps.example.gov. 60 CNAME www.example.gov.",
        "example.gov. - A tolerant any value",
        "example.gov. - NS ns-1.awsdns-01.example.net. | ns-2.awsdns-02.example.org.",
        "example.gov. 3600 CAA 0 issue \"letsencrypt.org\"",
        "example.gov. 3600 MX 10 mx1.example.net. | 20 mx2.example.net.",
        "example.gov. 3600 TXT \"a \\\"quoted\\\" \\228\" | \"one\" \"two\" | \"v=spf1 include:_spf.example.net -all\"",
        "shop.example.gov. 60 A tolerant anyOf: 198.51.100.1, 198.51.100.2, 198.51.100.3",
        "web.example.gov. - A 192.0.2.80 | 192.0.2.81",
        "www.example.gov. 300 A 192.0.2.80 | 192.0.2.81",
      ])
    #expect(reading.sourced?.isWholeZone == true)
    #expect(
      reading.notices.sorted() == [
        "t.json:25:9: 1 record of the private zone example.gov. is left out: the public does not see it.",
        "t.json:42:9: aws_route53_record.apex leads to \"dualstack.lb-1.eu-central-1.elb.amazonaws.com.\", which answers with "
          + "addresses of its own: any address of example.gov. is accepted. Declare it under records: with within: or originAS: "
          + "to be stricter.",
      ])
    let www = try #require(reading.sourced?.sets.first { $0.name == Sample.name("www.example.gov") })
    #expect(www.declaredAt == SourcePosition(file: "t.json", line: 29, column: 9))
  }

  @Test func `another domain of the same file`() throws {
    let reading = try Self.fixture("route53-state", domain: "child.example.gov")
    #expect(reading.lines == ["www.child.example.gov. 60 A 198.51.100.9"])
    // Terraform looks the zone up and does not make it.
    #expect(reading.sourced?.isWholeZone == false)
  }

  @Test func `a plan: what is known only after apply is told`() throws {
    let reading = try Self.fixture("route53-plan")
    #expect(reading.sourced == nil)
    #expect(
      reading.faults == [
        "t.json:20:9: aws_route53_record.cert: records is known only after apply. Apply the plan and name the state instead.",
        "t.json:26:63: aws_route53_record.part: records is known only after apply. Apply the plan and name the state instead.",
      ])
  }

  @Test func `a plan whose values are all known`() throws {
    let text = try String(contentsOf: URL(filePath: Fixture.path("dns/declared/terraform/route53-plan.json")), encoding: .utf8)
    let known = text.replacing("\"_acme\", \"ttl\"", with: "\"_acme\", \"records\": [\"c.example.net\"], \"ttl\"").replacing(
      "[null, ", with: "[")
    let reading = Self.read(Array(known.utf8))
    #expect(reading.faults == [])
    // The zone has no identifier before it is made, and is the only one.
    #expect(
      reading.lines == [
        "_acme.example.gov. 60 CNAME c.example.net.", "mail.example.gov. 300 A 192.0.2.25", "part.example.gov. 60 A 192.0.2.7",
        "www.example.gov. 300 A 192.0.2.80",
      ])
    #expect(reading.sourced?.isWholeZone == true)
  }

  @Test func `Cloudflare: versions 4 and 5, data, quotes, proxied`() throws {
    let reading = try Self.fixture("cloudflare-state")
    #expect(reading.faults == [])
    #expect(
      reading.lines == [
        "_sip._tls.example.gov. 300 SRV 10 5 443 sip.example.net.",
        "example.gov. - NS ada.ns.example.net. | bob.ns.example.net.",
        "example.gov. 3600 CAA 0 issue \"letsencrypt.org\"",
        "example.gov. 3600 MX 10 mx.example.net.",
        "example.gov. 3600 TXT \"token=a b; \\\"c\\\"\" | \"v=spf1 -all\"",
        "old.example.gov. - A 192.0.2.1 | 192.0.2.2",
        "svc.example.gov. 300 HTTPS 1 . alpn=\"h2\"",
        "www.example.gov. - A tolerant any value; atLeast: 0",
        "www.example.gov. - AAAA tolerant any value; atLeast: 0",
      ])
    #expect(reading.sourced?.isWholeZone == true)
    #expect(
      reading.notices == [
        "t.json:42:9: cloudflare_dns_record.www is proxied, so Cloudflare answers with addresses of its own: any address of "
          + "www.example.gov. is accepted. Declare it under records: with within: or originAS: to be stricter."
      ])
  }

  @Test func `Google: names in full, routing policies`() throws {
    let reading = try Self.fixture("google-state")
    #expect(reading.faults == [])
    #expect(
      reading.lines == [
        "backup.example.gov. 60 A tolerant anyOf: 203.0.113.1, 203.0.113.2",
        "example.gov. - NS ns-cloud-a1.example.net. | ns-cloud-a2.example.net.",
        "example.gov. 300 TXT \"one\" \"two\" | \"v=spf1 -all\"",
        "geo.example.gov. 60 CNAME tolerant anyOf: eu.example.net., us.example.net.",
        "wrr.example.gov. 60 A tolerant anyOf: 198.51.100.1, 198.51.100.2",
        "www.example.gov. 300 A 192.0.2.80",
      ])
  }

  @Test func `Azure: a resource for each type, aliases`() throws {
    let reading = try Self.fixture("azure-state")
    #expect(reading.faults == [])
    #expect(
      reading.lines == [
        "_sip._tcp.example.gov. 300 SRV 1 5 5060 sip.example.net.",
        "c.example.gov. 300 CNAME target.example.net.",
        "child.example.gov. 300 NS ns1.example.net. | ns2.example.net.",
        "example.gov. - NS ns1-01.example.net. | ns2-01.example.org.",
        "example.gov. 300 A tolerant any value",
        "example.gov. 300 CAA 0 issue \"letsencrypt.org\" | 128 iodef \"mailto:x@example.gov\"",
        "example.gov. 300 MX 10 mx.example.net.",
        "example.gov. 300 TXT \"say \\\"hi\\\"\"",
        "p.example.gov. 300 PTR host.example.net.",
        "same.example.gov. 300 A 192.0.2.80",
        "www.example.gov. 300 A 192.0.2.80",
        "www.example.gov. 300 AAAA 2001:db8::80",
      ])
    #expect(reading.notices.count == 1)
    #expect(reading.notices.first?.contains("azurerm_dns_a_record.apex leads to \"publicIPAddresses/front\"") == true)
  }

  // MARK: Routing

  @Test(arguments: [
    // Latency always answers; a place on a list without a default may not.
    ("\"latency_routing_policy\": [{\"region\": \"eu-west-1\"}]", "tolerant anyOf: 192.0.2.1, 192.0.2.2"),
    ("\"geolocation_routing_policy\": [{\"country\": \"DE\"}]", "tolerant anyOf: 192.0.2.1, 192.0.2.2; atLeast: 0"),
    ("\"failover_routing_policy\": [{\"type\": \"PRIMARY\"}]", "tolerant anyOf: 192.0.2.1, 192.0.2.2"),
    ("\"multivalue_answer_routing_policy\": true", "tolerant anyOf: 192.0.2.1, 192.0.2.2"),
  ])
  func `resources that share a name by routing`(policy: String, says: String) {
    let reading = Self.state(
      Self.route53("w", "\"type\": \"A\", \"ttl\": 60, \"set_identifier\": \"1\", \"records\": [\"192.0.2.1\"], \(policy)"),
      Self.route53("w", "\"type\": \"A\", \"ttl\": 30, \"set_identifier\": \"2\", \"records\": [\"192.0.2.2\"], \(policy)"))
    #expect(reading.faults == [])
    #expect(reading.lines == ["w.example.gov. 60 A \(says)"])
  }

  @Test func `a default country answers everybody`() {
    let reading = Self.state(
      Self.route53(
        "w",
        "\"type\": \"A\", \"set_identifier\": \"1\", \"records\": [\"192.0.2.1\"], \"geolocation_routing_policy\": [{\"country\": \"DE\"}]"
      ),
      Self.route53(
        "w",
        "\"type\": \"A\", \"set_identifier\": \"2\", \"records\": [\"192.0.2.2\"], \"geolocation_routing_policy\": [{\"country\": \"*\"}]"
      ))
    #expect(reading.lines == ["w.example.gov. - A tolerant anyOf: 192.0.2.1, 192.0.2.2"])
  }

  @Test func `routed to the same values, all are answered alike`() {
    let reading = Self.state(
      Self.route53("w", "\"type\": \"A\", \"set_identifier\": \"1\", \"records\": [\"192.0.2.1\"]"),
      Self.route53("w", "\"type\": \"A\", \"set_identifier\": \"2\", \"records\": [\"192.0.2.1\"]"))
    #expect(reading.lines == ["w.example.gov. - A 192.0.2.1"])
  }

  @Test func `aliases in a ring, and of what is routed`() {
    func alias(_ name: String, _ target: String) -> String {
      Self.route53(name, "\"type\": \"A\", \"alias\": [{\"name\": \"\(target).example.gov\", \"zone_id\": \"Z1\"}]")
    }
    let ring = Self.state(alias("a", "b"), alias("b", "a"))
    #expect(ring.lines == ["a.example.gov. - A tolerant any value", "b.example.gov. - A tolerant any value"])
    let routed = Self.state(
      alias("a", "w"), Self.route53("w", "\"type\": \"A\", \"set_identifier\": \"1\", \"records\": [\"192.0.2.1\"]"),
      Self.route53("w", "\"type\": \"A\", \"set_identifier\": \"2\", \"records\": [\"192.0.2.2\"]"))
    #expect(routed.lines.first == "a.example.gov. - A tolerant anyOf: 192.0.2.1, 192.0.2.2")
  }

  // MARK: Zones

  @Test func `a zone of another file, known by what its other records are called`() {
    let known = Self.route53("www", "\"name\": \"www\", \"type\": \"A\", \"records\": [\"192.0.2.1\"]")
    let new = Self.resource(
      "aws_route53_record", "new", "\"zone_id\": \"Z1\", \"name\": \"new\", \"type\": \"A\", \"records\": [\"192.0.2.2\"]")
    #expect(Self.state(known, new).lines == ["new.example.gov. - A 192.0.2.2", "www.example.gov. - A 192.0.2.1"])
    #expect(
      Self.state(new, new).faults == [
        "t.json:2:139: aws_route53_record.new: the zone of \"new\" is not in this file, so its full name cannot be told. "
          + "Name the state instead, or write the name in full."
      ])
  }

  @Test func `a plan that makes a public and a private zone of one name`() {
    let zone = Self.resource("aws_route53_zone", "z", "\"name\": \"example.gov\"")
    let hidden = Self.resource("aws_route53_zone", "h", "\"name\": \"example.gov\", \"vpc\": [{\"vpc_id\": \"vpc-1\"}]")
    let record = Self.resource(
      "aws_route53_record", "w", "\"name\": \"w.example.gov\", \"type\": \"A\", \"records\": [\"10.0.0.1\"]")
    let head = "{\"format_version\": \"1.2\", \"planned_values\": {\"root_module\": {\"resources\": [\n"
    let reading = Self.read(Array((head + [zone, hidden, record].joined(separator: ",\n") + "]}}}").utf8))
    #expect(
      reading.faults == [
        "t.json:4:1: aws_route53_record.w: zone_id is known only after apply. Apply the plan and name the state instead."
      ])
  }

  @Test func `a private zone of Google's, and one that a plan looked up`() {
    let zone = Self.resource(
      "google_dns_managed_zone", "z", "\"name\": \"z\", \"dns_name\": \"example.gov.\", \"visibility\": \"private\"")
    func record(_ zone: String, _ value: String) -> String {
      Self.resource(
        "google_dns_record_set", "w",
        "\"managed_zone\": \"\(zone)\", \"name\": \"w.example.gov.\", \"type\": \"A\", \"rrdatas\": [\"\(value)\"]")
    }
    #expect(Self.state(zone, record("z", "10.0.0.1"), record("y", "192.0.2.1")).lines == ["w.example.gov. - A 192.0.2.1"])
    let looked = Self.resource(
      "aws_route53_zone", "z", "\"zone_id\": \"/hostedzone/Z1\", \"name\": \"example.gov.\", \"private_zone\": true"
    )
    .replacing("managed", with: "data")
    let inside = Self.resource(
      "aws_route53_record", "w", "\"zone_id\": \"Z1\", \"name\": \"w\", \"type\": \"A\", \"records\": [\"10.0.0.1\"]")
    let plan =
      "{\"format_version\": \"1.2\", \"planned_values\": {\"root_module\": {\"resources\": [\(inside)]}}, "
      + "\"prior_state\": {\"format_version\": \"1.0\", \"values\": {\"root_module\": {\"resources\": [\(looked), \(record("y", "192.0.2.9"))]}}}}"
    let reading = Self.read(Array(plan.utf8))
    // What the state before held is not intended, and the private zone's record is left out.
    #expect(
      reading.faults == [
        "t.json:1:1: No record of example.gov. stands in this file. Name the file that has its records, or remove this one."
      ])
  }

  @Test(arguments: [
    ("\"name\": \"example.gov\"", ["example.gov. - A", "example.gov. - AAAA"]),
    ("\"name\": \"c.example.gov\", \"settings\": {\"flatten_cname\": true}", ["c.example.gov. - A", "c.example.gov. - AAAA"]),
    ("\"name\": \"c.example.gov\", \"settings\": {\"flatten_cname\": false}", ["c.example.gov. - CNAME t.example.net."]),
    ("\"name\": \"c.example.gov\", \"settings\": null", ["c.example.gov. - CNAME t.example.net."]),
  ])
  func `Cloudflare answers with what an alias leads to, at the apex and on request`(values: String, lines: [String]) {
    let reading = Self.state(
      Self.resource("cloudflare_dns_record", "c", "\(values), \"type\": \"CNAME\", \"content\": \"t.example.net\""))
    #expect(reading.faults == [])
    #expect(reading.lines == lines.map { $0.hasSuffix("A") ? "\($0) tolerant any value; atLeast: 0" : $0 })
  }

  @Test func `a zone known by the record at its apex`() {
    let apex = Self.resource(
      "cloudflare_record", "a",
      "\"zone_id\": \"Z1\", \"name\": \"@\", \"hostname\": \"example.gov\", \"type\": \"A\", \"content\": \"192.0.2.1\"")
    let new = Self.resource(
      "cloudflare_record", "n", "\"zone_id\": \"Z1\", \"name\": \"n\", \"type\": \"A\", \"content\": \"192.0.2.2\"")
    #expect(Self.state(apex, new).lines == ["example.gov. - A 192.0.2.1", "n.example.gov. - A 192.0.2.2"])
  }
}
