internal import DNSWire
internal import Names

extension DomainReader {
  mutating func readNameServers(_ entry: Written.Entry, _ reader: inout DeclarationReader) -> [NameServer]? {
    guard case .mapping(let entries) = entry.value.content, !entries.isEmpty else {
      let found = if case .mapping = entry.value.content { DeclarationFault.Kind.nothing } else { entry.value.kind }
      reader.faults.add(entry.value.position, .wrongKind(entry.key, found: found, wanted: .nameServers))
      return nil
    }
    var servers: [NameServer] = []
    var first: [DomainName: SourcePosition] = [:]
    for entry in entries {
      guard let name = reader.name(entry.key, entry.position), reader.isNew(name, entry.key, entry.position, among: &first) else {
        continue
      }
      if entry.value.text == "any" {
        servers.append(NameServer(name, .any, declaredAt: entry.position))
      } else if let addresses = readAddresses(entry, &reader) {
        servers.append(NameServer(name, .exactly(addresses), declaredAt: entry.position))
      }
    }
    return servers.count == entries.count ? servers : nil
  }

  private func readAddresses(_ entry: Written.Entry, _ reader: inout DeclarationReader) -> [IPAddress]? {
    guard let items = reader.items(entry, .addressesOrAny) else { return nil }
    var addresses: [IPAddress] = []
    var first: [IPAddress: SourcePosition] = [:]
    for item in items {
      guard let address = reader.address(item, entry.key, .address) else { continue }
      if reader.isNew(address, "\(address)", item.position, among: &first) { addresses.append(address) }
    }
    return addresses.count == items.count ? addresses : nil
  }

  /// The delegation that the zone itself names, with addresses for the servers whose addresses it holds.
  func nameServersOfZone() -> [NameServer] {
    guard let claim = sets[name, .ns], case .exactly(let servers) = claim.set.intended else { return [] }
    return servers.compactMap { NS($0) }.map { server in
      let addresses = addresses(of: server.nameServer)
      return NameServer(
        server.nameServer, addresses.isEmpty ? .any : .exactly(addresses.sorted()), declaredAt: claim.set.declaredAt)
    }
  }

  private func addresses(of host: DomainName) -> [IPAddress] {
    guard host.isAtOrBelow(name) else { return [] }
    return [RRType.a, .aaaa].flatMap { type -> [IPAddress] in
      guard let claim = sets[host, type], case .exactly(let values) = claim.set.intended else { return [] }
      return values.compactMap { IPAddress(octets: $0.octets.span) }
    }
  }

  /// Tells where the declared delegation and the zone's own records are not the same. Where a source leaves others open, the
  /// delegation says which.
  mutating func compare(_ declared: [NameServer], _ reader: inout DeclarationReader) {
    if let claim = sets[name, .ns], let position = declared.first?.declaredAt, claim.set.intended.isTolerant {
      let all = DeclaredRRset.Intended.exactly(declared.map { NS(nameServer: $0.name).rdata })
      add(DeclaredRRset(name, .ns, all, declaredAt: position), from: .nameServers, &reader)
    } else if let claim = sets[name, .ns], let position = declared.first?.declaredAt {
      let own: [DomainName] =
        if case .exactly(let values) = claim.set.intended { values.compactMap { NS($0)?.nameServer } } else { [] }
      if Set(own) != Set(declared.map(\.name)) {
        let says = DeclarationFault.Claim(.nameServers, shown(declared.map { "\($0.name)" }), at: position)
        reader.faults.add(position, .disagree("\(name) NS", says, claim.claim))
      }
    }
    for server in declared {
      guard case .exactly(let addresses) = server.addresses, let position = server.declaredAt else { continue }
      let own = self.addresses(of: server.name)
      guard !own.isEmpty, Set(own) != Set(addresses) else { continue }
      guard let claim = sets[server.name, .a] ?? sets[server.name, .aaaa] else { continue }
      let says = DeclarationFault.Claim(.nameServers, shown(addresses.map { "\($0)" }), at: position)
      let others = DeclarationFault.Claim(claim.source, shown(own.map { "\($0)" }), at: claim.claim.position)
      reader.faults.add(position, .disagree("\(server.name) A and AAAA", says, others))
    }
  }
}
