import DNSWire
import Lab
import Names
import RealServers
import Testing

/// The contract of the lab: a zone that Knot signed is answered by the lab as Knot answers it.
///
/// The zone is Knot's own, fetched by transfer with its signatures and NSEC records, so both serve the same records.
@Suite("The lab answers as Knot does") struct LabAgainstKnot {
  private static let apex = "example.gov."

  private static let zone: RealServers.Zone = {
    let lines: [(String, String, String)] = [
      ("", "NS", "ns1.example.gov."), ("", "NS", "ns2.example.gov."), ("", "NS", "ns.example.net."),
      ("", "MX", "10 mail.example.gov."), ("", "MX", "20 mx.example.net."), ("", "MX", "30 any.wild.example.gov."),
      ("", "A", "192.0.2.80"), ("", "TXT", "\"v=spf1 mx -all\""), ("", "CAA", "0 issue \"ca.example.net\""),
      ("ns1.", "A", "192.0.2.1"), ("ns1.", "AAAA", "2001:db8::1"), ("ns2.", "A", "192.0.2.2"),
      ("mail.", "A", "192.0.2.25"), ("mail.", "AAAA", "2001:db8::25"),
      ("_sip._tcp.", "SRV", "0 5 5060 mail.example.gov."), ("_25._tcp.mail.", "TLSA", "3 1 1 " + String(repeating: "ab", count: 32)),
      ("a.b.c.", "A", "192.0.2.7"),
      // Aliases: to data, to an alias, to nothing, out of the zone, in a loop, below a cut, to a wildcard.
      ("www.", "CNAME", "mail.example.gov."), ("web.", "CNAME", "www.example.gov."), ("gone.", "CNAME", "nowhere.example.gov."),
      ("out.", "CNAME", "www.example.net."), ("loop1.", "CNAME", "loop2.example.gov."), ("loop2.", "CNAME", "loop1.example.gov."),
      ("down.", "CNAME", "host.unsigned.example.gov."), ("lucky.", "CNAME", "some.wild.example.gov."),
      // Wildcards: with data, as an alias, over an existing name, below itself.
      ("*.wild.", "A", "192.0.2.33"), ("*.wild.", "MX", "5 mail.example.gov."), ("real.wild.", "A", "192.0.2.34"),
      ("deep.real.wild.", "TXT", "\"deep\""), ("*.alias.", "CNAME", "mail.example.gov."), ("sub.*.star.", "A", "192.0.2.35"),
      // Aliases of whole trees: inside the zone and out of it.
      ("old.", "DNAME", "new.example.gov."), ("www.new.", "A", "192.0.2.44"), ("old.", "TXT", "\"moved\""),
      ("away.", "DNAME", "example.net."),
      // Cuts: signed and unsigned, with glue of their own, of a sibling, without glue.
      ("signed.", "NS", "ns.signed.example.gov."), ("ns.signed.", "A", "192.0.2.53"), ("ns.signed.", "AAAA", "2001:db8::53"),
      ("signed.", "DS", "12345 13 2 " + String(repeating: "cd", count: 32)),
      ("unsigned.", "NS", "ns.unsigned.example.gov."), ("unsigned.", "NS", "ns.signed.example.gov."),
      ("ns.unsigned.", "A", "192.0.2.54"), ("foreign.", "NS", "ns.example.net."), ("ours.", "NS", "ns1.example.gov."),
      // More than a datagram holds.
      ("wide.", "TXT", (0..<20).map { "\"\($0)" + String(repeating: "x", count: 90) + "\"" }.joined(separator: " ")),
    ]
    return RealServers.Zone(apex, primary: "ns1.\(apex)", records: lines.map { .init($0.0 + apex, $0.1, $0.2) })
  }()

  private static let names = [
    "", "ns1.", "mail.", "www.", "web.", "gone.", "out.", "loop1.", "down.", "lucky.", "nowhere.", "a.nowhere.",
    "_sip._tcp.", "_tcp.", "_25._tcp.mail.", "a.b.c.", "b.c.", "c.", "x.c.", "zz.",
    "wild.", "*.wild.", "some.wild.", "real.wild.", "x.real.wild.", "deep.real.wild.", "y.deep.real.wild.", "a.b.wild.",
    "one.alias.", "alias.", "star.", "*.star.", "sub.*.star.", "x.star.", "x.*.star.",
    "old.", "www.old.", "nowhere.old.", "x.www.old.", "away.", "www.away.", "new.",
    "signed.", "ns.signed.", "x.signed.", "unsigned.", "ns.unsigned.", "x.y.unsigned.", "foreign.", "x.foreign.", "ours.", "x.ours.",
    "wide.",
  ]
  private static let types: [RRType] = [
    .a, .aaaa, .ns, .soa, .mx, .txt, .cname, .dname, .srv, .ds, .dnskey, .nsec, .rrsig, .caa, .any, RRType(65280),
  ]

