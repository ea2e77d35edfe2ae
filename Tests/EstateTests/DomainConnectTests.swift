import DNSWire
import Fixtures
import Foundation
import Names
import Testing

@testable import Estate

@Suite("draft-ietf-dconn-domainconnect: what a service needs") struct DomainConnectTests {
  static func read(
    _ text: String, domain: String = "example.com", host: String = "", variables: [String: String] = [:], groups: [String]? = nil
  ) -> SourceReading {
    SourceReading.read { reader, order in
      DomainConnectSource.read(
        Array(text.utf8), file: "t.json", domain: Sample.name(domain), host: host, variables: variables, groups: groups, &reader,
        order: order)
    }
  }

  /// A template whose records are given, each on a line of its own from line 2 on.
  static func template(
    _ records: String..., host: String = "", variables: [String: String] = [:], groups: [String]? = nil
  ) -> SourceReading {
    let head = "{\"providerId\": \"p\", \"serviceId\": \"s\", \"records\": [\n"
    return read(head + records.joined(separator: ",\n") + "]}", host: host, variables: variables, groups: groups)
  }

  static let www = "{\"type\": \"CNAME\", \"host\": \"www\", \"pointsTo\": \"@\", \"ttl\": 1800}"
  static let apex = "{\"type\": \"A\", \"host\": \"@\", \"pointsTo\": \"192.0.2.1\", \"ttl\": 1800}"

  // MARK: Host Name Rendering

  /// The examples of host processing in the draft.
  @Test(arguments: [
    ("", ["example.com. - A 192.0.2.1", "www.example.com. - CNAME example.com."]),
    ("bar", ["bar.example.com. - A 192.0.2.1", "www.bar.example.com. - CNAME bar.example.com."]),
  ])
  func `examples of host processing`(host: String, lines: [String]) {
    #expect(Self.template(Self.www, Self.apex, host: host).lines == lines)
  }

  @Test(arguments: [
    ("", "bar.example.com. - A 192.0.2.1"), ("@", "bar.example.com. - A 192.0.2.1"),
    ("a.b", "a.b.bar.example.com. - A 192.0.2.1"),
    ("c.example.com.", "c.example.com. - A 192.0.2.1"), ("%fqdn%.", "bar.example.com. - A 192.0.2.1"),
    ("%@%", "bar.example.com. - A 192.0.2.1"), ("x-%host%", "x-bar.bar.example.com. - A 192.0.2.1"),
  ])
  func `hosts`(host: String, line: String) {
    let record = "{\"type\": \"A\", \"host\": \"\(host)\", \"pointsTo\": \"192.0.2.1\"}"
    #expect(Self.template(record, host: "bar").lines == [line])
  }

  // MARK: Records

