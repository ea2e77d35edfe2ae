public import DNSWire
public import Names

/// Where a name server listens, and how to speak with it.
public struct Server: Hashable, Sendable, Comparable {
  public enum Transport: Hashable, Sendable {
    /// UDP, and TCP where the answer is truncated (RFC 1035 §4.2, RFC 7766).
    case dns
    /// DNS over TLS (RFC 7858); the certificate must hold this name, or the address where none is given.
    case tls(authenticationName: String?)
  }

  public var address: SocketAddress
  public var transport: Transport

  public init(address: SocketAddress, transport: Transport = .dns) {
    (self.address, self.transport) = (address, transport)
  }

  public static func < (left: Server, right: Server) -> Bool {
    left.address == right.address ? left.description < right.description : left.address < right.address
  }
}

extension Server: CustomStringConvertible {
  /// `192.0.2.53:53`, or `tls://9.9.9.9:853#dns.quad9.net` for DNS over TLS.
  public var description: String {
    switch transport {
    case .dns: "\(address)"
    case .tls(let name): "tls://\(address)" + (name.map { "#\($0)" } ?? "")
    }
  }

  /// Reads what ``description`` prints; the port may be left out (53; 853 for TLS, RFC 7858 §3.1).
  public init?(_ text: String, defaultPort: UInt16 = 53) {
    guard text.hasPrefix("tls://") else {
      guard let address = SocketAddress(text, defaultPort: defaultPort) else { return nil }
      self.init(address: address)
      return
    }
    let parts = text.dropFirst(6).split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, let address = SocketAddress(String(first), defaultPort: 853) else { return nil }
    let name = parts.count == 2 ? String(parts[1]) : nil
    if let name, name.isEmpty { return nil }
    self.init(address: address, transport: .tls(authenticationName: name))
  }
}

/// One question to one server: what judgement asks an edge to find out.
public struct Query: Hashable, Sendable {
  public var server: Server
  public var name: DomainName
  public var type: RRType
  /// RD: set towards resolvers, clear towards authoritative servers (RFC 1035 §4.1.1).
  public var recursionDesired: Bool
  /// DO: signatures are wanted (RFC 3225).
  public var dnssecOK: Bool
  /// Sent once only: there is another server that can be asked instead.
  public var isHasty: Bool

  public init(
    _ name: DomainName, _ type: RRType, at server: Server, recursionDesired: Bool = false, dnssecOK: Bool = false,
    isHasty: Bool = false
  ) {
    (self.server, self.name, self.type) = (server, name, type)
    (self.recursionDesired, self.dnssecOK, self.isHasty) = (recursionDesired, dnssecOK, isHasty)
  }
}

/// Why there is no reply that judgement could read. None of these says anything about the record asked for.
public enum Silence: Hashable, Sendable {
  /// Nothing came back to any of the attempts.
  case timedOut(attempts: Int)
  /// The host or the port said no (ICMP, RST), or there is no route; the system's words.
  case unreachable(String)
  /// Something came back that is no DNS message for this question; the decoder's words.
  case mangled(String)
  /// TLS could not be agreed, or the certificate is not the server's.
  case tls(String)
  /// Never sent: the run was ended or its budget was spent.
  case notAsked(String)
}

/// What one server said to one query, when, and by which path; or why it said nothing.
public struct Observation: Sendable {
  public enum Path: String, Hashable, Sendable { case udp, tcp, tls }

  public enum Outcome: Sendable {
    case replied(Message)
    case silent(Silence)
  }

  public var query: Query
  public var outcome: Outcome
  public var path: Path
  /// When the reply came, or when waiting ended.
  public var at: Timestamp
  public var roundTrip: Duration
  /// The octets that went out and came in, as they were on the wire.
  public var exchange: Exchange?

  public init(
    _ query: Query, _ outcome: Outcome, path: Path = .udp, at: Timestamp, roundTrip: Duration = .zero, exchange: Exchange? = nil
  ) {
    (self.query, self.outcome, self.path) = (query, outcome, path)
    (self.at, self.roundTrip, self.exchange) = (at, roundTrip, exchange)
  }

  public var message: Message? {
    if case .replied(let message) = outcome { message } else { nil }
  }
}

/// A question and its reply as octets: what a third party can check without us.
public struct Exchange: Hashable, Sendable {
  public var question: [UInt8]
  public var reply: [UInt8]

  public init(question: [UInt8], reply: [UInt8]) { (self.question, self.reply) = (question, reply) }
}

/// The name under which the store keeps an exchange: the SHA-256 of its octets, as `sha256:` and 64 hex digits.
public struct EvidenceID: Hashable, Sendable, RawRepresentable, CustomStringConvertible {
  public var rawValue: String
  public init(rawValue: String) { self.rawValue = rawValue }
  public var description: String { rawValue }
}

/// What a validating resolver makes of a name and type, from a trust anchor down (RFC 4035 §4.3).
public enum Validation: Hashable, Sendable {
  case secure
  case insecure
  /// The validator's reason, in its words.
  case bogus(String)
  /// No judgement could be reached: no trust anchor, no answer, a local fault.
  case indeterminate(String)
}
