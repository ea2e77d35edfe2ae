import DNSWire
import Estate
import Names

/// How bad a departure is. Emergency Directive 19-01 sets the order of work: what delegates first (NS, DS), then mail and
/// key services, then the rest.
enum Importance {
  /// Host labels behind which people log in or mail passes.
  static let keyServices: Set<String> = [
    "adfs", "auth", "autodiscover", "citrix", "gateway", "id", "idp", "imap", "login", "mail", "mx", "ns", "ns1", "ns2", "owa",
    "pop", "pop3", "portal", "remote", "smtp", "sso", "vpn", "webmail", "www",
  ]

  static func severity(of name: DomainName, _ type: RRType, in domain: DomainView) -> Severity {
    switch type {
    case .ns, .ds, .mx: .critical
    case .a, .aaaa, .cname, .dname, .https, .svcb, .srv: isKeyService(name, in: domain) ? .high : .medium
    case .caa, .tlsa: .high
    default: name == domain.domain.name ? .high : .medium
    }
  }

  /// The domain itself, what its MX and NS records point to, and names that say what they are.
  static func isKeyService(_ name: DomainName, in domain: DomainView) -> Bool {
    if name == domain.domain.name || domain.keyHosts.contains(name) { return true }
    return name.labels().first.map { keyServices.contains(String(decoding: $0, as: UTF8.self)) } ?? false
  }

  static func keyHosts(of domain: Domain) -> Set<DomainName> {
    var hosts = Set(domain.nameServers.map(\.name))
    for declared in domain.records {
      switch declared.type {
      case .mx: hosts.formUnion(declared.namedValues.compactMap { MX($0)?.exchange })
      case .ns: hosts.formUnion(declared.nameServers)
      default: break
      }
    }
    return hosts
  }

  /// The order of work for RRsets that differ between servers: the directive's, the SOA record last, then by name.
  static func order(_ name: DomainName, _ type: RRType) -> (Int, Int, DomainName, RRType) {
    (type == .soa ? 1 : 0, rank(type), name, type)
  }

  /// Where equally severe findings stand: the directive's order of work again.
  static func rank(_ type: RRType?) -> Int {
    switch type {
    case .ns?: 0
    case .ds?: 1
    case .mx?: 2
    case .a?, .aaaa?, .cname?: 3
    default: 4
    }
  }
}
