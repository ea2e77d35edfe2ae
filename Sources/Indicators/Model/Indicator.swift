public import Names
public import Notation

/// One thing to look for, as a source published it: what, and what the source says about it (STIX 2.1 §4.7).
public struct Indicator: Hashable, Sendable {
  /// What to look for.
  public enum Criterion: Hashable, Sendable {
    /// One value: what most lists hold, by the million. Its pattern is made when it is asked for.
    case value(Observable)
    case pattern(Pattern)
    /// In a language that is not STIX (`snort`, `yara`, `sigma`), or text that should be a pattern of STIX and is none: kept, never
    /// matched.
    indirect case foreign(language: String, text: String)
  }

  /// By which its source knows it: an object's id, or `row 14` of a list without ids.
  public var id: String
  /// Where it stands in its file.
  public var place: TextPlace
  public var criterion: Criterion
  public var description: String?
  /// What the source calls it, as written: `indicator_types`, a role such as `C2`, an attack phase, a tag.
  public var labels: [String] = []
  /// What it belongs to: a campaign, malware, an actor, by name.
  public var context: [String] = []
  /// When the source saw it first.
  public var firstSeen: Timestamp?
  /// The strictest of its own marking and the file's; `nil` where nothing is marked.
  public var marking: TLP?
  public var isRevoked = false
  /// The source says that it is harmless, or only context: it never alerts.
  public var isBenign = false
  private var rest = Rest.none

  public init(id: String, place: TextPlace, criterion: Criterion) {
    (self.id, self.place, self.criterion) = (id, place, criterion)
  }

  public var pattern: Pattern? {
    switch criterion {
    case .value(let observable): Pattern(observable)
    case .pattern(let pattern): pattern
    case .foreign: nil
    }
  }

  /// The values that are looked up in tables, and whether each alone makes the pattern true.
  public var observables: [(observable: Observable, isSufficient: Bool)] {
    switch criterion {
    case .value(.name(let name, .wholeAndBelow)): [(.name(name, .whole), true), (.name(name, .below), true)]
    case .value(let observable): [(observable, true)]
    case .pattern(let pattern): pattern.observables
    case .foreign: []
    }
  }

  /// Whether it looks for more than so many of its values, each alone.
  func isMore(than count: Int) -> Bool {
    if case .pattern(let pattern) = criterion, pattern.isPartlyLookedFor { return true }
    return observables.count > count
  }
}

extension Indicator {
  /// What its source calls it, in a few words.
  public var title: String? {
    get { rest.said.title }
    set { rest.said.title = newValue }
  }
  /// When the source saw it last.
  public var lastSeen: Timestamp? {
    get { rest.said.lastSeen }
    set { rest.said.lastSeen = newValue }
  }
  /// Before this moment it says nothing yet.
  public var validFrom: Timestamp? {
    get { rest.said.validFrom }
    set { rest.said.validFrom = newValue }
  }
  /// From this moment on it says nothing any more.
  public var validUntil: Timestamp? {
    get { rest.said.validUntil }
    set { rest.said.validUntil = newValue }
  }
  /// When its source made it; the same in all its versions (STIX 2.1 §3.6).
  public var created: Timestamp? {
    get { rest.said.created }
    set { rest.said.created = newValue }
  }
  /// When its source last changed it.
  public var modified: Timestamp? {
    get { rest.said.modified }
    set { rest.said.modified = newValue }
  }
  /// 0 to 100 (STIX 2.1 §3.2).
  public var confidence: Int? {
    get { rest.said.confidence }
    set { rest.said.confidence = newValue }
  }

  /// What rows of lists do not say. It stands apart, since lists hold indicators by the million and these take as much as all else.
  private indirect enum Rest: Hashable, Sendable {
    case none
    case some(Said)

    struct Said: Hashable, Sendable {
      var title: String?
      var lastSeen: Timestamp?
      var validFrom: Timestamp?
      var validUntil: Timestamp?
      var created: Timestamp?
      var modified: Timestamp?
      var confidence: Int?
    }

    var said: Said {
      get { if case .some(let said) = self { said } else { Said() } }
      set { self = newValue == Said() ? .none : .some(newValue) }
    }
  }
}

/// That an indicator was seen (STIX 2.1 §5.2): told by its source.
public struct Sighting: Hashable, Sendable {
  /// The id of the indicator that was seen.
  public var indicator: String
  public var firstSeen: Timestamp?
  public var lastSeen: Timestamp?
  public var count: Int?
  /// Who saw it.
  public var whereSighted: [String] = []

  public init(indicator: String) { self.indicator = indicator }
}

/// Values that are known to be harmless or too common to tell anything, with the reason (MISP warninglist format).
public struct Warninglist: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable {
    /// The name itself and all below it.
    case hostname
    case string, substring, regex, cidr
  }

  public var name: String
  public var description: String
  public var kind: Kind
  public var values: [String]

  public init(name: String, description: String, kind: Kind, values: [String]) {
    (self.name, self.description, self.kind, self.values) = (name, description, kind, values)
  }
}
