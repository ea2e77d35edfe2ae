public import DNSWire
public import Estate
internal import FoundationEssentials
internal import GRDB
public import Names

/// What one pass changed in what is known to be wrong.
public struct PassChanges: Sendable {
  /// How one finding of the pass stands against those before.
  public struct Standing: Hashable, Sendable {
    public enum Change: Hashable, Sendable {
      case new
      /// Open before, with other values, severity or intention.
      case changed
      case same
    }

    public var since: Timestamp
    public var change: Change
  }

  /// In the order of the findings.
  public var standings: [Standing]
  /// Open before, within the scope, and not found again.
  public var gone: [StoredFinding]
  /// Open before and neither found again nor disproved, because the pass could not tell. They stay open.
  public var unconfirmed: [StoredFinding]
  /// The pass before over the same scope; `nil` for the first.
  public var before: Pass?
}

/// A finding as the store keeps it.
public struct StoredFinding: Hashable, Sendable {
  public var check: CheckID
  public var severity: Severity
  public var name: DomainName
  public var type: RRType?
  public var place: Place
  /// Absent where it could not be told.
  public var how: Departure.How?
  public var intended: [String]
  public var observed: [String]
  public var evidence: EvidenceID?
  public var since: Timestamp
  /// When it was last found.
  public var lastSeen: Timestamp
}

/// Records the findings of one pass; lives as long as its transaction.
struct FindingRecorder {
  private let database: Database
  private let scope: Scope
  private let time: Timestamp
  private var places = PlaceRows()
  /// The findings that are open, those of this pass included.
  private var open: [FindingKey: (id: Int64, finding: StoredFinding)] = [:]
  private var found: Set<FindingKey> = []
  /// What is new, says something else, or is gone, by id.
  private var news: [Int64: StoredFinding] = [:]

  init(_ database: Database, scope: Scope, at time: Timestamp) throws {
    (self.database, self.scope, self.time) = (database, scope, time)
    for (id, key, finding) in try StoredFinding.fetchOpen(database, declaration: scope.declaration) {
      open[key] = (id, finding)
    }
  }

  mutating func record(_ findings: [Finding], unsettled: [Expectation], totals: Totals) throws -> PassChanges {
    var standings: [PassChanges.Standing] = []
    var untold = Untold()
    for finding in findings {
      let key = try FindingKey(finding, place: places.id(of: finding.place, in: database))
      standings.append(try record(finding, key))
      found.insert(key)
      if key.how.isEmpty { untold.insert(key, at: finding.place) }
    }
    for expectation in unsettled {
      let key = try FindingKey(expectation, place: places.id(of: expectation.place, in: database))
      untold.insert(key, at: expectation.place)
    }

    var changes = PassChanges(standings: standings, gone: [], unconfirmed: [], before: nil)
    for (key, (id, finding)) in open.sorted(by: { $0.value.id < $1.value.id }) {
      guard !found.contains(key), scope.covers(finding) else { continue }
      if !key.how.isEmpty, untold.contains(key, at: finding.place) {
        changes.unconfirmed.append(finding)
        continue
      }
      changes.gone.append(finding)
      news[id] = finding
      try database.execute(sql: "UPDATE finding SET gone_at = ? WHERE id = ?", arguments: [time.milliseconds, id])
    }
    let seen = "[" + found.compactMap { open[$0].map { String($0.id) } }.joined(separator: ",") + "]"
    try database.execute(
      sql: "UPDATE finding SET last_seen = max(last_seen, ?) WHERE id IN (SELECT value FROM json_each(?))",
      arguments: [time.milliseconds, seen])
    try share(found: seen)
    changes.before = try Pass.record(
      database, scope, totals, found: try found.compactMap { key in try open[key].map { try key.line($0.finding) } }, at: time)
    return changes
  }

  /// Others are told what is new of the findings, and once a day what goes on.
  private func share(found seen: String) throws {
    var sharing = try FindingSharing(database, declaration: scope.declaration, at: time)
    let due = try sharing.due(among: seen)
    var told = news
    for key in found { if let (id, finding) = open[key], due.contains(id) { told[id] = finding } }
    for (id, finding) in told.sorted(by: { $0.key < $1.key }) { try sharing.tell(finding, id: id) }
  }

  private mutating func record(_ finding: Finding, _ key: FindingKey) throws -> PassChanges.Standing {
    let stored = StoredFinding(finding, since: open[key]?.finding.since ?? time, seen: time)
    let intended = try JSON.text(finding.intended)
    let observed = try JSON.text(finding.observed)
    let evidence = finding.evidence?.digest
    // Evidence that is not in the store is not pointed at.
    let pointer = "(SELECT digest FROM exchange WHERE digest = ?)"
    guard let (id, before) = open[key] else {
      try database.cachedStatement(
        sql: """
          INSERT INTO finding (declaration, check_id, place, name, type, how, first_seen, last_seen,
            severity, intended, observed, evidence) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, \(pointer))
          """
      ).execute(arguments: [
        scope.declaration, key.check, key.place, key.name, key.type, key.how, time.milliseconds, time.milliseconds,
        finding.severity.rawValue, intended, observed, evidence,
      ])
      open[key] = (database.lastInsertedRowID, stored)
      news[database.lastInsertedRowID] = stored
      return PassChanges.Standing(since: time, change: .new)
    }
    guard !stored.saysTheSame(as: before) else { return PassChanges.Standing(since: before.since, change: .same) }
    try database.cachedStatement(
      sql: "UPDATE finding SET severity = ?, intended = ?, observed = ?, evidence = \(pointer) WHERE id = ?"
    ).execute(arguments: [finding.severity.rawValue, intended, observed, evidence, id])
    open[key] = (id, stored)
    // Evidence alone is no change of the finding.
    let isChanged = (before.severity, before.intended, before.observed) != (stored.severity, stored.intended, stored.observed)
    if isChanged { news[id] = stored }
    return PassChanges.Standing(since: before.since, change: isChanged ? .changed : .same)
  }
}

