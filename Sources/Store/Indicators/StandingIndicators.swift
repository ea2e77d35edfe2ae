internal import GRDB
internal import Indicators

/// The indicators of a source that stand before a new revision, and what becomes of each.
struct StandingIndicators {
  struct Place: Hashable, Comparable {
    var block: Int32
    var index: Int32

    static func < (one: Place, other: Place) -> Bool {
      one.block != other.block ? one.block < other.block : one.index < other.index
    }
  }

  /// All places, by the hashes of the keys, and then in the order in which they came.
  private(set) var places: [(hash: UInt64, place: Place)] = []
  private var blocks: [StoredBlock] = []
  /// Who was told again, the same or changed.
  private var isTold: [[Bool]] = []
  /// Where they stand now, of those that moved in their file: their new identities.
  private var moved: [[Int: ArraySlice<UInt8>]] = []
  private var (changed, withdrawn): ([Place], [Place]) = ([], [])

  /// - Parameter hashes: Of the keys that are wanted, where that is not all; there may be others among those that are read.
  init(_ database: Database, source: Int64, withKeys hashes: Set<UInt64>?) throws {
    let condition = "source = ? AND \(StoredBlock.stands)"
    let cursor = try StoredBlock.fetchCursor(database, where: condition, [source], holding: hashes)
    while let block = try cursor.next() {
      for (index, hash) in block.indicators.hashes.enumerated() where block.stood(index, at: nil) {
        places.append((hash, Place(block: Int32(blocks.count), index: Int32(index))))
      }
      blocks.append(block)
      isTold.append(Array(repeating: false, count: block.indicators.count))
      moved.append([:])
    }
    places.sort { $0.hash != $1.hash ? $0.hash < $1.hash : $0.place < $1.place }
  }

  func key(_ place: Place) -> IndicatorKey { blocks[Int(place.block)].indicators.key(Int(place.index)) }

  func content(_ place: Place) -> IndicatorContent { blocks[Int(place.block)].indicators.content(Int(place.index)) }

  /// It is told again. It may have moved in its file, which is no change.
  mutating func keep(_ place: Place, identity: ArraySlice<UInt8>) {
    let (block, index) = (Int(place.block), Int(place.index))
    isTold[block][index] = true
    if blocks[block].indicators.identities[index] != identity { moved[block][index] = identity }
  }

  /// Something else is told of it.
  mutating func change(_ place: Place) {
    isTold[Int(place.block)][Int(place.index)] = true
    changed.append(place)
  }

  /// - Returns: How many were not told again.
  mutating func withdrawOthers() -> Int {
    withdrawn = places.map(\.place).filter { !isTold[Int($0.block)][Int($0.index)] }
    return withdrawn.count
  }

  /// - Parameter firstWithdrawal: The number under which others are told of the first that is withdrawn; those of the others follow.
  func write(to database: Database, lastRevision: Int, firstWithdrawal: Int64) throws {
    let end = try database.makeStatement(
      sql: "INSERT INTO indicator_end (block, place, last_revision, withdrawal) VALUES (?, ?, ?, ?)")
    func write(_ place: Place, _ withdrawal: Int64?) throws {
      try end.execute(arguments: [blocks[Int(place.block)].firstID, place.index, lastRevision, withdrawal])
    }
    for place in changed.sorted() { try write(place, nil) }
    var number = firstWithdrawal
    for place in withdrawn.sorted() {
      // Only who made an object says that it is revoked (STIX 2.1 section 3.6): of what has an id of its source, that is not us.
      let isOurs = !key(place).isOwnID
      try write(place, isOurs ? number : nil)
      if isOurs { number += 1 }
    }
    let move = try database.makeStatement(sql: "UPDATE indicator_block SET identities = ? WHERE first_id = ?")
    for (block, moved) in zip(blocks, moved) where !moved.isEmpty {
      try move.execute(arguments: [block.indicators.identities(moved: moved), block.firstID])
    }
  }
}
