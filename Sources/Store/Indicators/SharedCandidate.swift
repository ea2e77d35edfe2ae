internal import GRDB
internal import Indicators
internal import Names

/// An indicator that stands, before it is known whether another one of the same identity takes its place.
struct SharedCandidate {
  var id: Int64
  var source: Int64
  /// Of its source, which brought it.
  var revision: Int
  var key: IndicatorKey
  var hash: UInt64
  var indicator: Indicator

  /// Those of a block that stand and have a greater id.
  static func all(of block: StoredBlock, after last: Int64) throws -> [SharedCandidate] {
    try (0..<block.indicators.count).filter { block.id($0) > last && block.stood($0, at: nil) }.map { index in
      SharedCandidate(
        id: block.id(index), source: block.source, revision: block.firstRevision, key: block.indicators.key(index),
        hash: block.indicators.hashes[index],
        indicator: try block.indicators.indicator(index))
    }
  }

  /// Those of some candidates in whose place stands another one: of the same id, of any source, or of the same row of their list.
  static func beaten(_ candidates: [SharedCandidate], _ database: Database) throws -> Set<Int64> {
    guard !candidates.isEmpty else { return [] }
    let byKey = Dictionary(grouping: candidates, by: \.key)
    let hashes = Set(candidates.map(\.hash))
    // What only its list tells from others has none of its identity elsewhere.
    let ownSources = candidates.contains(where: \.key.isOwnID) ? nil : Set(candidates.map(\.source))
    let among = ownSources.map { " AND source IN (\($0.map(String.init).joined(separator: ", ")))" } ?? ""
    let blocks = try StoredBlock.fetchCursor(database, where: StoredBlock.stands + among, holding: hashes)
    var beaten: Set<Int64> = []
    while let block = try blocks.next() {
      for index in 0..<block.indicators.count where hashes.contains(block.indicators.hashes[index]) && block.stood(index, at: nil)
      {
        for candidate in byKey[block.indicators.key(index)] ?? [] where candidate.id != block.id(index) {
          guard candidate.key.isOwnID || candidate.source == block.source else { continue }
          if candidate.isBeaten(by: try block.indicators.indicator(index), id: block.id(index)) { beaten.insert(candidate.id) }
        }
      }
    }
    return beaten
  }

  /// What was changed last counts, and of two that are equally old the one that came first.
  private func isBeaten(by other: Indicator, id otherID: Int64) -> Bool {
    let (own, others) = (indicator.modified?.milliseconds ?? 0, other.modified?.milliseconds ?? 0)
    return others > own || (others == own && otherID < id)
  }
}

/// What is told of a source together with its indicators.
struct SharedSource {
  var name: String
  var firstRead: Timestamp
  /// When each revision was added.
  var added: [Int: Int64]

  static func fetchAll(_ database: Database) throws -> [Int64: SharedSource] {
    var sources: [Int64: SharedSource] = [:]
    for row in try Row.fetchAll(database, sql: "SELECT id, name, first_read FROM indicator_source") {
      sources[row[0]] = SharedSource(name: row[1], firstRead: Timestamp(milliseconds: row[2]), added: [:])
    }
    for row in try Row.fetchAll(database, sql: "SELECT source, number, added_at FROM indicator_revision") {
      sources[row[0]]?.added[row[1]] = row[2]
    }
    return sources
  }
}
