import Audit
import DNSWire
import Estate
import Lab
import Names
import Testing

/// `example.gov` with its parent, two name servers and a resolver, answered by the lab's authorities without a socket.
struct ModelEstate {
  static let root = IPAddress("192.0.2.1")!
  static let parent = IPAddress("192.0.2.2")!
  static let primary = IPAddress("192.0.2.53")!
  static let secondary = IPAddress("198.51.100.53")!
  static let resolver = IPAddress("192.0.2.9")!
  /// The server of zones outside the estate.
  static let elsewhere = IPAddress("203.0.113.53")!
  static let domain = (try? DomainName("example.gov.")) ?? .root
  static let now = Timestamp("2026-11-23T09:00:00Z")!

  static let zone = """
    example.gov. SOA ns1.example.gov. hostmaster.example.gov. 2026112301 7200 3600 1209600 3600
    example.gov. NS ns1.example.gov.
    example.gov. NS ns2.example.gov.
    example.gov. MX 10 mail.example.gov.
    example.gov. A 192.0.2.10
    example.gov. TXT "v=spf1 mx -all"
    example.gov. CAA 0 issue "ca.example"
    ns1.example.gov. A 192.0.2.53
    ns2.example.gov. A 198.51.100.53
    mail.example.gov. A 192.0.2.25
    www.example.gov. A 192.0.2.80
    """

  var authorities: [IPAddress: Authority] = [:]
  var silent: Set<IPAddress> = []
  var poisoned: [ResourceRecord] = []
  var validation = Validation.secure
  /// Of single names, in the place of it.
  var validations: [Knowledge.Subject: Validation] = [:]
  var declaration: Declaration
  /// The present, as judgement is told it.
  var present = Self.now
  var scope = AuditScope()
  var answers: [Inquiry: Answer] = [:]
  /// What becomes of an observation on the way: a liar's hand.
  var lie: (Query, Observation) -> Observation = { $1 }
  private(set) var asked: [Query] = []
  private(set) var rounds = 0

  init() throws {
    let records = try Self.records(Self.zone)
    let glue = try Self.records(
      """
      example.gov. NS ns1.example.gov.
      example.gov. NS ns2.example.gov.
      ns1.example.gov. A 192.0.2.53
      ns2.example.gov. A 198.51.100.53
      """)
    let top = try Self.records(
      "gov. SOA a.nic.gov. hostmaster.nic.gov. 1 1 1 1 1\ngov. NS a.nic.gov.\na.nic.gov. A 192.0.2.2")
    let root = try Self.records(
      ". SOA a.root.invalid. hostmaster.invalid. 1 1 1 1 1\n. NS a.root.invalid.\ngov. NS a.nic.gov.\na.nic.gov. A 192.0.2.2")
    authorities[Self.root] = Authority(zones: [try Zone(apex: .root, records: root)])
    authorities[Self.parent] = Authority(zones: [try Zone(apex: DomainName("gov."), records: top + glue)])
    authorities[Self.primary] = Authority(zones: [try Zone(apex: Self.domain, records: records)])
    authorities[Self.secondary] = Authority(zones: [try Zone(apex: Self.domain, records: records)])

    let sets = Dictionary(grouping: records) { Knowledge.Subject($0.name, $0.type) }
    let domain = Domain(
      Self.domain,
      nameServers: [
        NameServer(try DomainName("ns1.example.gov."), .exactly([Self.primary])),
        NameServer(try DomainName("ns2.example.gov."), .exactly([Self.secondary])),
      ],
      records: sets.map { DeclaredRRset($0.key.name, $0.key.type, .exactly($0.value.map(\.rdata)), ttl: 3600) }, isWholeZone: true
    )
    declaration = Declaration(
      resolvers: Resolvers([Server(address: SocketAddress(address: Self.resolver, port: 53))]),
      network: Network(roots: [Network.Root(address: Self.root)], ipv6: true), domains: [domain])
  }

