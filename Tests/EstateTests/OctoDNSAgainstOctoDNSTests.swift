import DNSWire
import Fixtures
import Foundation
import Names
import Testing

@testable import Estate

/// octoDNS itself is the second reader: `dump.py` beside the fixtures wrote what it reads in the same files.
@Suite("octoDNS's own reading of its zone files") struct OctoDNSAgainstOctoDNSTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var path: String
    var zone: String
    var dumped: String
    /// What octoDNS keeps for itself or for some providers, and what is answered by a provider.
    var apart: [String] = []
    var testDescription: String { path }
  }

  static let rows = [
    Row(
      path: "octodns-dumped/every.tests.yaml", zone: "every.tests", dumped: "every.tests",
      apart: ["+every.tests. A", "+every.tests. AAAA"]),
    Row(
      path: "octodns/unit.tests.yaml", zone: "unit.tests", dumped: "unit.tests",
      apart: [
        "-excluded.unit.tests. CNAME", "-ignored.unit.tests. A", "-included.unit.tests. CNAME", "+urlfwd.unit.tests. A",
        "+urlfwd.unit.tests. AAAA",
      ]),
    Row(path: "octodns/dynamic.tests.yaml", zone: "dynamic.tests", dumped: "dynamic.tests"),
    Row(path: "octodns/subzone.unit.tests.yaml", zone: "subzone.unit.tests", dumped: "subzone.unit.tests"),
    Row(path: "octodns/dynamic-arpa/unit.tests.yaml", zone: "unit.tests", dumped: "dynamic-arpa_unit.tests"),
    Row(
      path: "octodns/docs-examples/basic/target/my-domain.com.yaml", zone: "my-domain.com",
      dumped: "docs-examples_basic_target_my-domain.com"),
    Row(
      path: "octodns/docs-examples/basic/target/unused-domain.io.yaml", zone: "unused-domain.io",
      dumped: "docs-examples_basic_target_unused-domain.io"),
    Row(
      path: "octodns/docs-examples/custom/config/dns.math.yaml", zone: "dns.math",
      dumped: "docs-examples_custom_config_dns.math"),
    Row(
      path: "octodns/docs-examples/migrating-to-octodns/populate/unused-dumpable.com.yaml", zone: "unused-dumpable.com",
      dumped: "docs-examples_migrating-to-octodns_populate_unused-dumpable.com"),
    Row(path: "octodns/hybrid/one.test.yaml", zone: "one.test", dumped: "hybrid_one.test"),
    Row(path: "octodns/hybrid/two.test.", zone: "two.test", dumped: "hybrid_two.test"),
    Row(path: "octodns/override/dynamic.tests.yaml", zone: "dynamic.tests", dumped: "override_dynamic.tests"),
    Row(
      path: "octodns/split/unit.tests.tst", zone: "unit.tests", dumped: "split_unit.tests.tst",
      apart: [
        "-excluded.unit.tests. CNAME", "-ignored.unit.tests. A", "-included.unit.tests. CNAME", "+urlfwd.unit.tests. A",
        "+urlfwd.unit.tests. AAAA",
      ]),
    Row(path: "octodns/split/dynamic.tests.tst", zone: "dynamic.tests", dumped: "split_dynamic.tests.tst"),
    Row(path: "octodns/split/subzone.unit.tests.tst", zone: "subzone.unit.tests", dumped: "split_subzone.unit.tests.tst"),
    Row(path: "octodns/split/unordered.tst", zone: "unordered", dumped: "split_unordered.tst"),
    Row(
      path: "octodns/zone-disable-validators/zone-disable-validators-a.tests.yaml", zone: "zone-disable-validators-a.tests",
      dumped: "zone-disable-validators_zone-disable-validators-a.tests"),
  ]

  static func contents(_ path: String) -> [UInt8] {
    Array(FileManager.default.contents(atPath: Fixture.path("dns/declared/" + path)) ?? Data())
  }

  @Test(arguments: rows) func `the same RRsets, TTLs and values`(row: Row) throws {
    let reading = OctoDNSReading(fixture: row.path, domain: row.zone)
    #expect(reading.faults == [])
    #expect(reading.sourced?.isWholeZone == true)

    let dumped = ZoneFile(
      octets: Self.contents("octodns-dumped/\(row.dumped).zone"), file: row.dumped, origin: Sample.name(row.zone)
    ) { _, _ in throw OctoDNSReading.NoFile() }
    // Test zones have one TTL for a set and no SOA.
    var expected: [String: (ttl: UInt32, values: Set<RData>)] = [:]
    for record in dumped.records.map(\.record) {
      expected["\(record.name) \(record.type)", default: (record.ttl, [])].values.insert(record.rdata)
    }
    #expect(!expected.isEmpty)
    var pools: [String: Set<RData>] = [:]
    for line in String(decoding: Self.contents("octodns-dumped/\(row.dumped).pools"), as: UTF8.self).split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 2).map(String.init)
      let rdata = try #require(RRType(words[1]).flatMap { Sample.rdata($0, words[2]) })
      pools["\(words[0]) \(words[1])", default: []].insert(rdata)
    }

    var found: Set<String> = []
    for set in reading.sets {
      let key = "\(set.name) \(set.type)"
      #expect(found.insert(key).inserted)
      if row.apart.contains("+" + key) { continue }
      #expect(set.ttl == expected[key]?.ttl, "\(key)")
      switch set.intended {
      case .exactly(let values):
        #expect(Set(values) == expected[key]?.values, "\(key)")
        #expect(pools[key] == nil, "\(key)")
      case .tolerant(let tolerance):
        #expect(Set(tolerance.anyOf) == expected[key]?.values.union(pools[key] ?? []), "\(key)")
        #expect(pools[key] != nil && tolerance.atLeast == 1 && !tolerance.allowsOthers, "\(key)")
      case .absent: Issue.record("\(key) is absent")
      }
    }
    let differences =
      expected.keys.filter { !found.contains($0) }.map { "-" + $0 } + found.filter { expected[$0] == nil }.map { "+" + $0 }
    #expect(differences.sorted() == row.apart.sorted())
  }
}
