import DNSWire
import Lab
import Names
import Testing

/// The zone of RFC 1034 §6.1, as far as its questions need it.
private let rootZone = """
  @ 86400 SOA SRI-NIC.ARPA. HOSTMASTER.SRI-NIC.ARPA. 870611 1800 300 604800 86400
  @ 86400 NS A.ISI.EDU.
  @ 86400 NS C.ISI.EDU.
  @ 86400 NS SRI-NIC.ARPA.
  MIL. 86400 NS SRI-NIC.ARPA.
  MIL. 86400 NS A.ISI.EDU.
  EDU. 86400 NS SRI-NIC.ARPA.
  EDU. 86400 NS C.ISI.EDU.
  SRI-NIC.ARPA. 86400 A 26.0.0.73
  SRI-NIC.ARPA. 86400 A 10.0.0.51
  SRI-NIC.ARPA. 86400 MX 0 SRI-NIC.ARPA.
  SRI-NIC.ARPA. 86400 HINFO DEC-2060 TOPS20
  USC-ISIC.ARPA. 86400 CNAME C.ISI.EDU.
  A.ISI.EDU. 86400 A 26.3.0.103
  C.ISI.EDU. 86400 A 10.0.0.52
  """

@Suite("RFC 1034 §6.2 Example standard queries") struct ExampleStandardQueries {
  struct Row: CustomTestStringConvertible, Sendable {
    var section, name: String
    var type: RRType
    var code = ResponseCode.noError
    var authoritative = true
    var answers = ""
    var authorities = ""
    var additionals = ""
    var testDescription: String { "\(section) \(name) \(type)" }
  }

  static let rows = [
    Row(section: "6.2.1", name: "SRI-NIC.ARPA.", type: .a, answers: "SRI-NIC.ARPA. A 26.0.0.73\nSRI-NIC.ARPA. A 10.0.0.51"),
    Row(
      section: "6.2.2", name: "SRI-NIC.ARPA.", type: .any,
      answers: """
        SRI-NIC.ARPA. A 26.0.0.73
        SRI-NIC.ARPA. A 10.0.0.51
        SRI-NIC.ARPA. MX 0 SRI-NIC.ARPA.
        SRI-NIC.ARPA. HINFO DEC-2060 TOPS20
        """),
    Row(
      section: "6.2.3", name: "SRI-NIC.ARPA.", type: .mx, answers: "SRI-NIC.ARPA. MX 0 SRI-NIC.ARPA.",
      additionals: "SRI-NIC.ARPA. A 26.0.0.73\nSRI-NIC.ARPA. A 10.0.0.51"),
    // The RFC's answer to 6.2.4 is empty; the SOA in it came with RFC 2308.
    Row(
      section: "6.2.4", name: "SRI-NIC.ARPA.", type: .ns,
      authorities: ". SOA SRI-NIC.ARPA. HOSTMASTER.SRI-NIC.ARPA. 870611 1800 300 604800 86400"),
    Row(
      section: "6.2.5", name: "SIR-NIC.ARPA.", type: .a, code: .nameError,
      authorities: ". SOA SRI-NIC.ARPA. HOSTMASTER.SRI-NIC.ARPA. 870611 1800 300 604800 86400"),
    Row(
      section: "6.2.6", name: "BRL.MIL.", type: .a, authoritative: false,
      authorities: "MIL. NS SRI-NIC.ARPA.\nMIL. NS A.ISI.EDU.",
      additionals: "A.ISI.EDU. A 26.3.0.103\nSRI-NIC.ARPA. A 26.0.0.73\nSRI-NIC.ARPA. A 10.0.0.51"),
    Row(section: "6.2.8", name: "USC-ISIC.ARPA.", type: .cname, answers: "USC-ISIC.ARPA. CNAME C.ISI.EDU."),
  ]

  @Test(arguments: rows) func `is answered as the RFC answers it`(row: Row) throws {
    let reply = try zone(".", rootZone).says(row.name, row.type)
    #expect(reply.header.responseCode == row.code)
    #expect(reply.header.authoritative == row.authoritative)
    #expect(reply.header.isResponse && !reply.header.recursionAvailable)
    #expect(try lines(reply.answers) == lines(row.answers))
    #expect(try lines(reply.authorities) == lines(row.authorities))
    #expect(try lines(reply.additionals) == lines(row.additionals))
  }
}

@Suite("RFC 1034 §4.3.2 Algorithm") struct Algorithm {
  static let text = """
    @ SOA ns1 hostmaster 1 1800 900 604800 300
    @ NS ns1
    ns1 A 192.0.2.1
    www CNAME web
    web A 192.0.2.80
    gone CNAME nowhere
    out CNAME www.example.net.
    loop1 CNAME loop2
    loop2 CNAME loop1
    down CNAME host.child
    child NS ns.child
    ns.child A 192.0.2.53
    host.child A 192.0.2.99
    a.b.c A 192.0.2.7
    _sip._tcp SRV 0 5 5060 web
    """
  let subject: Zone

