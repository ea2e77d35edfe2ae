public import Estate
public import Names

/// Judgement that says what it wants to know and goes on once it knows. The caller finds out; see ``Survey``.
public protocol Investigation: Sendable {
  var wanted: [Query] { get }
  var wantedInquiries: [Inquiry] { get }
  var wantedValidations: [Knowledge.Subject] { get }
  var isComplete: Bool { get }
  /// Zones found on the way and their servers: what a validator needs where the hierarchy is not the public one.
  var zones: [DomainName: [SocketAddress]] { get }

  mutating func learn(_ observations: [Observation])
  mutating func learn(_ answer: Answer, to inquiry: Inquiry)
  mutating func learn(_ validation: Validation, of subject: Knowledge.Subject)
  mutating func advance()
}
