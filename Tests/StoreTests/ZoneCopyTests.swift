import DNSWire
import Estate
import Names
import Testing

@testable import Store

@Suite("Zones from hidden primaries are kept, so that the next transfer brings changes only") struct ZoneCopyTests {
  private static let lines = [
    "example.gov. 3600 SOA ns1.example.gov. hostmaster.example.gov. 7 7200 3600 1209600 3600",
    "example.gov. 3600 NS ns1.example.gov.",
    "ns1.example.gov. 300 A 192.0.2.53", "example.gov. 60 TXT \"a;b\" \"c\\\"d\"",
  ]

  @Test func `what was given comes back, the SOA first, and the last one counts`() throws {
    let scratch = try Scratch()
    let store = try Store(folder: scratch.state)
    let zone = try name("example.gov")
    let (one, other) = (try server("192.0.2.1:5353").address, try server("192.0.2.2:5353").address)
    #expect(try store.zoneCopy(of: zone, from: one) == nil)
    let records = try records(Self.lines)
    try store.record(zoneCopy: records, of: zone, from: one)
    #expect(try store.zoneCopy(of: zone, from: one) == records)
    #expect(try store.zoneCopy(of: zone, from: other) == nil)
    try store.record(zoneCopy: Array(records.prefix(2)), of: zone, from: one)
    #expect(try store.zoneCopy(of: zone, from: one) == Array(records.prefix(2)))
  }
}
