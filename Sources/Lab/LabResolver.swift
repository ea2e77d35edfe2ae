public import DNSWire
public import Names

/// A resolver for the lab: it follows referrals from the root through servers of the lab, in process and without a cache, so that
/// every answer is what the public would find now. It validates nothing.
public struct LabResolver: Sendable {
  public var roots: [IPAddress]
  private let servers: [IPAddress: LabServer]

  /// Questions to servers for one answer.
  private static let mostQuestions = 64
  private static let mostAliases = 8
  /// Referrals without glue inside one another.
  private static let mostDepth = 4

  /// - Parameter servers: Whom it can reach. Resolvers among them are left out, since one could wait for itself.
  public init(roots: [IPAddress], servers: [LabServer]) {
    self.roots = roots
    self.servers = Dictionary(
      servers.filter(\.isAuthoritative).map { ($0.address.address, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// What was found: a code and sections, in the order of the aliases.
  private struct Finding {
    var responseCode = ResponseCode.noError
    var answers: [ResourceRecord] = []
    var authorities: [ResourceRecord] = []
  }

  /// Answers a query that wants recursion; others are refused.
  public func answer(_ query: Message) -> Message {
    var header = Header(id: query.header.id, isResponse: true, opcode: query.header.opcode)
    (header.recursionDesired, header.recursionAvailable) = (query.header.recursionDesired, true)
    header.checkingDisabled = query.header.checkingDisabled
    var reply = Message(header: header, questions: query.questions)
    reply.edns = query.edns.map { EDNS(dnssecOK: $0.dnssecOK) }
    guard query.header.opcode == .query else {
      reply.header.responseCode = .notImplemented
      return reply
    }
    guard let question = query.questions.first, query.questions.count == 1 else {
      reply.header.responseCode = .formatError
      return reply
    }
    guard query.header.recursionDesired, question.recordClass == .in, !question.type.isMeta || question.type == .any else {
      reply.header.responseCode = .refused
      return reply
    }
    var left = Self.mostQuestions
    guard let finding = resolve(question, dnssecOK: query.edns?.dnssecOK ?? false, depth: 0, &left) else {
      reply.header.responseCode = .serverFailure
      return reply
    }
    reply.header.responseCode = finding.responseCode
    reply.answers = finding.answers
    reply.authorities = finding.authorities
    return reply
  }

  /// Walks from the root to the answer, again for each alias; `nil` when no server can be made to answer.
  private func resolve(_ question: Question, dnssecOK: Bool, depth: Int, _ left: inout Int) -> Finding? {
    var finding = Finding()
    var question = question
    for _ in 0...Self.mostAliases {
      guard let reply = descend(question, dnssecOK: dnssecOK, depth: depth, &left) else { return nil }
      finding.responseCode = reply.header.responseCode
      finding.answers += reply.answers.filter { !finding.answers.contains($0) }
      finding.authorities = reply.answers.isEmpty || reply.header.responseCode == .nameError ? reply.authorities : []
      let end = lastAlias(from: question, in: reply.answers)
      if reply.header.responseCode != .noError || end == question.name { return finding }
      if reply.answers.contains(where: { $0.name == end && $0.type == question.type }) { return finding }
      question.name = end
    }
    return nil
  }

  /// Where the aliases in an answer section lead.
  private func lastAlias(from question: Question, in answers: [ResourceRecord]) -> DomainName {
    var name = question.name
    guard question.type != .cname, question.type != .any else { return name }
    for _ in answers {
      guard let alias = answers.first(where: { $0.name == name && $0.type == .cname }), let next = CNAME(alias.rdata)?.target
      else { break }
      name = next
    }
    return name
  }

  /// Follows referrals until a server answers with authority.
  private func descend(_ question: Question, dnssecOK: Bool, depth: Int, _ left: inout Int) -> Message? {
    var (zone, addresses) = (DomainName.root, roots)
    while true {
      guard let reply = firstReply(question, dnssecOK: dnssecOK, in: zone, from: addresses, &left) else { return nil }
      guard let cut = referral(reply, question, below: zone) else { return reply }
      zone = cut
      let hosts = reply.authorities.filter { $0.type == .ns && $0.name == cut }.compactMap { NS($0.rdata)?.nameServer }
      addresses = reply.additionals.filter { hosts.contains($0.name) }.compactMap(\.address)
      if addresses.isEmpty, depth < Self.mostDepth {
        for host in hosts where addresses.isEmpty {
          let found = resolve(Question(name: host, type: .a), dnssecOK: false, depth: depth + 1, &left)
          addresses = (found?.answers ?? []).compactMap(\.address)
        }
      }
    }
  }

  /// The first reply of the servers that is an answer with authority or leads down.
  private func firstReply(
    _ question: Question, dnssecOK: Bool, in zone: DomainName, from addresses: [IPAddress], _ left: inout Int
  ) -> Message? {
    for address in addresses {
      guard left > 0 else { return nil }
      left -= 1
      var query = Message(header: Header(id: UInt16(left)), questions: [question])
      query.edns = EDNS(dnssecOK: dnssecOK)
      guard let server = servers[address], var reply = server.ask(query) else { continue }
      if reply.header.truncated {
        guard let whole = server.ask(query, over: .tcp) else { continue }
        reply = whole
      }
      let isAnswer = reply.header.authoritative && [.noError, .nameError].contains(reply.header.responseCode)
      if isAnswer || referral(reply, question, below: zone) != nil { return reply }
    }
    return nil
  }

  /// The cut that a reply refers to, if that leads closer to the name.
  private func referral(_ reply: Message, _ question: Question, below zone: DomainName) -> DomainName? {
    guard !reply.header.authoritative, reply.header.responseCode == .noError, reply.answers.isEmpty,
      let cut = reply.authorities.first(where: { $0.type == .ns })?.name, cut.isBelow(zone), question.name.isAtOrBelow(cut)
    else { return nil }
    return cut
  }
}

extension ResourceRecord {
  /// The address in an A or AAAA record.
  fileprivate var address: IPAddress? {
    type == .a || type == .aaaa ? IPAddress(octets: rdata.octets.span) : nil
  }
}
