internal import DNSWire
internal import Names

/// The RRsets that a domain declares, from all its sources, in the order in which they are written.
struct DeclaredSets {
  struct Claimed {
    var set: DeclaredRRset
    var source: DeclarationFault.Claim.Source

    /// What it says and where, for a sentence.
    var claim: DeclarationFault.Claim {
      let says =
        switch set.intended {
        case .absent: "absent"
        case .exactly(let values): shown(values.map(\.text))
        case .tolerant(let tolerance): tolerance.words
        }
      let place = set.declaredAt ?? SourcePosition(file: "", line: 1, column: 1)
      return DeclarationFault.Claim(source, says + (set.ttl.map { " with TTL \($0)" } ?? ""), at: place)
    }
  }

  private struct Owner: Hashable {
    var name: DomainName
    var type: RRType
  }

  private(set) var claims: [Claimed] = []
  private var index: [Owner: Int] = [:]

  subscript(name: DomainName, type: RRType) -> Claimed? { index[Owner(name: name, type: type)].map { claims[$0] } }

  /// Joins a record of a zone file to its set.
  mutating func add(_ record: ResourceRecord, at position: SourcePosition) {
    let owner = Owner(name: record.name, type: record.type)
    guard let at = index[owner] else {
      index[owner] = claims.count
      let set = DeclaredRRset(record.name, record.type, .exactly([record.rdata]), ttl: record.ttl, declaredAt: position)
      claims.append(Claimed(set: set, source: .zone))
      return
    }
    guard case .exactly(var values) = claims[at].set.intended else { return }
    // Emptied first, so that the values are not copied for each record of a large set.
    claims[at].set.intended = .absent
    values.append(record.rdata)
    claims[at].set.intended = .exactly(values)
    claims[at].set.ttl = max(claims[at].set.ttl ?? 0, record.ttl)
  }

  /// Adds a set from `records`.
  ///
  /// A set that the zone file lacks is added to what the zone says: owners write records beside a zone whose file does not hold
  /// them all.
  ///
  /// - Returns: What the zone file says of the same name and type, if it says something else.
  mutating func add(_ set: DeclaredRRset) -> Claimed? {
    let owner = Owner(name: set.name, type: set.type)
    guard let at = index[owner] else {
      index[owner] = claims.count
      claims.append(Claimed(set: set, source: .records))
      return nil
    }
    let other = claims[at]
    let isSame =
      switch (set.intended, other.set.intended) {
      case (.exactly(let one), .exactly(let two)): Set(one) == Set(two)
      case (.absent, .absent): true
      case (.tolerant(let one), .tolerant(let two)): one == two
      default: false
      }
    return isSame && (set.ttl == nil || other.set.ttl == nil || set.ttl == other.set.ttl) ? nil : other
  }
}

/// Values for a sentence: a few of them, each cut when long.
func shown(_ values: [String]) -> String {
  let few = values.prefix(4).map { $0.count > 60 ? String($0.prefix(60)) + "…" : $0 }
  return few.joined(separator: ", ") + (values.count > 4 ? " and \(values.count - 4) more" : "")
}
