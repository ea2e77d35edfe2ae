import DNSWire
import Foundation
import Names
import Testing

@testable import Estate

@Suite("What a person reads about a faulty file of Terraform's") struct TerraformFaultTests {
  typealias Files = TerraformTests

  /// A resource on line 2 of a state, its `values` alone.
  static func fault(_ type: String, _ values: String) -> [String] {
    Files.state(Files.resource(type, "x", values)).faults.map { fault in
      // The column depends on the length of what stands before; TerraformTests has columns.
      fault.hasPrefix("t.json:2:") ? String(fault.dropFirst(9).drop { $0.isNumber }.dropFirst(2)) : fault
    }
  }

  @Test(arguments: [
    ("", "t.json:1:1: The file is empty where JSON belongs. Write the file again with the tool that makes it."),
    (
      "[]",
      "t.json:1:1: This is not what terraform show -json writes. Write the file with: terraform show -json (of a state or a plan)."
    ),
    (
      "{}",
      "t.json:1:1: This is not what terraform show -json writes. Write the file with: terraform show -json (of a state or a plan)."
    ),
    (
      "{\"version\": 4, \"serial\": 3, \"lineage\": \"a\", \"resources\": []}",
      "t.json:1:1: This is a state as Terraform stores it. Write the file with: terraform show -json."
    ),
    (
      "{\"format_version\": \"2.0\"}",
      "t.json:1:20: The format_version \"2.0\" is not read, only 0 and 1. Write the file with a Terraform that has one of these."
    ),
    (
      "{\"format_version\": \"1.2\", \"errored\": true}",
      "t.json:1:38: The plan failed and may lack resources. Mend it and plan again."
    ),
    (
      "{\"format_version\": \"1.0\"}",
      "t.json:1:1: No record of example.gov. stands in this file. Name the file that has its records, or remove this one."
    ),
    (
      "{\"format_version\": \"0.1\", \"values\": {\"root_module\": {\"resources\": {}}}}",
      "t.json:1:67: \"resources\" does not hold a list, as terraform show -json writes it. Write the file again."
    ),
    (
      "{\"format_version\": \"0.1\", \"values\": [1]}",
      "t.json:1:37: \"values\" does not hold an object, as terraform show -json writes it. Write the file again."
    ),
    (
      "{\"format_version\": \"0.1\", \"format_version\": \"0.1\"}",
      "t.json:1:27: \"format_version\" stands twice, first at t.json:1:2. Keep one of the two."
    ),
  ])
  func `the file`(text: String, line: String) {
    let reading = Files.read(Array(text.utf8))
    #expect(reading.faults == [line])
    #expect(reading.sourced == nil)
  }

