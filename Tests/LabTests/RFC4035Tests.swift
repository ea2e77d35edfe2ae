import DNSWire
import Lab
import Names
import Testing

/// The zone of RFC 4035 appendix A. Keys and signatures are opaque to a server, so theirs are short; every authoritative RRset has one.
private func signedZone() throws -> Zone {
  let plain = """
    @ SOA ns1 bugs.x.w 1081539377 3600 300 3600000 3600
    @ NS ns1
    @ NS ns2
    @ MX 1 xx
    @ NSEC a NS SOA MX RRSIG NSEC DNSKEY
    @ DNSKEY 256 3 5 AQOy1bZV
    a NS ns1.a
    a NS ns2.a
    a DS 57855 5 1 B6DCD485719ADCA18E5F3D48A2331627FDD3636B
    a NSEC ai NS DS RRSIG NSEC
    ns1.a A 192.0.2.5
    ns2.a A 192.0.2.6
    ai A 192.0.2.9
    ai HINFO "KLH-10" "ITS"
    ai AAAA 2001:db8::f00:baa9
    ai NSEC b A HINFO AAAA RRSIG NSEC
    b NS ns1.b
    b NS ns2.b
    b NSEC ns1 NS RRSIG NSEC
    ns1.b A 192.0.2.7
    ns2.b A 192.0.2.8
    ns1 A 192.0.2.1
    ns1 NSEC ns2 A RRSIG NSEC
    ns2 A 192.0.2.2
    ns2 NSEC *.w A RRSIG NSEC
    *.w MX 1 ai
    *.w NSEC x.w MX RRSIG NSEC
    x.w MX 1 xx
    x.w NSEC x.y.w MX RRSIG NSEC
    x.y.w MX 1 xx
    x.y.w NSEC xx MX RRSIG NSEC
    xx A 192.0.2.10
    xx HINFO "KLH-10" "TOPS-20"
    xx AAAA 2001:db8::f00:baaa
    xx NSEC @ A HINFO AAAA RRSIG NSEC
    """.replacing(" @ A", with: " example. A")
  let apex = try DomainName("example.")
  let all = try records(plain, origin: apex)
  let glue = ["a.example.", "b.example."].map { try? DomainName($0) }
  var signatures: [ResourceRecord] = []
  for (name, type) in Set(all.map { [$0.name.description, $0.type.description] }).map({ ($0[0], $0[1]) }) {
    let owner = try DomainName(name)
    let isCut = glue.contains(owner)
    if glue.contains(where: { $0.map { owner.isBelow($0) } ?? false }) || isCut && type == "NS" { continue }
    signatures += try records(
      "\(name) RRSIG \(type) 5 \(owner.labelCount) 3600 20040509183619 20040409183619 38519 example. Cm9n")
  }
  return try Zone(apex: apex, records: all + signatures)
}

@Suite("RFC 4035 appendix B Example responses") struct SignedResponses {
  struct Row: CustomTestStringConvertible, Sendable {
    var section, name: String
    var type: RRType
    var code = ResponseCode.noError
    var authoritative = true
    /// RRsets as "owner TYPE"; each with a plus is signed.
    var answers: Set<String> = []
    var authorities: Set<String> = []
    var additionals: Set<String> = []
    var testDescription: String { "\(section) \(name) \(type)" }
  }

