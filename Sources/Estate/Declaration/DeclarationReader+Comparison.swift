internal import DNSWire
internal import Names

extension DeclarationReader {
  /// What only all domains together show.
  mutating func compare(_ domains: [Domain], _ network: Network) {
    var servers: [DomainName: RRType]?
    for domain in domains {
      for set in domain.records {
        let changed = set.change.map { [($0.was, $0.declaredAt), ($0.to, $0.declaredAt)] } ?? []
        for (intended, position) in [(set.intended, set.declaredAt)] + changed {
          guard case .tolerant(let tolerance) = intended, let position else { continue }
          if !tolerance.originAS.isEmpty, network.originDatabase == nil {
            faults.add(position, .tolerance(.noOriginDatabase))
          }
          guard tolerance.tlsProof else { continue }
          let named = servers ?? serverHosts(of: domains)
          servers = named
          guard let type = named[set.name] else { continue }
          faults.add(position, .tolerance(.tlsProofOfServer(set.name, namedBy: type)))
        }
      }
    }
  }

  /// The hosts that NS and MX records name.
  private func serverHosts(of domains: [Domain]) -> [DomainName: RRType] {
    var hosts: [DomainName: RRType] = [:]
    func take(_ intended: DeclaredRRset.Intended, _ type: RRType) {
      let values: [RData]
      switch intended {
      case .exactly(let all): values = all
      case .tolerant(let tolerance): values = tolerance.allOf + tolerance.anyOf
      case .absent: values = []
      }
      for value in values {
        if let host = NS(value)?.nameServer ?? MX(value)?.exchange { hosts[host] = type }
      }
    }
    for domain in domains {
      for server in domain.nameServers { hosts[server.name] = .ns }
      if let change = domain.delegationChange { take(change.to, .ns) }
      for set in domain.records where set.type == .ns || set.type == .mx {
        take(set.intended, set.type)
        if let change = set.change { take(change.to, set.type) }
      }
    }
    return hosts
  }
}
