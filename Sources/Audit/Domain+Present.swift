import DNSWire
import Estate
import Names

extension Declaration {
  /// What is intended at a moment, with every announced change where it is then.
  func at(_ now: Timestamp) -> Declaration {
    var present = self
    present.domains = domains.map { $0.at(now) }
    return present
  }
}

extension Domain {
  /// What is intended at a moment. Inside a window, whatever was and will be: for who asks which values there may be. Who judges a
  /// set asks its change.
  func at(_ now: Timestamp) -> Domain {
    guard delegationChange != nil || dsChange != nil || records.contains(where: { $0.change != nil }) else { return self }
    var present = self
    for index in records.indices {
      if records[index].type == .ns, records[index].name == name, records[index].change == nil {
        present.records[index].change = delegationChange
      }
      present.records[index].move(to: now)
    }
    if let delegationChange { present.nameServers = nameServers(by: delegationChange, at: now) }
    present.nameServers = present.nameServers.map { present.renumbered($0) }
    if let dsChange { present.ds = DS(dsChange, at: now) }
    return present
  }

  private func nameServers(by change: PlannedChange, at now: Timestamp) -> [NameServer] {
    let listed = nameServers.map { NS(nameServer: $0.name).rdata }
    let was = change.was == .absent || !change.was.namedValues.isEmpty ? change.was.namedValues : listed
    let values =
      switch change.phase(at: now) {
      case .before: was
      case .inside: was + change.to.namedValues
      case .after: change.to.namedValues
      }
    var seen: Set<DomainName> = []
    return values.compactMap { NS($0)?.nameServer }.filter { seen.insert($0).inserted }.map { host in
      if let known = nameServers.first(where: { $0.name == host }) { return known }
      let addresses = records.filter { $0.name == host && [.a, .aaaa].contains($0.type) }.flatMap(\.exactAddresses)
      let isOwn = host.isAtOrBelow(name) && !addresses.isEmpty
      return NameServer(host, isOwn ? .exactly(addresses) : .any, declaredAt: change.declaredAt)
    }
  }

  /// A name server whose address records move has their addresses.
  private func renumbered(_ server: NameServer) -> NameServer {
    guard case .exactly(var addresses) = server.addresses else { return server }
    for record in records where record.name == server.name && record.change != nil && [.a, .aaaa].contains(record.type) {
      addresses.removeAll { $0.rdata.type == record.type }
      addresses += record.namedValues.compactMap { IPAddress(octets: $0.octets.span) }
    }
    return NameServer(server.name, .exactly(addresses), declaredAt: server.declaredAt)
  }

  // MARK: What is under way

  /// Whether the zone's contents, its servers or its keys are changing: their copies then need not be the same.
  func isChanging(at now: Timestamp, seen: Timestamp) -> Bool {
    let changes = [delegationChange, dsChange].compactMap(\.self) + records.compactMap(\.change)
    return changes.contains { $0.isOpen(at: now, seen: seen) }
  }

  /// Name servers that come or go in an open window.
  func movingHosts(at now: Timestamp, seen: Timestamp) -> Set<DomainName> {
    guard let change = delegationChange, change.isOpen(at: now, seen: seen) else { return [] }
    return Set(change.movingValues.compactMap { NS($0)?.nameServer })
  }

  /// Addresses that name servers get or give up in an open window.
  func movingAddresses(at now: Timestamp, seen: Timestamp) -> Set<IPAddress> {
    let hosts = Set(nameServers.map(\.name))
    let changes = records.compactMap(\.change).filter { hosts.contains($0.name) && [.a, .aaaa].contains($0.type) }
    return Set(
      changes.filter { $0.isOpen(at: now, seen: seen) }.flatMap(\.movingValues).compactMap { IPAddress(octets: $0.octets.span) })
  }

  func change(of host: DomainName, _ type: RRType) -> PlannedChange? {
    records.first { $0.name == host && $0.type == type }?.change
  }
}

extension PlannedChange {
  /// The values that come or go.
  var movingValues: Set<RData> { Set(was.namedValues).symmetricDifference(to.namedValues) }
}

extension DeclaredRRset {
  fileprivate mutating func move(to now: Timestamp) {
    guard var change else { return }
    if change.oldTTL == nil, change.was != .absent { change.oldTTL = ttl }
    self.change = change
    switch change.phase(at: now) {
    case .before: intended = change.was
    case .inside:
      intended = change.was.either(or: change.to)
      // Owners lower TTLs before they move and raise them after.
      ttl = nil
    case .after: intended = change.to
    }
  }

  fileprivate var exactAddresses: [IPAddress] {
    guard case .exactly(let values) = intended else { return [] }
    return values.compactMap { IPAddress(octets: $0.octets.span) }
  }
}

extension Domain.DS {
  /// Whether there is one cannot be said while one comes or goes.
  fileprivate init(_ change: PlannedChange, at now: Timestamp) {
    func one(_ intended: DeclaredRRset.Intended) -> Self {
      switch intended {
      case .absent: .unsigned
      case .exactly(let values): .exactly(values)
      case .tolerant: .undeclared
      }
    }
    switch change.phase(at: now) {
    case .before: self = one(change.was)
    case .after: self = one(change.to)
    case .inside:
      if case .exactly = change.was, case .exactly = change.to {
        self = one(change.was.together(with: change.to))
      } else {
        self = .undeclared
      }
    }
  }
}
