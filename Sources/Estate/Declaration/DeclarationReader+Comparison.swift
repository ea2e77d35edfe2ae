internal import DNSWire
internal import Names

extension DeclarationReader {
  /// What only all domains together show.
  mutating func compare(_ domains: [Domain], _ network: Network) {
    var servers: [DomainName: RRType]?
    for domain in domains {
      for set in domain.records {
        guard case .tolerant(let tolerance) = set.intended, let position = set.declaredAt else { continue }
        if !tolerance.originAS.isEmpty, network.originDatabase == nil {
          faults.add(position, .tolerance(.noOriginDatabase))
        }
        guard tolerance.tlsProof else { continue }
        let named = servers ?? serverHosts(of: domains)
        servers = named
        if let type = named[set.name] { faults.add(position, .tolerance(.tlsProofOfServer(set.name, namedBy: type))) }
      }
    }
  }

  /// The hosts that NS and MX records name.
  private func serverHosts(of domains: [Domain]) -> [DomainName: RRType] {
    var hosts: [DomainName: RRType] = [:]
    for domain in domains {
      for server in domain.nameServers { hosts[server.name] = .ns }
      for set in domain.records where set.type == .ns || set.type == .mx {
        let values: [RData]
        switch set.intended {
        case .exactly(let all): values = all
        case .tolerant(let tolerance): values = tolerance.allOf + tolerance.anyOf
        case .absent: values = []
        }
        for value in values {
          if let host = NS(value)?.nameServer ?? MX(value)?.exchange { hosts[host] = set.type }
        }
      }
    }
    return hosts
  }
}
