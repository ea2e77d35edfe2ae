import Names
import Telemetry
import Testing

@Suite("draft-dulaunoy-dnsop-passive-dns-cof §3: one JSON object a line") struct PassiveDNSTests {
  static func read(_ line: String) throws(PassiveDNSRecord.Fault) -> PassiveDNSRecord {
    try PassiveDNSRecord(line: Array(line.utf8))
  }

  @Test func `reads the mandatory fields and the optional count`() throws {
    let record = try Self.read(
      #"{"count": 97167, "time_first": 1277353744, "rrtype": "A", "rrname": "example.gov.", "rdata": "192.0.2.1", "time_last": 1298412391}"#
    )
    #expect(record.name == (try DomainName("example.gov.")))
    #expect(record.type == "A")
    #expect(record.data == ["192.0.2.1"])
    #expect(record.firstSeen == 1_277_353_744)
    #expect(record.lastSeen == 1_298_412_391)
  }

  @Test func `rdata may be a list, and times those of a zone file`() throws {
    let record = try Self.read(
      #"{"rrname":"EXAMPLE.gov","rrtype":"ns","rdata":["ns1.example.gov.","ns2.example.gov."],"zone_time_first":1,"zone_time_last":2}"#
    )
    #expect(record.name == (try DomainName("example.gov.")))
    #expect(record.type == "NS")
    #expect(record.data.count == 2)
    #expect(record.firstSeen == 1)
    #expect(record.lastSeen == 2)
  }

  @Test(arguments: [
    (#"{"rrname":"a.example.","time_first":"12","time_last":13.0}"#, Int64(12), Int64(13)),
    (#"{"rrname":"a.example.","time_first":"soon","time_last":1e300}"#, nil, nil),
  ]) func `times as text or with a fraction are read, others are left out`(_ line: String, _ first: Int64?, _ last: Int64?) throws
  {
    let record = try Self.read(line)
    #expect(record.firstSeen == first)
    #expect(record.lastSeen == last)
  }

  @Test(arguments: [
    ("", PassiveDNSRecord.Fault.notJSON), ("[]", .notJSON), ("{", .notJSON), (#"{"rrtype":"A"}"#, .noName),
    (#"{"rrname":""}"#, .noName), (#"{"rrname":7}"#, .notJSON),
  ]) func `what is no such object is refused`(_ line: String, _ fault: PassiveDNSRecord.Fault) {
    #expect(throws: fault) { try Self.read(line) }
  }

  @Test func `names that are none, and lines without end, are refused`() {
    let long = String(repeating: "a", count: 64)
    #expect(throws: PassiveDNSRecord.Fault.self) { try Self.read(#"{"rrname":"\#(long).example."}"#) }
    #expect(throws: PassiveDNSRecord.Fault.tooLong(octets: (1 << 20) + 1)) {
      try PassiveDNSRecord(line: [UInt8](repeating: 0x20, count: (1 << 20) + 1))
    }
  }
}
