public import Names

/// A record of a master file and the place where it begins.
public struct ZoneRecord: Hashable, Sendable {
  public var record: ResourceRecord
  public var position: SourcePosition

  public init(record: ResourceRecord, position: SourcePosition) {
    (self.record, self.position) = (record, position)
  }
}

/// A master file, read whole (RFC 1035 §5, RFC 2308 §4, RFC 3597 §5, and BIND's $GENERATE and TTL units).
///
/// Reading never throws and never stops at the first fault: what can be read is in ``records``, everything else in ``faults``.
/// A zone that has faults is not the zone its owner meant; use it only to say more about it.
public struct ZoneFile: Sendable {
  /// How many faults and how many warnings are kept; the rest is counted.
  public static let mostFaults = 100
  /// How many records all $GENERATE of a zone may make.
  public static let mostGenerated = 1_000_000
  /// How deep files may include each other.
  public static let deepestInclude = 20
  /// How many files a zone may include.
  public static let mostIncludes = 1_000

  /// The zone's own name; every record is at or below it.
  public let origin: DomainName
  /// The records, laid flat.
  public internal(set) var table: ZoneTable
  /// The records as objects, made when asked for, in the order of the file. An RRset has one TTL, the smallest written
  /// (RFC 2181 §5.2).
  public var records: ZoneRecords { ZoneRecords(table) }
  /// What is wrong, by file and place in the order of reading; at most ``mostFaults``.
  public internal(set) var faults: [ZoneFault] = []
  /// All faults, those beyond the kept ones too.
  public internal(set) var faultCount = 0
  /// What is legal and still deserves a look; at most ``mostFaults``.
  public internal(set) var warnings: [ZoneFault] = []
  public internal(set) var warningCount = 0
  /// Records written more than once. They are one record in DNS (RFC 2181 §5) and stand once in ``records``.
  public internal(set) var duplicateCount = 0

  /// Reads a master file.
  ///
  /// - Parameters:
  ///   - octets: The file. Its size is the caller's to limit; memory grows in proportion to it.
  ///   - file: The name that positions carry.
  ///   - origin: The zone's name, to which relative names and `@` belong until $ORIGIN says otherwise.
  ///   - defaultTTL: In seconds, as if a $TTL stood above the file.
  ///   - include: Gives the octets of an included file, or throws an error whose text finishes the sentence
  ///     `"PATH" cannot be included: …`. BIND resolves paths against the server's folder, not the including file's.
  public init(
    octets: [UInt8], file: String, origin: DomainName, defaultTTL: UInt32? = nil,
    include: (_ path: String, _ at: SourcePosition) throws -> [UInt8] = { _, _ in throw IncludeRefused() }
  ) {
    self.init(octets: octets, file: file, origin: origin, defaultTTL: defaultTTL, limits: ZoneTable.Limits(), include: include)
  }

  /// Reads a master file into a table of less room than there could be.
  init(
    octets: [UInt8], file: String, origin: DomainName, defaultTTL: UInt32? = nil, limits: ZoneTable.Limits,
    include: (_ path: String, _ at: SourcePosition) throws -> [UInt8]
  ) {
    var reader = ZoneReader(origin: origin, defaultTTL: defaultTTL, limits: limits)
    reader.read(octets, file: file, including: [], include: include)
    self = reader.finished()
  }

  init(origin: DomainName) { (self.origin, table) = (origin, ZoneTable(origin: origin)) }

  mutating func add(fault: ZoneFault) {
    faultCount += 1
    if faults.count < Self.mostFaults { faults.append(fault) }
  }

  mutating func add(warning: ZoneFault) {
    warningCount += 1
    if warnings.count < Self.mostFaults { warnings.append(warning) }
  }
}

/// What a zone reader that was given no way to include files answers.
public struct IncludeRefused: Error, CustomStringConvertible {
  public init() {}
  public var description: String { "files may not be included here" }
}
