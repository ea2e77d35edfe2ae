import Estate
import Names
import Probe

extension ProbeSettings {
  init(_ network: Network) {
    self.init()
    timeout = network.timeout
    retries = network.retries
    perServerRate = network.perServerRate
    inFlight = network.width
    authoritiesFile = network.tlsAuthorities
  }
}

extension Network {
  /// Whether this is the public Internet, where a validator finds its own way.
  var isPublic: Bool { roots == Self.publicRoots && port == 53 }

  /// With the public root servers where none are declared.
  var withRoots: Network {
    var network = self
    if roots.isEmpty { network.roots = Self.publicRoots }
    return network
  }

  private static let publicRoots = RootHints.letters.flatMap { letter in
    letter.addresses.map { Root(name: letter.name, address: $0) }
  }
}
