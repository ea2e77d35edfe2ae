public import DNSWire
public import Estate
public import Names

/// A check of names: what it looks for, and how it judges one domain.
///
/// A check is one file: who it is, where its rule comes from, examples, and the code. Its documentation page and its tests
/// come from it.
public protocol Check: Sendable {
  static var specification: CheckSpecification { get }
  /// Judges one domain. Runs again when something that it asked for is known.
  static func judge(_ domain: DomainView, _ knowledge: inout Knowledge) -> [Judged]
}

public struct CheckSpecification: Sendable {
  public var id: CheckID
  public var title: String
  /// RFC and section, directive, or the field report that it answers.
  public var sources: [String]
  /// How bad, and when worse.
  public var severity: String
  /// What it compares, in a paragraph for the person who gets the finding.
  public var about: String
  /// What to do about a finding, most likely first.
  public var advice: String
  public var fires: [Example]
  public var silent: [Example]
  /// What a part of it looks at that an audit does not unless told to.
  public var needs: Set<Need>

  public enum Need: Sendable { case services, pages, enumeration, seenNames }

  public init(
    _ id: CheckID, _ title: String, sources: [String], severity: String, about: String, advice: String, fires: [Example],
    silent: [Example], needs: Set<Need> = []
  ) {
    (self.id, self.title, self.sources, self.severity) = (id, title, sources, severity)
    (self.about, self.advice, self.fires, self.silent, self.needs) = (about, advice, fires, silent, needs)
  }
}

/// A change to the model estate (`example.gov` with two name servers, a resolver and a parent), in a sentence and as data.
public struct Example: Sendable {
  /// Where the change is made.
  public enum Side: String, Sendable { case parent, primary, secondary, everywhere, resolver }

  public enum Edit: Sendable {
    /// Replaces, at this side, the RRsets that these master-file lines belong to.
    case set(Side, String)
    /// Removes an RRset.
    case remove(Side, DomainNameText, RRType)
    /// The server no longer knows the zone.
    case lame(Side)
    /// The server says nothing.
    case silent(Side)
    /// What the validator would say of every name.
    case validation(Validation)
    /// A line of the declaration's zone file, added to what is declared.
    case declare(String)
    /// The DS that the parent is declared to hold.
    case declareDS(String)
    /// What is declared of a name and type is replaced by a tolerance.
    case tolerate(DomainNameText, RRType, Tolerance)
    /// Any other change to the declaration.
    case redeclare(@Sendable (inout Declaration) -> Void)
    /// What becomes of an inquiry; without, it fails, and transfers are refused.
    case answer(Inquiry, Answer)
    /// A zone elsewhere that the root delegates: its apex and its lines, SOA and NS added.
    case elsewhere(DomainNameText, String)
    /// The present, in the place of 2026-11-23T09:00:00Z.
    case at(Timestamp)
    /// What the audit is told to look at.
    case scope(@Sendable (inout AuditScope) -> Void)
  }

  public typealias DomainNameText = String

  public var says: String
  public var edits: [Edit]
  /// How the finding departs; nil where the example is silent or the finding is that nothing can be told.
  public var how: Departure.How?

  public init(_ says: String, _ edits: [Edit] = [], how: Departure.How? = nil) {
    (self.says, self.edits, self.how) = (says, edits, how)
  }
}

/// One expectation with what became of it, and the finding if it is worth telling apart.
public struct Judged: Sendable {
  /// Nil where a finding tells more about an expectation that is counted elsewhere.
  public var expectation: Expectation?
  public var verdict: Verdict
  public var finding: Finding?
  /// The declared domain that was judged.
  public internal(set) var domain: DomainName?
  /// The declared exception that covers it: then it is counted apart, and its finding is not told as one.
  public var exception: DeclaredException?

  public init(_ expectation: Expectation, _ verdict: Verdict, _ finding: Finding? = nil) {
    (self.expectation, self.verdict, self.finding) = (expectation, verdict, finding)
  }

  public init(reporting finding: Finding) {
    (expectation, verdict, self.finding) = (nil, finding.verdict, finding)
  }
}

extension Judged {
  func about(_ domain: DomainName) -> Judged {
    var copy = self
    copy.domain = domain
    copy.finding?.domain = domain
    return copy
  }
}

extension Totals {
  /// Counts the expectation, if it is one.
  public mutating func count(_ judged: Judged) {
    guard judged.expectation != nil else { return }
    if judged.exception != nil { countException() } else { count(judged.verdict) }
  }
}

extension Check {
  /// Nothing of its own: another check judges the expectation and reports under this one's name.
  public static func judge(_ domain: DomainView, _ knowledge: inout Knowledge) -> [Judged] { [] }
}

/// Every check, in the order of the page that lists them: from the registry outwards.
public let everyCheck: [any Check.Type] = [
  DelegationDiffers.self, GlueDiffers.self, DSDiffers.self, NameServerUnreachable.self, ServerLame.self, RecordDiffers.self,
  TTLAboveDeclared.self, ChangeEarly.self, ChangeOverdue.self, ServersDisagree.self, ResolverDiffers.self, AliasDangling.self,
  AliasChainDiffers.self, WildcardDiffers.self, DNSSECBogus.self, DNSSECMissing.self, SignatureExpiring.self,
  AliasTakeover.self, NameServerLookalike.self, CDSDiffers.self, TTLCollapsed.self, ValidationRecordPresent.self,
  TransferOpen.self, UndeclaredName.self, SPFBroken.self, DMARCBroken.self, MTASTSBroken.self, TLSRPTBroken.self,
  NullMXBroken.self, CAAMissing.self, CAADiffers.self, TLSADiffers.self, ExceptionExpired.self, ExceptionUnused.self,
]

extension CheckSpecification {
  /// Of every check, in the same order.
  public static let all = everyCheck.map { $0.specification }
}
