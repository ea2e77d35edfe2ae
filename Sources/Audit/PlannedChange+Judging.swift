import DNSWire
import Estate
import Names

/// What a reply comes to where a change is announced.
struct Outcome {
  var verdict: Verdict
  /// Under whose name the departure is told, where it is one of time and not of the values.
  var check: CheckID?
}

extension PlannedChange {
  /// How long caches may keep what was where nobody declares its TTL: a day, the most that RFC 1912 §2.2 and RFC 2308 §5 advise.
  static let undeclaredTTL: UInt32 = 86_400

  /// How long resolvers may follow a delegation: the TTL is the parent's to choose, and is two days at the largest of them.
  static let delegationTTL: UInt32 = 172_800

  /// When the last cache has forgotten what was.
  var forgotten: Timestamp {
    let ttl = oldTTL ?? Self.undeclaredTTL
    return until.advanced(by: .seconds(Int64(type == .ns ? max(ttl, Self.delegationTTL) : ttl)))
  }

  /// By which time to judge what was seen: a pass takes its time, and a window that opens meanwhile is open for what came after.
  func moment(_ now: Timestamp, seen: Timestamp?) -> Timestamp {
    guard let seen, now < from, seen >= from else { return now }
    return from
  }

  func isOpen(at now: Timestamp, seen: Timestamp) -> Bool { phase(at: moment(now, seen: seen)) == .inside }

  /// Judges by what is intended at this moment: before the window as it was, after it as it will be, inside it either or both
  /// together. `verdict` judges as if the given were intended; nil while something that it needs is not known.
  ///
  /// - Parameter inCache: Whether the reply comes from a cache, which may hold what was for its TTL after the window.
  func outcome(
    at now: Timestamp, inCache: Bool = false, _ verdict: (DeclaredRRset.Intended) -> Verdict?
  ) -> Outcome? {
    let together = was.together(with: to)
    func holds(anyOf intentions: [DeclaredRRset.Intended]) -> Bool? {
      for one in intentions {
        guard let verdict = verdict(one) else { return nil }
        if verdict.isOfValuesAsIntended { return true }
      }
      return false
    }
    switch phase(at: now) {
    case .before:
      guard let own = verdict(was) else { return nil }
      guard own.isOfOtherValues else { return Outcome(verdict: own) }
      guard let isEarly = holds(anyOf: [to, together]) else { return nil }
      return Outcome(verdict: own, check: isEarly ? ChangeEarly.specification.id : nil)
    case .inside:
      var mismatch: Verdict?
      var untold: Verdict?
      for one in [was, to, together] {
        guard let verdict = verdict(one) else { return nil }
        if verdict.isOfValuesAsIntended { return Outcome(verdict: .match) }
        if verdict.isOfOtherValues { mismatch = mismatch ?? verdict } else { untold = untold ?? verdict }
      }
      return (untold ?? mismatch).map { Outcome(verdict: $0) }
    case .after:
      guard let own = verdict(to) else { return nil }
      guard own.isOfOtherValues else { return Outcome(verdict: own) }
      guard let isOld = holds(anyOf: [was, together]) else { return nil }
      if isOld, inCache, now <= forgotten { return Outcome(verdict: .match) }
      return Outcome(verdict: own, check: isOld ? ChangeOverdue.specification.id : nil)
    }
  }

  /// The same for a set of values that is whole.
  func outcome(at now: Timestamp, of observed: [RData], inCache: Bool = false) -> Outcome {
    outcome(at: now, inCache: inCache) { $0.departure(of: observed).map(Verdict.mismatch) ?? .match } ?? Outcome(verdict: .match)
  }

  /// What is intended at this moment, and the announcement.
  func words(at now: Timestamp, inCache: Bool) -> [String] {
    switch phase(at: now) {
    case .before: was.values + ["from \(from): \(to.words) (\(ticket))"]
    case .inside: was.values + ["or, until \(until): \(to.words) (\(ticket))"]
    case .after where inCache:
      to.values + ["in caches until \(forgotten)\(oldTTL == nil ? ", as its TTL is not declared" : ""): \(was.words) (\(ticket))"]
    case .after: to.values + ["until \(until): \(was.words) (\(ticket))"]
    }
  }
}

