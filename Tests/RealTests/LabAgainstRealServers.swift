import DNSWire
import Lab
import Names
import RealServers
import Testing

/// The contract of the lab: a zone that Knot signed is answered by the lab as Knot and NSD answer it.
///
/// The zone is Knot's own, fetched by transfer with its signatures and NSEC records, so all serve the same records. Where the two
/// differ from each other, the lab may be with either; ``pardoned(_:_:_:)`` says where and why.
@Suite("The lab answers as Knot and NSD do") struct LabAgainstRealServers {
  private static let apex = "example.gov."

  private static let zone: RealServers.Zone = {
    let lines: [(String, String, String)] = [
      ("", "NS", "ns1.example.gov."), ("", "NS", "ns2.example.gov."), ("", "NS", "ns.example.net."),
      ("", "MX", "10 mail.example.gov."), ("", "MX", "20 mx.example.net."), ("", "MX", "30 any.wild.example.gov."),
      ("", "A", "192.0.2.80"), ("", "TXT", "\"v=spf1 mx -all\""), ("", "CAA", "0 issue \"ca.example.net\""),
      ("ns1.", "A", "192.0.2.1"), ("ns1.", "AAAA", "2001:db8::1"), ("ns2.", "A", "192.0.2.2"),
      ("mail.", "A", "192.0.2.25"), ("mail.", "AAAA", "2001:db8::25"),
      ("_sip._tcp.", "SRV", "0 5 5060 mail.example.gov."),
      ("_25._tcp.mail.", "TLSA", "3 1 1 " + String(repeating: "ab", count: 32)),
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
    "signed.", "ns.signed.", "x.signed.", "unsigned.", "ns.unsigned.", "x.y.unsigned.", "foreign.", "x.foreign.", "ours.",
    "x.ours.",
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

  enum Other: CaseIterable { case knot, nsd }

  @Test(arguments: Other.allCases) func `every name, type and way of asking`(other: Other) async throws {
    let knot = try KnotServer(at: Endpoint.vacant(), zones: [Self.zone], signed: true)
    try await knot.start()
    let transferred = try await knot.transfer(Self.apex)
    let nsd = try NSDServer(at: Endpoint.vacant(), serving: [.file(transferred)])
    if other == .nsd { try await nsd.start() }
    let origin = try DomainName(Self.apex)
    let file = ZoneFile(octets: Array(transferred.text.utf8), file: "transfer", origin: origin)
    #expect(file.faults.isEmpty)
    let copy = try Lab.Zone(file)
    let start = try #require(SocketAddress("127.0.0.1", defaultPort: 0))
    let lab = try await LabServer.start(on: start, zones: [copy])
    var compared = 0
    var failed: [String] = []
    for name in Self.names {
      for type in Self.types {
        for way in Way.allCases {
          let question = Question(name: try DomainName(name + Self.apex), type: type)
          let query = Message(header: Header(id: UInt16(compared & 0xFFFF)), questions: [question], edns: way.edns)
          let theirs = try ask(query, other == .knot ? knot.address : nsd.address, over: way.carrier)
          let ours = try ask(query, lab.address, over: way.carrier)
          compared += 1
          for difference in Self.differences(Self.pardoned(theirs, ours, other), ours) {
            failed.append("\(question) \(way): \(difference)")
          }
        }
      }
    }
    await lab.stop()
    await nsd.stop()
    await knot.stop()
    #expect(compared == Self.names.count * Self.types.count * Way.allCases.count)
    #expect(failed.isEmpty, "\(failed.count):\n\(failed.prefix(40).joined(separator: "\n"))")
  }

  /// Their answer, made like ours where a server may choose.
  private static func pardoned(_ theirs: Message, _ ours: Message, _ other: Other) -> Message {
    var theirs = theirs
    guard let question = theirs.questions.first, !ours.header.truncated || !theirs.header.truncated else { return theirs }
    func isSubset(_ left: [ResourceRecord], _ right: [ResourceRecord]) -> Bool { Set(left).isSubset(of: right) }
    // A name asked for ANY may be answered with some of its RRsets (RFC 8482 §4.1): Knot and NSD give one, the lab all. Knot does so
    // for RRSIG too.
    if question.type == .any || question.type == .rrsig && other == .knot, !theirs.answers.isEmpty,
      ours.header.truncated || isSubset(theirs.answers, ours.answers)
    {
      (theirs.answers, theirs.authorities, theirs.additionals) = (ours.answers, ours.authorities, ours.additionals)
      theirs.header.truncated = ours.header.truncated
    }
    switch other {
    case .knot:
      // Two proofs of RFC 4035 §3.1.3.3 and §3.1.3.4 that the lab and NSD give and Knot saves: that no name is nearer than a wildcard
      // whose own NSEC is the answer, and that a wildcard which is an empty non-terminal has no data.
      let isOwnDenial = question.type == .nsec && !ours.answers.isEmpty
      let isEmptyWildcard = question.name.description == "x.star." + apex
      let spare = Set(ours.authorities).subtracting(theirs.authorities)
      let proves = spare.allSatisfy { $0.type == .nsec || RRSIG($0.rdata)?.covered == .nsec }
      if isOwnDenial || isEmptyWildcard, proves, isSubset(theirs.authorities, ours.authorities) {
        theirs.authorities = ours.authorities
      }
    case .nsd:
      // NSD adds the zone's name servers and their addresses to positive answers (RFC 2181 §6.1 lets it); the lab and Knot do not.
      guard theirs.header.authoritative, !theirs.answers.isEmpty else { break }
      theirs.authorities.removeAll { record in
        record.name.description == apex && (record.type == .ns || RRSIG(record.rdata)?.covered == .ns)
          && !ours.authorities.contains(record)
      }
      let servers = ["ns1." + apex, "ns2." + apex]
      theirs.additionals.removeAll { servers.contains($0.name.description) && !ours.additionals.contains($0) }
    }
    return theirs
  }

  /// What differs, in words. Sections are compared as sets with their TTLs.
  private static func differences(_ theirs: Message, _ ours: Message) -> [String] {
    var found: [String] = []
    func compare<Value: Equatable>(_ what: String, _ left: Value, _ right: Value) {
      if left != right { found.append("\(what): theirs \(left), ours \(right)") }
    }
    func compare(_ what: String, _ left: [ResourceRecord], _ right: [ResourceRecord]) {
      let (left, right) = (Set(left), Set(right))
      let (missing, extra) = (left.subtracting(right), right.subtracting(left))
      if !missing.isEmpty { found.append("\(what) lacks \(missing.map(\.description).sorted())") }
      if !extra.isEmpty { found.append("\(what) has besides \(extra.map(\.description).sorted())") }
    }
    compare("header", theirs.header, ours.header)
    compare("question", theirs.questions, ours.questions)
    compare("EDNS", theirs.edns, ours.edns)
    guard !theirs.header.truncated else { return found }
    compare("answer", theirs.answers, ours.answers)
    compare("authority", theirs.authorities, ours.authorities)
    compare("additional", theirs.additionals, ours.additionals)
    return found
  }
}
