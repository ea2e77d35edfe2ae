import DNSWire
import Testing

@testable import Estate

@Suite("What a person reads about DNSControl's JSON") struct DNSControlSentenceTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var json: String
    var lines: [String]
    var testDescription: String { lines.first ?? json }

    init(_ json: String, _ lines: String...) { (self.json, self.lines) = (json, lines) }

    /// One record of foo.com; it starts in column 1 of line 2.
    static func record(_ json: String, _ lines: String...) -> Row {
      var row = Row("{\"domains\": [{\"name\": \"foo.com\", \"records\": [\n\(json)\n]}]}")
      row.lines = lines
      return row
    }

    /// More keys of foo.com, which has one A record; they start in column 1 of line 2.
    static func domain(_ json: String, _ lines: String...) -> Row {
      let a = #"{"type": "A", "name": "@", "target": "192.0.2.1"}"#
      var row = Row("{\"domains\": [{\"name\": \"foo.com\", \"records\": [\(a)],\n\(json)}]}")
      row.lines = lines
      return row
    }
  }

  @Test(arguments: [
    Row(
      "{\"foo.com\": \"1.1.1.1\"}",
      "1:1: This is not what dnscontrol print-ir writes. Write the file with: dnscontrol print-ir --out FILE."),
    Row("[]", "1:1: This is not what dnscontrol print-ir writes. Write the file with: dnscontrol print-ir --out FILE."),
    Row("{\"domains\": {}}", "1:13: domains does not hold a list, as dnscontrol print-ir writes it. Write the file again."),
    Row(
      "{\"domains\": [1]}",
      "1:14: domains does not hold objects with a name, as dnscontrol print-ir writes it. Write the file again."),
    Row(
      "{\"domains\": [{\"name\": \"bar.com\"}, {\"name\": \"foo.org\"}]}",
      "1:13: foo.com. is not in this file, which has bar.com, foo.org. Name the file that has it."),
    Row(
      "{\"domains\": [{\"name\": \"foo.com!in\"}, {\"name\": \"foo.com\", \"tag\": \"out\"}]}",
      "1:38: The file has 2 domains foo.com., for several views: !in, !out. "
        + "Print the one that the public sees: dnscontrol print-ir with a configuration that has only this tag."),
    .record("7", "2:1: records does not hold a list of objects, as dnscontrol print-ir writes it. Write the file again."),
    .record(#"{"name": "www"}"#, "2:1: a record has no type. Write the file again."),
    .record(#"{"type": "A", "target": "192.0.2.1"}"#, "2:1: a record has no name. Write the file again."),
    .record(#"{"type": "A", "name": "www"}"#, "2:1: www.foo.com. A has no target. Write the file again."),
    .record(
      #"{"type": "A", "name": "www", "target": []}"#,
      "2:40: target of www.foo.com. A holds neither text nor a number. Write the file again."),
    .record(
      #"{"type": "A", "name": "www.bar.com.", "target": "192.0.2.1"}"#,
      "2:23: \"www.bar.com.\" leads out of foo.com. under which it stands. Write it below its own domain in dnsconfig.js."),
    .record(
      #"{"type": "LUA", "name": "www", "target": "A \"pickrandom\""}"#,
      "2:10: DNSControl's \"LUA\" is no type of DNS, and what the public sees of it is not known. "
        + "Leave it out, and declare the name under records:."),
    .record(
      #"{"type": "IMPORT_TRANSFORM", "name": "@", "target": "bar.com"}"#,
      "2:10: DNSControl's \"IMPORT_TRANSFORM\" is no type of DNS, and what the public sees of it is not known. "
        + "Leave it out, and declare the name under records:."),
    .record(
      #"{"type": "A", "name": "www", "target": "192.0.2.1", "ttl": -1}"#,
      "2:60: \"-1\" is not a time to live. Write seconds from 0 to 2147483647 in dnsconfig.js."),
    .record(
      #"{"type": "A", "name": "www", "target": "192.0.2.256"}"#,
      "2:40: \"192.0.2.256\" is not A data: \"192.0.2.256\" is not an IPv4 address such as 192.0.2.1. Mend it in dnsconfig.js."),
    .record(
      #"{"type": "CNAME", "name": "www", "target": "cdn.example.net"}"#,
      "2:44: \"cdn.example.net\" of www.foo.com. CNAME has no final dot. "
        + "Write cdn.example.net. with the dot in dnsconfig.js."),
    .record(
      #"{"type": "CAA", "name": "@", "caatag": "issue ;", "target": "x"}"#,
      "2:40: \"issue ;\" is not what caatag of foo.com. CAA holds. Mend it in dnsconfig.js."),
    .record(
      #"{"type": "R53_ALIAS", "name": "m", "r53_alias": {"type": "MX"}, "target": "bar.com."}"#,
      "2:1: m.foo.com. R53_ALIAS: which MX the alias to \"bar.com.\" gives is known to the provider only. "
        + "Leave it out, and declare the name under records:."),
    .record(
      #"{"type": "CNAME", "name": "@", "target": "a."}, {"type": "A", "name": "@", "target": "192.0.2.1"}"#,
      "2:49: foo.com. has a CNAME and A; a CNAME stands alone (RFC 1034 §3.6.2). Keep one of the two."),
    .domain(
      #""rawrecords": [{"type": "RP", "args": []}]"#,
      "2:16: \"RP\" is not worked out yet. Write the file with a dnscontrol print-ir that knows it, or declare it under records:."
    ),
    .domain(
      #""nameservers": ["ns1.foo.com"]"#,
      "2:17: nameservers does not hold objects with a name, as dnscontrol print-ir writes it. Write the file again."),
    .domain(
      #""unmanaged": 3"#, "2:14: unmanaged does not hold a list, as dnscontrol print-ir writes it. Write the file again."),
  ])
  func `refused`(row: Row) {
    #expect(DNSControlReading(row.json).faults == row.lines.map { "ir.json:\($0)" })
  }

  @Test(arguments: [
    Row.domain(
      #""keepunknown": true"#,
      "2:16: DNSControl leaves records of foo.com. that it does not know (NO_PURGE), so its records are not the whole zone."),
    .domain(
      #""ignored_names": ["a"], "ignored_targets": ["b"]"#,
      "2:18: DNSControl ignores some names of foo.com. (2 patterns), so its records are not the whole zone."),
  ])
  func `a zone that is not whole`(row: Row) {
    let reading = DNSControlReading(row.json)
    #expect(reading.faults == [])
    #expect(reading.sourced?.isWholeZone == false)
    #expect(reading.notices == row.lines.map { "ir.json:\($0)" })
  }

  @Test(arguments: [
    (#""dnsProviders": {"bind": 0}"#, false), (#""dnsProviders": {}"#, false),
    (#""dnsProviders": {"bind": 0, "r53": -1}"#, true), (#""dnsProviders": {"r53": 2}"#, true),
  ])
  func `nameservers are all of them where no provider is asked for its own`(providers: String, isOpen: Bool) throws {
    let json = Row.domain("\"nameservers\": [{\"name\": \"ns1.foo.com\"}], \"meta\": {\"ns_ttl\": \"86400\"}, \(providers)").json
    let reading = DNSControlReading(json)
    #expect(reading.faults == [])
    let servers = [try #require(Sample.rdata(.ns, "ns1.foo.com."))]
    let set = try #require(reading.sets.first { $0.type == .ns })
    #expect(set.name == Sample.name("foo.com") && set.ttl == 86_400)
    #expect(set.intended == (isOpen ? .tolerant(Tolerance(allOf: servers, allowsOthers: true)) : .exactly(servers)))
    #expect(
      reading.notices
        == (isOpen
          ? [
            "ir.json:2:17: DNSControl asks the providers of foo.com. for their name servers: others beside those that it lists "
              + "are accepted, and the delegation is not compared. Declare nameservers: to be stricter."
          ] : []))
  }

  @Test func `one view alone is read, whatever its tag`() {
    let json = #"{"domains": [{"name": "foo.com!out", "records": [{"type": "A", "name": "@", "target": "192.0.2.1"}]}]}"#
    #expect(DNSControlReading(json).sets.count == 1)
  }

  @Test func `strings of a TXT record one by one, as older versions write them`() {
    let json = Row.record(#"{"type": "TXT", "name": "@", "target": "ab", "txtstrings": ["a", "b"]}"#).json
    #expect(DNSControlReading(json).sets.first?.intended == Sample.rdata(.txt, #""a" "b""#).map { .exactly([$0]) })
  }

  @Test func `a record that is to be absent is absent, in a whole zone only`() {
    let absent = #""recordsabsent": [{"type": "A", "name": "old", "target": "192.0.2.2"}]"#
    let whole = DNSControlReading(Row.domain(absent).json)
    #expect(whole.sets.last.map { "\($0.name) \($0.type) \($0.intended)" } == "old.foo.com. A absent")
    #expect(DNSControlReading(Row.domain(absent + ", \"keepunknown\": true").json).sets.count == 1)
  }
}
