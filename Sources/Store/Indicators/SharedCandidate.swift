internal import GRDB
internal import Indicators
internal import Names

/// An indicator that stands or was withdrawn, before it is known whether another one of the same identity takes its place.
struct SharedCandidate {
  /// Its id, or the one of its withdrawal.
  var number: Int64
  var source: Int64
  /// Of its source, which brought or withdrew it.
  var revision: Int
  var key: IndicatorKey
  var hash: UInt64
  var indicator: Indicator

  /// Those of a block that stand and have a greater id.
  /// - Parameter hashes: Where they are given, only those that have one of them.
  static func all(of block: StoredBlock, after last: Int64, holding hashes: Set<UInt64>?) throws -> [SharedCandidate] {
    try (0..<block.indicators.count).filter { index in
      block.id(index) > last && block.stood(index, at: nil) && hashes?.contains(block.indicators.hashes[index]) ?? true
    }.map { index in
      SharedCandidate(
        number: block.id(index), source: block.source, revision: block.firstRevision, key: block.indicators.key(index),
        hash: block.indicators.hashes[index],
        indicator: try block.indicators.indicator(index))
    }
  }

  /// Those that were withdrawn with a greater number, some at a time, as revoked; none at the end.
  static func withdrawn(after number: Int64, _ database: Database) throws -> [SharedCandidate] {
    let numbers = try Int64.fetchAll(
      database, sql: "SELECT withdrawal FROM indicator_end WHERE withdrawal > ? ORDER BY withdrawal LIMIT 1000",
      arguments: [number])
    guard let last = numbers.last else { return [] }
    let blocks = try StoredBlock.fetchCursor(
      database, where: "first_id IN (SELECT block FROM indicator_end WHERE withdrawal > ? AND withdrawal <= ?)", [number, last])
    var candidates: [SharedCandidate] = []
    while let block = try blocks.next() {
      for (index, end) in block.ends {
        guard let withdrawal = end.withdrawal, withdrawal > number, withdrawal <= last else { continue }
        var indicator = try block.indicators.indicator(index)
        indicator.isRevoked = true
        candidates.append(
          SharedCandidate(
            number: withdrawal, source: block.source, revision: end.lastRevision &+ 1, key: block.indicators.key(index),
            hash: block.indicators.hashes[index], indicator: indicator))
      }
    }
    return candidates.sorted { $0.number < $1.number }
  }

  /// Those of some that were withdrawn, and stand again or were withdrawn once more.
  static func notLastWithdrawn(_ candidates: [SharedCandidate], _ database: Database) throws -> Set<Int64> {
    guard !candidates.isEmpty else { return [] }
    let hashes = Set(candidates.map(\.hash))
    let sources = Set(candidates.map(\.source)).map(String.init).joined(separator: ", ")
    let blocks = try StoredBlock.fetchCursor(database, where: "source IN (\(sources))", holding: hashes)
    let wanted = Set(candidates.map(\.identity))
    var (standing, lastNumbers): (Set<Identity>, [Identity: Int64]) = ([], [:])
    while let block = try blocks.next() {
      for index in 0..<block.indicators.count where hashes.contains(block.indicators.hashes[index]) {
        let identity = Identity(block.indicators.key(index), of: block.source)
        guard wanted.contains(identity) else { continue }
        if block.stood(index, at: nil) { standing.insert(identity) }
        if let number = block.ends[index]?.withdrawal { lastNumbers[identity] = max(lastNumbers[identity] ?? 0, number) }
      }
    }
    return Set(
      candidates.filter { standing.contains($0.identity) || lastNumbers[$0.identity] != $0.number }.map(\.number))
  }

