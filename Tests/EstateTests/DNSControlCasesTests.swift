import DNSWire
import Fixtures
import Foundation
import Names
import Testing

@testable import Estate

/// Every JSON file of DNSControl's parse tests, domain by domain: what it gives, counted by reading the file.
@Suite("DNSControl's parse tests") struct DNSControlCasesTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var file: String
    var domain: String
    var sets: Int
    var isWholeZone = true
    var faults: [String] = []
    var notices: [String] = []
    var testDescription: String { "\(file) \(domain)" }

    init(
      _ file: String, _ domain: String, _ sets: Int, isWholeZone: Bool = true, faults: [String] = [], notices: [String] = []
    ) {
      (self.file, self.domain, self.sets, self.isWholeZone) = (file, domain, sets, isWholeZone)
      (self.faults, self.notices) = (faults, notices)
    }
  }

  static func any(_ name: String, _ by: String) -> String {
    "\(name) is answered by the provider itself (\(by)): any address is accepted. "
      + "Declare it under records: with within: or originAS: to be stricter."
  }
  static func rule(_ type: String) -> String { "\(type) of foo.com. is a rule of the provider and no record. It is left out." }
  static func alias(_ name: String, _ by: String, _ type: String) -> String {
    "\(name) \(by): which \(type) the alias to \"foo.com.\" gives is known to the provider only. "
      + "Leave it out, and declare the name under records:."
  }
  static func empty(_ domain: String) -> String {
    "The file has no record of \(domain) that is compared, so nothing is expected of the zone."
  }
  static func views(_ domain: String, _ count: Int, _ tags: String) -> String {
    "The file has \(count) domains \(domain), for several views: \(tags). "
      + "Print the one that the public sees: dnscontrol print-ir with a configuration that has only this tag."
  }
  static let ds = "DS records of foo.com. itself stand with its parent and are left out. Declare them under ds:."

  static let rows = [
    Row("001-basic", "foo.com", 1), Row("002-ttl", "foo.com", 1),
    Row("003-meta", "foo.com", 2, notices: ["12:9: " + any("foo.com.", "cloudflare_proxy")]),
    Row("004-ips", "foo.com", 3),
    Row(
      "005-ignored-records", "foo.com", 0, isWholeZone: false,
      notices: [
        "13:20: DNSControl ignores some names of foo.com. (8 patterns), so its records are not the whole zone.",
        "4:5: " + empty("foo.com."),
      ]),
    Row(
      "005-ignored-records", "diff2.com", 0, isWholeZone: false,
      notices: [
        "65:20: DNSControl ignores some names of diff2.com. (10 patterns), so its records are not the whole zone.",
        "56:5: " + empty("diff2.com."),
      ]),
    Row("006-transforms", "foo.com", 1), Row("007-importTransformTTL", "foo1.com", 2),
    Row("007-importTransformTTL", "inny", 2), Row("007-importTransformTTL", "com.inny", 2), Row("008-import", "foo.com", 1),
    Row("009-reverse", "2.1.in-addr.arpa", 0, notices: ["4:5: " + empty("2.1.in-addr.arpa.")]),
    Row("010-alias", "foo.com", 2, notices: ["12:9: " + any("foo.com.", "ALIAS")]),
    Row(
      "011-cfRedirect", "foo.com", 0,
      notices: ["12:9: " + rule("CF_REDIRECT"), "21:9: " + rule("CF_TEMP_REDIRECT"), "4:5: " + empty("foo.com.")]),
    Row("012-duration", "foo.com", 5), Row("013-mx", "foo.com", 1), Row("014-caa", "foo.com", 1),
    Row(
      "015-tlsa", "foo.com", 0,
      faults: [
        "14:21: \"3 1 1 mdfiytq3mtljodbinmzlotexyja5mwe3yza1mti0yjy0zwvly2u5njrlmdljmdu4zwy4zjk4md…\" is not TLSA data: "
          + "\"mdfiytq3mtljodbinmzlotexyja5mwe3yza1mti0yjy0zwvly2u5njrlmdlj…\" is not pairs of hexadecimal digits. "
          + "Mend it in dnsconfig.js."
      ]),
    Row("017-txt", "foo.com", 5), Row("018-dkim", "foo.com", 1),
    Row(
      "019-r53-alias", "foo.com", 3,
      faults: [
        (79, "caa", "CAA"), (92, "cname", "CNAME"), (105, "mx", "MX"), (118, "naptr", "NAPTR"), (131, "ptr", "PTR"),
        (144, "spf", "SPF"), (157, "srv", "SRV"), (170, "txt", "TXT"),
      ].map { line, name, type in "\(line):9: " + alias("\(name)test.foo.com.", "R53_ALIAS", type) },
      notices: [
        "12:9: " + any("aaaatest.foo.com.", "R53_ALIAS"), "39:9: " + any("aevaltargethealthtest.foo.com.", "R53_ALIAS"),
        "52:9: " + any("atest.foo.com.", "R53_ALIAS"),
      ]),
    Row("020-complexRequire", "sortfoo.com", 5), Row("021-srv", "foo.com", 1), Row("022-sshfp", "foo.com", 1),
    Row(
      "023-ignored-glob-records", "foo.com", 0, isWholeZone: false,
      notices: [
        "13:20: DNSControl ignores some names of foo.com. (1 pattern), so its records are not the whole zone.",
        "4:5: " + empty("foo.com."),
      ]),
    Row("024-json-import", "foo.com", 1), Row("025-autodnssec", "nothing.com", 0, notices: ["4:5: " + empty("nothing.com.")]),
    Row("025-autodnssec", "with.com", 0, notices: ["14:5: " + empty("with.com.")]),
    Row("025-autodnssec", "without.com", 0, notices: ["25:5: " + empty("without.com.")]),
    Row(
      "026-azure-alias", "foo.com", 2, faults: ["36:9: " + alias("cnametest.foo.com.", "AZURE_ALIAS", "CNAME")],
      notices: ["12:9: " + any("aaaatest.foo.com.", "AZURE_ALIAS"), "24:9: " + any("atest.foo.com.", "AZURE_ALIAS")]),
    Row("027-ds", "foo.com", 0, notices: ["12:9: " + ds, "22:9: " + ds, "4:5: " + empty("foo.com.")]),
    Row("028-dextend", "foo.com", 2), Row("028-dextend", "bar.foo.com", 2), Row("028-dextend", "foo.edu", 4),
    Row("029-dextendsub", "foo.net", 6), Row("029-dextendsub", "foo.tld", 3), Row("029-dextendsub", "bar.foo.tld", 3),
    Row("029-dextendsub", "foo.help", 4), Row("029-dextendsub", "bar.foo.help", 4), Row("029-dextendsub", "foo.here", 6),
    Row("029-dextendsub", "example.com", 6), Row("029-dextendsub", "düsseldorf.example.net", 8),
    Row("029-dextendsub", "ü.example.net", 8), Row("029-dextendsub", "example.tld", 4), Row("030-dextenddoc", "domain.tld", 12),
    Row("031-dextendnames", "domain.tld", 11), Row("031-dextendnames", "sub.domain.tld", 5),
    Row("032-reverseip", "3.2.1.in-addr.arpa", 9), Row("033-revextend", "3.1.in-addr.arpa", 2),
    Row("034-nameserver-ttl", "foo.com", 0, notices: ["4:5: " + empty("foo.com.")]),
    Row("034-nameserver-ttl", "bar.com", 0, notices: ["15:5: " + empty("bar.com.")]), Row("035-naptr", "foo.com", 1),
    Row(
      "036-dextendcf", "foo.com", 3,
      notices: ["19:9: " + rule("CF_REDIRECT"), "28:9: " + rule("CF_TEMP_REDIRECT"), "37:9: " + rule("CF_WORKER_ROUTE")]),
    Row(
      "037-splithor", "example.com", 0, isWholeZone: false,
      faults: ["42:5: " + views("example.com.", 3, "without a tag, !inside, !outside")]),
    Row("038-soa", "foo.com", 0, notices: ["4:5: " + empty("foo.com.")]),
    Row("039-include", "foo.com", 0, isWholeZone: false, faults: ["28:5: " + views("foo.com.", 2, "!external, !internal")]),
    Row("040-cfWorkerRoute", "foo.com", 0, notices: ["12:9: " + rule("CF_WORKER_ROUTE"), "4:5: " + empty("foo.com.")]),
    Row("040-r53-zone", "foo.com", 0, isWholeZone: false, faults: ["15:5: " + views("foo.com.", 2, "without a tag, !internal")]),
    Row(
      "041-newstyleproviders", "foo.com", 0, isWholeZone: false,
      faults: ["37:14: foo.com. is not in this file, which has no domain at all. Name the file that has it."]),
    Row("043-safety", "unsafe.com", 0, notices: ["4:5: " + empty("unsafe.com.")]),
    Row("043-safety", "safe.com", 0, notices: ["15:5: " + empty("safe.com.")]), Row("044-ensureabsent", "example.com", 2),
    Row("045-loc", "foo.com", 30), Row("046-DHCID", "foo.com", 1), Row("047-DNAME", "foo.com", 1), Row("047-SVCB", "foo.com", 2),
    Row("048-DNSKEY", "foo.com", 1), Row("049-json5-require", "foo.com", 1),
    Row(
      "050-cfSingleRedirect", "foo.com", 1,
      notices: [12, 21, 30, 39, 49].map { "\($0):9: " + rule("CLOUDFLAREAPI_SINGLE_REDIRECT") }),
    Row(
      "051-HASH", "a9993e364706816aba3e25717850c26c9cd0d89d", 0,
      notices: ["4:5: " + empty("a9993e364706816aba3e25717850c26c9cd0d89d.")]),
  ]

  @Test(arguments: rows) func `imports, or is refused with a reason`(row: Row) throws {
    let reading = DNSControlReading(fixture: row.file + ".json", domain: row.domain)
    #expect(reading.faults == row.faults.map { "\(row.file).json:\($0)" })
    #expect(reading.notices == row.notices.map { "\(row.file).json:\($0)" })
    #expect(reading.sets.count == row.sets)
    #expect((reading.sourced?.isWholeZone ?? false) == row.isWholeZone)
    #expect((reading.sourced == nil) == (!row.faults.isEmpty && !row.isWholeZone))
  }

  /// A second reader of the JSON: that no domain is left out of the table, and that every plain record arrives.
  @Test func `the table has every domain of every file`() throws {
    let folder = Fixture.path("dns/declared/dnscontrol")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".json") }
    #expect(files.count == 51)
    let tabled = Set(Self.rows.map { "\($0.file).json \($0.domain)" })
    for file in files {
      let all = try JSONSerialization.jsonObject(with: Data(DNSControlReading.contents(file)))
      let domains = try #require((all as? [String: Any])?["domains"] as? [[String: Any]])
      if domains.isEmpty { #expect(Self.rows.contains { "\($0.file).json" == file }) }
      for domain in domains {
        let name = try #require(domain["name"] as? String)
        #expect(tabled.contains("\(file) \(name)"))
        guard domains.count(where: { $0["name"] as? String == name }) == 1 else { continue }
        let sets = DNSControlReading(fixture: file, domain: name).sets
        for record in try #require(domain["records"] as? [[String: Any]]) {
          guard let word = record["type"] as? String, ["A", "AAAA", "CNAME", "NS", "PTR", "DNAME", "LOC"].contains(word),
            let label = record["name"] as? String, let target = record["target"] as? String, let type = RRType(word)
          else { continue }
          if (record["meta"] as? [String: Any])?["cloudflare_proxy"] != nil { continue }
          let owner = try DomainName(displayed: label == "@" ? name : "\(label).\(name)")
          let set = try #require(sets.first { $0.name == owner && $0.type == type })
          guard case .exactly(let values) = set.intended else {
            Issue.record("\(owner) \(type) is not exact")
            continue
          }
          let rdata = type == .loc ? try location(record) : try #require(Sample.rdata(type, target))
          #expect(values.contains(rdata), "\(file) \(owner) \(type)")
          #expect(set.ttl == (record["ttl"] as? NSNumber)?.uint32Value)
        }
      }
    }
  }

  /// RFC 1876 §2 from DNSControl's numbers, which it works out itself.
  private func location(_ record: [String: Any]) throws -> RData {
    func number(_ key: String) -> UInt32 { (record[key] as? NSNumber)?.uint32Value ?? 0 }
    var octets = ["locversion", "locsize", "lochorizpre", "locvertpre"].map { UInt8(truncatingIfNeeded: number($0)) }
    for key in ["loclatitude", "loclongitude", "localtitude"] {
      octets += (0..<4).map { UInt8(truncatingIfNeeded: number(key) >> (24 - 8 * UInt32($0))) }
    }
    return RData(type: .loc, canonical: octets)
  }

  static let zones: [[String]] = rows.map { ["\($0.file).json", "\($0.file)/\($0.domain).zone", $0.domain] }
    .filter { FileManager.default.fileExists(atPath: Fixture.path("dns/declared/dnscontrol/" + $0[1])) }

  @Test func `DNSControl wrote zone files for 41 of the domains`() { #expect(Self.zones.count == 41) }

  @Test(arguments: zones) func `the same records as in the zone file that DNSControl writes`(row: [String]) throws {
    // The digest there is base64, as it was given.
    if row[0] == "015-tlsa.json" { return }
    let origin = try DomainName(displayed: row[2])
    let zone = ZoneFile(octets: Self.unicode(DNSControlReading.contents(row[1])), file: row[1], origin: origin) { _, _ in
      throw OctoDNSReading.NoFile()
    }
    var expected: [String: Set<RData>] = [:]
    for record in zone.records.map(\.record) where record.type != .soa && !(record.type == .ds && record.name == origin) {
      expected["\(record.name) \(record.ttl) \(record.type)", default: []].insert(record.rdata)
    }
    var found: [String: Set<RData>] = [:]
    for set in DNSControlReading(fixture: row[0], domain: row[2]).sets {
      if case .exactly(let values) = set.intended { found["\(set.name) \(set.ttl ?? 0) \(set.type)"] = Set(values) }
    }
    if row[0] == "003-meta.json" { expected = [:] }
    #expect(found == expected)
  }

  /// Names as A-labels, which a zone file needs and DNSControl's tests do not write.
  private static func unicode(_ octets: [UInt8]) -> [UInt8] {
    let lines = String(decoding: octets, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    return Array(
      lines.map { line in
        guard let first = line.split(separator: " ").first, let name = try? DomainName(displayed: String(first)),
          first.utf8.contains(where: { $0 > 0x7F })
        else { return String(line) }
        return String("\(name)".dropLast() + line.dropFirst(first.count))
      }.joined(separator: "\n").utf8)
  }
}