  // The name servers in the authority section of positive answers (B.1, B.6) are optional (RFC 2181 §6.1) and left out, as Knot does.
  static let rows = [
    Row(
      section: "B.1", name: "x.w.example.", type: .mx, answers: ["x.w.example. MX+"],
      additionals: ["xx.example. A+", "xx.example. AAAA+"]),
    Row(
      section: "B.2", name: "ml.example.", type: .a, code: .nameError,
      authorities: ["example. SOA+", "b.example. NSEC+", "example. NSEC+"]),
    Row(section: "B.3", name: "ns1.example.", type: .mx, authorities: ["example. SOA+", "ns1.example. NSEC+"]),
    Row(
      section: "B.4", name: "mc.a.example.", type: .mx, authoritative: false,
      authorities: ["a.example. NS", "a.example. DS+"], additionals: ["ns1.a.example. A", "ns2.a.example. A"]),
    Row(
      section: "B.5", name: "mc.b.example.", type: .mx, authoritative: false,
      authorities: ["b.example. NS", "b.example. NSEC+"], additionals: ["ns1.b.example. A", "ns2.b.example. A"]),
    Row(
      section: "B.6", name: "a.z.w.example.", type: .mx, answers: ["a.z.w.example. MX+"],
      authorities: ["x.y.w.example. NSEC+"], additionals: ["ai.example. A+", "ai.example. AAAA+"]),
    Row(
      section: "B.7", name: "a.z.w.example.", type: .aaaa,
      authorities: ["example. SOA+", "x.y.w.example. NSEC+", "*.w.example. NSEC+"]),
    Row(section: "B.8", name: "example.", type: .ds, authorities: ["example. SOA+", "example. NSEC+"]),
    Row(section: "§3.1.4.1, at the parent", name: "a.example.", type: .ds, answers: ["a.example. DS+"]),
    Row(
      section: "§3.1.4.1, an unsigned child", name: "b.example.", type: .ds,
      authorities: ["example. SOA+", "b.example. NSEC+"]),
  ]

  @Test(arguments: rows) func `holds the RRsets, signatures and proofs of the RFC`(row: Row) throws {
    let reply = try signedZone().says(row.name, row.type, dnssecOK: true)
    #expect(reply.header.responseCode == row.code)
    #expect(reply.header.authoritative == row.authoritative)
    #expect(sets(reply.answers) == row.answers)
    #expect(sets(reply.authorities) == row.authorities)
    #expect(sets(reply.additionals) == row.additionals)
    #expect(reply.edns?.dnssecOK == true)
  }

  @Test(arguments: rows) func `§3.2.1: without DO there are neither signatures nor proofs`(row: Row) throws {
    let reply = try signedZone().says(row.name, row.type)
    let all = reply.answers + reply.authorities + reply.additionals
    #expect(!all.contains { $0.type == .rrsig || $0.type == .nsec })
    #expect(reply.header.responseCode == row.code)
  }

  @Test(arguments: [RRType.nsec, .rrsig]) func `§3.2.1: what is asked for by name is given all the same`(type: RRType) throws {
    let reply = try signedZone().says("ns1.example.", type)
    #expect(Set(reply.answers.map(\.type)) == [type])
  }

  @Test func `§3.1.4.1: a server of both sides answers DS from the parent's`() throws {
    let child = try zone("a.example.", "@ SOA ns1 root 1 1 1 1 1\n@ NS ns1")
    let both = Authority(zones: [try signedZone(), child])
    let ds = both.answer(try query("a.example.", .ds, edns: EDNS(dnssecOK: true)), from: client)
    #expect(sets(ds.answers) == ["a.example. DS+"])
    let alone = try child.says("a.example.", .ds)
    #expect(alone.header.authoritative)
    #expect(alone.authorities.map(\.name.description) == ["a.example."])
  }

  @Test func `§3.1.6: CD comes back as it came, AD is clear`() throws {
    var asked = try query("ns1.example.", .a)
    asked.header.checkingDisabled = true
    let reply = Authority(zones: [try signedZone()]).answer(asked, from: client)
    #expect(reply.header.checkingDisabled && !reply.header.authenticData)
  }

  /// RRsets as "owner TYPE", with a plus where a signature covers them.
  private func sets(_ records: [ResourceRecord]) -> Set<String> {
    let signed = Set(records.compactMap { record in RRSIG(record.rdata).map { "\(record.name) \($0.covered)" } })
    let plain = Set(records.filter { $0.type != .rrsig }.map { "\($0.name) \($0.type)" })
    #expect(signed.subtracting(plain).isEmpty)
    return Set(plain.map { $0 + (signed.contains($0) ? "+" : "") })
  }
}
