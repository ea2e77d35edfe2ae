public import DNSWire
public import Estate
public import Names

/// What has been found out so far, and what is still wanted.
///
/// Judgement is written as if everything were known: it asks, and where the answer is not there yet, notes the question
/// and goes on with what it has. The caller finds out what is wanted and lets judgement run again, until nothing is.
/// A run that wanted something is thrown away, so a check need not finish its thought without the answer.
public struct Knowledge: Sendable {
  /// A name and type whose chain of trust is asked for.
  public struct Subject: Hashable, Sendable {
    public var name: DomainName
    public var type: RRType

    public init(_ name: DomainName, _ type: RRType) { (self.name, self.type) = (name, type) }
  }

  public private(set) var observations: [Query: Observation] = [:]
  public private(set) var validations: [Subject: Validation] = [:]
  /// In the order in which judgement asked, each once.
  public private(set) var wanted: [Query] = []
  public private(set) var wantedValidations: [Subject] = []
  /// How often something was asked for that is not known, in this round.
  public private(set) var misses = 0
  /// Zones found on the way down, with their servers' addresses.
  public private(set) var zones: [DomainName: [SocketAddress]] = [:]
  private var isWanted: Set<Query> = []
  private var isValidationWanted: Set<Subject> = []

  public init() {}

  /// In which role each server was asked; queries on the way to a server have none.
  public private(set) var places: [Query: Place] = [:]

  /// The observation of this query, or nil after noting that it is wanted.
  mutating func ask(_ query: Query, of place: Place? = nil) -> Observation? {
    if let place { places[query] = place }
    if let known = observations[query] { return known }
    misses += 1
    if isWanted.insert(query).inserted { wanted.append(query) }
    return nil
  }

  mutating func validate(_ name: DomainName, _ type: RRType) -> Validation? {
    let subject = Subject(name, type)
    if let known = validations[subject] { return known }
    misses += 1
    if isValidationWanted.insert(subject).inserted { wantedValidations.append(subject) }
    return nil
  }

  public mutating func learn(_ observation: Observation) {
    observations[observation.query] = observation
  }

  public mutating func learn(_ validation: Validation, of subject: Subject) {
    validations[subject] = validation
  }

  mutating func note(_ servers: [SocketAddress], of zone: DomainName) { zones[zone] = servers }

  /// Forgets what was wanted: it has been asked, and what is still missing will be wanted again.
  public mutating func beginRound() {
    misses = 0
    wanted.removeAll(keepingCapacity: true)
    isWanted.removeAll(keepingCapacity: true)
    wantedValidations.removeAll(keepingCapacity: true)
    isValidationWanted.removeAll(keepingCapacity: true)
  }
}

/// Something that judgement looks for and may not have yet.
enum Found<Value> {
  case pending
  case found(Value)
  /// Everything was asked and it cannot be had.
  case failed(DeadEnd)
}