  @Test(arguments: [
    (
      "aws_route53_record", "\"fqdn\": \"a.example.gov\", \"type\": \"A\", \"records\": [\"192.0.2.256\"]",
      "aws_route53_record.x: \"192.0.2.256\" is not A data: \"192.0.2.256\" is not an IPv4 address such as 192.0.2.1."
    ),
    (
      "aws_route53_record", "\"fqdn\": \"a.example.gov\", \"type\": \"A\"",
      "aws_route53_record.x has no records. Apply it once more, or declare it under records:."
    ),
    (
      "aws_route53_record", "\"fqdn\": \"a.example.gov\", \"type\": \"A\", \"records\": \"192.0.2.1\"",
      "aws_route53_record.x: records does not hold a list."
    ),
    (
      "aws_route53_record", "\"fqdn\": \"a.example.gov\", \"type\": \"ANAME\", \"records\": [\"b\"]",
      "aws_route53_record.x: \"ANAME\" is not a type of record that is audited."
    ),
    (
      "aws_route53_record", "\"fqdn\": \"a..example.gov\", \"type\": \"A\", \"records\": [\"192.0.2.1\"]",
      "aws_route53_record.x: \"a..example.gov\" is not a domain name: \(DomainName.Fault.emptyLabel(at: 2))."
    ),
    (
      "aws_route53_record", "\"fqdn\": \"a.example.gov\", \"type\": \"MX\", \"alias\": [{\"name\": \"b.example.net\"}]",
      "aws_route53_record.x: which MX its target \"b.example.net.\" gives cannot be known. Declare it under records:."
    ),
    (
      "aws_route53_record", "\"fqdn\": \"a.example.gov\", \"type\": \"A\", \"ttl\": -1, \"records\": [\"192.0.2.1\"]",
      "aws_route53_record.x: ttl holds \"-1\" where a number from 0 to 2147483647 belongs."
    ),
    (
      "cloudflare_record", "\"hostname\": \"a.example.gov\", \"name\": \"a\", \"type\": \"MX\", \"content\": \"mx.example.net\"",
      "cloudflare_record.x has no priority. Apply it once more, or declare it under records:."
    ),
    (
      "cloudflare_record",
      "\"hostname\": \"a.example.gov\", \"name\": \"a\", \"type\": \"SRV\", \"priority\": 1, \"data\": [{\"port\": 1, \"target\": \".\"}]",
      "cloudflare_record.x has no data.weight. Apply it once more, or declare it under records:."
    ),
    (
      "google_dns_record_set",
      "\"name\": \"a.example.gov.\", \"type\": \"A\", \"routing_policy\": [{\"geo\": [{\"location\": \"x\"}]}]",
      "google_dns_record_set.x has no routing_policy.geo.rrdatas. Apply it once more, or declare it under records:."
    ),
    (
      "azurerm_dns_cname_record",
      "\"name\": \"a\", \"zone_name\": \"example.gov\", \"target_resource_id\": \"/subscriptions/0/providers/Microsoft.Cdn/profiles/p/endpoints/e\"",
      "azurerm_dns_cname_record.x: which CNAME its target \"endpoints/e\" gives cannot be known. Declare it under records:."
    ),
    (
      "azurerm_dns_caa_record",
      "\"name\": \"@\", \"zone_name\": \"example.gov\", \"record\": [{\"flags\": 999, \"tag\": \"issue\", \"value\": \"x\"}]",
      "azurerm_dns_caa_record.x: \"999 issue \"x\"\" is not CAA data: \"999\" is not a number from 0 to 255."
    ),
    (
      "azurerm_dns_txt_record", "\"name\": \"@\", \"zone_name\": \"example.gov\", \"record\": [\"v=spf1 -all\"]",
      "azurerm_dns_txt_record.x: record does not hold a list of blocks."
    ),
  ])
  func `one resource`(type: String, values: String, line: String) {
    #expect(Self.fault(type, values) == [line])
  }

