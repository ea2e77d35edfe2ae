public import DNSWire
public import Names

/// A server without its sockets: octets in, octets out, faults applied, queries counted.
///
/// Deterministic: the same seed and the same queries give the same reactions.
public struct Behaviour: Sendable {
  /// What the server is.
  public enum Role: Sendable {
    case authority(Authority)
    case resolver(LabResolver)
  }

  /// Octets to send.
  public struct Delivery: Hashable, Sendable {
    public var octets: [UInt8]
    public var delay: Duration = .zero
    /// From where, if not from the address that was asked.
    public var source: SocketAddress?
  }

  public struct Reaction: Hashable, Sendable {
    public var deliveries: [Delivery] = []
    /// Whether the TCP connection ends.
    public var closes = false

    public init(deliveries: [Delivery] = [], closes: Bool = false) { (self.deliveries, self.closes) = (deliveries, closes) }
  }

  /// A name and a type that were asked for.
  public struct Asked: Hashable, Sendable {
    public var name: DomainName
    public var type: RRType

    public init(_ name: DomainName, _ type: RRType) { (self.name, self.type) = (name, type) }
  }

  public var role: Role
  public var rules: [FaultRule]
  /// How often each name and type was asked for, lost queries counted. Past ``mostCounts`` of them only ``received`` counts.
  public private(set) var counts: [Asked: Int] = [:]
  /// How many queries came, readable or not.
  public private(set) var received = 0
  var dice: Dice

  public static let mostCounts = 65536
  private static let mostCopies = 16

  public init(_ role: Role, rules: [FaultRule] = [], seed: UInt64 = 1) {
    (self.role, self.rules, dice) = (role, rules, Dice(seed: seed))
  }

  public mutating func forgetCounts() { (counts, received) = ([:], 0) }

  /// Takes one datagram or one message of a TCP connection, and says what to do.
  public mutating func receive(_ octets: [UInt8], from client: IPAddress, over carrier: Carrier) -> Reaction {
    // What is shorter than a header has no id to answer to, and answers are never answered: two servers would talk for ever.
    guard octets.count >= 12, octets[2] & 0x80 == 0 else { return Reaction() }
    let query = try? Message(octets.span)
    count(query?.questions.first)
    let faults = rules.filter { $0.strikes(query?.questions.first, over: carrier) }.map(\.fault)
    if let early = losing(faults, hasEDNS: query?.edns != nil, over: carrier) { return early }
    guard let query else {
      return Reaction(deliveries: posted([Self.formatError(for: octets)], faults, over: carrier))
    }
    var replies = answers(to: query, from: client, over: carrier)
    for fault in faults { fault.distort(&replies, of: query, self, from: client, over: carrier) }
    let limit = limit(for: query, over: carrier)
    var packets = replies.map { Self.restoringCase($0.encoded(limit: limit), of: octets) }
    for fault in faults {
      for index in packets.indices { packets[index] = fault.garble(packets[index], with: &dice) }
    }
    if carrier == .udp {
      for case .forestall(let records) in faults {
        let forged = replies.first.map { $0.answering(with: records).encoded(limit: limit) } ?? []
        packets.insert(Self.restoringCase(forged, of: octets), at: 0)
      }
    }
    return Reaction(deliveries: posted(packets, faults, over: carrier))
  }

  /// Whether the query is lost before anybody answers it.
  private mutating func losing(_ faults: [Fault], hasEDNS: Bool, over carrier: Carrier) -> Reaction? {
    for fault in faults {
      switch fault {
      case .drop(let probability) where dice.happens(probability): return Reaction()
      case .closeConnection where carrier == .tcp: return Reaction(closes: true)
      case .silentConnection where carrier == .tcp: return Reaction()
      case .ignoreEDNS(.drop) where hasEDNS: return Reaction()
      default: break
      }
    }
    return nil
  }

  private func answers(to query: Message, from client: IPAddress, over carrier: Carrier) -> [Message] {
    switch role {
    case .authority(let authority): authority.answers(to: query, from: client, over: carrier)
    case .resolver(let resolver): [resolver.answer(query)]
    }
  }

  private func limit(for query: Message, over carrier: Carrier) -> Int {
    switch role {
    case .authority(let authority): authority.limit(for: query, over: carrier)
    case .resolver: Authority().limit(for: query, over: carrier)
    }
  }

  /// When, from where and how often packets leave.
  private func posted(_ packets: [[UInt8]], _ faults: [Fault], over carrier: Carrier) -> [Delivery] {
    var deliveries = packets.map { Delivery(octets: $0) }
    for fault in faults {
      switch fault {
      case .delay(let delay): for index in deliveries.indices { deliveries[index].delay += delay }
      case .answerFrom(let source) where carrier == .udp:
        for index in deliveries.indices { deliveries[index].source = source }
      case .duplicate(let copies) where carrier == .udp:
        deliveries = deliveries.flatMap { [Delivery](repeating: $0, count: max(1, min(copies, Self.mostCopies))) }
      default: break
      }
    }
    return deliveries
  }

  private mutating func count(_ question: Question?) {
    received += 1
    guard let question else { return }
    let asked = Asked(question.name, question.type)
    guard counts[asked] != nil || counts.count < Self.mostCounts else { return }
    counts[asked, default: 0] += 1
  }

  /// What a server says to octets that are no query: its header with FORMERR (RFC 1035 §4.1.1).
  private static func formatError(for octets: [UInt8]) -> [UInt8] {
    [octets[0], octets[1], 0x80 | octets[2] & 0x79, 0x01] + [UInt8](repeating: 0, count: 8)
  }

  /// Puts the question's name into the reply as the client spelt it: clients that mix the case check it (draft-vixie-dnsext-dns0x20).
  private static func restoringCase(_ reply: [UInt8], of query: [UInt8]) -> [UInt8] {
    var reply = reply
    var place = 12
    while place < reply.count, place < query.count, lowerCased(query[place]) == reply[place] {
      let length = Int(query[place])
      guard length > 0, length < 64, place + length < min(reply.count, query.count) else { break }
      guard (1...length).allSatisfy({ lowerCased(query[place + $0]) == reply[place + $0] }) else { break }
      for step in 1...length { reply[place + step] = query[place + step] }
      place += 1 + length
    }
    return reply
  }
}
