import DNSWire
import Estate
import Names
import Testing

/// A zone file that stands alone: the whole of what is intended, laid flat.
@Suite("A zone file alone") struct DeclaredZoneTests {
  private static func read(_ text: String, files: [String: String] = [:]) -> DeclaredZone.Reading {
    DeclaredZone.read(Array(text.utf8), file: "zones/z", origin: Sample.name("example.gov")) { path, _ in
      Array((files[path] ?? "").utf8)
    }
  }

  @Test func `says of each RRset what a declaration with the file says`() throws {
    let zone = try #require(Self.read(Sample.zone).zone)
    let declared = (0..<zone.table.rrsetCount).filter { zone.intends(zone.table.type(of: $0)) }.map(zone.declared)
    #expect(declared.count == 8)
    let text = "version: 1\ndomains: {example.gov: {zone: z}}\n"
    let reading = Declaration.read(octets: Array(text.utf8), file: "zones/n.yaml", now: Timestamp(seconds: 0)) { _, _ in
      Array(Sample.zone.utf8)
    }
    let domain = try #require(reading.declaration?.domains.first, "\(reading.faults)")
    #expect(Set(declared) == Set(domain.records))
  }

  @Test func `faults are those of a declaration's zone file, and all of them are counted`() {
    let broken = Self.read(String(repeating: "@ AAA 192.0.2.1\n", count: 250))
    #expect(broken.zone == nil)
    #expect(broken.faults.count == 100 && broken.faultCount == 250)
    #expect(broken.faults.first?.position == SourcePosition(file: "zones/z", line: 1, column: 3))
    #expect(Self.read("").faults.map(\.cause) == [.source(.emptyZone)])
  }

  @Test func `a zone of another class is refused once`() {
    let reading = Self.read("@ 60 CH SOA a b 1 2 3 4 5\n@ 60 CH TXT \"x\"\n")
    #expect(reading.zone == nil)
    #expect(reading.faults.map(\.cause) == [.notInternet(.ch)])
  }

  @Test func `what a signer makes is left out, and told by type`() throws {
    let signature = "RRSIG NS 13 2 3600 20300101000000 20200101000000 1 example.gov. AwEAAQ=="
    let reading = Self.read(Sample.zone + "@ DNSKEY 257 3 13 AwEAAQ==\n@ \(signature)\nwww \(signature)\n")
    let zone = try #require(reading.zone)
    #expect(!zone.intends(.rrsig) && !zone.intends(.dnskey) && !zone.intends(.soa) && zone.intends(.a))
    #expect(
      reading.notices.map(\.description).sorted() == [
        "zones/z:13:1: 1 DNSKEY record is left out of the comparison: a signer makes it and renews it by itself.",
        "zones/z:14:1: 2 RRSIG records are left out of the comparison: a signer makes them and renews them by itself.",
      ])
    #expect(Self.read(Sample.zone + "@ DNSKEY 257 3 13 AwEAAQ==\n").zone?.intends(.dnskey) == true)
  }

  @Test func `a record of an included file has that file's place`() throws {
    let reading = Self.read("@ 60 SOA ns host 1 2 3 4 5\n$INCLUDE more\n", files: ["zones/more": "www 60 A 192.0.2.80\n"])
    let zone = try #require(reading.zone, "\(reading.faults)")
    let set = (0..<zone.table.rrsetCount).map(zone.declared).first { $0.type == .a }
    #expect(set?.declaredAt == SourcePosition(file: "zones/more", line: 1, column: 1))
  }
}
