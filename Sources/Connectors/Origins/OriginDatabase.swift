import Estate
public import Names

/// Which autonomous systems announce an address, from a file: a MaxMind database or CAIDA's pfx2as text, told apart by content.
public struct OriginDatabase: Sendable {
  public enum Kind: Hashable, Sendable {
    /// What the database calls itself: `GeoLite2-ASN`.
    case maxMind(String)
    /// Prefixes, as many.
    case prefixes(Int)
  }

  private enum Source {
    case maxMind(MaxMindFile)
    case prefixes(PrefixOrigins)
  }

  public let path: String
  public let kind: Kind
  /// When the data were put together: what a MaxMind database says, or the time of the last change of a text file.
  public let builtAt: Timestamp
  private let source: Source

  /// Opens a file; a text is read whole into memory, a MaxMind database is mapped and must not be changed in place while it is
  /// in use (a new file under the same name is no harm).
  public init(path: String) throws(OriginFault) {
    self.path = path
    let file = try OriginFile(path)
    defer { file.close() }
    if try file.hasMaxMindMark() {
      let database = try MaxMindFile(path)
      kind = .maxMind(database.type)
      builtAt = database.builtAt
      source = .maxMind(database)
    } else {
      let origins = try PrefixOrigins.read(file)
      kind = .prefixes(origins.count)
      builtAt = file.changedAt
      source = .prefixes(origins)
    }
  }

  /// The autonomous systems whose announcement of the longest prefix covers an address, in ascending order: none where the file
  /// knows of no announcement, several where the file names several.
  ///
  /// - Throws: ``OriginFault`` where the database is damaged at this place: the answer is not known then.
  public func origins(of address: IPAddress) throws(OriginFault) -> [UInt32] {
    switch source {
    case .maxMind(let database): try database.origins(of: address)
    case .prefixes(let origins): origins.origins(of: address)
    }
  }
}