  /// Lines of a master file: owner, perhaps a TTL, type, data.
  static func records(_ lines: String) throws -> [ResourceRecord] {
    try lines.split(separator: "\n").map { line in
      var fields = line.split(separator: " ", maxSplits: 2).map(String.init)
      var ttl: UInt32 = 3600
      if let given = UInt32(fields[1]) {
        ttl = given
        fields = [fields[0]] + fields[2].split(separator: " ", maxSplits: 1).map(String.init)
      }
      let type = try #require(RRType(fields[1]), "\(line)")
      return ResourceRecord(
        name: try DomainName(fields[0]), ttl: ttl, rdata: try RData(type: type, text: fields[2], origin: nil))
    }
  }

  // MARK: Changes

  mutating func apply(_ edit: Example.Edit) throws {
    switch edit {
    case .set(let side, let lines):
      let records = try Self.records(lines)
      if side == .resolver {
        poisoned += records
      } else {
        let sets = Dictionary(grouping: records) { Knowledge.Subject($0.name, $0.type) }
        for (subject, set) in sets {
          try change(side) { try $0.replace(subject.name, subject.type, with: set.map(\.rdata), ttl: set[0].ttl) }
        }
      }
    case .remove(let side, let name, let type): try change(side) { try $0.replace(DomainName(name), type, with: []) }
    case .lame(let side): for address in addresses(side) { authorities[address] = Authority() }
    case .silent(let side): silent.formUnion(addresses(side))
    case .validation(let verdict): validation = verdict
    case .declare(let line):
      for record in try Self.records(line) { declare(record) }
    case .declareDS(let text):
      declaration.domains[0].ds = .exactly([try RData(type: .ds, text: text, origin: nil)])
    case .tolerate(let name, let type, let tolerance):
      let name = try DomainName(name)
      declaration.domains[0].records.removeAll { $0.name == name && $0.type == type }
      declaration.domains[0].records.append(DeclaredRRset(name, type, .tolerant(tolerance), ttl: 3600))
    case .redeclare(let change): change(&declaration)
    case .answer(let inquiry, let answer): answers[inquiry] = answer
    case .elsewhere(let apex, let lines): try delegate(DomainName(apex), lines)
    case .at(let time): present = time
    case .scope(let change): change(&scope)
    }
  }

  private mutating func delegate(_ apex: DomainName, _ lines: String) throws {
    let host = try DomainName("ns", origin: apex)
    let delegation = [
      ResourceRecord(name: apex, ttl: 3600, rdata: NS(nameServer: host).rdata),
      ResourceRecord(name: host, ttl: 3600, rdata: RData(type: .a, canonical: Self.elsewhere.octets)),
    ]
    let soa = try Self.records("\(apex) SOA \(host) hostmaster.\(apex) 1 7200 3600 1209600 3600")
    let zone = try Zone(apex: apex, records: soa + delegation + Self.records(lines))
    authorities[Self.elsewhere, default: Authority()].put(zone)
    for address in [Self.root] {
      guard var root = authorities[address]?.zones[.root] else { continue }
      for record in delegation { try root.replace(record.name, record.type, with: [record.rdata]) }
      authorities[address]?.put(root)
    }
  }

  private mutating func declare(_ record: ResourceRecord) {
    let records = declaration.domains[0].records
    if let index = records.firstIndex(where: { $0.name == record.name && $0.type == record.type }),
      case .exactly(let values) = records[index].intended
    {
      declaration.domains[0].records[index].intended = .exactly(values + [record.rdata])
    } else {
      declaration.domains[0].records.append(DeclaredRRset(record.name, record.type, .exactly([record.rdata]), ttl: 3600))
    }
  }

  private func addresses(_ side: Example.Side) -> [IPAddress] {
    switch side {
    case .parent: [Self.parent]
    case .primary: [Self.primary]
    case .secondary: [Self.secondary]
    case .everywhere: [Self.primary, Self.secondary]
    case .resolver: [Self.resolver]
    }
  }

