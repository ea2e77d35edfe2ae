import Fixtures
import Foundation
import Names
import Testing

@testable import DNSWire

/// What a table says, checked against the same computed from its records as objects.
private func expectFlat(_ zone: ZoneFile, _ comment: Comment) {
  let (table, records) = (zone.table, Array(zone.records))
  #expect(table.origin == zone.origin && table.recordCount == records.count, comment)
  // Owners: each once, in the order of first appearance.
  var owners: [DomainName] = []
  for record in records where !owners.contains(record.record.name) { owners.append(record.record.name) }
  #expect((0..<table.ownerCount).map(table.name) == owners, comment)
  #expect(table.names == owners.flatMap(\.octets), comment)
  for (number, name) in owners.enumerated() {
    #expect(table.owner(name) == number && table.nameStart(number) == table.nameRange(number).lowerBound, comment)
    #expect(Array(table.names[table.nameRange(number)]) == name.octets, comment)
  }
  // RRsets: in the order of their first record.
  struct Key: Hashable {
    var (name, type, covered): (DomainName, RRType, RRType?)
  }
  var sets: [(key: Key, records: [Int])] = []
  var places: [Key: Int] = [:]
  for (number, record) in records.enumerated() {
    let key = Key(name: record.record.name, type: record.record.type, covered: RRSIG(record.record.rdata)?.covered)
    if let place = places[key] {
      sets[place].records.append(number)
    } else {
      places[key] = sets.count
      sets.append((key, [number]))
    }
  }
  #expect(table.rrsetCount == sets.count, comment)
  var setsOfOwner: [Int: [Int]] = [:]
  for (number, set) in sets.enumerated() {
    let owner = table.owner(of: number)
    setsOfOwner[owner, default: []].append(number)
    #expect(table.name(owner) == set.key.name && table.type(of: number) == set.key.type, comment)
    var chain: [Int] = []
    table.forEachRecord(of: number) { chain.append($0) }
    #expect(chain == set.records && table.count(of: number) == chain.count, comment)
    #expect(chain.allSatisfy { table.rrset(of: $0) == number }, comment)
    #expect(table.position(of: number) == records[chain[0]].position, comment)
    #expect(chain.allSatisfy { records[$0].record.ttl == table.ttl(of: number) }, comment)
    let data = chain.map { records[$0].record.rdata }
    #expect(table.records(of: number) == data, comment)
    #expect(chain.map { Array(table.data[table.dataRange($0)]) } == data.map(\.octets), comment)
    #expect(table.fingerprint(of: number, key: 7) == RRsetFingerprint(data, key: 7), comment)
  }
  for owner in owners.indices {
    var found: [Int] = []
    table.forEachRRset(of: owner) { found.append($0) }
    #expect(found == setsOfOwner[owner], comment)
  }
}

@Suite("A zone laid flat is the zone of its records") struct ZoneTables {
  @Test(arguments: ["example", "example1.good", "example2.good"])
  func `in dnspython's zones`(file: String) throws {
    let octets = Array(try Data(contentsOf: URL(fileURLWithPath: Fixture.path("dns/dnspython/\(file)"))))
    let zone = ZoneFile(octets: octets, file: file, origin: try DomainName("example."))
    #expect(zone.records.count == 178)
    expectFlat(zone, "\(file)")
  }

  @Test(arguments: ZoneFaults.sentences.map(\.text))
  func `in zones with faults`(text: String) throws { expectFlat(try zone(text + "\n"), "\(text)") }

  @Test func `in sets of many records and owners of many sets, written in turn`() throws {
    var text = "$TTL 1\n"
    for number in 0..<60 {
      for owner in ["a", "b", "c"] {
        text += "\(owner) A 192.0.2.\(number)\n\(owner) TYPE\(65280 + number) \\# 1 00\n"
        text += "\(owner) RRSIG TYPE\(65280 + number) 13 2 1 20300101000000 20200101000000 1 example. AAAA\n"
      }
    }
    let zone = try zone(text + text)
    #expect(zone.records.count == 540 && zone.duplicateCount == 540 && zone.table.rrsetCount == 363)
    expectFlat(zone, "crowded")
  }

