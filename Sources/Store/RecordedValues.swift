public import DNSWire
public import Estate
internal import GRDB
public import Indicators
public import Names

/// A name or an address that stood in the data of a record, as a place told it.
public struct RecordedValue: Hashable, Sendable {
  /// A name as a whole, or an address.
  public var value: Observable
  /// What was asked.
  public var name: DomainName
  /// Whose record holds it: the name that was asked, one behind an alias, or a name server of a referral.
  public var owner: DomainName
  /// Of the record.
  public var type: RRType
  public var place: Place
  public var firstSeen: Timestamp
  public var lastSeen: Timestamp
  /// The octets, as they came first.
  public var evidence: EvidenceID?
}

/// The values in all that was ever answered, in pages: what indicators are looked for in.
public struct RecordedValues: Sendable {
  /// Answers in a page. One has at most 64 kB.
  private static let pageSize = 256

  private let connection: Connection
  /// Whoever has the connection closes it; what is read here keeps it open.
  private let owner: any AnyObject & Sendable
  /// The interval that came last.
  private var last: Int64 = 0

  init(_ connection: Connection, of owner: any AnyObject & Sendable) { (self.connection, self.owner) = (connection, owner) }

  /// The next page; it may be empty. `nil` after the last.
  /// - Throws: ``StoreFault``
  public mutating func next() throws -> [RecordedValue]? {
    guard let answers = try nextAnswers() else { return nil }
    return answers.flatMap(\.values)
  }

  /// The names that are known to have stood at each of these addresses. An address that was never seen is left out.
  /// - Throws: ``StoreFault``
  public func names(at addresses: Set<IPAddress>) throws -> [IPAddress: Set<DomainName>] {
    var pages = RecordedValues(connection, of: owner)
    var names: [IPAddress: Set<DomainName>] = [:]
    while let answers = try pages.nextAnswers() {
      for answer in answers {
        // An alias stands where its target does. A referral's name server does not: its address was not what was asked.
        for set in answer.reply.answers {
          for address in set.data.flatMap(\.addresses) where addresses.contains(address) && set.isOfAddresses {
            names[address, default: []].formUnion([set.name, answer.name])
          }
        }
        for set in answer.reply.glue {
          for address in set.data.flatMap(\.addresses) where addresses.contains(address) {
            names[address, default: []].insert(set.name)
          }
        }
      }
    }
    return names
  }

  private mutating func nextAnswers() throws -> [RecordedAnswer]? {
    let page = try connection.read { [last] database, _ in
      try RecordedAnswer.fetch(database, after: last, limit: Self.pageSize)
    }
    guard let end = page.last else { return nil }
    last = end.id
    return page.compactMap(\.answer)
  }
}

extension Store {
  public var recordedValues: RecordedValues { RecordedValues(connection, of: self) }
}

extension StoreReader {
  public var recordedValues: RecordedValues { RecordedValues(connection, of: self) }
}
