import Audit
import DNSWire
import Estate
import Lab
import Names
import Testing

/// The model estate audited by its zone file alone, in two ways: by a survey, record by record, and by a sweep.
struct SweptEstate {
  static let key: UInt64 = 0x5EED_2026_1127
  static let servers = [ModelEstate.primary, ModelEstate.secondary].map { SocketAddress(address: $0, port: 53) }

  /// What a larger zone has beside the model's: hosts, aliases, delegations with glue and DS, wildcards, services, text.
  static let more = """
    example.gov. MX 20 backup.example.gov.
    backup.example.gov. A 192.0.2.26
    backup.example.gov. AAAA 2001:db8::26
    host1.example.gov. A 192.0.2.101
    host1.example.gov. A 192.0.2.102
    host2.example.gov. A 192.0.2.103
    host2.example.gov. MX 10 mail.example.gov.
    ftp.example.gov. CNAME www.example.gov.
    out.example.gov. CNAME shop.delivery.example.
    _sip._tcp.example.gov. SRV 0 5 5060 www.example.gov.
    *.wild.example.gov. A 192.0.2.7
    notes.example.gov. TXT "one" "two"
    send.example.gov. TXT "v=spf1 -all"
    child.example.gov. NS ns.child.example.gov.
    child.example.gov. NS ns.elsewhere.example.
    child.example.gov. DS 12345 13 2 \(String(repeating: "ab", count: 32))
    ns.child.example.gov. A 192.0.2.99
    ns.child.example.gov. AAAA 2001:db8::99
    deep.host.child.example.gov. A 192.0.2.98
    far.example.gov. NS ns.elsewhere.example.
    old.example.gov. DNAME new.example.gov.
    """

  var estate: ModelEstate

  init(_ estate: ModelEstate) throws {
    self.estate = estate
    let records = try ModelEstate.records(Self.more)
    let sets = Dictionary(grouping: records) { Knowledge.Subject($0.name, $0.type) }
    for (subject, set) in sets {
      let declared = estate.declaration.domains[0].records.first { $0.name == subject.name && $0.type == subject.type }
      for record in set { try self.estate.apply(.declare("\(record.name) \(record.type) \(record.rdata.text)")) }
      for (address, authority) in self.estate.authorities where authority.zones[ModelEstate.domain] != nil {
        guard var zone = authority.zones[ModelEstate.domain] else { continue }
        // What a change has made of a set stays.
        if declared != nil, zone.records(subject.name, subject.type).map(\.rdata) != declared?.values { continue }
        try zone.replace(subject.name, subject.type, with: (declared?.values ?? []) + set.map(\.rdata))
        self.estate.authorities[address]?.put(zone)
      }
    }
    self.estate.declaration.domains[0].records.removeAll { $0.values.isEmpty }
  }

  /// The declaration as a zone file.
  var zone: DeclaredZone {
    get throws {
      let soa = try ModelEstate.records(ModelEstate.zone.split(separator: "\n").first.map(String.init) ?? "")
      let records = estate.declaration.domains[0].records.flatMap { set in
        set.values.map { ResourceRecord(name: set.name, ttl: set.ttl ?? 3600, rdata: $0) }
      }
      let text = ZoneFile.text(soa + records, origin: ModelEstate.domain)
      let reading = DeclaredZone.read(Array(text.utf8), file: "zone", origin: ModelEstate.domain) { _, _ in [] }
      return try #require(reading.zone, "\(reading.faults)")
    }
  }

  /// The same zone as a domain of a declaration that is asked at these servers only.
  var domain: Domain {
    get throws {
      var domain = try zone.domain
      domain.secondaries = Self.servers
      return domain
    }
  }

  /// What an audit says, without the order in which it says it.
  struct Told: Equatable {
    var totals: Totals
    var departures: [InvariantTests.Line: Int]
    var findings: Set<String>

    init(_ surveys: [Survey], _ totals: Totals) {
      self.totals = totals
      let lines = surveys.flatMap(InvariantTests.lines)
      // Of a server that does not answer for the zone a sweep only counts what it cannot tell; a finding tells of the server.
      let mute = lines.filter { $0.check == "server-lame" && $0.verdict != .match }.map(\.place)
      departures = InvariantTests.counted(
        lines.filter { $0.verdict != .match && !($0.check == "record-differs" && mute.contains($0.place)) })
      findings = Set(
        surveys.flatMap(\.findings).map {
          "\($0.check) \($0.severity) \($0.name) \($0.type.map(\.description) ?? "-") \($0.place) \($0.verdict) "
            + "\($0.intended.sorted()) \($0.observed.sorted()) \($0.declaredAt.map(\.description) ?? "-")"
        })
    }
  }

  mutating func surveyed() throws -> Told {
    var scope = AuditScope()
    scope.walks = false
    var survey = Survey(Declaration(domains: [try domain]), scope: scope, now: ModelEstate.now)
    estate.run(&survey)
    return Told([survey], survey.totals)
  }

  /// - Parameter handful: How many of the replies that differ are judged together.
  mutating func swept(handful: Int = .max) throws -> Told {
    var sweep = Sweep(try zone, at: Self.servers, asksForAbsences: true, key: Self.key, now: ModelEstate.now)
    var surveys = [sweep.head]
    estate.run(&surveys[0])
    sweep.begin(with: surveys[0])
    for server in sweep.answering {
      for phase in SweepPhase.allCases {
        var others = try ask(sweep, server, phase)
        sweep.met(others.met)
        while !others.differing.isEmpty {
          let some = Array(others.differing.prefix(handful))
          others.differing.removeFirst(some.count)
          var judgement = sweep.judgement(of: some, at: server, in: phase)
          estate.run(&judgement)
          sweep.take(judgement, of: some, at: server, in: phase)
          surveys.append(judgement)
        }
      }
    }
    var last = sweep.last
    estate.run(&last)
    sweep.finish(with: last)
    return Told(surveys + [last], sweep.totals)
  }

  /// What the batch loop does: holds each reply against what is expected, and keeps those that differ.
  private func ask(_ sweep: Sweep, _ server: Server, _ phase: SweepPhase) throws -> (
    met: Int, differing: [(number: UInt32, observation: Observation)]
  ) {
    var (number, met, differing) = (0, 0, [(number: UInt32, observation: Observation)]())
    var scratch: [UInt8] = []
    while let page = sweep.page(number, of: phase) {
      number += 1
      for place in 0..<page.count {
        var offset = Int(page.starts[place])
        let name = try DomainName(page.names.span, at: &offset)
        let type = RRType(rawValue: page.types[place])
        let observation = estate.seen(Query(name, type, at: server))
        if let message = observation.message, !message.header.truncated,
          page.expected[place].isMet(
            by: message.encoded().span, questionEnd: 12 + name.octets.count + 4, type: type,
            responseCode: message.header.responseCode.rawValue, key: Self.key, scratch: &scratch)
        {
          met += 1
        } else {
          differing.append((page.numbers[place], observation))
        }
      }
    }
    return (met, differing)
  }
}

extension DeclaredRRset {
  fileprivate var values: [RData] { if case .exactly(let values) = intended { values } else { [] } }
}
