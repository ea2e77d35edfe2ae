internal import DNSWire
internal import Names

/// The RRsets of one source, in the order in which they are written, and the names about which it leaves something open.
struct SourcedSets {
  struct Owner: Hashable {
    var name: DomainName
    var type: RRType
  }

  private(set) var sets: [DeclaredRRset] = []
  private var index: [Owner: Int] = [:]
  private var left: [Owner] = []

  subscript(name: DomainName, type: RRType) -> DeclaredRRset? { index[Owner(name: name, type: type)].map { sets[$0] } }

  /// - Returns: The set of the same name and type that is there already; then nothing is added.
  mutating func add(_ set: DeclaredRRset) -> DeclaredRRset? {
    let owner = Owner(name: set.name, type: set.type)
    if let at = index[owner] { return sets[at] }
    index[owner] = sets.count
    sets.append(set)
    return nil
  }

  /// Joins values to a set of the same name and type; TTLs that differ count as the longest.
  mutating func join(_ set: DeclaredRRset) {
    guard let at = index[Owner(name: set.name, type: set.type)] else {
      _ = add(set)
      return
    }
    // Zero would be a claim of its own: where nobody says a time to live, none is intended.
    sets[at].ttl = [sets[at].ttl, set.ttl].compactMap(\.self).max()
    switch (sets[at].intended, set.intended) {
    case (.exactly(var values), .exactly(let more)):
      // Emptied first, so that the values are not copied for each record of a large set. Doubled ones go at the end.
      sets[at].intended = .absent
      values += more
      sets[at].intended = .exactly(values)
    case (.exactly, .tolerant): sets[at].intended = set.intended
    default: break
    }
  }

  /// Says that the source does not tell what stands at a name.
  mutating func leave(_ name: DomainName, _ type: RRType) { left.append(Owner(name: name, type: type)) }

  /// The sets; what was left open stands among them as "anything or nothing" at names that have other sets, whose lack of it
  /// would say that it is absent.
  func all() -> [DeclaredRRset] {
    let names = Set(sets.map(\.name))
    var (all, seen) = (sets, Set(index.keys))
    for at in all.indices {
      guard case .exactly(let values) = all[at].intended, values.count > 1 else { continue }
      var first: Set<RData> = []
      all[at].intended = .exactly(values.filter { first.insert($0).inserted })
    }
    for owner in left where names.contains(owner.name) && seen.insert(owner).inserted {
      all.append(DeclaredRRset(owner.name, owner.type, .tolerant(Tolerance(allowsOthers: true, atLeast: 0))))
    }
    return all
  }

  /// The types that stand beside a CNAME, of which there must be none (RFC 1034 §3.6.2).
  func besideAliases() -> [DeclaredRRset] {
    sets.filter { $0.type != .cname && $0.intended != .absent && index[Owner(name: $0.name, type: .cname)] != nil }
  }
}

extension Written {
  /// The value of a key, where this is a mapping that has it.
  subscript(key: String) -> Written? {
    if case .mapping(let entries) = content { entries.first { $0.key == key }?.value } else { nil }
  }
}
