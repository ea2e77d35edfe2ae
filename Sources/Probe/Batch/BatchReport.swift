import Estate

/// What has come of a batch since the last report: octets end to end, and what they are.
struct BatchReport: Sendable {
  enum Outcome: Sendable {
    /// A reply to the question as it was asked.
    case replied
    /// SERVFAIL, which is asked about once more; a later event ends the question.
    case provisional
    /// A reply that only a connection can confirm.
    case needsStream(Reason)
    case silent(Cause)
  }

  /// Why a reply over UDP is not taken.
  enum Reason: UInt8, Sendable {
    /// TC is set (RFC 7766 §5).
    case truncated
    /// The question came back in other letter case: a server that does not keep it, or a forger who cannot know it.
    case caseChanged
    /// The question did not come back.
    case questionMissing
    /// BADCOOKIE twice (RFC 7873 §5.3).
    case cookieRefused
    /// No COOKIE from a server that sends them (RFC 7873 §5.3).
    case cookieMissing

    /// In words, for a person.
    var words: String {
      switch self {
      case .truncated: "the reply over UDP was truncated"
      case .caseChanged: "the reply over UDP did not keep the question's letter case"
      case .questionMissing: "the reply over UDP did not hold the question"
      case .cookieRefused: "the server refused its own DNS cookie"
      case .cookieMissing: "the reply over UDP lacked the server's DNS cookie"
      }
    }
  }

  enum Cause: Sendable {
    case lost(attempts: Int)
    /// An errno.
    case refused(Int32)
    case mangled(ReplySketch.Fault)
    case givenUp
    case cancelled
    /// No socket could be opened: an errno of ours.
    case noSocket(Int32)
  }

  struct Event: Sendable {
    /// As the page has it.
    var number: UInt32
    var outcome: Outcome
    var flags: QuestionPage.Flags = []
    /// The question and the reply as they were on the wire, as places in ``octets``; the reply is empty where there was none.
    var question: Range<Int> = 0..<0
    var reply: Range<Int> = 0..<0
    /// Nanoseconds from the attempt that was answered; for a silence, from the first.
    var roundTrip: Int64 = 0
  }

  var octets: [UInt8] = []
  var events: [Event] = []
  /// Questions whose replies were as expected.
  var met = 0
  /// Questions that were never asked, and why: in one number where whoever asks does not want them one by one.
  var unasked: [(count: Int, why: Cause)] = []

  var isEmpty: Bool { events.isEmpty && met == 0 && unasked.isEmpty }

  /// Appends a question and what came of it.
  mutating func append(_ slot: Slot, _ outcome: Outcome, question: Span<UInt8>, roundTrip: Int64) {
    let range = append(question)
    events.append(Event(number: slot.number, outcome: outcome, flags: slot.flags, question: range, roundTrip: roundTrip))
  }

  /// Appends a question and its reply.
  mutating func append(_ slot: Slot, _ outcome: Outcome, question: Span<UInt8>, reply: Span<UInt8>, roundTrip: Int64) {
    append(slot, outcome, question: question, roundTrip: roundTrip)
    events[events.count - 1].reply = append(reply)
  }

  private mutating func append(_ part: Span<UInt8>) -> Range<Int> {
    let start = octets.count
    for index in part.indices { octets.append(part[index]) }
    return start..<octets.count
  }
}

/// What the probe has sent and received over UDP since it was made.
public struct ProbeCounts: Hashable, Sendable {
  public var sent = 0
  public var received = 0
  /// Datagrams that belong to no question in flight: late, doubled, or forged.
  public var stray = 0
  /// Datagrams with the id of a question in flight that are not its reply.
  public var mangled = 0
  /// Attempts without a reply in time.
  public var lost = 0
  /// Attempts that the host, the network or the kernel refused.
  public var refused = 0

  public init() {}

  static func + (one: ProbeCounts, other: ProbeCounts) -> ProbeCounts {
    var sum = one
    sum.sent += other.sent
    sum.received += other.received
    sum.stray += other.stray
    sum.mangled += other.mangled
    sum.lost += other.lost
    sum.refused += other.refused
    return sum
  }
}