  /// Those of some candidates in whose place stands another one: of the same id, of any source, or of the same row of their list.
  static func beaten(_ candidates: [SharedCandidate], _ database: Database) throws -> Set<Int64> {
    guard !candidates.isEmpty else { return [] }
    let wanted = Set(candidates.map(\.identity))
    var hashes = Set(candidates.map(\.hash))
    for identity in wanted { hashes.formUnion(identity.spellings.map(\.hash)) }
    // What only its list tells from others has none of its identity elsewhere.
    let ownSources = candidates.contains(where: \.key.isOwnID) ? nil : Set(candidates.map(\.source))
    let among = ownSources.map { " AND source IN (\($0.map(String.init).joined(separator: ", ")))" } ?? ""
    let blocks = try StoredBlock.fetchCursor(database, where: StoredBlock.stands + among, holding: hashes)
    let received = try Int64.fetchSet(
      database, sql: "SELECT id FROM indicator_source WHERE kind = ?", arguments: [IndicatorSource.Kind.received.rawValue])
    // What others sent takes nobody's place: whoever may send could hide or revoke what other sources say. Then what was changed
    // last counts, and of two that are equally old the one that came first. Each is looked at once: a source may tell thousands of
    // one id.
    var best: [Identity: (isReceived: Bool, modified: Int64, id: Int64)] = [:]
    while let block = try blocks.next() {
      let isReceived = received.contains(block.source)
      for index in 0..<block.indicators.count where hashes.contains(block.indicators.hashes[index]) && block.stood(index, at: nil)
      {
        let identity = Identity(block.indicators.key(index), of: block.source)
        guard wanted.contains(identity) else { continue }
        let modified = try block.indicators.indicator(index).modified?.milliseconds ?? 0
        if let other = best[identity] {
          // Ids rise from block to block.
          guard isReceived == other.isReceived ? modified > other.modified : other.isReceived else { continue }
        }
        best[identity] = (isReceived, modified, block.id(index))
      }
    }
    return Set(
      candidates.filter { candidate in best[candidate.identity].map { $0.id != candidate.number } ?? false }.map(\.number))
  }

  var identity: Identity { Identity(key, of: source) }

  /// An id is the same in all sources, with or without what STIX puts before it; a row in its list alone.
  struct Identity: Hashable {
    /// Of an id as others are given it.
    let key: IndicatorKey
    let source: Int64?

    init(_ key: IndicatorKey, of source: Int64) {
      let given = key.isOwnID ? STIX2.identifier(String(decoding: key.octets, as: UTF8.self)) : nil
      (self.key, self.source) = (given.map { IndicatorKey(id: $0) } ?? key, key.isOwnID ? nil : source)
    }

    var spellings: [IndicatorKey] {
      source == nil ? IndicatorKey.spellings(of: String(decoding: key.octets, as: UTF8.self)) : []
    }
  }
}

extension IndicatorKey {
  /// The keys that one id has in sources that write it as STIX does or as a UUID alone, in small letters or in large ones.
  static func spellings(of id: String) -> [IndicatorKey] {
    guard STIX2.identifier(id) != nil else { return [IndicatorKey(id: id)] }
    let prefix = "indicator--"
    let uuid = id.hasPrefix(prefix) ? String(id.dropFirst(prefix.count)) : id
    return Set([uuid, uuid.lowercased(), uuid.uppercased()]).flatMap { [IndicatorKey(id: $0), IndicatorKey(id: prefix + $0)] }
  }
}

/// What is told of a source together with its indicators.
struct SharedSource {
  var name: String
  var firstRead: Timestamp
  /// Of each revision.
  var additions: [Int: IndicatorAddition]

  /// - Throws: `DatabaseError` where a column is not what the schema makes it: the file may come from elsewhere.
  static func fetchAll(_ database: Database) throws -> [Int64: SharedSource] {
    var sources: [Int64: SharedSource] = [:]
    for row in try Row.fetchAll(database, sql: "SELECT id, name, first_read FROM indicator_source") {
      let (id, name, read): (Int64, String, Int64) = (try row.value(0), try row.value(1), try row.value(2))
      sources[id] = SharedSource(name: name, firstRead: Timestamp(milliseconds: read), additions: [:])
    }
    for row in try Row.fetchAll(database, sql: "SELECT source, number, added_at, first_id FROM indicator_revision") {
      let (source, number): (Int64, Int) = (try row.value(0), try row.value(1))
      sources[source]?.additions[number] = IndicatorAddition(at: try row.value(2), firstID: try row.value(3))
    }
    return sources
  }
}
