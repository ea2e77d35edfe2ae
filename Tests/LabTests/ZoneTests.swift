import DNSWire
import Lab
import Names
import Testing

@Suite("A zone that changes") struct ZoneTests {
  private let text = """
    @ SOA ns1 hostmaster 4294967295 1800 900 604800 300
    @ NS ns1
    ns1 A 192.0.2.1
    a.b A 192.0.2.2
    a.b AAAA 2001:db8::2
    """

  @Test func `a record above or beside the apex does not belong`() throws {
    let stray = try records("example.net. A 192.0.2.1")
    #expect(throws: Zone.Fault.outside(stray[0])) { try Zone(apex: DomainName("example."), records: stray) }
  }

  @Test func `an RRset takes the place of another with its TTL, or with one of its own`() throws {
    var subject = try zone("example.", text)
    let name = try DomainName("a.b.example.")
    let new = [try RData(type: .a, text: "198.51.100.1", origin: nil), try RData(type: .a, text: "198.51.100.2", origin: nil)]
    try subject.replace(name, .a, with: new)
    #expect(subject.records(name, .a).map(\.rdata) == new)
    #expect(subject.records(name, .a).map(\.ttl) == [3600, 3600])
    try subject.replace(name, .a, with: new, ttl: 5)
    #expect(subject.records(name, .a).map(\.ttl) == [5, 5])
    #expect(subject.records(name, .aaaa).count == 1)
  }

  @Test func `with its last record a name goes, and the empty non-terminal above it`() throws {
    var subject = try zone("example.", text)
    let name = try DomainName("a.b.example.")
    try subject.replace(name, .a, with: [])
    #expect(try subject.says("b.example.", .a).header.responseCode == .noError)
    try subject.replace(name, .aaaa, with: [])
    #expect(try subject.says("a.b.example.", .a).header.responseCode == .nameError)
    #expect(try subject.says("b.example.", .a).header.responseCode == .nameError)
    #expect(try subject.says("ns1.example.", .a).answers.count == 1)
  }

  @Test func `the serial wraps as RFC 1982 has it`() throws {
    var subject = try zone("example.", text)
    #expect(subject.serial == .max)
    subject.advanceSerial(by: 2)
    #expect(subject.serial == 1)
  }

  @Test func `a zone holds what its file says`() throws {
    let origin = try DomainName("example.")
    let file = ZoneFile(
      octets: Array("$TTL 60\n@ SOA ns1 root 1 2 3 4 5\n@ NS ns1\nns1 A 192.0.2.1\n".utf8), file: "example.zone", origin: origin)
    let subject = try Zone(file)
    #expect(file.faults.isEmpty)
    #expect(subject.records.map(\.type) == [.soa, .ns, .a])
    #expect(subject.apex == origin && subject.serial == 1)
  }
}
