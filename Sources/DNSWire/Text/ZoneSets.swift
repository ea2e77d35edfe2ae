import Names

/// The RRsets of a zone while it is read: which record joins which set, and what does not go together.
///
/// Owners stand in an open-addressed table of our own. Its hash is seeded per process, so that a file cannot be written
/// to make it slow.
struct ZoneSets {
  struct Owner {
    var name: DomainName
    var hash: UInt64
    /// The first of the owner's sets; the others follow by `next`.
    var firstSet: Int32
    /// Records that decide whether an alias has data beside it; -1 for none.
    var alias: Int32 = -1
    var data: Int32 = -1
    var conflictTold = false
  }

  struct RRset {
    var type: RRType
    var covered: UInt16
    var ttl: UInt32
    var first: Int32
    var last: Int32
    var count: Int32 = 1
    var next: Int32
    var ttlsDiffer = false
  }

  enum Outcome: Equatable {
    case added
    case duplicate(of: Int)
    /// Another record of a type that a name has at most once.
    case second(of: Int)
  }

  private(set) var owners: [Owner] = []
  private(set) var sets: [RRset] = []
  /// For each record the next one of its set, or -1.
  private var nextOfSet: [Int32] = []
  /// Half of the hash, then the owner's number plus one; 0 is free. The half saves the look at most other owners.
  private var slots: [UInt64] = []
  /// Many sets at one owner, or many records in one set, are looked up instead of walked.
  private var setsOfCrowdedOwner: [UInt64: Int32] = [:]
  private var membersOfLargeSet: [Int32: Set<RData>] = [:]
  private let seed = UInt64(bitPattern: Int64(Hasher().finalize()))
  static let walked = 12

  mutating func reserve(_ records: Int) {
    owners.reserveCapacity(records)
    sets.reserveCapacity(records)
    nextOfSet.reserveCapacity(records)
    grow(to: records)
  }

  // MARK: Owners