/// Of what a pass could not tell.
private struct Untold {
  private var keys: Set<FindingKey> = []
  /// Where no server is named, none could be asked: that leaves open what was found at any server of the kind.
  private var everywhere: [Place.Kind: Set<FindingKey>] = [:]

  mutating func insert(_ key: FindingKey, at place: Place) {
    if place.server == nil { everywhere[place.kind, default: []].insert(Self.anywhere(key)) }
    var key = key
    key.how = ""
    keys.insert(key)
  }

  func contains(_ key: FindingKey, at place: Place) -> Bool {
    if everywhere[place.kind]?.contains(Self.anywhere(key)) == true { return true }
    var key = key
    key.how = ""
    return keys.contains(key)
  }

  private static func anywhere(_ key: FindingKey) -> FindingKey {
    FindingKey(check: key.check, place: 0, name: key.name, type: key.type, how: "")
  }
}

/// What makes a finding the same as an earlier one.
struct FindingKey: Hashable {
  var check: String
  var place: Int64
  var name: Data
  /// -1 where the finding is about no type.
  var type: Int64
  /// Empty where it could not be told.
  var how: String

  init(check: String, place: Int64, name: Data, type: Int64, how: String) {
    (self.check, self.place, self.name, self.type, self.how) = (check, place, name, type, how)
  }

  init(_ finding: Finding, place: Int64) {
    self.init(
      check: finding.check.rawValue, place: place, name: Data(finding.name.octets),
      type: finding.type.map { Int64($0.rawValue) } ?? -1, how: finding.how?.rawValue ?? "")
  }

  init(_ expectation: Expectation, place: Int64) {
    self.init(
      check: expectation.check.rawValue, place: place, name: Data(expectation.name.octets),
      type: Int64(expectation.type.rawValue), how: "")
  }

  /// One line that tells findings of one database apart.
  func line(_ finding: StoredFinding) throws -> String {
    try JSON.text(
      [check, String(place), finding.name.description, String(type), how, finding.severity.rawValue] + ["intended"]
        + finding.intended + ["observed"] + finding.observed)
  }
}

extension Finding {
  fileprivate var how: Departure.How? {
    if case .mismatch(let departure) = verdict { departure.how } else { nil }
  }
}

extension StoredFinding {
  init(_ finding: Finding, since: Timestamp, seen: Timestamp) {
    self.init(
      check: finding.check, severity: finding.severity, name: finding.name, type: finding.type, place: finding.place,
      how: finding.how, intended: finding.intended, observed: finding.observed, evidence: finding.evidence, since: since,
      lastSeen: seen)
  }

  fileprivate func saysTheSame(as other: StoredFinding) -> Bool {
    (severity, intended, observed, evidence) == (other.severity, other.intended, other.observed, other.evidence)
  }

  static func fetchOpen(
    _ database: Database, declaration: String
  ) throws -> [(id: Int64, key: FindingKey, finding: StoredFinding)] {
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT f.*, p.kind, p.server, p.zone, p.name_server FROM finding f JOIN place p ON p.id = f.place
        WHERE f.declaration = ? AND f.gone_at IS NULL ORDER BY f.id
        """, arguments: [declaration])
    var open: [(id: Int64, key: FindingKey, finding: StoredFinding)] = []
    while let row = try rows.next() { open.append(try read(row)) }
    return open
  }

  /// Reads a row of findings with the columns of their places.
  static func read(_ row: Row) throws -> (id: Int64, key: FindingKey, finding: StoredFinding) {
    let key = FindingKey(
      check: row["check_id"], place: row["place"], name: row["name"], type: row["type"], how: row["how"])
    let evidence: Data? = row["evidence"]
    guard let place = Place(kind: row["kind"], server: row["server"], zone: row["zone"], nameServer: row["name_server"]),
      let name = DomainName(stored: key.name), let severity = Severity(rawValue: row["severity"]),
      let how = key.how.isEmpty ? .some(nil) : Departure.How(rawValue: key.how).map(Optional.some)
    else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a finding cannot be read") }
    let finding = StoredFinding(
      check: CheckID(rawValue: key.check), severity: severity, name: name,
      type: UInt16(exactly: key.type).map { RRType($0) }, place: place, how: how,
      intended: try JSON.list(row["intended"]), observed: try JSON.list(row["observed"]),
      evidence: evidence.map(EvidenceID.init(digest:)), since: Timestamp(milliseconds: row["first_seen"]),
      lastSeen: Timestamp(milliseconds: row["last_seen"]))
    return (row["id"], key, finding)
  }
}

/// Lists of texts as the database holds them.
enum JSON {
  /// As JSONEncoder writes it; making one takes longer than all else that a row of a long list needs.
  static func text(_ list: [String]) throws -> String {
    let texts = try list.map { text in
      let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && !"\"\\/".utf8.contains($0) }
      return isPlain ? "\"" + text + "\"" : String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
    }
    return "[" + texts.joined(separator: ",") + "]"
  }

  static func list(_ text: String) throws -> [String] { try JSONDecoder().decode([String].self, from: Data(text.utf8)) }
}
