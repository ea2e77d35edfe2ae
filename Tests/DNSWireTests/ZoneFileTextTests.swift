import DNSWire
import Fixtures
import Foundation
import Names
import Testing

@Suite("dnspython's example zone") struct DnspythonZone {
  /// dnspython's own output for the zone: one record a line, all names absolute.
  @Test func `has every record that dnspython reads, with equal data`() throws {
    let file = try Data(contentsOf: URL(fileURLWithPath: Fixture.path("dns/dnspython/example")))
    let zone = ZoneFile(octets: Array(file), file: "example", origin: try DomainName("example."))
    #expect(zone.faults == [])
    let good = try String(contentsOfFile: Fixture.path("dns/dnspython/example2.good"), encoding: .utf8)
    var expected = Set<ResourceRecord>()
    for line in good.split(separator: "\n") {
      let fields = line.split(separator: " ", maxSplits: 4)
      let type = try #require(RRType(fields[3]))
      expected.insert(
        ResourceRecord(
          name: try DomainName(fields[0]), recordClass: try #require(RRClass(fields[2])), ttl: try #require(UInt32(fields[1])),
          rdata: try RData(type: type, text: String(fields[4]), origin: nil)))
    }
    #expect(expected.count == 178)
    let read = Set(zone.records.map(\.record))
    #expect(read.subtracting(expected).map(\.description).sorted() == [])
    #expect(expected.subtracting(read).map(\.description).sorted() == [])
    #expect(zone.records.count == 178)
  }

  @Test func `gives the same records from the relative form`() throws {
    let absolute = try Data(contentsOf: URL(fileURLWithPath: Fixture.path("dns/dnspython/example2.good")))
    let relative = try Data(contentsOf: URL(fileURLWithPath: Fixture.path("dns/dnspython/example1.good")))
    let origin = try DomainName("example.")
    let one = ZoneFile(octets: Array(absolute), file: "2", origin: origin)
    let other = ZoneFile(octets: Array(relative), file: "1", origin: origin)
    #expect(one.faults == [] && other.faults == [])
    #expect(one.records.map(\.record) == other.records.map(\.record))
    #expect(one.records.count == 178)
  }
}

@Suite("Zone files written are zone files read") struct ZoneText {
  @Test(arguments: ["example.", "."])
  func `the example zone comes back as the same records`(origin: String) throws {
    let file = try Data(contentsOf: URL(fileURLWithPath: Fixture.path("dns/dnspython/example2.good")))
    let records = ZoneFile(octets: Array(file), file: "example", origin: try DomainName("example.")).records.map(\.record)
    let apex = try DomainName(origin)
    let again = ZoneFile(
      octets: Array(ZoneFile.text(records.filter { $0.type != .soa }, origin: apex).utf8), file: "again", origin: apex)
    #expect(again.faults == [])
    #expect(again.records.map(\.record) == records.filter { $0.type != .soa })
    #expect(again.records.count == 177)
  }

  @Test func `writes relative owners, the SOA first`() throws {
    let zone = try zone("$TTL 5\na A 192.0.2.1\n@ SOA ns host 1 2 3 4 5\nb.a MX 10 mail.example.net.\n")
    #expect(
      ZoneFile.text(zone.records.map(\.record), origin: zone.origin) == """
        $ORIGIN example.
        @\t5\tIN\tSOA\tns.example. host.example. 1 2 3 4 5
        a\t5\tIN\tA\t192.0.2.1
        b.a\t5\tIN\tMX\t10 mail.example.net.

        """)
  }

  @Test(arguments: [
    #"\@"#, #"\$ttl"#, #"\""#, #"\;"#, #"\(a\)"#, #"a\.b"#, #"\\"#, #"\032"#, #"\000"#, #"\255"#, "*", "300", "in", "mx",
  ])
  func `names that would mean something else come back`(label: String) throws {
    let origin = try DomainName("example.")
    let record = ResourceRecord(
      name: try DomainName(label, origin: origin), ttl: 1, rdata: try RData(type: .txt, text: "\"\"", origin: nil))
    let text = ZoneFile.text([record], origin: origin)
    #expect(ZoneFile(octets: Array(text.utf8), file: "zone", origin: origin).records.map(\.record) == [record])
  }
}
