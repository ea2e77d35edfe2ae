public import DNSWire
public import Names

/// What an RRset may hold where one exact set would be too strict: answers that change with the asker, a provider's addresses,
/// an alias chain, a verification token.
///
/// Every value seen must be accepted by one of the parts, all of ``allOf`` must be there, and there are at least ``atLeast`` and
/// at most ``atMost`` of them. A tolerance is a property of the expectation; the servers are asked the same.
public struct Tolerance: Hashable, Sendable {
  /// Values that must all be there.
  public var allOf: [RData]
  /// Values that may be there.
  public var anyOf: [RData]
  /// Addresses in these prefixes may be there.
  public var within: [IPPrefix]
  /// Addresses that one of these autonomous systems announces may be there.
  public var originAS: [UInt32]
  /// TXT values that one of these finds may be there.
  public var matches: [TextPattern]
  /// Where an alias chain may lead: every link is at or below one of these, or of the declared domains. Empty: an alias is a
  /// departure where the type is not CNAME.
  public var endsIn: [DomainName]
  /// Any other value may be there too.
  public var allowsOthers: Bool
  public var atLeast: Int
  public var atMost: Int?
  /// Whether a TLS handshake for the name turns a foreign address from a mismatch into "could not tell". Never for a host that
  /// NS or MX records name.
  public var tlsProof: Bool

  public init(
    allOf: [RData] = [], anyOf: [RData] = [], within: [IPPrefix] = [], originAS: [UInt32] = [], matches: [TextPattern] = [],
    endsIn: [DomainName] = [], allowsOthers: Bool = false, atLeast: Int = 1, atMost: Int? = nil, tlsProof: Bool = false
  ) {
    (self.allOf, self.anyOf, self.within, self.originAS, self.matches) = (allOf, anyOf, within, originAS, matches)
    (self.endsIn, self.allowsOthers, self.atLeast, self.atMost) = (endsIn, allowsOthers, atLeast, atMost)
    self.tlsProof = tlsProof
  }

  /// Whether anything is said about the values themselves, beside where an alias leads.
  public var constrainsValues: Bool {
    !(allOf.isEmpty && anyOf.isEmpty && within.isEmpty && originAS.isEmpty && matches.isEmpty)
  }
}
