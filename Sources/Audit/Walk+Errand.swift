import Names

extension Walk {
  /// What is looked for, and the hosts on the way to it: to reach a zone, the address of one of its servers may have to be looked
  /// for in another zone, and there again.
  ///
  /// Whoever writes a delegation decides how many hosts it names and where they lie, and can make each lead to many more
  /// (NXNSAttack, CVE-2020-12662). So the way has a depth, and an errand has a cost.
  struct Errand {
    static let mostDepth = 6

    let goal: DomainName
    private var hosts: [DomainName] = []

    init(_ goal: DomainName) { self.goal = goal }

    /// Nil where the way leads in a circle, or too far.
    func towards(_ host: DomainName) -> Errand? {
      guard hosts.count < Self.mostDepth, !hosts.contains(host) else { return nil }
      var longer = self
      longer.hosts.append(host)
      return longer
    }
  }

  /// What has been spent on one errand.
  struct Cost {
    /// Questions to servers in the whole pass. An honest name takes ten, with hosts in other zones and dead servers perhaps a hundred.
    static let mostQuestions = 400
    /// Replies looked at in one round: delegations that lead to each other cost time without a further question.
    static let mostSteps = 1000

    private var questions = 0
    private var steps = 0

    mutating func beginRound() { steps = 0 }

    mutating func takeStep() -> Bool {
      steps += 1
      return steps <= Self.mostSteps
    }

    mutating func takeQuestion() -> Bool {
      questions += 1
      return questions <= Self.mostQuestions
    }
  }

  func begin(_ goal: DomainName, _ knowledge: inout Knowledge) -> Errand {
    knowledge.costs[goal, default: Cost()].beginRound()
    return Errand(goal)
  }
}