  @Test func `a template with variables, groups and all kinds of records`() throws {
    let text = try String(
      contentsOf: URL(filePath: Fixture.path("dns/declared/domainconnect/mailer.example.suite.json")), encoding: .utf8)
    let reading = Self.read(text, variables: ["token": "a%domain%", "selector": "s1"])
    #expect(reading.faults == [])
    #expect(
      reading.lines == [
        "_autodiscover._tcp.example.com. - SRV 0 1 443 auto.mailer.example.",
        "_dmarc.example.com. - TXT \"v=DMARC1; p=none\" \"; rua=mailto:x@mailer.example\"",
        "example.com. - CAA tolerant allOf: 0 issue \"ca.mailer.example\"; any other",
        "example.com. - MX 10 mx1.mailer.example. | 20 mx2.mailer.example.",
        // What a value holds is not rendered again.
        "example.com. - TXT tolerant allOf: \"mailer-verification=a%domain%\"; any other",
        "s1._domainkey.example.com. - CNAME s1.example.com.dkim.mailer.example.",
        "x.example.com. - TYPE65280 tolerant allOf: \\# 4 c0000201; any other",
      ])
    #expect(reading.sourced?.isWholeZone == false)
    #expect(
      reading.notices == [
        "t.json:17:9: The template wants \"include:_spf.mailer.example\" in the SPF record of example.com., which the DNS provider "
          + "merges with others: this is not compared. Declare the whole SPF record under records:."
      ])
    // Records without a group, and those of one; the variables of the others are not asked for.
    let verify = Self.read(text, variables: ["token": "t"], groups: ["verify"])
    #expect(verify.faults == [])
    #expect(verify.lines.count == 4)
    #expect(
      Self.read(text, groups: ["Mail"]).faults == [
        "nameward.yaml:7:5: No record of the template is in the groups Mail. It has verify, mail."
      ])
  }

  @Test(arguments: [
    ("plain text; of any kind", "\"plain text; of any kind\""), ("\\\"one\\\" \\\"two\\\"", "\"one\" \"two\""),
    ("v=DKIM1\\\\; k=rsa", "\"v=DKIM1; k=rsa\""), ("say \\\"hi\\\" now", "\"say \\\"hi\\\" now\""), ("", "\"\""),
    ("v=spf1 exists:%{i}._spf.%domain% -all", "\"v=spf1 exists:%{i}._spf.example.com -all\""), ("100%", "\"100%\""),
    ("50% of %v%", "\"50% of v\""),
    (String(repeating: "x", count: 300), "\"\(String(repeating: "x", count: 255))\" \"\(String(repeating: "x", count: 45))\""),
  ])
  func `TXT in presentation format, its quotes perhaps left out`(data: String, expected: String) throws {
    let reading = Self.template("{\"type\": \"TXT\", \"host\": \"@\", \"data\": \"\(data)\"}", variables: ["v": "v"])
    let set = try #require(reading.sourced?.sets.first)
    #expect(set.intended == .tolerant(Tolerance(allOf: [try #require(Sample.rdata(.txt, expected))], allowsOthers: true)))
  }

  @Test func `where the DNS provider answers with addresses of its own`() {
    let redirect = Self.template("{\"type\": \"REDIR301\", \"host\": \"@\", \"target\": \"https://x.example\"}")
    #expect(redirect.lines == ["example.com. - A tolerant any value", "example.com. - AAAA tolerant any value; atLeast: 0"])
    #expect(redirect.notices.count == 1)
    let alias = Self.template("{\"type\": \"APEXCNAME\", \"host\": \"@\", \"pointsTo\": \"x.example\"}")
    #expect(
      alias.lines == ["example.com. - A tolerant any value; atLeast: 0", "example.com. - AAAA tolerant any value; atLeast: 0"])
  }

  // MARK: What a person reads

  @Test(arguments: [
    (apex.replacing("192.0.2.1", with: "%IP%"), "2:40: The variable %IP% has no value. Write it below variables:."),
    (
      apex.replacing("192.0.2.1", with: "@"),
      "2:40: \"@\" is not A data: \"@\" is not an IPv4 address such as 192.0.2.1. Mend the template or the variable."
    ),
    (
      apex.replacing("\"A\"", with: "\"CNME\""),
      "2:10: There is no record type \"CNME\" in Domain Connect or DNS. Did you mean CNAME?"
    ),
    (
      apex.replacing("\"A\"", with: "\"AXFR\""),
      "2:10: There is no record type \"AXFR\" in Domain Connect or DNS. Mend the template."
    ),
    (apex.replacing("pointsTo", with: "data"), "2:1: This record of type A lacks pointsTo. Mend the template."),
    (apex.replacing("\"type\": \"A\", ", with: ""), "2:1: This record lacks type. Mend the template."),
    (apex.replacing("\"192.0.2.1\"", with: "[]"), "2:40: pointsTo does not hold text. Mend the template."),
    ("1", "2:1: records does not hold objects only. Mend the template."),
    (
      apex.replacing("@", with: "www.example.org."),
      "2:23: www.example.org. is outside example.com. to which the template is applied. Mend the template or the variable."
    ),
    (
      apex.replacing("@", with: "a..b"),
      "2:23: \"a..b\" is not a domain name: \(DomainName.Fault.emptyLabel(at: 2)). Mend the template, the host or the variable."
    ),
    (
      www.replacing("www", with: "@"),
      "2:1: A CNAME cannot stand at example.com. itself, which has SOA and NS. Write host: beside template:."
    ),
    (
      "{\"type\": \"MX\", \"host\": \"@\", \"pointsTo\": \"a.example\", \"priority\": \"65536\"}",
      "2:66: priority holds \"65536\" where a number from 0 to 65535 belongs. Mend the template or the variable."
    ),
    (
      "{\"type\": \"A\", \"pointsTo\": \"192.0.2.1\", \"vnd.x\": 1, \"crit\": [\"vnd.x\", \"vnd.y\", \"type\"]}",
      "2:61: The template says that \"vnd.x\" must be understood, and this version does not. Declare its records under records:."
    ),
  ])
  func `one record`(record: String, line: String) {
    let reading = Self.template(record)
    #expect(reading.faults == ["t.json:\(line)"])
    #expect(reading.sourced == nil)
  }

  @Test(arguments: [
    ("", "t.json:1:1: The file is empty where JSON belongs. Write the file again with the tool that makes it."),
    ("[]", "t.json:1:1: This is not a Domain Connect template: it lacks providerId. Name a file from the service's provider."),
    (
      "{\"providerId\": \"p\"}",
      "t.json:1:1: This is not a Domain Connect template: it lacks serviceId. Name a file from the service's provider."
    ),
    (
      "{\"providerId\": \"p\", \"serviceId\": \"s\", \"records\": {}}",
      "t.json:1:50: This is not a Domain Connect template: it lacks records. Name a file from the service's provider."
    ),
    (
      "{\"providerId\": \"p\", \"serviceId\": \"s\", \"templateSpecVersion\": \"2\", \"records\": []}",
      "t.json:1:62: The template's templateSpecVersion \"2\" is not read, only 1."
    ),
    (
      "{\"providerId\": \"p\", \"serviceId\": \"s\", \"hostRequired\": true, \"records\": []}",
      "nameward.yaml:7:5: The template wants a host. Write host: beside template:."
    ),
    (
      "{\"providerId\": \"p\", \"providerId\": \"q\"}",
      "t.json:1:21: \"providerId\" stands twice, first at t.json:1:2. Keep one of the two."
    ),
  ])
  func `the template`(text: String, line: String) {
    #expect(Self.read(text).faults == [line])
  }

  @Test func `a bad host is told where it is declared`() {
    #expect(
      Self.template(Self.apex, host: "a..b").faults == [
        "nameward.yaml:7:5: \"a..b\" is not a domain name: \(DomainName.Fault.emptyLabel(at: 2)). "
          + "Mend the template, the host or the variable."
      ])
  }

  // MARK: Hostile files

  @Test func `variables that would multiply`() {
    let reading = Self.template(
      "{\"type\": \"TXT\", \"host\": \"@\", \"data\": \"\(String(repeating: "%a%", count: 100_000))\"}",
      variables: ["a": String(repeating: "%a%", count: 20_000)])
    #expect(
      reading.faults == ["t.json:2:38: data has more than 65535 octets once its variables have their values. Shorten these."])
  }

  @Test(arguments: 0..<4) func `changed at random`(seed: UInt64) {
    var random = HostileDeclarationTests.Sequence(state: seed)
    let whole = Array(
      ("{\"providerId\": \"p\", \"serviceId\": \"s\", \"records\": [" + Self.www + "," + Self.apex
        + ",{\"type\": \"SRV\", \"name\": \"@\", \"service\": \"_s\", \"protocol\": \"_tcp\", \"target\": \".\", \"priority\": 0, \"weight\": 1, \"port\": 2}"
        + ",{\"type\": \"TXT\", \"host\": \"%v%\", \"data\": \"%v%\", \"groupId\": \"g\"}]}").utf8)
    let words = ["null", "[]", "{}", "\"\"", "1", "\"\\\\9\"", "\"%\"", "\"%v%%\"", "\"a..b\"", "\"@\"", "[null]", "\"\\u0000\""]
      .map { Array($0.utf8) }
    for round in 0..<400 {
      var octets = whole
      for _ in 0...Int.random(in: 0..<2, using: &random) {
        let quotes = octets.indices.filter { octets[$0] == UInt8(ascii: "\"") }
        let at = Int.random(in: 0..<(quotes.count - 1), using: &random)
        octets.replaceSubrange(quotes[at]...quotes[at + 1], with: words.randomElement(using: &random) ?? [])
      }
      let reading = Self.read(String(decoding: octets, as: UTF8.self), variables: ["v": "v"])
      #expect((reading.sourced == nil) == !reading.faults.isEmpty, "seed \(seed), round \(round)")
    }
  }
}
