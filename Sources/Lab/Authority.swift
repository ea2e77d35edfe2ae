public import DNSWire
public import Names

/// How a question came: what its answer may hold depends on it.
public enum Carrier: Hashable, Sendable { case udp, tcp }

/// An authoritative server as a value: zones, and how it introduces itself. It answers; sockets are ``LabServer``'s.
public struct Authority: Sendable {
  public private(set) var zones: [DomainName: Zone] = [:]
  /// What it says to a client that asks for NSID (RFC 5001).
  public var identifier: [UInt8]
  /// The most octets it sends over UDP to a client with EDNS (RFC 6891 §6.2.5).
  public var payloadSize: UInt16 = 1232
  /// Whether it hands out whole zones (RFC 5936).
  public var allowsTransfer = true
  /// What its cookies are made from (RFC 7873 §4.2).
  public var cookieSecret: UInt64 = 0x6E61_6D65_7761_7264

  public init(zones: [Zone] = [], identifier: String = "lab") {
    self.identifier = Array(identifier.utf8)
    for zone in zones { put(zone) }
  }

  /// Adds a zone, or puts it in the place of the one with the same apex.
  public mutating func put(_ zone: Zone) { zones[zone.apex] = zone }

  public mutating func remove(_ apex: DomainName) { zones[apex] = nil }

  /// Answers one query.
  ///
  /// A transfer is NOTIMP here: its answer is several messages, which ``answers(to:from:over:)`` gives.
  /// - Parameter client: Whom a cookie is made for.
  public func answer(_ query: Message, from client: IPAddress, over carrier: Carrier = .udp) -> Message {
    var reply = reply(to: query, from: client)
    guard reply.header.responseCode == .noError, let question = query.questions.first else { return reply }
    guard let zone = zone(for: question) else {
      reply.header.responseCode = .refused
      return reply
    }
    guard !question.type.isMeta || question.type == .any else {
      reply.header.responseCode = question.type == .opt ? .formatError : .notImplemented
      return reply
    }
    let answer = zone.answer(question, dnssecOK: query.edns?.dnssecOK ?? false)
    reply.header.responseCode = answer.responseCode
    reply.header.authoritative = answer.isAuthoritative
    reply.answers = answer.answers
    reply.authorities = answer.authorities
    reply.additionals = answer.additionals
    return reply
  }

  /// Answers one query with all the messages that it takes: one, or a zone transfer over TCP.
  public func answers(to query: Message, from client: IPAddress, over carrier: Carrier) -> [Message] {
    guard let question = query.questions.first, query.questions.count == 1, query.header.opcode == .query,
      question.type == .axfr || question.type == .ixfr
    else { return [answer(query, from: client, over: carrier)] }
    return transfer(question, reply(to: query, from: client), over: carrier)
  }

  /// The most octets that an answer may have (RFC 1035 §4.2.1, RFC 6891 §6.2.3).
  public func limit(for query: Message, over carrier: Carrier) -> Int {
    guard carrier == .udp else { return 65535 }
    return query.edns.map { Int(max(512, min($0.udpPayloadSize, max(512, payloadSize)))) } ?? 512
  }

  /// The zone nearest to the name; for DS the one above a cut, where this server has it (RFC 4035 §3.1.4.1).
  private func zone(for question: Question) -> Zone? {
    if question.type == .ds, let parent = question.name.parent, let above = nearest(parent) { return above }
    return nearest(question.name)
  }

  private func nearest(_ name: DomainName) -> Zone? {
    var name: DomainName? = name
    while let apex = name {
      if let zone = zones[apex] { return zone }
      name = apex.parent
    }
    return nil
  }

  /// The reply without its sections: header, question, EDNS; its code says whether there is anything to answer.
  private func reply(to query: Message, from client: IPAddress) -> Message {
    var header = Header(id: query.header.id, isResponse: true, opcode: query.header.opcode)
    header.recursionDesired = query.header.recursionDesired
    header.checkingDisabled = query.header.checkingDisabled  // RFC 4035 §3.1.6
    var reply = Message(header: header, questions: query.questions)
    if let edns = query.edns { (reply.edns, reply.header.responseCode) = greeting(to: edns, from: client) }
    guard reply.header.responseCode == .noError else { return reply }
    if query.header.opcode != .query {
      reply.header.responseCode = .notImplemented
    } else if query.questions.count != 1 || query.header.isResponse {
      reply.header.responseCode = .formatError
    } else if let asked = query.questions.first?.recordClass, asked != .in, asked != .any {
      reply.header.responseCode = .refused
    }
    return reply
  }

  /// The OPT record of a reply, and what is wrong with that of the query.
  private func greeting(to edns: EDNS, from client: IPAddress) -> (EDNS, ResponseCode) {
    var reply = EDNS(udpPayloadSize: payloadSize, dnssecOK: edns.dnssecOK)
    guard edns.version == 0 else { return (reply, .badVersion) }  // RFC 6891 §6.1.3
    for option in edns.options {
      switch option {
      case .nsid: reply.options.append(.nsid(identifier))
      case .cookie(let cookie, _):
        reply.options.append(.cookie(client: cookie, server: serverCookie(for: cookie, from: client)))
      case .other(code: 10, _): return (reply, .formatError)  // RFC 7873 §5.2.2: a length that no client may send
      default: break
      }
    }
    return (reply, .noError)
  }

  /// Eight octets that depend on the client, its cookie and the secret. Mixed, not encrypted: nobody attacks a loopback address.
  func serverCookie(for cookie: [UInt8], from client: IPAddress) -> [UInt8] {
    var dice = Dice(seed: cookieSecret)
    for octet in cookie + client.octets { dice = Dice(seed: dice.next() ^ UInt64(octet)) }
    let value = dice.next()
    return (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
  }
}