  private mutating func change(_ side: Example.Side, _ edit: (inout Zone) throws -> Void) throws {
    for address in addresses(side) {
      let authority = try #require(authorities[address])
      // A server that was made lame before has no zone to change.
      guard var zone = authority.zones.values.first else { continue }
      try edit(&zone)
      authorities[address]?.put(zone)
    }
  }

  // MARK: An audit

  /// - Parameter inquired: Told of each inquiry.
  mutating func survey(scope: AuditScope? = nil, inquired: (Inquiry) -> Void = { _ in }) -> Survey {
    var survey = Survey(declaration, scope: scope ?? self.scope, now: present)
    (asked, rounds) = ([], 1)
    run(&survey, inquired: inquired)
    return survey
  }

  /// Answers what a survey wants to know, until it wants nothing more.
  mutating func run(_ survey: inout Survey, inquired: (Inquiry) -> Void = { _ in }) {
    survey.advance()
    while !survey.isComplete {
      rounds += 1
      asked += survey.wanted
      survey.learn(survey.wanted.map(seen))
      for inquiry in survey.wantedInquiries {
        inquired(inquiry)
        survey.learn(answer(inquiry), to: inquiry)
      }
      for subject in survey.wantedValidations { survey.learn(validations[subject] ?? validation, of: subject) }
      survey.advance()
    }
  }

  /// What comes of a query: what the server says, after the liar's hand.
  func seen(_ query: Query) -> Observation { lie(query, observe(query)) }

  private func answer(_ inquiry: Inquiry) -> Answer {
    if let answer = answers[inquiry] { return answer }
    return switch inquiry {
    case .openTransfer: .openTransfer(records: nil)
    case .names: .names(ZoneNames([], end: .hidden))
    case .origin, .handshake, .page: .failed("nobody answers")
    }
  }

  private func observe(_ query: Query) -> Observation {
    let address = query.server.address.address
    guard !silent.contains(address) else {
      return Observation(query, .silent(.timedOut(attempts: 4)), at: Self.now)
    }
    var header = Header()
    header.recursionDesired = query.recursionDesired
    let question = Message(
      header: header, questions: [Question(name: query.name, type: query.type)],
      edns: EDNS(udpPayloadSize: 1232, dnssecOK: query.dnssecOK))
    if address == Self.resolver { return Observation(query, .replied(resolve(question)), at: Self.now) }
    guard let authority = authorities[address] else {
      return Observation(query, .silent(.unreachable("no route")), at: Self.now)
    }
    return Observation(query, .replied(authority.answer(question, from: Self.root, over: .tcp)), at: Self.now)
  }

  /// Goes on, at the server of the zones elsewhere, from aliases that lead out of the estate.
  private func follow(_ reply: inout Message, _ type: RRType) {
    for _ in 0..<16 {
      guard type != .cname, let last = reply.answers.last, let target = CNAME(last.rdata)?.target,
        let further = authorities[Self.elsewhere]?.answer(
          Message(header: Header(), questions: [Question(name: target, type: type)]), from: Self.root, over: .tcp),
        further.header.responseCode != .refused
      else { return }
      reply.answers += further.answers
      reply.authorities = further.authorities
      reply.header.responseCode = further.header.responseCode
    }
  }

  /// What a resolver would pass on: the first server's answer, without its authority, and what it was poisoned with.
  private func resolve(_ question: Message) -> Message {
    let asked = question.questions[0]
    let source = [Self.primary, Self.secondary].first { !silent.contains($0) && !(authorities[$0]?.zones.isEmpty ?? true) }
    guard let source, var reply = authorities[source]?.answer(question, from: Self.root, over: .tcp) else {
      var failure = question
      (failure.header.isResponse, failure.header.responseCode) = (true, .serverFailure)
      return failure
    }
    reply.header.authoritative = false
    reply.header.recursionAvailable = true
    follow(&reply, asked.type)
    let poison = poisoned.filter { $0.name == asked.name && $0.type == asked.type }
    if !poison.isEmpty { reply.answers = poison }
    return reply
  }
}
