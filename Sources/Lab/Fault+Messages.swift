import DNSWire
import Names

extension Fault {
  /// Changes what a server says, before it becomes octets.
  func distort(
    _ replies: inout [Message], of query: Message, _ behaviour: Behaviour, from client: IPAddress, over carrier: Carrier
  ) {
    switch self {
    case .truncate where carrier == .udp:
      replies = replies.prefix(1).map { reply in
        var reply = reply.empty(reply.header.responseCode)
        reply.header.truncated = true
        return reply
      }
    case .lie(let records): replies = replies.prefix(1).map { $0.answering(with: records) }
    case .lame(let lameness): replies = replies.prefix(1).map { $0.lame(lameness) }
    case .ignoreEDNS(.formatError) where query.edns != nil:
      replies = replies.prefix(1).map { $0.empty(.formatError, keepsEDNS: false) }
    case .ignoreEDNS(.omit): for index in replies.indices { replies[index].edns = nil }
    case .requireCookie where carrier == .udp && behaviour.showsWrongCookie(query, from: client):
      replies = replies.prefix(1).map { $0.empty(.badCookie) }
    case .staleSerial(let behind):
      for index in replies.indices {
        replies[index].answers = replies[index].answers.map { $0.serial(behind: behind) }
        replies[index].authorities = replies[index].authorities.map { $0.serial(behind: behind) }
      }
    default: break
    }
  }
}

extension Behaviour {
  func showsWrongCookie(_ query: Message, from client: IPAddress) -> Bool {
    guard case .authority(let authority) = role else { return false }
    return query.edns?.options.contains { option in
      guard case .cookie(let cookie, let server) = option else { return false }
      return server != authority.serverCookie(for: cookie, from: client)
    } ?? false
  }
}

extension Message {
  /// The header and the question alone, with a code.
  func empty(_ code: ResponseCode, keepsEDNS: Bool = true) -> Message {
    var reply = Message(header: header, questions: questions, edns: keepsEDNS ? edns : nil)
    reply.header.responseCode = code
    reply.header.authoritative = header.authoritative && code == header.responseCode
    return reply
  }

  /// An answer with authority that holds only these records.
  func answering(with records: [ResourceRecord]) -> Message {
    var reply = empty(.noError)
    reply.header.authoritative = !header.recursionAvailable
    reply.answers = records
    return reply
  }

  func lame(_ lameness: Fault.Lameness) -> Message {
    switch lameness {
    case .refused: return empty(.refused)
    case .serverFailure: return empty(.serverFailure)
    case .notAuthoritative:
      var reply = self
      reply.header.authoritative = false
      return reply
    case .upwardReferral:
      var reply = empty(.noError)
      reply.header.authoritative = false
      reply.authorities = ["a", "b", "c"].compactMap { letter in
        guard let host = try? DomainName("\(letter).root-servers.net.") else { return nil }
        return ResourceRecord(name: .root, ttl: 518_400, rdata: NS(nameServer: host).rdata)
      }
      return reply
    }
  }
}

extension ResourceRecord {
  /// An SOA with an older serial number (RFC 1982); any other record as it is.
  fileprivate func serial(behind: UInt32) -> ResourceRecord {
    guard var soa = SOA(rdata) else { return self }
    soa.serial &-= behind
    return ResourceRecord(name: name, recordClass: recordClass, ttl: ttl, rdata: soa.rdata)
  }
}
