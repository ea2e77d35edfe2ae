public import DNSWire
public import Names

/// One way in which a server misbehaves.
public enum Fault: Hashable, Sendable {
  /// Queries are lost, each with this probability from 0 to 1. Over TCP the connection stays open and silent.
  case drop(probability: Double)
  /// The answer leaves so much later.
  case delay(Duration)
  /// Over UDP every answer is empty and has TC set, so that the client must come back over TCP.
  case truncate
  /// The answer ends after so many octets, wherever that is, and says nothing about it.
  case cut(octets: Int)
  /// The answer section holds these records in place of the true answer; none is "no such data". The answer has authority.
  case lie([ResourceRecord])
  case lame(Lameness)
  /// The answer over UDP leaves from another loopback address, or from another port (0: any).
  case answerFrom(SocketAddress)
  case mangle(Mangling)
  /// Every datagram goes out so many times.
  case duplicate(copies: Int)
  /// Over UDP, an answer with these records goes out before the true one, as a forger who is faster would send it.
  case forestall([ResourceRecord])
  /// The TCP connection is closed where the answer should be.
  case closeConnection
  /// Nothing is ever answered over TCP, and the connection stays open.
  case silentConnection
  case ignoreEDNS(Ignorance)
  /// Over UDP, a client whose cookie has no server part, or a wrong one, is told BADCOOKIE (RFC 7873 §5.2.3).
  case requireCookie
  /// SOA records show a serial number so far behind.
  case staleSerial(behind: UInt32)

  /// How a server answers for a zone that it should serve but does not.
  public enum Lameness: Hashable, Sendable, CaseIterable {
    case refused, serverFailure
    /// The right records without authority (AA clear).
    case notAuthoritative
    /// A referral to the root, as old BIND gave it.
    case upwardReferral
  }

  /// What an old server or a firewall does about EDNS.
  public enum Ignorance: Hashable, Sendable, CaseIterable {
    /// FORMERR without OPT, as RFC 6891 §7 foresees.
    case formatError
    /// Queries with OPT vanish.
    case drop
    /// The answer comes without OPT.
    case omit
  }

  /// What is wrong with the octets of an answer.
  public enum Mangling: Hashable, Sendable, CaseIterable {
    /// Random octets of the answer's length.
    case noise
    /// Some octets behind the id are changed at random.
    case flippedOctets
    case wrongID
    case wrongQuestion
    /// The letters of the question in the other case; everything else is right.
    case otherCase
    /// ANCOUNT promises more records than follow.
    case lyingCounts
    /// The first owner name, or the question where there is none, is a pointer to itself.
    case pointerLoop
  }
}

/// A fault and the queries that it strikes.
public struct FaultRule: Hashable, Sendable {
  public var fault: Fault
  /// The name asked for; `nil` strikes every query, even one that nobody can read.
  public var name: DomainName?
  /// Whether names below ``name`` are struck too.
  public var includesBelow: Bool
  public var type: RRType?
  public var carrier: Carrier?

  public init(
    _ fault: Fault, name: DomainName? = nil, includesBelow: Bool = false, type: RRType? = nil, over carrier: Carrier? = nil
  ) {
    (self.fault, self.name, self.includesBelow) = (fault, name, includesBelow)
    (self.type, self.carrier) = (type, carrier)
  }

  func strikes(_ question: Question?, over carrier: Carrier) -> Bool {
    if let own = self.carrier, own != carrier { return false }
    if let type, question?.type != type { return false }
    guard let name else { return true }
    guard let asked = question?.name else { return false }
    return includesBelow ? asked.isAtOrBelow(name) : asked == name
  }
}
