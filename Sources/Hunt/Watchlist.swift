public import Indicators
public import Names

/// The indicators of one or more sources that can be looked for in logs, and why the others are not.
public struct Watchlist: Sendable {
  /// One value of one indicator.
  public struct Entry: Sendable {
    /// The number of its source, as it was added, and of the indicator in it.
    public var source: Int
    public var indicator: Int
    public var observable: Observable
    /// Alone it makes the indicator true; else it is one of several that must be seen together.
    public var isSufficient: Bool
  }

  /// Why an indicator, or a value of one, is not looked for.
  public enum PassedOver: String, Hashable, Sendable, CaseIterable {
    case benign, revoked, expired
    /// Another source has a newer version of it.
    case superseded
    /// Valid from a moment that has not come.
    case notYet = "not-yet-valid"
    /// In a language that is not STIX.
    case foreign = "foreign-language"
    /// Nothing in it is looked for by its value alone.
    case noValue = "no-value"
    /// A value that logs do not have: a registry key, a mutex.
    case notInLogs = "not-in-logs"
  }

  public private(set) var entries: [Entry] = []
  /// By the number of their source.
  private var indicators: [Int: [Indicator]] = [:]
  /// Indicators added.
  public private(set) var count = 0
  public private(set) var passedOver: [PassedOver: Int] = [:]
  /// Indicators of which some alternative cannot be looked up, as a regular expression: the others are.
  public private(set) var partlyLookedFor = 0
  private(set) var index = ValueIndex()

  public init() {}

  public var isEmpty: Bool { index.isEmpty }

  /// Whether a source had no indicators.
  public func isEmpty(source: Int) -> Bool { indicators[source]?.isEmpty ?? true }

  public func indicator(of entry: Entry) -> Indicator? { indicators[entry.source]?[entry.indicator] }

  /// Adds the indicators of a source, once.
  ///
  /// - Parameters:
  ///   - source: Its number, which entries carry.
  ///   - now: The moment at which validity is judged.
  ///   - below: Every name also means what is below it, whatever the source says.
  ///   - superseded: Ids of those of which another source has a newer version.
  public mutating func add(
    _ indicators: [Indicator], source: Int, at now: Timestamp, below: Bool = false, superseded: Set<String> = []
  ) {
    self.indicators[source] = indicators
    count += indicators.count
    // A long list is not moved again and again as it grows; for each of many short ones, this would move all.
    if indicators.count > entries.count { entries.reserveCapacity(entries.count + indicators.count) }
    // By their numbers: to hold one indicator for itself is to count the owners of all its parts.
    for number in indicators.indices {
      if !superseded.isEmpty, superseded.contains(indicators[number].id) {
        passedOver[.superseded, default: 0] += 1
      } else if let reason = Self.reason(indicators[number], at: now) {
        passedOver[reason, default: 0] += 1
      } else {
        add(indicators[number], number, source, below)
      }
    }
  }

  private static func reason(_ indicator: Indicator, at now: Timestamp) -> PassedOver? {
    if indicator.isRevoked { return .revoked }
    if indicator.isBenign { return .benign }
    if let end = indicator.validUntil, end <= now { return .expired }
    if let start = indicator.validFrom, start > now { return .notYet }
    if case .foreign = indicator.criterion { return .foreign }
    return nil
  }

  private mutating func add(_ indicator: Indicator, _ number: Int, _ source: Int, _ below: Bool) {
    var isLookedFor = false
    // A name and what is below it are two values of a source; with `below` they are one.
    var known: Set<Observable> = []
    func add(_ observable: Observable, _ isSufficient: Bool) {
      guard ValueIndex.holds(observable) else { return }
      var wanted = observable
      if below, case .name(let name, .whole) = observable { wanted = .name(name, .wholeAndBelow) }
      if below, case .name(let name, let reach) = wanted {
        if reach == .below, known.contains(.name(name, .wholeAndBelow)) { return }
        known.insert(wanted)
      }
      index.insert(wanted, tag: UInt32(truncatingIfNeeded: entries.count))
      entries.append(Entry(source: source, indicator: number, observable: wanted, isSufficient: isSufficient))
      isLookedFor = true
    }
    // The values of long lists, without a list for each.
    if case .value(let observable) = indicator.criterion, !observable.isTree {
      add(observable, true)
      if !isLookedFor { passedOver[.notInLogs, default: 0] += 1 }
      return
    }
    let observables = indicator.observables
    for (observable, isSufficient) in observables { add(observable, isSufficient) }
    if isLookedFor, let pattern = indicator.pattern, pattern.isPartlyLookedFor { partlyLookedFor += 1 }
    if !isLookedFor { passedOver[observables.isEmpty ? .noValue : .notInLogs, default: 0] += 1 }
  }
}

extension Observable {
  /// A name and all below it: two values, of which one is met.
  fileprivate var isTree: Bool { if case .name(_, .wholeAndBelow) = self { true } else { false } }
}