  private enum Way: CaseIterable {
    case plain, validating, validatingOverTCP

    var carrier: Carrier { self == .validatingOverTCP ? .tcp : .udp }
    var edns: EDNS? { self == .plain ? nil : EDNS(udpPayloadSize: 1232, dnssecOK: true) }
  }

  @Test func `every name, type and way of asking`() async throws {
    let knot = try KnotServer(at: Endpoint.vacant(), zones: [Self.zone], signed: true)
    try await knot.start()
    let origin = try DomainName(Self.apex)
    let text = try await knot.transfer(Self.apex).text
    let file = ZoneFile(octets: Array(text.utf8), file: "transfer", origin: origin)
    #expect(file.faults.isEmpty)
    let copy = try Lab.Zone(apex: origin, records: file.records.map(\.record))
    let start = try #require(SocketAddress("127.0.0.1", defaultPort: 0))
    let lab = try await LabServer.start(on: start, zones: [copy])
    var compared = 0
    var failed: [String] = []
    for name in Self.names {
      for type in Self.types {
        for way in Way.allCases {
          let question = Question(name: try DomainName(name + Self.apex), type: type)
          let query = Message(header: Header(id: UInt16(compared & 0xFFFF)), questions: [question], edns: way.edns)
          let theirs = try ask(query, knot.address, over: way.carrier)
          let ours = try ask(query, lab.address, over: way.carrier)
          compared += 1
          for difference in Self.differences(theirs, ours) { failed.append("\(question) \(way): \(difference)") }
        }
      }
    }
    await lab.stop()
    await knot.stop()
    #expect(compared == Self.names.count * Self.types.count * Way.allCases.count)
    #expect(failed.isEmpty, "\(failed.count):\n\(failed.prefix(60).joined(separator: "\n"))")
  }

  /// What differs, in words. Sections are compared as sets with their TTLs.
  private static func differences(_ theirs: Message, _ ours: Message) -> [String] {
    var found: [String] = []
    func compare<Value: Equatable>(_ what: String, _ left: Value, _ right: Value) {
      if left != right { found.append("\(what): Knot \(left), lab \(right)") }
    }
    func compare(_ what: String, _ left: [ResourceRecord], _ right: [ResourceRecord]) {
      let (left, right) = (Set(left), Set(right))
      let (missing, extra) = (left.subtracting(right), right.subtracting(left))
      if !missing.isEmpty { found.append("\(what) lacks \(missing.map(\.description).sorted())") }
      if !extra.isEmpty { found.append("\(what) has besides \(extra.map(\.description).sorted())") }
    }
    // Knot gives one RRset of a name that is asked for ANY, and one signature for RRSIG (RFC 8482 §4.1); the lab gives all, as
    // RFC 1034 has it, so that tests see what a server may say. All that Knot gives must then be among it, and TC may differ.
    let mayBeFewer = theirs.questions.contains { $0.type == .any || $0.type == .rrsig } && !theirs.answers.isEmpty
    guard !mayBeFewer || ours.header.truncated else {
      compare("code", theirs.header.responseCode, ours.header.responseCode)
      compare("AA", theirs.header.authoritative, ours.header.authoritative)
      let missing = Set(theirs.answers).subtracting(ours.answers)
      if !missing.isEmpty { found.append("answer lacks \(missing.map(\.description).sorted())") }
      return found
    }
    if mayBeFewer { return found }
    compare("id", theirs.header.id, ours.header.id)
    compare("flags", theirs.header, ours.header)
    compare("question", theirs.questions, ours.questions)
    compare("EDNS", theirs.edns, ours.edns)
    guard !theirs.header.truncated else { return found }
    compare("answer", theirs.answers, ours.answers)
    compare("authority", theirs.authorities, ours.authorities)
    compare("additional", theirs.additionals, ours.additionals)
    return found
  }
}
