internal import Crypto
public import Estate
internal import FoundationEssentials
internal import GRDB
public import Names

/// What a pass looked at: which declaration, and which part of it. What it did not look at cannot be gone.
public struct Scope: Hashable, Sendable {
  /// Which declaration, where one state folder serves several: its path, or the organisation's name.
  public var declaration: String
  /// Only these domains and the names below them; `nil`: all.
  public var domains: Set<DomainName>?
  /// Only these servers; `nil`: all.
  public var servers: Set<Server>?

  public init(declaration: String, domains: Set<DomainName>? = nil, servers: Set<Server>? = nil) {
    (self.declaration, self.domains, self.servers) = (declaration, domains, servers)
  }

  func covers(_ finding: StoredFinding) -> Bool {
    if let domains, !domains.contains(where: finding.name.isAtOrBelow) { return false }
    guard let servers else { return true }
    return finding.place.server.map(servers.contains) ?? false
  }

  /// Equal scopes have equal texts.
  var text: String {
    func list(_ items: [String]?) -> String { items.map { $0.sorted().joined(separator: " ") } ?? "*" }
    return list(domains?.map(\.description)) + " @ " + list(servers?.map(\.description))
  }
}

/// Passes over one scope that found the same, one after the other.
public struct Pass: Hashable, Sendable {
  public var totals: Totals
  public var first: Timestamp
  public var last: Timestamp
  /// How many there were.
  public var times: Int
}

extension Pass {
  static func fetchLast(_ database: Database, _ scope: Scope) throws -> Pass? {
    try fetchLastRow(database, scope)?.pass
  }

  private static func fetchLastRow(_ database: Database, _ scope: Scope) throws -> (id: Int64, findings: Data, pass: Pass)? {
    let row = try Row.fetchOne(
      database,
      sql: """
        SELECT id, findings, matched, mismatched, not_told, first_seen, last_seen, times FROM pass
        WHERE declaration = ? AND scope = ? ORDER BY id DESC LIMIT 1
        """, arguments: [scope.declaration, scope.text])
    guard let row else { return nil }
    return (
      row[0], row[1],
      Pass(
        totals: Totals(match: row[2], mismatch: row[3], couldNotTell: row[4]), first: Timestamp(milliseconds: row[5]),
        last: Timestamp(milliseconds: row[6]), times: row[7])
    )
  }

  /// Adds a pass: to the last row of its scope if it found the same, else as a new row.
  /// - Parameter found: The open findings in canonical form, in any order.
  /// - Returns: The pass before.
  static func record(
    _ database: Database, _ scope: Scope, _ totals: Totals, found: [String], at time: Timestamp
  ) throws -> Pass? {
    var hash = SHA256()
    for line in found.sorted() {
      // A line is JSON and holds no line feed, so two lists cannot give the same octets.
      hash.update(data: Array(line.utf8))
      hash.update(data: [0x0A])
    }
    let digest = Data(hash.finalize())
    let before = try fetchLastRow(database, scope)
    if let before, before.findings == digest, before.pass.totals == totals {
      try database.execute(
        sql: "UPDATE pass SET last_seen = max(last_seen, ?), times = times + 1 WHERE id = ?",
        arguments: [time.milliseconds, before.id])
    } else {
      try database.execute(
        sql: """
          INSERT INTO pass (declaration, scope, matched, mismatched, not_told, findings, first_seen, last_seen, times)
          VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, 1)
          """,
        arguments: [
          scope.declaration, scope.text, totals.match, totals.mismatch, totals.couldNotTell, digest, time.milliseconds,
        ])
    }
    return before?.pass
  }
}