  @Test func `in files that include each other, with columns beyond sixteen bits`() throws {
    let far = String(repeating: " ", count: 70_000)
    let zone = try zone(
      "a 1 A 192.0.2.1\n$INCLUDE f\n 1 TXT y\n\(far)1 TXT z\n$GENERATE 1-3 g$ 1 A 192.0.2.$\n",
      files: ["f": "\(far)1 TXT x\nb 1 A 192.0.2.1\n$INCLUDE g\nb 1 A 192.0.2.3\n", "g": "b 1 A 192.0.2.2\n"])
    #expect(zone.faults == [])
    #expect(
      zone.records.map { "\($0.position) \($0.record)" } == [
        "zone:1:1 a.example. 1 IN A 192.0.2.1", "f:1:70001 a.example. 1 IN TXT \"x\"", "f:2:1 b.example. 1 IN A 192.0.2.1",
        "g:1:1 b.example. 1 IN A 192.0.2.2", "f:4:1 b.example. 1 IN A 192.0.2.3", "zone:3:2 a.example. 1 IN TXT \"y\"",
        "zone:4:70001 a.example. 1 IN TXT \"z\"", "zone:5:1 g1.example. 1 IN A 192.0.2.1",
        "zone:5:1 g2.example. 1 IN A 192.0.2.2", "zone:5:1 g3.example. 1 IN A 192.0.2.3",
      ])
    expectFlat(zone, "included")
  }

  @Test func `whose owner is one, however it is written and wherever it comes first`() throws {
    let zone = try zone(
      "$INCLUDE f\n 1 A 192.0.2.2\nwww 1 A 192.0.2.3\n$ORIGIN www\n@ 1 A 192.0.2.4\n$ORIGIN .\n\\119WW.example 1 A 192.0.2.5\n"
        + "\"www.example\" 1 A 192.0.2.6\nwww.Example. 1 A 192.0.2.7\n",
      files: ["f": "www 1 A 192.0.2.1\nnothing 1 A x\n"])
    #expect(zone.faultCount == 2)  // no owner before the second record; x is no address
    #expect(zone.table.ownerCount == 1)
    expectFlat(zone, "one owner")
  }

  @Test func `of a class that is not IN`() throws {
    let zone = try zone("a 1 CH TXT x\nb 1 TXT y\nb CH 2 A \\# 4 c0000201\n")
    #expect(lines(zone) == ["a.example. 1 CH TXT \"x\"", "b.example. 1 CH TXT \"y\"", "b.example. 2 CH A 192.0.2.1"])
    #expect((0..<3).allSatisfy { zone.table.recordClass(of: $0) == .ch })
    expectFlat(zone, "CH")
  }

  @Test func `and takes 8 octets an owner, 28 an RRset and 18 a record beside names, data and lookup`() {
    #expect(MemoryLayout<ZoneTable.Owner>.stride == 8 && MemoryLayout<ZoneTable.RRset>.stride == 28)
    #expect(MemoryLayout<ZoneTable.Record>.stride + MemoryLayout<UInt16>.stride == 18)
  }

  @Test func `names in data are written as they are read by the general reader`() throws {
    for text in ["a", "a.b", "a.b.", "@", ".", "A-1_*", "a\\.b", String(repeating: "x", count: 63)] {
      for (type, before) in [("NS", ""), ("CNAME", ""), ("PTR", ""), ("MX", "10 ")] {
        let zone = try zone("h 1 \(type) \(before)\(text)\n")
        let data = try RData(
          type: try #require(RRType(type)), text: before + (text == "@" ? "example." : text), origin: DomainName("example."))
        #expect(zone.records.map(\.record.rdata) == [data], "\(type) \(text)")
      }
    }
  }
}

