internal import DNSWire
internal import GRDB
public import Names

/// A finding as others are given it. It is a new version when it changes, when it is gone, and once a day while it goes on; so
/// what is given grows with change, and still says that a finding stands.
public struct SharedFinding: Hashable, Sendable {
  /// Of this database.
  public var id: Int64
  /// Its ``StoredFinding/lastSeen`` belongs to no version; see ``lastObserved``.
  public var finding: StoredFinding
  /// When a pass no longer found it.
  public var goneAt: Timestamp?
  /// By which its versions are told apart: when a pass told this one.
  public var modified: Timestamp
  /// Microseconds since 1970; no other entry has it, nor the microsecond after it.
  public var added: Int64

  /// When it was found last, as this version says.
  public var lastObserved: Timestamp { goneAt == nil ? modified : min(finding.lastSeen, modified) }
}

/// A name or an address that findings are about.
public struct SharedObservable: Hashable, Sendable {
  /// As STIX has it: `domain-name`, `ipv4-addr`, `ipv6-addr`.
  public var type: String
  public var value: String

  public init(type: String, value: String) { (self.type, self.value) = (type, value) }
}

/// What is added to the findings that others are given, one after the other.
public enum SharedEntry: Hashable, Sendable {
  case observable(SharedObservable, added: Int64)
  case finding(SharedFinding)

  /// Microseconds since 1970; it orders them.
  public var added: Int64 {
    switch self {
    case .observable(_, let added): added
    case .finding(let finding): finding.added
    }
  }
}

extension StoredFinding {
  /// What it is about: the host that its name is, or belongs to as `_443._tcp.www.example` does; and the names and addresses that
  /// were observed and not intended. Empty where there is no host.
  public var observables: [SharedObservable] {
    let host = sequence(first: name, next: \.parent).lazy.compactMap { SharedObservable(host: $0) }.first
    guard let host else { return [] }
    var all = [host]
    for text in observed where !intended.contains(text) {
      if let one = type.flatMap({ Self.observable(text, $0) }), !all.contains(one) { all.append(one) }
    }
    return all
  }

  /// The address or the name in a record's presentation form, which is the last of its fields; what a check says instead of a
  /// record is neither.
  private static func observable(_ text: String, _ type: RRType) -> SharedObservable? {
    let fields = text.split(separator: " ")
    switch (type, fields.count) {
    case (.a, 1), (.aaaa, 1):
      guard let address = IPAddress(text) else { return nil }
      if case .v4 = address { return SharedObservable(type: "ipv4-addr", value: "\(address)") }
      return SharedObservable(type: "ipv6-addr", value: "\(address)")
    case (.ns, 1), (.cname, 1), (.ptr, 1), (.mx, 2), (.srv, 4):
      guard let last = fields.last, last.hasSuffix(".") else { return nil }
      return (try? DomainName(String(last))).flatMap { SharedObservable(host: $0) }
    default: return nil
    }
  }
}

extension SharedObservable {
  /// STIX wants letters, digits and hyphens in a name (§6.4: RFC 1034, RFC 5890), and writes it without the dot at its end.
  ///
  /// `nil` for a name with other labels, such as `_dmarc`, and for the root.
  init?(host name: DomainName) {
    guard name != .root, name.labels().allSatisfy(Self.isHostLabel) else { return nil }
    self.init(type: "domain-name", value: String("\(name)".dropLast()))
  }

  /// RFC 5890 §2.3.1: hyphens in the third and fourth place are for labels that are encoded.
  private static func isHostLabel(_ label: ArraySlice<UInt8>) -> Bool {
    let hyphen = UInt8(ascii: "-")
    guard label.first != hyphen, label.last != hyphen, label.allSatisfy({ $0 == hyphen || $0 &- 0x30 < 10 || $0 &- 0x61 < 26 })
    else { return false }
    return !label.dropFirst(2).starts(with: [hyphen, hyphen]) || label.starts(with: "xn".utf8)
  }
}

/// Tells findings of one pass to others; lives as long as its transaction.
struct FindingSharing {
  private let database: Database
  private let declaration: String
  private let time: Timestamp
  private var next: Int64

  /// While a finding goes on, it is told so often.
  private static let repetition: Int64 = 86_400_000  // milliseconds

  init(_ database: Database, declaration: String, at time: Timestamp) throws {
    (self.database, self.declaration, self.time) = (database, declaration, time)
    // A finding takes two microseconds.
    let last = try Int64.fetchOne(
      database,
      sql: """
        SELECT max(coalesce((SELECT max(added_at) + 1 FROM finding WHERE added_at IS NOT NULL), 0),
          coalesce((SELECT max(added_at) FROM shared_observable), 0))
        """)
    next = max(time.milliseconds * 1000, (last ?? 0) + 1)
  }

  /// Those of these findings that were not told for a day.
  func due(among ids: String) throws -> Set<Int64> {
    try Int64.fetchSet(
      database,
      sql: "SELECT id FROM finding WHERE id IN (SELECT value FROM json_each(?)) AND (modified IS NULL OR modified <= ?)",
      arguments: [ids, time.milliseconds - Self.repetition])
  }

  /// Makes a new version of a finding the one that others are given. One that could not be told is no fact, and not for others.
  mutating func tell(_ finding: StoredFinding, id: Int64) throws {
    let observables = finding.observables
    guard finding.how != nil, !observables.isEmpty else { return }
    let observable = try database.cachedStatement(
      sql: "INSERT OR IGNORE INTO shared_observable (added_at, declaration, type, value) VALUES (?, ?, ?, ?)")
    for one in observables {
      try observable.execute(arguments: [next, declaration, one.type, one.value])
      if database.changesCount > 0 { next += 1 }
    }
    try database.cachedStatement(
      sql: "UPDATE finding SET modified = max(?, coalesce(modified + 1, 0)), added_at = ? WHERE id = ?"
    ).execute(arguments: [time.milliseconds, next, id])
    next += 2
  }
}

extension StoreReader {
  /// What is given to others of a declaration's findings, in the order in which it came.
  ///
  /// - Parameters:
  ///   - added: Only what was added later, in microseconds since 1970.
  ///   - limit: At most so many.
  /// - Throws: ``StoreFault``
  public func sharedFindings(declaration: String, after added: Int64, limit: Int) throws -> [SharedEntry] {
    try connection.read { database, _ in
      let observables = try Row.fetchAll(
        database,
        sql:
          "SELECT added_at, type, value FROM shared_observable WHERE declaration = ? AND added_at > ? ORDER BY added_at LIMIT ?",
        arguments: [declaration, added, limit]
      ).map { SharedEntry.observable(SharedObservable(type: $0[1], value: $0[2]), added: $0[0]) }
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT f.*, p.kind, p.server, p.zone, p.name_server FROM finding f JOIN place p ON p.id = f.place
          WHERE f.declaration = ? AND f.added_at > ? ORDER BY f.added_at LIMIT ?
          """, arguments: [declaration, added, limit])
      var findings: [SharedEntry] = []
      while let row = try rows.next() {
        let (id, _, finding) = try StoredFinding.read(row)
        findings.append(
          .finding(
            SharedFinding(
              id: id, finding: finding, goneAt: (row["gone_at"] as Int64?).map(Timestamp.init(milliseconds:)),
              modified: Timestamp(milliseconds: row["modified"]), added: row["added_at"])))
      }
      return Array((observables + findings).sorted { $0.added < $1.added }.prefix(limit))
    }
  }
}
