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
  /// What was found out beside DNS, and what is still wanted of it.
  public private(set) var answers: [Inquiry: Answer] = [:]
  public private(set) var wantedInquiries: [Inquiry] = []
  /// How often something was asked for that is not known, in this round.
  public private(set) var misses = 0
  /// Zones found on the way down, with their servers' addresses.
  public private(set) var zones: [DomainName: [SocketAddress]] = [:]
  /// Where delegations are and where none is, as far as the walk has been; what is known stays so for the whole pass.
  var cuts: [DomainName: Walk.Cut] = [:]
  /// What each lookup of the walk has cost so far, so that a hostile delegation comes to an end.
  var costs: [DomainName: Walk.Cost] = [:]
  private var isWanted: Set<Query> = []
  private var isValidationWanted: Set<Subject> = []
  private var isInquiryWanted: Set<Inquiry> = []
  private var end: Timestamp?

  public init() {}

  /// In which roles each server was asked, in the order of asking; queries on the way to a server have none. One server can have
  /// two roles for one question: that of the parent, and that of an authority of a domain above.
  public var places: [(query: Query, place: Place)] { asked.flatMap { query in (roles[query] ?? []).map { (query, $0) } } }
  private var roles: [Query: [Place]] = [:]
  private var asked: [Query] = []

  /// The observation of this query, or nil after noting that it is wanted.
  mutating func ask(_ query: Query, of place: Place? = nil) -> Observation? {
    if let place { note(query, at: place) }
    if let known = known(query) { return known }
    if let end { return Observation(query, .silent(.notAsked(Self.tooMany)), at: end) }
    misses += 1
    if isWanted.insert(query).inserted { wanted.append(query) }
    return nil
  }

  /// What is known of a query, also where it was asked with more patience, or answered at once.
  mutating func known(_ query: Query) -> Observation? {
    if let known = observations[query] { return known }
    var other = query
    other.isHasty.toggle()
    guard var known = observations[other], query.isHasty || known.message != nil else { return nil }
    known.query = query
    observations[query] = known
    return known
  }

  /// Whether asking this query would cost a question: it is neither known nor wanted yet.
  mutating func isNew(_ query: Query) -> Bool { known(query) == nil && !isWanted.contains(query) }

  private mutating func note(_ query: Query, at place: Place) {
    guard let known = roles[query] else {
      roles[query] = [place]
      asked.append(query)
      return
    }
    if !known.contains(place) { roles[query] = known + [place] }
  }

  /// From here on nothing more is found out: what is not known is silent.
  mutating func end(at time: Timestamp) { end = time }

  private static let tooMany = "the pass ended after \(Survey.mostRounds) rounds of questions"

  mutating func validate(_ name: DomainName, _ type: RRType) -> Validation? {
    let subject = Subject(name, type)
    if let known = validations[subject] { return known }
    if end != nil { return .indeterminate(Self.tooMany) }
    misses += 1
    if isValidationWanted.insert(subject).inserted { wantedValidations.append(subject) }
    return nil
  }

  /// What came of an inquiry, or nil after noting that it is wanted.
  mutating func ask(_ inquiry: Inquiry) -> Answer? {
    if let known = answers[inquiry] { return known }
    if end != nil { return .failed(Self.tooMany) }
    misses += 1
    if isInquiryWanted.insert(inquiry).inserted { wantedInquiries.append(inquiry) }
    return nil
  }

  public mutating func learn(_ answer: Answer, to inquiry: Inquiry) { answers[inquiry] = answer }

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
    wantedInquiries.removeAll(keepingCapacity: true)
    isInquiryWanted.removeAll(keepingCapacity: true)
  }
}

/// Something that judgement looks for and may not have yet.
enum Found<Value> {
  case pending
  case found(Value)
  /// Everything was asked and it cannot be had.
  case failed(DeadEnd)
}
