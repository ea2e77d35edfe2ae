internal import DNSWire
internal import Estate
internal import FoundationEssentials
internal import GRDB
internal import Indicators
internal import Names

/// What a place told over an interval.
struct RecordedAnswer {
  var name: DomainName
  var place: Place
  var reply: Meaning.Reply
  var firstSeen: Timestamp
  var lastSeen: Timestamp
  var evidence: EvidenceID?

  /// The names and addresses in the data of its records, in their order.
  var values: [RecordedValue] {
    var values: [RecordedValue] = []
    for set in reply.answers + reply.referral + reply.glue {
      for data in set.data {
        // The root is where nothing is: the target of an MX that takes no mail.
        let observables =
          data.names.filter { $0 != .root }.map { Observable.name($0, .whole) } + data.addresses.map(Observable.address)
        for observable in observables {
          values.append(
            RecordedValue(
              value: observable, name: name, owner: set.name, type: set.type, place: place, firstSeen: firstSeen,
              lastSeen: lastSeen, evidence: evidence))
        }
      }
    }
    return values
  }

  /// The intervals after a row, in which something was told; without an answer where it can no longer be read.
  static func fetch(_ database: Database, after last: Int64, limit: Int) throws -> [(id: Int64, answer: RecordedAnswer?)] {
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT i.id, i.name, i.type, i.first_seen, i.last_seen, i.exchange, m.octets, p.kind, p.server, p.zone, p.name_server,
          iif(length(m.octets) = 0, e.reply, NULL)
        FROM interval i JOIN meaning m ON m.digest = i.meaning JOIN place p ON p.id = i.place
          LEFT JOIN exchange e ON e.digest = i.exchange
        WHERE i.id > ? AND i.tells = 1 ORDER BY i.id LIMIT ?
        """, arguments: [last, limit])
    var page: [(Int64, RecordedAnswer?)] = []
    while let row = try rows.next() { page.append((row[0], RecordedAnswer(row))) }
    return page
  }

  private init?(_ row: Row) {
    let exchange: Data? = row[5]
    let octets: Data = row[6]
    guard let name = DomainName(stored: row[1]), let type = UInt16(exactly: row[2] as Int64),
      let place = Place(kind: row[7], server: row[8], zone: row[9], nameServer: row[10])
    else { return nil }
    var meaning = Meaning(octets: Array(octets))
    if meaning == nil, let reply = row[11] as Data?, let message = try? Message(Array(reply).span), let server = place.server {
      // Its meaning was too large to keep; what came over the wire is there.
      let at = Timestamp(milliseconds: row[3])
      meaning = Meaning(Observation(Query(name, RRType(type), at: server), .replied(message), at: at), at: place.kind)
    }
    guard case .reply(let reply) = meaning else { return nil }
    (self.name, self.place, self.reply) = (name, place, reply)
    (firstSeen, lastSeen) = (Timestamp(milliseconds: row[3]), Timestamp(milliseconds: row[4]))
    evidence = exchange.map(EvidenceID.init(digest:))
  }
}

extension Meaning.RecordSet {
  var isOfAddresses: Bool { type == .a || type == .aaaa }
}

extension RData {
  var names: [DomainName] {
    // Who signs a record, and which name comes next in a zone, points nowhere.
    guard type != .nsec, type != .nxt, type != .sig, type != .rrsig else { return [] }
    return (values ?? []).compactMap { if case .name(let name) = $0 { name } else { nil } }
  }

  /// Also those that a service binding hints at (RFC 9460 §7.3, §14.3.2: ipv4hint is 4, ipv6hint 6).
  var addresses: [IPAddress] {
    if let binding = SVCB(self) {
      let hints: [UInt16: Int] = [4: 4, 6: 16]
      return binding.parameters.flatMap { parameter in
        hints[parameter.key].map { Self.addresses(parameter.value, width: $0) } ?? []
      }
    }
    return (values ?? []).compactMap { if case .address(let address) = $0 { address } else { nil } }
  }

  private static func addresses(_ octets: [UInt8], width: Int) -> [IPAddress] {
    stride(from: 0, to: octets.count - octets.count % width, by: width).compactMap { start in
      IPAddress(octets: Array(octets[start..<start + width]).span)
    }
  }
}
