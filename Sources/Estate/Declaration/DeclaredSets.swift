internal import DNSWire
internal import Names

/// The RRsets that a domain declares, from all its sources, in the order in which they are written.
struct DeclaredSets {
  struct Claimed {
    var set: DeclaredRRset
    var source: DeclarationFault.Claim.Source

    /// What it says and where, for a sentence.
    var claim: DeclarationFault.Claim {
      let place = set.declaredAt ?? SourcePosition(file: "", line: 1, column: 1)
      return DeclarationFault.Claim(source, set.intended.words + (set.ttl.map { " with TTL \($0)" } ?? ""), at: place)
    }
  }

  private struct Owner: Hashable {
    var name: DomainName
    var type: RRType
  }

  private(set) var claims: [Claimed] = []
  private var index: [Owner: Int] = [:]

  subscript(name: DomainName, type: RRType) -> Claimed? { index[Owner(name: name, type: type)].map { claims[$0] } }

  /// Adds a whole RRset.
  ///
  /// A set that other sources lack is added to what they say: owners write records beside a zone whose file does not hold them
  /// all. Two sets of one name and type are the same, or one of them asks only for some values and the other has these. A time to live that both say is the same.
  ///
  /// - Returns: What another source says of the same name and type, if the two do not go together.
  mutating func add(_ set: DeclaredRRset, from source: DeclarationFault.Claim.Source) -> Claimed? {
    let owner = Owner(name: set.name, type: set.type)
    guard let at = index[owner] else {
      index[owner] = claims.count
      claims.append(Claimed(set: set, source: source))
      return nil
    }
    let other = claims[at]
    var both = other
    if set.intended.means(other.set.intended) {
      // Said twice.
    } else if let joined = other.set.intended.joined(with: set.intended) {
      both.set.intended = joined
    } else if let joined = set.intended.joined(with: other.set.intended) {
      both = Claimed(set: set, source: source)
      both.set.intended = joined
    } else {
      return other
    }
    if let one = set.ttl, let two = other.set.ttl, one != two { return other }
    both.set.ttl = other.set.ttl ?? set.ttl
    claims[at] = both
    return nil
  }
}

/// Records on their way to RRsets.
struct RecordGathering {
  private struct Owner: Hashable {
    var name: DomainName
    var type: RRType
  }

  private(set) var sets: [DeclaredRRset] = []
  private var index: [Owner: Int] = [:]

  /// Joins a record to its set; the longest TTL is the set's.
  mutating func add(_ record: ResourceRecord, at position: SourcePosition) {
    let owner = Owner(name: record.name, type: record.type)
    guard let at = index[owner] else {
      index[owner] = sets.count
      sets.append(DeclaredRRset(record.name, record.type, .exactly([record.rdata]), ttl: record.ttl, declaredAt: position))
      return
    }
    guard case .exactly(var values) = sets[at].intended else { return }
    // Emptied first, so that the values are not copied for each record of a large set.
    sets[at].intended = .absent
    values.append(record.rdata)
    sets[at].intended = .exactly(values)
    sets[at].ttl = max(sets[at].ttl ?? 0, record.ttl)
  }
}

extension Tolerance {
  /// Asks for some values, or none, and says nothing of the others.
  fileprivate var isPartial: Bool { allowsOthers && atMost == nil && endsIn.isEmpty && !tlsProof }
}

extension DeclaredRRset.Intended {
  /// A source may leave open what stands there.
  var isTolerant: Bool { if case .tolerant = self { true } else { false } }

  /// Absent, or allowed to be.
  var mayBeAbsent: Bool {
    switch self {
    case .exactly: false
    case .tolerant(let tolerance): tolerance.atLeast == 0 && tolerance.allOf.isEmpty
    case .absent: true
    }
  }

  /// The fewest values that it is content with.
  var fewest: Int {
    switch self {
    case .exactly(let values): values.count
    case .tolerant(let tolerance): max(tolerance.atLeast, tolerance.allOf.count)
    case .absent: 0
    }
  }

  /// Both together, where the other only asks for some values that this has or may have.
  fileprivate func joined(with other: DeclaredRRset.Intended) -> DeclaredRRset.Intended? {
    guard case .tolerant(let partial) = other, partial.isPartial else { return nil }
    switch self {
    case .exactly(let values):
      return values.count >= partial.atLeast && Set(values).isSuperset(of: partial.allOf) ? self : nil
    case .tolerant(var tolerance):
      let missing = partial.allOf.filter { !tolerance.allOf.contains($0) }
      guard tolerance.allowsOthers || missing.allSatisfy(tolerance.anyOf.contains) else { return nil }
      tolerance.allOf += missing
      tolerance.atLeast = max(tolerance.atLeast, partial.atLeast)
      guard tolerance.allOf.count <= tolerance.atMost ?? .max, tolerance.atLeast <= tolerance.atMost ?? .max else { return nil }
      return .tolerant(tolerance)
    case .absent: return other.mayBeAbsent ? self : nil
    }
  }
}

/// Values for a sentence: a few of them, each cut when long.
func shown(_ values: [String]) -> String {
  let few = values.prefix(4).map { $0.count > 60 ? String($0.prefix(60)) + "…" : $0 }
  return few.joined(separator: ", ") + (values.count > 4 ? " and \(values.count - 4) more" : "")
}
