public import Names

/// What a ``Validator`` trusts and whom it asks.
public struct ValidatorSettings: Sendable {
  public enum TrustAnchor: Hashable, Sendable {
    /// DS or DNSKEY records in presentation form.
    case records([String])
    /// A file of such records, as Debian's dns-root-data has it.
    case file(String)
    /// The first of ``ValidatorSettings/usualAnchorFiles`` that can be read.
    case system
  }

  /// A zone whose servers are given instead of being looked up, so that a hierarchy can live on any port.
  public struct Stub: Hashable, Sendable {
    public var zone: DomainName
    public var servers: [SocketAddress]

    public init(_ zone: DomainName, _ servers: [SocketAddress]) { (self.zone, self.servers) = (zone, servers) }
  }

  public static let usualAnchorFiles = [
    "/usr/share/dns/root.key", "/var/lib/unbound/root.key", "/etc/unbound/root.key", "/usr/local/etc/unbound/root.key",
  ]

  public var trustAnchor = TrustAnchor.system
  /// The root's servers; empty for those that libunbound knows.
  public var roots: [SocketAddress] = []
  public var stubs: [Stub] = []
  /// Judge signatures as of this moment; `nil` for now.
  public var at: Timestamp?
  /// For each question; what has no result then is `.indeterminate`.
  public var timeout: Duration = .seconds(20)
  public var usesIPv6 = true
  /// Questions under way at once.
  public var width = 64

  public init() {}
}
