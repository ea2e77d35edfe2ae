internal import DNSWire
internal import Names

extension DeclarationReader {
  /// One name and type that changes.
  private struct Owner: Hashable {
    var name: DomainName
    var type: RRType
  }

  /// A change as it is written, before the sources say what was.
  private struct Announced {
    var domain: Int
    var change: PlannedChange
    var was: DeclaredRRset.Intended?
    var position: SourcePosition
  }

  mutating func readChanges(_ entry: Written.Entry, _ domains: inout [Domain], _ network: Network) {
    let index = Dictionary(domains.enumerated().map { ($0.element.name, $0.offset) }) { first, _ in first }
    var announced: [Owner: [Announced]] = [:]
    for written in mappings(entry, .changes) {
      guard let one = readChange(written, index, network) else { continue }
      announced[Owner(name: one.change.name, type: one.change.type), default: []].append(one)
    }
    // What a transfer will bring may be what changes.
    guard wantedTransfers.isEmpty else { return }
    var records: [Int: [Owner: Int]] = [:]
    for (owner, changes) in announced.sorted(by: { $0.value[0].position < $1.value[0].position }) {
      let changes = changes.sorted { $0.change.from < $1.change.from }
      for (earlier, later) in zip(changes, changes.dropFirst()) where later.change.from <= earlier.change.until {
        let (first, second) = (min(earlier.position, later.position), max(earlier.position, later.position))
        faults.add(second, .change(.overlaps(owner.name, owner.type, with: first)))
      }
      let domain = changes[0].domain
      if records[domain] == nil {
        records[domain] = Dictionary(
          domains[domain].records.enumerated().map { (Owner(name: $0.element.name, type: $0.element.type), $0.offset) }
        ) { first, _ in first }
      }
      plan(changes, owner, &domains[domain], at: records[domain]?[owner])
    }
  }

  private mutating func readChange(_ written: Written, _ index: [DomainName: Int], _ network: Network) -> Announced? {
    let before = faults.count
    guard let fields = fields(written, .change, "changes", .change) else { return nil }
    let from = fields["from"].flatMap { time($0, isEnd: false) }
    let until = fields["until"].flatMap { time($0, isEnd: true) }
    if let from, let until, until <= from, let place = fields["until"]?.value.position {
      faults.add(place, .change(.backwards(from: from, until: until)))
    }
    let ticket = fields["ticket"].flatMap { text($0, .ticket) }
    guard let field = fields["name"], let text = text(field, .name), let name = name(text, field.value.position),
      let typeField = fields["type"], let type = recordType(typeField), let to = fields["to"]
    else { return nil }
    guard let (domain, zone) = zone(of: name, index) else {
      faults.add(field.value.position, .change(.notDeclared(name)))
      return nil
    }
    if type == .soa || type.isGenerated(inSignedZone: false) {
      faults.add(typeField.value.position, .generatedType(type))
      return nil
    }
    let reader = DomainReader(zone, declaredAt: written.position, network: network)
    let next = reader.intended(to, type, &self)
    let last = fields["was"].map { reader.intended($0, type, &self) }
    if case .absent? = next?.intended, name == zone, type == .ns { faults.add(to.value.position, .absentApex) }
    if next?.ttl != nil { faults.add(to.value.position, .change(.ttl)) }
    if let was = last??.intended, let next, was.means(next.intended) {
      faults.add(to.value.position, .change(.nothingChanges(name, type)))
    }
    guard faults.count == before, let next, let from, let until, let ticket else { return nil }
    let change = PlannedChange(
      name, type, was: last??.intended ?? .absent, to: next.intended, from: from, until: until, ticket: ticket,
      oldTTL: last??.ttl, declaredAt: written.position)
    return Announced(domain: domain, change: change, was: last??.intended, position: written.position)
  }

  /// The declared domain that a name is in.
  private func zone(of name: DomainName, _ index: [DomainName: Int]) -> (Int, DomainName)? {
    for labels in stride(from: name.labelCount, through: 0, by: -1) {
      let zone = name.ancestor(labels: labels)
      if let domain = index[zone] { return (domain, zone) }
    }
    return nil
  }

