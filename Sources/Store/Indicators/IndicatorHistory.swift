internal import GRDB
public import Indicators

/// The indicators that sources published, as they stand and as they stood.
public struct IndicatorHistory: Sendable {
  let connection: Connection
  /// Whoever has the connection closes it; what is read here keeps it open.
  private let owner: any AnyObject & Sendable

  init(_ connection: Connection, of owner: any AnyObject & Sendable) { (self.connection, self.owner) = (connection, owner) }

  /// All sources, by name.
  /// - Throws: ``StoreFault``, as all that is read here does.
  public func sources() throws -> [KnownIndicatorSource] {
    try connection.read { database, _ in try KnownIndicatorSource.fetchAll(database).map(\.source) }
  }

  /// - Returns: `nil` where nothing was taken from a source of this name.
  public func source(_ name: String) throws -> KnownIndicatorSource? {
    try connection.read { database, _ in try KnownIndicatorSource.fetch(database, name: name)?.source }
  }

  /// The revisions of a source, the first one first.
  /// - Throws: ``StoreFault/unknownSource(_:)``
  public func revisions(of source: String) throws -> [IndicatorRevision] {
    try connection.read { database, _ in
      try IndicatorRevision.fetchAll(database, source: KnownIndicatorSource.find(database, name: source).id)
    }
  }

  /// What a source said had been seen, in a revision; what stands where none is given.
  /// - Throws: ``StoreFault/unknownSource(_:)``, ``StoreFault/unknownRevision(source:_:last:)``
  public func sightings(of source: String, at revision: Int? = nil) throws -> [Sighting] {
    try connection.read { database, _ in
      let id = try Self.find(database, source, revision).id
      return try Sighting.fetch(database, source: id, at: revision).map(\.sighting)
    }
  }

  /// The values of a warninglist that stood in a revision; those that stand where none is given.
  /// - Throws: ``StoreFault/unknownSource(_:)``, ``StoreFault/unknownRevision(source:_:last:)``
  public func warninglistValues(of source: String, at revision: Int? = nil) throws -> [WarninglistValue] {
    try connection.read { database, _ in
      let (id, number) = try Self.find(database, source, revision)
      return try WarninglistValue.fetch(database, source: id, at: number)
    }
  }

  /// The warninglists that stand, by the names that they have or that their sources have. What they say of themselves beside that is
  /// not kept.
  public func warninglists() throws -> [Warninglist] {
    try connection.read { database, _ in
      let sources = try KnownIndicatorSource.fetchAll(
        database, where: "AND format = ?", arguments: [Publication.Format.warninglist.rawValue])
      return try sources.flatMap { id, known in
        let name = known.title.flatMap { $0.isEmpty ? nil : $0 } ?? known.source.name
        let values = try WarninglistValue.fetch(database, source: id, at: known.revision.number)
        return Dictionary(grouping: values, by: \.kind).map { kind, values in
          Warninglist(name: name, description: "", kind: kind, values: values.map(\.value))
        }
      }
    }
  }

  /// The indicators that stand, of all sources, in the order in which they came.
  public func indicators() -> IndicatorPages { IndicatorPages(connection, of: owner, .all) }

  /// The indicators of a source that stood in a revision; those that stand where none is given.
  /// - Throws: ``StoreFault/unknownSource(_:)``, ``StoreFault/unknownRevision(source:_:last:)``
  public func indicators(of source: String, at revision: Int? = nil) throws -> IndicatorPages {
    let (id, number) = try connection.read { database, _ in try Self.find(database, source, revision) }
    return IndicatorPages(connection, of: owner, .source(id: id, revision: number))
  }

  /// What a source says in one revision and not in another; from 0 on, all is added.
  /// - Throws: ``StoreFault/unknownSource(_:)``, ``StoreFault/unknownRevision(source:_:last:)``
  public func difference(of source: String, from: Int, to: Int? = nil) throws -> IndicatorDifference {
    try connection.read { database, _ in
      if from != 0 { _ = try Self.find(database, source, from) }
      let (id, to) = try Self.find(database, source, to)
      return try IndicatorDifference.fetch(database, source: id, from: from, to: to)
    }
  }

  private static func find(_ database: Database, _ source: String, _ revision: Int?) throws -> (id: Int64, revision: Int) {
    let (id, known) = try KnownIndicatorSource.find(database, name: source)
    let last = known.revision.number
    let number = revision ?? last
    guard number >= 1, number <= last else { throw StoreFault.unknownRevision(source: source, number, last: last) }
    return (id, number)
  }
}

extension Store {
  public var indicators: IndicatorHistory { IndicatorHistory(connection, of: self) }
}

extension StoreReader {
  public var indicators: IndicatorHistory { IndicatorHistory(connection, of: self) }
}