  @Test func `two resources for one set`() {
    let one = Files.route53("w", "\"type\": \"A\", \"records\": [\"192.0.2.1\"]")
    let two = Files.route53("w", "\"type\": \"A\", \"records\": [\"192.0.2.2\"]")
    #expect(
      Files.state(one, two).faults == [
        "t.json:3:1: aws_route53_record.w says something else of w.example.gov. A than aws_route53_record.w. Keep one of the two."
      ])
    #expect(Files.state(one, one).lines == ["w.example.gov. - A 192.0.2.1"])
  }

  @Test func `what other resources hold is in no sentence`() {
    let secret = "hunter2-secret"
    let others = [
      Files.resource("aws_db_instance", secret, "\"password\": \"\(secret)\""),
      Files.resource("random_password", "p", "\"result\": \"\(secret)\", \"type\": [\"\(secret)\"]"),
      Files.resource(
        "aws_route53_record", "other",
        "\"fqdn\": \"\(secret).example.org\", \"type\": \"TXT\", \"records\": [\"\(secret)\"], \"zone_id\": \"Z9\""),
      "{\"address\": \"\(secret)\", \"type\": \"vault_generic_secret\", \"mode\": 1, \"values\": \"\(secret)\"}",
    ]
    let broken = Files.route53("w", "\"type\": \"A\", \"records\": [\"x\"]")
    let reading = Files.state(others[0], others[1], others[2], others[3], broken)
    #expect(reading.faults.count == 1)
    #expect(!(reading.faults + reading.notices).contains { $0.contains(secret) })
    // Broken in the middle of a secret.
    let whole = "{\"format_version\": \"1.0\", \"values\": {\"root_module\": {\"resources\": [\(others[0])]}}}"
    for count in 0..<whole.utf8.count {
      let faults = Files.read(Array(whole.utf8.prefix(count)) + [0x01]).faults
      #expect(faults.count == 1 && !faults[0].contains(secret))
    }
  }

  @Test func `what Terraform has still to destroy is not intended`() {
    let now = Files.route53("w", "\"type\": \"A\", \"records\": [\"192.0.2.1\"]")
    let deposed = Files.route53("w", "\"type\": \"A\", \"records\": [\"192.0.2.9\"]").replacing(
      "\"mode\"", with: "\"deposed_key\": \"00000001\", \"mode\"")
    #expect(Files.state(now, deposed).lines == ["w.example.gov. - A 192.0.2.1"])
  }

  // MARK: Hostile files

  @Test(arguments: [String.Encoding.utf16, .utf16LittleEndian]) func `another encoding`(encoding: String.Encoding) throws {
    let octets = Array(try #require("{\"format_version\": \"1.0\"}".data(using: encoding)))
    #expect(Files.read(octets).faults == ["t.json:1:1: The file is UTF-16. Save it as UTF-8."])
  }

  @Test func `modules without end`() {
    let text =
      "{\"format_version\": \"1.0\", \"values\": {\"root_module\": " + String(repeating: "{\"child_modules\": [", count: 10_000)
    let reading = Files.read(Array(text.utf8))
    #expect(reading.faults.count == 1)
    #expect(reading.faults.first?.hasSuffix("Lists and mappings are nested deeper than 64 levels. Flatten them.") == true)
  }

  @Test func `aliases that could multiply`() {
    var resources: [String] = []
    for level in 0..<12 {
      for copy in 0..<20 {
        resources.append(
          Files.route53(
            "a\(level)",
            "\"type\": \"A\", \"set_identifier\": \"\(copy)\", \"alias\": [{\"name\": \"a\((level + 1 + copy) % 12).example.gov\"}]"
          ))
      }
    }
    let head = "{\"format_version\": \"1.0\", \"values\": {\"root_module\": {\"resources\": ["
    let reading = Files.read(Array((head + resources.joined(separator: ",") + "]}}}").utf8))
    #expect(reading.sourced?.sets.count == 12)
  }

  @Test(.timeLimit(.minutes(5))) func `a large state`() {
    let records = (0..<5000).map {
      Files.resource(
        "cloudflare_record", "r\($0)",
        "\"hostname\": \"n\($0 % 2500).example.gov\", \"name\": \"n\", \"type\": \"A\", \"content\": \"192.0.2.\($0 / 2500)\"")
    }
    let head = "{\"format_version\": \"1.0\", \"values\": {\"root_module\": {\"resources\": ["
    let reading = Files.read(Array((head + records.joined(separator: ",") + "]}}}").utf8))
    #expect(reading.sourced?.sets.count == 2500)
    #expect(reading.lines.first == "n0.example.gov. - A 192.0.2.0 | 192.0.2.1")
  }

  @Test(.timeLimit(.minutes(5))) func `20 MB of other resources`() {
    var octets = Array("{\"format_version\": \"1.0\", \"values\": {\"root_module\": {\"resources\": [".utf8)
    let other = Array(
      (Files.resource("aws_instance", "i", "\"user_data\": \"\(String(repeating: "x", count: 900))\", \"n\": [1, null]") + ",")
        .utf8)
    while octets.count < 20 << 20 { octets += other }
    octets += (Files.route53("w", "\"type\": \"A\", \"records\": [\"192.0.2.1\"]") + "]}}}").utf8
    #expect(Files.read(octets).lines == ["w.example.gov. - A 192.0.2.1"])
  }

  @Test(arguments: 0..<4) func `changed at random`(seed: UInt64) throws {
    var random = HostileDeclarationTests.Sequence(state: seed)
    let whole = Array(
      ("{\"format_version\": \"1.0\", \"values\": {\"root_module\": {\"resources\": ["
        + Files.resource(
          "aws_route53_zone", "z", "\"name\": \"example.gov\", \"zone_id\": \"Z1\", \"name_servers\": [\"ns.example.net\"]") + ","
        + Files.route53("w", "\"type\": \"A\", \"ttl\": 60, \"records\": [\"192.0.2.1\"], \"alias\": []") + ","
        + Files.resource(
          "google_dns_record_set", "g", "\"name\": \"g.example.gov.\", \"type\": \"TXT\", \"rrdatas\": [\"\\\"a\\\" b\"]")
        + "]}}}").utf8)
    let words = ["null", "[]", "{}", "\"\"", "1", "\"\\\\9\"", "\"a..b\"", "[[]]", "[null]", "-1", "\"\\u0000\""].map {
      Array($0.utf8)
    }
    for round in 0..<400 {
      var octets = whole
      for _ in 0...Int.random(in: 0..<2, using: &random) {
        // A whole token gives way to another, so that much of it stays JSON.
        let quotes = octets.indices.filter { octets[$0] == UInt8(ascii: "\"") }
        let at = Int.random(in: 0..<(quotes.count - 1), using: &random)
        octets.replaceSubrange(quotes[at]...quotes[at + 1], with: words.randomElement(using: &random) ?? [])
        if octets.count(where: { $0 == UInt8(ascii: "\"") }) < 4 { octets = whole }
      }
      let reading = Files.read(octets)
      #expect((reading.sourced == nil) == !reading.faults.isEmpty, "seed \(seed), round \(round)")
    }
  }
}
