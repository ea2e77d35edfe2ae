import DNSWire
import Estate
import GRDB
import Indicators
import Names
import Testing

@testable import Store

@Suite("What was ever answered is looked through for indicators") struct RecordedValuesTests {
  let scratch: Scratch
  let store: Store
  let here: Place

  init() throws {
    scratch = try Scratch()
    store = try Store(folder: scratch.state)
    here = try place()
  }

  func all() throws -> [RecordedValue] {
    var (pages, all) = (store.recordedValues, [RecordedValue]())
    while let page = try pages.next() { all += page }
    return all
  }

  func texts() throws -> Set<String> { Set(try all().map { "\($0.owner) \($0.type) \($0.value.type) \($0.value.value)" }) }

  @Test func `with name, type, place, times and evidence, also what no longer stands`() throws {
    let www = try name("www.example.gov")
    let good = try answer(www, .a, ["www.example.gov 300 A 192.0.2.80"], of: here, id: 1)
    let evil = try answer(www, .a, ["www.example.gov 300 A 203.0.113.66"], of: here, id: 2)
    for (minute, seen) in [good, good, evil, good].enumerated() {
      _ = try store.record([seen, silence(www, .aaaa, of: here)], at: Timestamp(seconds: 60 * Int64(minute)))
    }
    let values = try all()
    #expect(values.map(\.value.value) == ["192.0.2.80", "203.0.113.66", "192.0.2.80"])
    #expect(
      try values[1]
        == RecordedValue(
          value: .address(#require(IPAddress("203.0.113.66"))), name: www, owner: www, type: .a, place: here,
          firstSeen: Timestamp(seconds: 120), lastSeen: Timestamp(seconds: 120),
          evidence: evil.observation.exchange.map { EvidenceID($0) }))
    #expect(values[0].lastSeen == Timestamp(seconds: 60))
  }

  @Test func `names and addresses in the data of every type`() throws {
    let www = try name("www.example.gov")
    _ = try store.record(
      [
        answer(
          www, .aaaa, ["www.example.gov 300 CNAME cdn.example.net", "cdn.example.net 60 AAAA 2001:db8::1"], of: here),
        answer(name("example.gov"), .mx, ["example.gov 300 MX 10 mail.evil.example", "example.gov 300 MX 0 ."], of: here),
        answer(
          name("example.gov"), .https, ["example.gov 300 HTTPS 1 svc.example ipv4hint=192.0.2.7,192.0.2.8 ipv6hint=2001:db8::7"],
          of: here),
        answer(name("example.gov"), .soa, ["example.gov 300 SOA ns1.example.gov hostmaster.evil.example 1 2 3 4 5"], of: here),
      ], at: Timestamp(seconds: 1))
    #expect(
      try texts() == [
        "www.example.gov. CNAME domain-name cdn.example.net", "cdn.example.net. AAAA ipv6-addr 2001:db8::1",
        "example.gov. MX domain-name mail.evil.example", "example.gov. HTTPS domain-name svc.example",
        "example.gov. HTTPS ipv4-addr 192.0.2.7", "example.gov. HTTPS ipv4-addr 192.0.2.8",
        "example.gov. HTTPS ipv6-addr 2001:db8::7", "example.gov. SOA domain-name ns1.example.gov",
        "example.gov. SOA domain-name hostmaster.evil.example",
      ])
    #expect(Set(try all().map(\.name)) == [www, try name("example.gov")])
  }

  @Test func `the name servers of a referral and their addresses`() throws {
    let query = Query(try name("example.gov"), .ns, at: try server("192.0.2.53"))
    let reply = Message(
      header: Header(id: 1, isResponse: true), questions: [Question(name: query.name, type: .ns)],
      authorities: try records(["example.gov 300 NS ns1.evil.example"]),
      additionals: try records(["ns1.evil.example 300 A 203.0.113.53"]))
    let parent = try place(.parent, zone: "gov")
    _ = try store.record(
      [RecordedObservation(Observation(query, .replied(reply), at: Timestamp(seconds: 1)), of: parent)], at: Timestamp(seconds: 1)
    )
    #expect(
      try texts() == ["example.gov. NS domain-name ns1.evil.example", "ns1.evil.example. A ipv4-addr 203.0.113.53"])
    // Nobody asked for the address of example.gov.
    let address = try #require(IPAddress("203.0.113.53"))
    #expect(try store.recordedValues.names(at: [address]) == [address: [name("ns1.evil.example")]])
  }

  @Test func `an answer too large to keep in meaning is read from its octets`() throws {
    let www = try name("www.example.gov")
    let many = (0..<4000).map { "www.example.gov 300 A 10.0.\($0 / 250).\($0 % 250)" }
    _ = try store.record([answer(www, .a, many, of: here)], at: Timestamp(seconds: 1))
    try scratch.sqlite { try $0.execute(sql: "UPDATE meaning SET octets = x''") }
    #expect(try all().count == 4000)
  }

  @Test func `in pages, over more answers than one page has`() throws {
    let observations = try (0..<600).map { number in
      try answer(name("host\(number).example.gov"), .a, ["host\(number).example.gov 300 A 192.0.2.\(number % 3)"], of: here)
    }
    _ = try store.record(observations, at: Timestamp(seconds: 1))
    #expect(try all().count == 600)
    #expect(Set(try all().map(\.name)).count == 600)
  }

  @Test func `an address has as many names as were seen there, aliases included, each once`() throws {
    let resolver = try place(.resolver, "9.9.9.9", zone: ".")
    for (minute, address) in ["192.0.2.1", "192.0.2.2"].enumerated() {
      _ = try store.record(
        [
          answer(name("a.example.gov"), .a, ["a.example.gov 300 A \(address)"], of: here),
          answer(name("a.example.gov"), .a, ["a.example.gov 300 A \(address)"], of: resolver),
          answer(name("b.example.gov"), .a, ["b.example.gov 300 CNAME c.example.net", "c.example.net 1 A 192.0.2.1"], of: here),
          answer(name("d.example.gov"), .mx, ["d.example.gov 300 MX 1 a.example.gov"], of: here),
        ], at: Timestamp(seconds: Int64(minute)))
    }
    let addresses = ["192.0.2.1", "192.0.2.2", "192.0.2.3"].compactMap { IPAddress($0) }
    let names = try ["a.example.gov", "b.example.gov", "c.example.net"].map { try name($0) }
    #expect(try store.recordedValues.names(at: Set(addresses)) == [addresses[0]: Set(names), addresses[1]: [names[0]]])
    // Also for one who only reads, while the reader is nowhere else kept.
    let values = try StoreReader(folder: scratch.state).recordedValues
    #expect(try values.names(at: [addresses[0]]) == [addresses[0]: Set(names)])
  }
}
