import DNSWire
import Lab
import Names
import Testing

/// The zone of RFC 4592 §2.2.1.
private let example = """
  @ SOA ns.example.com. hostmaster 1 1800 900 604800 300
  @ NS ns.example.com.
  @ NS ns.example.net.
  * TXT "this is a wildcard"
  * MX 10 host1
  sub.* TXT "this is not a wildcard"
  host1 A 192.0.2.1
  _ssh._tcp.host1 SRV 0 0 22 host1
  _ssh._tcp.host2 SRV 0 0 22 host1
  subdel NS ns.example.com.
  subdel NS ns.example.net.
  """

@Suite("RFC 4592 §2.2.1 An example of wildcards") struct Wildcards {
  @Test(arguments: [
    ("host3.example.", RRType.mx, "host3.example. MX 10 host1.example."),
    ("host3.example.", .a, ""),  // the wildcard has no address: no data, and the name exists
    ("foo.bar.example.", .txt, "foo.bar.example. TXT \"this is a wildcard\""),
  ]) func `answers made from a wildcard`(name: String, type: RRType, answers: String) throws {
    let reply = try zone("example.", example).says(name, type)
    #expect(reply.header.responseCode == .noError)
    #expect(reply.header.authoritative)
    #expect(try lines(reply.answers) == lines(answers))
    #expect(reply.authorities.contains { $0.type == .soa } == answers.isEmpty)
  }

  @Test(arguments: [
    ("host1.example.", RRType.mx, ResponseCode.noError),  // host1.example. exists
    ("sub.*.example.", .mx, .noError),  // sub.*.example. exists
    ("_telnet._tcp.host1.example.", .srv, .nameError),  // _tcp.host1.example. exists, without data
    ("ghost.*.example.", .mx, .nameError),  // *.example. exists and is the closest encloser
  ]) func `names that no wildcard answers for`(name: String, type: RRType, code: ResponseCode) throws {
    let reply = try zone("example.", example).says(name, type)
    #expect(reply.header.responseCode == code)
    #expect(reply.answers.isEmpty)
    #expect(reply.authorities.map(\.type) == [.soa])
  }

  @Test func `a cut hides the wildcard`() throws {
    let reply = try zone("example.", example).says("host.subdel.example.", .a)
    #expect(!reply.header.authoritative)
    #expect(reply.answers.isEmpty)
    #expect(Set(reply.authorities.map(\.type)) == [.ns])
  }

  @Test func `§2.1.1: the wildcard itself may be asked for`() throws {
    let reply = try zone("example.", example).says("*.example.", .mx)
    #expect(try lines(reply.answers) == lines("*.example. MX 10 host1.example."))
    #expect(try lines(reply.additionals) == lines("host1.example. A 192.0.2.1"))
  }

  @Test func `§4.4: an alias at a wildcard is followed`() throws {
    let subject = try zone("example.", "@ SOA ns root 1 1 1 1 1\n* CNAME target\ntarget A 192.0.2.3")
    let reply = try subject.says("any.thing.example.", .a)
    #expect(try lines(reply.answers) == lines("any.thing.example. CNAME target.example.\ntarget.example. A 192.0.2.3"))
  }
}

@Suite("RFC 6672 §2.2 DNAME substitution") struct Substitution {
  /// The rows of the RFC's table: question, owner, target, where it leads; no target for "no match".
  static let rows: [(String, String, String, String?)] = [
    ("com.", "example.com.", "example.net.", nil),
    ("example.com.", "example.com.", "example.net.", nil),
    ("a.example.com.", "example.com.", "example.net.", "a.example.net."),
    ("a.b.example.com.", "example.com.", "example.net.", "a.b.example.net."),
    ("ab.example.com.", "b.example.com.", "example.net.", nil),
    ("foo.example.com.", "example.com.", "example.net.", "foo.example.net."),
    ("a.x.example.com.", "x.example.com.", "example.net.", "a.example.net."),
    ("a.example.com.", "example.com.", "y.example.net.", "a.y.example.net."),
    ("cyc.example.com.", "example.com.", "example.com.", "cyc.example.com."),
    ("cyc.example.com.", "example.com.", "c.example.com.", "cyc.c.example.com."),
    ("shortloop.x.x.", "x.", ".", "shortloop.x."),
    ("shortloop.x.", "x.", ".", "shortloop."),
  ]

  @Test(arguments: rows) func `leads where the RFC's table says`(row: (String, String, String, String?)) throws {
    let subject = try zone(".", "@ SOA ns. root. 1 1 1 1 1\ncom. TXT \"\"\nexample.com. TXT \"\"\n\(row.1) 77 DNAME \(row.2)")
    let reply = try subject.says(row.0, .a)
    let made = reply.answers.first { $0.type == .cname && $0.name.description == row.0 }
    #expect(made.flatMap { CNAME($0.rdata)?.target.description } == row.3)
    if row.3 != nil {
      #expect(reply.answers.first.map { "\($0)" } == "\(row.1) 77 IN DNAME \(row.2)")
      #expect(made?.ttl == 77)  // §3.1: the TTL of the DNAME
    }
  }

  @Test func `a name that would grow past 255 octets gives YXDOMAIN`() throws {
    let long = String(repeating: "a", count: 63)
    let subject = try zone("x.", "@ SOA ns. root. 1 1 1 1 1\nd DNAME \(long).\(long).\(long).")
    let reply = try subject.says("\(long).d.x.", .a)
    #expect(reply.header.responseCode == ResponseCode(rawValue: 6))
    #expect(reply.answers.map(\.type) == [.dname])
  }

  @Test func `a target inside the zone is answered in the same breath`() throws {
    let subject = try zone("x.", "@ SOA ns. root. 1 1 1 1 1\nold DNAME new\nwww.new A 192.0.2.1")
    let reply = try subject.says("www.old.x.", .a)
    #expect(
      try lines(reply.answers) == lines("old.x. DNAME new.x.\nwww.old.x. CNAME www.new.x.\nwww.new.x. A 192.0.2.1"))
  }
}