@Suite("Looking an owner up") struct OwnerLookup {
  private func many() throws -> ZoneFile {
    try zone("$TTL 1\n" + (0..<20_000).map { "host\($0) A 192.0.2.1\n" }.joined())
  }

  @Test func `finds every name and no other`() throws {
    let table = try many().table
    for number in stride(from: 0, to: 20_000, by: 7) {
      #expect(table.owner(try DomainName("HOST\(number).example.")) == number)
      #expect(table.owner(try DomainName("host\(number).")) == nil)
    }
    #expect(table.owner(.root) == nil)
    #expect(table.owner(try DomainName("example.")) == nil)
    #expect(try zone("").table.owner(.root) == nil)
  }

  @Test func `a table of numbers grows and keeps them`() {
    func hash(_ number: Int) -> UInt64 { UInt64(truncatingIfNeeded: number) &* 0x9E37_79B9_7F4A_7C15 }
    for isDense in [true, false] {
      var table = NumberTable()
      for number in 0..<10_000 {
        if !table.hasRoom { table.makeRoom(number * 2 + 1, isDense: isDense, hash: hash) }
        table.insert(isDense ? number : number * 200_000, hash(isDense ? number : number * 200_000))
      }
      for number in 0..<10_000 {
        let wanted = isDense ? number : number * 200_000
        var (probe, found) = (table.probe(hash(wanted)), false)
        while let other = table.next(&probe) { found = found || other == wanted }
        #expect(found)
      }
    }
  }
}

@Suite("A zone beyond what its numbers count") struct ZoneLimitTests {
  private func read(_ text: String, _ change: (inout ZoneTable.Limits) -> Void) throws -> ZoneFile {
    var limits = ZoneTable.Limits()
    change(&limits)
    return ZoneFile(
      octets: Array(text.utf8), file: "zone", origin: try DomainName("example."), limits: limits, include: { _, _ in [] })
  }

  @Test func `is told in words, once, and what came before is kept`() throws {
    let hosts = "$TTL 1\n" + (0..<1000).map { "host\($0) A 192.0.2.1\n" }.joined() + "b AAA x\n"
    let records = try read(hosts) { $0.records = 10 }
    #expect(records.records.count == 10)
    #expect(
      records.faults.map(\.description) == [
        "zone:12:1: The zone has more than 10 records; it was not read beyond here. Split it into several zones."
      ])
    let names = try read(hosts) { $0.names = 1000 }
    #expect(
      names.faults.map(\.message) == [
        "The owner names of the zone take more than 1000 octets; it was not read beyond here. Split it into several zones."
      ])
    #expect(names.table.names.count <= 1000 && names.records.count > 40)
    let data = try read(hosts) { $0.data = 0xFFFF + 400 }
    #expect(
      data.faults.map(\.message) == [
        "The data of the zone take more than 65935 octets; it was not read beyond here. Split it into several zones."
      ])
    #expect(data.records.count == 100)
    for zone in [records, names, data] { expectFlat(zone, "cut") }
  }

  @Test func `stops a $GENERATE as well`() throws {
    let zone = try read("$TTL 1\n$GENERATE 1-900000 a$ A 192.0.2.1\nb A 192.0.2.1\n") { $0.records = 100 }
    #expect(zone.records.count == 100 && zone.faultCount == 1)
  }

  @Test func `is not a zone of a million faulty lines: a hundred are kept, all are counted`() throws {
    let octets = Array(String(repeating: "a 1 AAA ::1\n", count: 1_000_000).utf8)
    let start = ContinuousClock.now
    let zone = ZoneFile(octets: octets, file: "zone", origin: try DomainName("example."))
    #expect(zone.faults.count == 100 && zone.faultCount == 1_000_000)
    #expect(zone.records.isEmpty && zone.table.ownerCount == 0)
    #expect(ContinuousClock.now - start < .seconds(60))
  }
}
