public import DNSWire
public import Names

/// What judgement asks an edge to find out beside DNS answers and validations.
public enum Inquiry: Hashable, Sendable {
  /// Which autonomous systems announce an address.
  case origin(IPAddress)
  /// A TLS handshake for a name at an address.
  case handshake(TLSService)
  /// One page of a web server.
  case page(WebPage)
  /// Whether a server gives the whole zone to anybody (RFC 5936).
  case openTransfer(zone: DomainName, at: Server)
  /// The names of a zone, as one server tells them.
  case names(zone: DomainName, at: Server, by: Enumeration)

  public enum Enumeration: String, Hashable, Sendable { case transfer, nsec }
}

/// Where a TLS server listens, the name that it is to prove, and how TLS begins there.
public struct TLSService: Hashable, Sendable {
  /// `smtp`: by STARTTLS (RFC 3207).
  public enum Beginning: String, Hashable, Sendable { case atOnce, smtp }

  public var address: SocketAddress
  public var name: DomainName
  public var begins: Beginning

  public init(_ address: SocketAddress, name: DomainName, begins: Beginning = .atOnce) {
    (self.address, self.name, self.begins) = (address, name, begins)
  }
}

/// One page, asked of the server at an address.
public struct WebPage: Hashable, Sendable {
  public var address: SocketAddress
  public var host: DomainName
  public var path: String
  public var isSecure: Bool

  public init(_ address: SocketAddress, host: DomainName, path: String, isSecure: Bool) {
    (self.address, self.host, self.path, self.isSecure) = (address, host, path, isSecure)
  }
}

/// What came of an ``Inquiry``.
public enum Answer: Hashable, Sendable {
  /// Empty: nobody announces the address, as far as the database knows.
  case origins([UInt32])
  case handshake(Handshake)
  case page(PageReply)
  /// How many records the first message of the transfer held; nil: the server refused.
  case openTransfer(records: Int?)
  case names(ZoneNames)
  /// Nothing could be found out; the reason in words. Never evidence of anything.
  case failed(String)
}

/// What a TLS server showed.
public struct Handshake: Hashable, Sendable {
  public struct Certificate: Hashable, Sendable {
    /// DER of the certificate, and of its SubjectPublicKeyInfo (RFC 5280 §4.1).
    public var octets: [UInt8]
    public var publicKey: [UInt8]
    /// Whether the server's certificate is valid for the name with this one as the only trust anchor.
    public var isAnchor: Bool

    public init(octets: [UInt8], publicKey: [UInt8], isAnchor: Bool = false) {
      (self.octets, self.publicKey, self.isAnchor) = (octets, publicKey, isAnchor)
    }
  }

  /// As presented, the server's own first.
  public var chain: [Certificate]
  /// Why the chain is not trusted for the name; nil: it is.
  public var distrust: String?

  public init(chain: [Certificate], distrust: String? = nil) { (self.chain, self.distrust) = (chain, distrust) }
}

public struct PageReply: Hashable, Sendable {
  public var status: Int
  public var mediaType: String?
  /// Cut at 64 kB.
  public var body: [UInt8]
  /// Why the server's certificate is not trusted for the host; nil: it is, or the page was not asked for by TLS.
  public var distrust: String?

  public init(status: Int, mediaType: String? = nil, body: [UInt8], distrust: String? = nil) {
    (self.status, self.mediaType, self.body, self.distrust) = (status, mediaType, body, distrust)
  }
}

public struct ZoneNames: Hashable, Sendable {
  public enum End: Hashable, Sendable {
    case whole
    /// The zone does not give its names away (RFC 5155, RFC 4470).
    case hidden
    /// Ended before its end; why.
    case stopped(String)
  }

  public var names: [DomainName]
  public var end: End

  public init(_ names: [DomainName], end: End) { (self.names, self.end) = (names, end) }

  /// The names that own a zone's records, in canonical order. Those that hold NSEC3 records and their signatures alone are hashes
  /// of names (RFC 5155 §3), and no names of anything.
  public init(of records: some Sequence<ResourceRecord>, end: End) {
    let hashes: Set<RRType> = [.nsec3, .rrsig]
    self.init(Set(records.lazy.filter { !hashes.contains($0.type) }.map(\.name)).sorted(), end: end)
  }
}