  // MARK: Against the sources

  /// Fills in what was, and gives the domain the change that counts now.
  private mutating func plan(_ changes: [Announced], _ owner: Owner, _ domain: inout Domain, at index: Int?) {
    let isApex = owner.name == domain.name
    let declared: (intended: DeclaredRRset.Intended, ttl: UInt32?, position: SourcePosition?)? =
      if isApex, owner.type == .ds {
        domain.ds.intended.map { ($0, nil, domain.declaredAt) }
      } else if isApex, owner.type == .ns, !domain.nameServers.isEmpty {
        (
          .exactly(domain.nameServers.map { NS(nameServer: $0.name).rdata }), index.flatMap { domain.records[$0].ttl },
          domain.nameServers[0].declaredAt
        )
      } else {
        index.map { (domain.records[$0].intended, domain.records[$0].ttl, domain.records[$0].declaredAt) }
      }
    var filled: [PlannedChange] = []
    for announced in changes {
      guard let change = fill(announced, after: filled.last, declared, isApex: isApex) else { return }
      filled.append(change)
    }
    // One after the other: the last that has begun, else the first that will.
    guard let change = filled.last(where: { $0.from <= now }) ?? filled.first else { return }
    if isApex, owner.type == .ds {
      domain.dsChange = change
      if case .undeclared = domain.ds { domain.ds = Domain.DS(change.was) }
      return
    }
    if isApex, owner.type == .ns {
      domain.delegationChange = change
      if domain.nameServers.isEmpty, case .exactly(let values) = change.was {
        domain.nameServers = values.compactMap { NS($0) }.map { NameServer($0.nameServer, declaredAt: change.declaredAt) }
      }
      if let index { domain.records[index].change = change }
      return
    }
    if let index {
      domain.records[index].change = change
    } else {
      var set = DeclaredRRset(owner.name, owner.type, filled[0].was, declaredAt: change.declaredAt)
      set.change = change
      domain.records.append(set)
    }
  }

  private mutating func fill(
    _ announced: Announced, after earlier: PlannedChange?,
    _ declared: (intended: DeclaredRRset.Intended, ttl: UInt32?, position: SourcePosition?)?, isApex: Bool
  ) -> PlannedChange? {
    var change = announced.change
    let position = announced.position
    change.oldTTL = change.oldTTL ?? declared?.ttl
    if announced.was != nil {
      guard let declared, earlier == nil, let was = announced.was, !declared.intended.means(was),
        !declared.intended.means(change.to)
      else { return change }
      let claim = DeclarationFault.Claim(.sources, declared.intended.words, at: declared.position ?? position)
      faults.add(position, .change(.neither(change.name, change.type, claim)))
      return nil
    }
    guard let was = earlier?.to ?? declared?.intended else {
      if change.type == .ns, isApex { faults.add(position, .change(.noServers(change.name))) }
      return change
    }
    guard !was.means(change.to) else {
      faults.add(position, .change(.alreadyDeclared(change.name, change.type, at: earlier?.declaredAt ?? declared?.position)))
      return nil
    }
    change.was = was
    return change
  }
}

extension DeclaredRRset.Intended {
  /// Whether both intend the same; the order of values says nothing.
  func means(_ other: DeclaredRRset.Intended) -> Bool {
    switch (self, other) {
    case (.exactly(let one), .exactly(let two)): Set(one) == Set(two)
    default: self == other
    }
  }

  /// What it says, for a sentence.
  var words: String {
    switch self {
    case .absent: "absent"
    case .exactly(let values): shown(values.map(\.text))
    case .tolerant(let tolerance): tolerance.words
    }
  }
}

extension Domain.DS {
  /// Absent where nothing is declared.
  fileprivate var intended: DeclaredRRset.Intended? {
    switch self {
    case .undeclared: nil
    case .unsigned: .absent
    case .exactly(let records): .exactly(records)
    }
  }

  fileprivate init(_ intended: DeclaredRRset.Intended) {
    if case .exactly(let records) = intended { self = .exactly(records) } else { self = .unsigned }
  }
}