  init() throws { subject = try zone("example.", Self.text) }

  @Test func `an alias brings its target along when the zone holds it`() throws {
    let reply = try subject.says("www.example.", .a)
    #expect(try lines(reply.answers) == lines("www.example. CNAME web.example.\nweb.example. A 192.0.2.80"))
    #expect(reply.header.authoritative)
  }

  @Test(arguments: [("gone.example.", ResponseCode.nameError), ("out.example.", .noError), ("www.example.", .noError)])
  func `the code is that of the last name of a chain (RFC 6604 §3)`(name: String, code: ResponseCode) throws {
    let reply = try subject.says(name, .txt)
    #expect(reply.header.responseCode == code)
    #expect(reply.answers.first?.type == .cname)
  }

  @Test func `a loop of aliases ends, each alias given once`() throws {
    let reply = try subject.says("loop1.example.", .a)
    #expect(try lines(reply.answers) == lines("loop1.example. CNAME loop2.example.\nloop2.example. CNAME loop1.example."))
    #expect(reply.answers.count == 2)
  }

  @Test func `an alias that leads below a cut is answered with authority and the referral`() throws {
    let reply = try subject.says("down.example.", .a)
    #expect(reply.header.authoritative)
    #expect(try lines(reply.answers) == lines("down.example. CNAME host.child.example."))
    #expect(try lines(reply.authorities) == lines("child.example. NS ns.child.example."))
    #expect(try lines(reply.additionals) == lines("ns.child.example. A 192.0.2.53"))
  }

  @Test(arguments: ["child.example.", "host.child.example.", "x.y.child.example."], [RRType.a, .ns, .soa, .any])
  func `at and below a cut there are only referrals, without authority`(name: String, type: RRType) throws {
    let reply = try subject.says(name, type)
    #expect(!reply.header.authoritative)
    #expect(reply.header.responseCode == .noError)
    #expect(reply.answers.isEmpty)
    #expect(try lines(reply.authorities) == lines("child.example. NS ns.child.example."))
    #expect(try lines(reply.additionals) == lines("ns.child.example. A 192.0.2.53"))
  }

  @Test(arguments: ["b.c.example.", "c.example.", "_tcp.example."])
  func `an empty non-terminal exists (RFC 4592 §2.2.2)`(name: String) throws {
    let reply = try subject.says(name, .a)
    #expect(reply.header.responseCode == .noError)
    #expect(reply.answers.isEmpty)
    #expect(reply.authorities.map(\.type) == [.soa])
  }

  @Test(arguments: [
    ("example.", RRType.ns, "ns1.example. A 192.0.2.1"), ("_sip._tcp.example.", .srv, "web.example. A 192.0.2.80"),
  ])
  func `step 6 adds the addresses of hosts that the answer names`(name: String, type: RRType, additionals: String) throws {
    #expect(try lines(subject.says(name, type).additionals) == lines(additionals))
  }

  @Test func `a name outside its zones is refused`() throws {
    let reply = try subject.says("example.net.", .a)
    #expect(reply.header.responseCode == .refused)
    #expect(!reply.header.authoritative)
  }

  @Test func `the nearest of several zones answers, the cut above it hidden`() throws {
    let child = try zone("child.example.", "@ SOA ns root 7 1 1 1 1\n@ NS ns\nhost A 203.0.113.1")
    let reply = Authority(zones: [subject, child]).answer(try query("host.child.example.", .a), from: client)
    #expect(reply.header.authoritative)
    #expect(try lines(reply.answers) == lines("host.child.example. A 203.0.113.1"))
  }
}

@Suite("RFC 2308 Negative caching") struct NegativeAnswers {
  static let rows: [(ttl: Int, minimum: Int, expected: UInt32)] = [(3600, 300, 300), (60, 300, 60), (300, 300, 300)]

  @Test(arguments: rows, ["nowhere.example.", "example."])
  func `§3: the SOA's TTL is the lesser of its own and its MINIMUM`(row: (ttl: Int, minimum: Int, expected: UInt32), name: String)
    throws
  {
    let subject = try zone("example.", "@ \(row.ttl) SOA ns1 hostmaster 1 1800 900 604800 \(row.minimum)\n@ NS ns1.example.net.")
    let reply = try subject.says(name, .txt)
    #expect(reply.authorities.map(\.ttl) == [row.expected])
    #expect(reply.authorities.map(\.type) == [.soa])
    #expect(reply.header.responseCode == (name == "example." ? .noError : .nameError))
    #expect(reply.header.authoritative)
  }
}
