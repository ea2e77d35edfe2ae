public import Names
public import Notation

/// What one file says: its indicators, and what is told about the file.
public struct Publication: Sendable {
  public enum Format: String, Hashable, Sendable, CaseIterable {
    case usCERT = "us-cert-csv"
    case stix1 = "stix-1"
    case stix2 = "stix-2"
    case misp
    /// Not to look for, but never to be told: ``Publication/warninglists``.
    case warninglist = "misp-warninglist"
    case openIOC = "openioc"
    case plainList = "list"
  }

  /// Something in the file that became no indicator, or became one in part, and why.
  public struct Remark: Hashable, Sendable {
    public enum Cause: Hashable, Sendable {
      /// A row or object without a value.
      case noValue
      /// The value is not what its type says, and is read as what it is.
      case readAs(type: String, written: String, value: String)
      /// The value is nothing that can be looked for.
      case notOfType(type: String, value: String)
      /// A type that no indicator here has.
      case unknownType(String)
      /// The pattern is not one; in the words of its reader.
      case badPattern(String)
      /// Names something that the file does not hold.
      case danglingReference(String)
      /// Says how far it may go in words that are no label of TLP.
      case unreadableMarking(String)
      /// Says when something was seen in words that are no time that can be read, or could be two.
      case badTime(String)
      /// A form of a condition that cannot be said as a pattern.
      case unsupported(String)
      /// The same value stood before, at this place.
      case repeated(first: TextPlace)
      /// One of the files that this one names cannot be had or read; why, in words.
      case missingFile(String)
      /// The first octet of the file that is not UTF-8, and how many precede it.
      case notUTF8(octet: UInt8, offset: Int)
    }

    /// Causes without what they carry, as JSON spells them.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
      case noValue = "no-value"
      case readAs = "read-as"
      case notOfType = "not-of-type"
      case unknownType = "unknown-type"
      case badPattern = "bad-pattern"
      case danglingReference = "dangling-reference"
      case unreadableMarking = "unreadable-marking"
      case badTime = "bad-time"
      case unsupported, repeated
      case missingFile = "missing-file"
      case notUTF8 = "not-utf-8"
    }

    /// Which of a source's files it is about, where it has several.
    public var file: String?
    public var place: TextPlace
    public var cause: Cause

    public init(_ place: TextPlace, _ cause: Cause) { (self.place, self.cause) = (place, cause) }
  }

  /// Remarks that are kept; more are counted.
  public static let mostRemarks = 1000

  public var format: Format
  public var title: String?
  /// By which its source knows it: a package's or bundle's id.
  public var id: String?
  public var marking: TLP?
  public var produced: Timestamp?
  public var indicators: [Indicator] = []
  /// What the marking definitions say that the file tells, by their ids; `nil` for one that is no TLP. The source may name them in
  /// files that come later, and not tell them again.
  public internal(set) var markingDefinitions: [String: TLP?] = [:]
  public var sightings: [Sighting] = []
  public var warninglists: [Warninglist] = []
  public private(set) var remarks: [Remark] = []
  /// All remarks, also those that were not kept.
  public private(set) var remarkCounts: [Remark.Kind: Int] = [:]
  public var remarkCount: Int { remarkCounts.values.reduce(0, +) }

  public init(_ format: Format) { self.format = format }

  /// Adds what the file of a feed's event says. What the manifest says of the event holds for all that is in it.
  public mutating func add(_ other: Publication, of event: MISPManifest.Entry) {
    if event.marking == nil {
      indicators += other.indicators
    } else {
      for var indicator in other.indicators {
        indicator.marking = TLP.strictest(indicator.marking, event.marking)
        indicators.append(indicator)
      }
    }
    sightings += other.sightings
    warninglists += other.warninglists
    marking = TLP.strictest(marking, TLP.strictest(other.marking, event.marking))
    // The event mostly says the same, and is where it is told.
    if let text = event.unreadable, other.remarkCounts[.unreadableMarking] == nil {
      remark(event.place, .unreadableMarking(text))
    }
    markingDefinitions.merge(other.markingDefinitions) { TLP.strictest($0, $1) }
    remarkCounts.merge(other.remarkCounts, uniquingKeysWith: +)
    for var remark in other.remarks.prefix(max(0, Self.mostRemarks - remarks.count)) {
      remark.file = event.file
      remarks.append(remark)
    }
  }

  /// Tells that one of the source's files could not be had or read.
  public mutating func missed(_ file: String, because reason: String) {
    remark(.start, .missingFile(reason))
    if remarkCount == remarks.count { remarks[remarks.count - 1].file = file }
  }

  mutating func remark(_ place: TextPlace, _ cause: Remark.Cause) {
    remarkCounts[cause.kind, default: 0] += 1
    if remarks.count < Self.mostRemarks { remarks.append(Remark(place, cause)) }
  }
}

extension Publication.Remark.Cause {
  public var kind: Publication.Remark.Kind {
    switch self {
    case .noValue: .noValue
    case .readAs: .readAs
    case .notOfType: .notOfType
    case .unknownType: .unknownType
    case .badPattern: .badPattern
    case .danglingReference: .danglingReference
    case .unreadableMarking: .unreadableMarking
    case .badTime: .badTime
    case .unsupported: .unsupported
    case .repeated: .repeated
    case .missingFile: .missingFile
    case .notUTF8: .notUTF8
    }
  }
}