extension Outcome {
  /// Tells the finding under the right name, with the ticket and its times.
  func told(_ finding: Finding?, _ change: PlannedChange?, _ domain: DomainView, inCache: Bool = false) -> Finding? {
    guard var finding, let change, case .mismatch(let departure) = verdict, departure.how != .ttl else { return finding }
    if let check { finding.check = check }
    finding.intended = change.words(at: domain.now, inCache: inCache)
    finding.declaredAt = change.declaredAt ?? finding.declaredAt
    return finding
  }
}

extension Verdict {
  /// As intended, perhaps with a TTL that is not.
  fileprivate var isOfValuesAsIntended: Bool {
    switch self {
    case .match, .mismatch(.ttl): true
    default: false
    }
  }

  fileprivate var isOfOtherValues: Bool { if case .mismatch = self { !isOfValuesAsIntended } else { false } }
}

extension DeclaredRRset.Intended {
  /// How a set departs; nil where it does not.
  func departure(of observed: [RData]) -> Departure? {
    switch self {
    case .absent: observed.isEmpty ? nil : .added(Set(observed).inCanonicalOrder)
    case .exactly(let values): Departure(intended: values, observed: observed)
    case .tolerant(let tolerance): tolerance.departure(of: observed)
    }
  }

  /// The values that the owner names one by one.
  var namedValues: [RData] {
    switch self {
    case .exactly(let values): values
    case .tolerant(let tolerance): tolerance.allOf + tolerance.anyOf
    case .absent: []
    }
  }

  /// Both sets in one, as while a change is under way.
  func together(with other: Self) -> Self {
    switch (self, other) {
    case (.absent, let one), (let one, .absent): return one
    case (.exactly(let one), .exactly(let two)): return .exactly(Set(one + two).inCanonicalOrder)
    default:
      let (one, two) = (tolerance, other.tolerance)
      var both = one.widened(by: two)
      both.allOf = Set(one.allOf + two.allOf).inCanonicalOrder
      both.atLeast = max(one.atLeast, two.atLeast)
      both.atMost = if let most = one.atMost, let more = two.atMost { most + more } else { nil }
      return .tolerant(both)
    }
  }

  /// Whatever of the two may be there: what can be said of an RRset under change without knowing how far the change is.
  func either(or other: Self) -> Self {
    if self == other { return self }
    let (one, two) = (tolerance, other.tolerance)
    var either = one.widened(by: two)
    either.anyOf = Set(one.allOf + one.anyOf + two.allOf + two.anyOf).inCanonicalOrder
    (either.allOf, either.atLeast, either.atMost) = ([], min(one.atLeast, two.atLeast), nil)
    return .tolerant(either)
  }

  private var tolerance: Tolerance {
    switch self {
    case .absent: Tolerance(atLeast: 0, atMost: 0)
    case .exactly(let values): Tolerance(allOf: values, atLeast: Set(values).count, atMost: Set(values).count)
    case .tolerant(let tolerance): tolerance
    }
  }

  fileprivate var values: [String] {
    switch self {
    case .exactly(let values): values.map(\.text)
    case .tolerant(let tolerance): [tolerance.words]
    case .absent: []
    }
  }

  fileprivate var words: String { self == .absent ? "none" : values.joined(separator: ", ") }
}

extension Tolerance {
  fileprivate func widened(by other: Tolerance) -> Tolerance {
    func union<Value: Equatable>(_ one: [Value], _ two: [Value]) -> [Value] { one + two.filter { !one.contains($0) } }
    var wide = self
    wide.anyOf = Set(anyOf + other.anyOf).inCanonicalOrder
    wide.within = union(within, other.within)
    wide.originAS = union(originAS, other.originAS)
    wide.matches = union(matches, other.matches)
    wide.endsIn = union(endsIn, other.endsIn)
    wide.allowsOthers = allowsOthers || other.allowsOthers
    wide.tlsProof = tlsProof || other.tlsProof
    return wide
  }
}
