import DNSWire
import Names

extension Authority {
  /// Octets of records in one message of a transfer, as they are before compression.
  private static let octetsPerMessage = 16384

  /// A whole zone between two copies of its SOA (RFC 5936 §2.2). An incremental transfer is answered with the whole (RFC 1995 §4),
  /// over UDP with the SOA alone (RFC 1995 §2), so that the client comes back over TCP.
  func transfer(_ question: Question, _ reply: Message, over carrier: Carrier) -> [Message] {
    var reply = reply
    func failed(_ code: ResponseCode) -> [Message] {
      reply.header.responseCode = code
      return [reply]
    }
    guard reply.header.responseCode == .noError else { return [reply] }
    guard carrier == .tcp || question.type == .ixfr else { return failed(.formatError) }
    guard let zone = zones[question.name] else { return failed(.notAuthoritative) }
    guard allowsTransfer else { return failed(.refused) }
    guard let soa = zone.records(zone.apex, .soa).first else { return failed(.serverFailure) }
    reply.header.authoritative = true
    var records = zone.records
    if carrier == .udp { records = [soa] } else { records.append(soa) }
    var messages: [Message] = []
    var size = 0
    for record in records {
      let octets = record.name.octets.count + 10 + record.rdata.octets.count
      if messages.isEmpty || size + octets > Self.octetsPerMessage {
        messages.append(reply)
        size = 0
      }
      messages[messages.count - 1].answers.append(record)
      size += octets
    }
    return messages
  }
}