  /// The owner's number, the same for the same name.
  mutating func owner(_ name: DomainName) -> Int {
    if (owners.count &+ 1) &* 2 > slots.count { grow(to: owners.count &+ 1) }
    let hash = Self.hash(name.octets.span, seed: seed)
    let mask = slots.count &- 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] != 0 {
      let index = Int(slots[slot] & 0xFFFF_FFFF) &- 1
      if (slots[slot] ^ hash) >> 32 == 0, owners[index].name == name { return index }
      slot = (slot &+ 1) & mask
    }
    slots[slot] = Self.slot(hash, owners.count)
    owners.append(Owner(name: name, hash: hash, firstSet: -1))
    return owners.count &- 1
  }

  private static func slot(_ hash: UInt64, _ owner: Int) -> UInt64 {
    hash & 0xFFFF_FFFF_0000_0000 | UInt64(truncatingIfNeeded: owner &+ 1)
  }

  private mutating func grow(to count: Int) {
    var size = 1024
    while size < count &* 2 { size &*= 2 }
    guard size > slots.count else { return }
    slots = Array(repeating: 0, count: size)
    let mask = size &- 1
    for index in owners.indices {
      var slot = Int(truncatingIfNeeded: owners[index].hash) & mask
      while slots[slot] != 0 { slot = (slot &+ 1) & mask }
      slots[slot] = Self.slot(owners[index].hash, index)
    }
  }

  /// Eight octets at a time, each word folded in by one multiplication of full width.
  private static func hash(_ octets: Span<UInt8>, seed: UInt64) -> UInt64 {
    var state = seed ^ UInt64(truncatingIfNeeded: octets.count)
    var place = 0
    while place < octets.count {
      var word: UInt64 = 0
      let end = min(place &+ 8, octets.count)
      while place < end {
        word = word << 8 | UInt64(octets[place])
        place &+= 1
      }
      let product = (state ^ word ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(by: seed | 0xE703_7ED1_A0B4_28DB)
      state = product.high ^ product.low
    }
    return state
  }

  // MARK: Sets

  /// Adds the record that is to follow the others.
  mutating func add(_ rdata: RData, ttl: UInt32, owner: Int, after records: [ZoneRecord]) -> (outcome: Outcome, set: Int) {
    // RRSIGs form a set per type that they cover: their TTL is that type's (RFC 4034 §3).
    let covered =
      rdata.type.rawValue == 46 && rdata.octets.count > 1
      ? UInt16(rdata.octets[0]) << 8 | UInt16(rdata.octets[1]) : 0
    let number = Int32(truncatingIfNeeded: records.count)
    guard let found = set(of: owner, type: rdata.type, covered: covered) else {
      let set = RRset(
        type: rdata.type, covered: covered, ttl: ttl, first: number, last: number, next: owners[owner].firstSet)
      owners[owner].firstSet = Int32(truncatingIfNeeded: sets.count)
      if isCrowded[owner] != nil { setsOfCrowdedOwner[Self.key(owner, rdata.type, covered)] = owners[owner].firstSet }
      sets.append(set)
      nextOfSet.append(-1)
      return (.added, sets.count - 1)
    }
    if let earlier = member(rdata, of: found, records) { return (.duplicate(of: earlier), found) }
    if rdata.type.isSingleton { return (.second(of: Int(sets[found].first)), found) }
    nextOfSet.append(-1)
    nextOfSet[Int(sets[found].last)] = number
    sets[found].last = number
    sets[found].count &+= 1
    return (.added, found)
  }

  private var isCrowded: [Int: Bool] = [:]

  private mutating func set(of owner: Int, type: RRType, covered: UInt16) -> Int? {
    if isCrowded[owner] != nil { return setsOfCrowdedOwner[Self.key(owner, type, covered)].map(Int.init) }
    var steps = 0
    var index = owners[owner].firstSet
    while index >= 0 {
      let set = sets[Int(index)]
      if set.type == type, set.covered == covered { return Int(index) }
      index = set.next
      steps &+= 1
    }
    if steps > Self.walked {
      isCrowded[owner] = true
      index = owners[owner].firstSet
      while index >= 0 {
        let set = sets[Int(index)]
        setsOfCrowdedOwner[Self.key(owner, set.type, set.covered)] = index
        index = set.next
      }
    }
    return nil
  }

  private static func key(_ owner: Int, _ type: RRType, _ covered: UInt16) -> UInt64 {
    UInt64(truncatingIfNeeded: owner) << 32 | UInt64(type.rawValue) << 16 | UInt64(covered)
  }

  /// The record of the set that has the same data.
  private mutating func member(_ rdata: RData, of set: Int, _ records: [ZoneRecord]) -> Int? {
    let key = Int32(truncatingIfNeeded: set)
    if Int(sets[set].count) > Self.walked {
      if membersOfLargeSet[key] == nil {
        var members = Set<RData>()
        forEachRecord(of: set) { members.insert(records[$0].record.rdata) }
        membersOfLargeSet[key] = members
      }
      return membersOfLargeSet[key]?.insert(rdata).inserted == false ? Int(sets[set].first) : nil
    }
    var index = sets[set].first
    while index >= 0 {
      if records[Int(index)].record.rdata == rdata { return Int(index) }
      index = nextOfSet[Int(index)]
    }
    return nil
  }

  func forEachRecord(of set: Int, _ body: (Int) -> Void) {
    var index = sets[set].first
    while index >= 0 {
      body(Int(index))
      index = nextOfSet[Int(index)]
    }
  }

  /// Notes a TTL that is not the set's; the smaller one becomes the set's.
  mutating func lower(_ set: Int, to ttl: UInt32) {
    sets[set].ttlsDiffer = true
    sets[set].ttl = min(sets[set].ttl, ttl)
  }

  // MARK: Aliases

  /// Notes a record and gives the one it may not stand beside (RFC 2181 §10.1), once per owner.
  mutating func aliasConflict(_ type: RRType, owner: Int, index: Int) -> Int? {
    let number = Int32(truncatingIfNeeded: index)
    if type == .cname {
      if owners[owner].alias < 0 { owners[owner].alias = number }
    } else if !type.mayStandBesideAlias {
      if owners[owner].data < 0 { owners[owner].data = number }
    } else {
      return nil
    }
    let (alias, data) = (owners[owner].alias, owners[owner].data)
    guard alias >= 0, data >= 0, !owners[owner].conflictTold else { return nil }
    owners[owner].conflictTold = true
    return Int(type == .cname ? data : alias)
  }
}

extension RRType {
  /// A name has at most one record of the type.
  var isSingleton: Bool { self == .soa || self == .cname || self == .dname }

  /// SIG, KEY, NXT, RRSIG and NSEC (RFC 2181 §10.1, RFC 4034 §3 and §4).
  var mayStandBesideAlias: Bool {
    switch rawValue {
    case 24, 25, 30, 46, 47: true
    default: false
    }
  }
}
