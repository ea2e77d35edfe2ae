public import DNSWire
import Names

/// Questions to one server, laid flat: a column for each property, without an object for each question. What judgement hands
/// the probe where a ``Query`` each would be too much.
public struct QuestionPage: Sendable {
  /// Properties of a question.
  public struct Flags: OptionSet, Hashable, Sendable {
    public var rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// RD (RFC 1035 §4.1.1).
    public static let recursionDesired = Flags(rawValue: 1)
    /// DO (RFC 3225).
    public static let dnssecOK = Flags(rawValue: 2)
    /// One attempt only: somebody else will be asked instead.
    public static let once = Flags(rawValue: 4)
  }

  /// The names in wire form, lower-cased, and what may stand between them.
  public private(set) var names: [UInt8] = []
  /// Where each name begins in ``names``; it ends with its zero octet.
  public private(set) var starts: [UInt32] = []
  public private(set) var types: [UInt16] = []
  public private(set) var flags: [Flags] = []
  /// What whoever asks calls each question; no two of a run are the same.
  public private(set) var numbers: [UInt32] = []
  /// A reply that meets this is counted and not kept.
  public private(set) var expected: [ExpectedAnswer] = []

  public init(reserving count: Int = 0) {
    self.init(of: [], reserving: count)
    names.reserveCapacity(count * 24)
  }

  /// A page of names that stand there already: they are not copied.
  public init(of names: [UInt8], reserving count: Int = 0) {
    self.names = names
    starts.reserveCapacity(count)
    types.reserveCapacity(count)
    flags.reserveCapacity(count)
    numbers.reserveCapacity(count)
    expected.reserveCapacity(count)
  }

  public var count: Int { numbers.count }

  /// - Parameter name: In wire form, lower-cased, with its zero octet: at most 255 octets.
  public mutating func append(
    _ number: UInt32, _ name: Span<UInt8>, _ type: RRType, flags: Flags = [], expected: ExpectedAnswer = .anything
  ) {
    let start = names.count
    for index in name.indices { names.append(name[index]) }
    append(number, nameAt: start, type, flags: flags, expected: expected)
  }

  /// - Parameter start: Where the name stands in ``names``; below 2³².
  public mutating func append(
    _ number: UInt32, nameAt start: Int, _ type: RRType, flags: Flags = [], expected: ExpectedAnswer = .anything
  ) {
    starts.append(UInt32(truncatingIfNeeded: start))
    types.append(type.rawValue)
    self.flags.append(flags)
    numbers.append(number)
    self.expected.append(expected)
  }
}
