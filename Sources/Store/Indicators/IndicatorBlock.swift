internal import Crypto
internal import FoundationEssentials
internal import GRDB
internal import Indicators
internal import Notation

/// Indicators that one revision of a source brought, one after the other, in octets.
///
/// A row for each would take most of the time of keeping a list of a million.
struct IndicatorBlock {
  /// A block holds no more.
  static let mostIndicators = 1000
  /// A block that has so many octets is full.
  private static let fullOctets = 1 << 20

  /// Of the key of each; see ``IndicatorKey``.
  private(set) var hashes: [UInt64] = []
  /// Who it is and where it stands: a list whose rows moved has not changed.
  private(set) var identities = OctetList()
  /// What it looks for.
  private(set) var criteria = OctetList()
  /// What its source says of it beside that.
  private(set) var said = OctetList()

  var count: Int { hashes.count }
  var isFull: Bool {
    count >= Self.mostIndicators || identities.octets.count + criteria.octets.count + said.octets.count >= Self.fullOctets
  }

  init() {}

  /// An empty one. Blocks that follow one another are much alike.
  init(withRoomLike other: IndicatorBlock) {
    hashes.reserveCapacity(other.count)
    identities.reserve(like: other.identities)
    criteria.reserve(like: other.criteria)
    said.reserve(like: other.said)
  }

  mutating func append(_ indicator: Indicator, of format: Publication.Format) {
    let hasOwnID = IndicatorKey.hasOwnID(indicator, of: format)
    identities.append { Self.appendIdentity(of: indicator, hasOwnID: hasOwnID, to: &$0) }
    criteria.append { CriterionOctets.append(indicator.criterion, to: &$0) }
    said.append { SaidOctets.append(indicator, to: &$0) }
    hashes.append(key(count).hash)
  }

  /// - Throws: `DatabaseError` where it holds no indicator.
  func indicator(_ index: Int) throws -> Indicator {
    var identity = OctetReader(identities[index])
    _ = try identity.octet()
    let (line, column) = (Int(try identity.signed()), Int(try identity.signed()))
    let id = String(decoding: identity.rest(), as: UTF8.self)
    var indicator = Indicator(
      id: id, place: TextPlace(line: line, column: column), criterion: try CriterionOctets.read(criteria[index]))
    try SaidOctets.read(said[index], into: &indicator)
    return indicator
  }

  func key(_ index: Int) -> IndicatorKey {
    let identity = identities[index]
    guard identity.first == 1 else { return IndicatorKey(isOwnID: false, octets: criteria[index]) }
    // After the octet that says so and two numbers.
    let id = identity.dropFirst().drop { $0 > 0x7F }.dropFirst().drop { $0 > 0x7F }.dropFirst()
    return IndicatorKey(isOwnID: true, octets: id)
  }

  func content(_ index: Int) -> IndicatorContent { IndicatorContent(criterion: criteria[index], said: said[index]) }

  /// ``identities`` as the database holds them, with new ones in the place of some.
  func identities(moved: [Int: ArraySlice<UInt8>]) -> Data {
    var new = OctetList()
    for index in 0..<count { new.append(moved[index] ?? identities[index]) }
    return Data(new.serialized)
  }

  private static func appendIdentity(of indicator: Indicator, hasOwnID: Bool, to octets: inout [UInt8]) {
    octets.append(hasOwnID ? 1 : 0)
    octets.append(signed: Int64(indicator.place.line))
    octets.append(signed: Int64(indicator.place.column))
    // As sightings, which the database has as texts, name it.
    octets.append(contentsOf: indicator.id.storable.utf8)
  }
}

/// By which an indicator is the same from one revision to the next: the id that its source gave it, or what it looks for.
struct IndicatorKey: Hashable {
  var isOwnID: Bool
  var octets: ArraySlice<UInt8>

  init(isOwnID: Bool, octets: ArraySlice<UInt8>) { (self.isOwnID, self.octets) = (isOwnID, octets) }

  /// Of what its source calls so.
  init(id: String) { self.init(isOwnID: true, octets: Array(id.storable.utf8)[...]) }

  /// The first 64 bits of SHA-256, so that nobody can write a list of which all have one.
  var hash: UInt64 {
    var (hash, kind) = (SHA256(), UInt8(isOwnID ? 1 : 0))
    // The octets are read inside the closures alone; a digest has 32.
    unsafe withUnsafeBytes(of: &kind) { unsafe hash.update(bufferPointer: $0) }
    unsafe octets.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
    return unsafe hash.finalize().withUnsafeBytes { unsafe UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)) }
  }

  /// As a text: of an id, the id.
  func text(_ indicator: Indicator) -> String { isOwnID ? indicator.id : indicator.criterion.keyText }

  /// An id that only counts rows would make every row below a new one another: there what is looked for tells them apart.
  static func hasOwnID(_ indicator: Indicator, of format: Publication.Format) -> Bool {
    switch format {
    case .usCERT, .plainList: false
    case .misp: !indicator.id.hasPrefix("attribute ")
    case .stix1: indicator.id != "indicator \(indicator.place)"
    case .stix2, .openIOC, .warninglist: true
    }
  }
}

/// All that its source says of an indicator, but for what names it and where it stands.
struct IndicatorContent: Hashable {
  var criterion: ArraySlice<UInt8>
  var said: ArraySlice<UInt8>
}

extension IndicatorBlock {
  /// The columns of ``init(_:from:count:)`` and ``inColumns``.
  static let columns = "hashes, identities, criteria, said"

  /// Reads ``columns``, from this column on.
  init(_ row: Row, from first: Int, count: Int) throws {
    func octets(_ column: Int) throws -> [UInt8] {
      let octets: Data = try row.value(first + column)
      return Array(octets)
    }
    hashes = try Self.hashes(octets(0), count: count)
    identities = try OctetList(serialized: octets(1), count: count)
    criteria = try OctetList(serialized: octets(2), count: count)
    said = try OctetList(serialized: octets(3), count: count)
  }

  /// A block as a row of the database.
  struct Columns: Sendable {
    var count: Int
    var hashes: Data
    var identities: Data
    var criteria: Data
    var said: Data
  }

  var inColumns: Columns {
    var octets: [UInt8] = []
    octets.reserveCapacity(8 * count)
    for hash in hashes {
      for shift: UInt64 in [0, 8, 16, 24, 32, 40, 48, 56] { octets.append(UInt8(truncatingIfNeeded: hash >> shift)) }
    }
    return Columns(
      count: count, hashes: Data(octets), identities: Data(identities.serialized), criteria: Data(criteria.serialized),
      said: Data(said.serialized))
  }

  /// - Throws: `DatabaseError` where these are not so many hashes.
  static func hashes(_ octets: [UInt8], count: Int) throws -> [UInt64] {
    guard octets.count % 8 == 0, octets.count / 8 == count else { throw DatabaseError.damagedIndicator }
    return stride(from: 0, to: octets.count, by: 8).map { place in
      var hash: UInt64 = 0
      for octet in octets[place..<place + 8].reversed() { hash = hash << 8 | UInt64(octet) }
      return hash
    }
  }
}
