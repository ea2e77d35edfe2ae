import DNSWire
import Estate
import Names

/// In which order a server is asked: what is declared, then that nothing else has come to the names.
public enum SweepPhase: Int, Sendable, CaseIterable { case declared, absences }

/// What every server of one zone is asked for, name by name, as numbers: the same questions as ``RecordQuestion/all(of:)`` has,
/// without an object for each.
///
/// Names of which more is judged than their records (the apex, wildcards, policies) are not in it: a ``Survey`` judges those.
struct SweepPlan: Sendable {
  typealias Phase = SweepPhase

  static let pageCount = 4096
  /// Names of which more is judged are objects, so there is a bound; the first in the order of the file.
  static let mostOfMore = 10_000

  let zone: DeclaredZone
  /// The key of the fingerprints in pages.
  let key: UInt64
  let asksForAbsences: Bool
  /// Names of which more is judged, beyond those that are.
  let beyond: Int
  private var marks: [Marks]
  /// By a type's number, whether its records are compared: it is looked up for every RRset.
  private let isAskedFor: [Bool]

  private struct Marks: OptionSet {
    var rawValue: UInt8
    /// A delegation to a child zone starts here.
    static let cut = Marks(rawValue: 1)
    static let belowCut = Marks(rawValue: 2)
    /// A delegation names this host.
    static let nameServer = Marks(rawValue: 4)
    /// The zone's MX or NS records name this host.
    static let keyHost = Marks(rawValue: 8)
    /// Judged as a whole elsewhere.
    static let more = Marks(rawValue: 16)
    static let alias = Marks(rawValue: 32)
    /// A name that begins with an underscore is no host.
    static let noHost = Marks(rawValue: 64)
  }

  init(_ zone: DeclaredZone, asksForAbsences: Bool, key: UInt64) {
    (self.zone, self.asksForAbsences, self.key) = (zone, asksForAbsences, key)
    isAskedFor = (0...UInt16.max).map {
      let type = RRType(rawValue: $0)
      return zone.intends(type) && !RecordQuestion.selfMaintained.contains(type)
    }
    let table = zone.table
    marks = [Marks](repeating: [], count: table.ownerCount)
    let apex = table.owner(zone.origin)
    var hasCuts = false
    for rrset in 0..<table.rrsetCount {
      let owner = table.owner(of: rrset)
      switch table.type(of: rrset) {
      case .ns:
        if owner != apex {
          marks[owner].insert(.cut)
          hasCuts = true
        }
        Self.mark(hostsOf: rrset, owner == apex ? .keyHost : [.keyHost, .nameServer], after: 0, table, &marks)
      case .mx: Self.mark(hostsOf: rrset, .keyHost, after: 2, table, &marks)
      case .cname: marks[owner].insert(.alias)
      default: break
      }
    }
    for owner in 0..<table.ownerCount {
      let start = table.nameStart(owner)
      if table.names[start] > 0, table.names[start + 1] == UInt8(ascii: "_") { marks[owner].insert(.noHost) }
      if hasCuts, Self.isBelowCut(start, table, marks) { marks[owner].insert(.belowCut) }
    }
    var (count, left) = (0, 0)
    for owner in 0..<table.ownerCount where !marks[owner].contains(.belowCut) && !marks[owner].contains(.cut) {
      guard owner == apex || Self.isMoreJudged(owner, table) else { continue }
      if owner == apex || count < Self.mostOfMore {
        marks[owner].insert(.more)
        count += 1
      } else {
        left += 1
      }
    }
    beyond = left
  }

  /// Marks the hosts in the data of an NS or MX RRset that are in the zone.
  private static func mark(hostsOf rrset: Int, _ mark: Marks, after offset: Int, _ table: ZoneTable, _ marks: inout [Marks]) {
    table.forEachRecord(of: rrset) { record in
      let range = table.dataRange(record)
      if let owner = table.owner(table.data.span.extracting((range.lowerBound + offset)..<range.upperBound)) {
        marks[owner].formUnion(mark)
      }
    }
  }

  /// Whether a name above this one, below the apex, is delegated.
  private static func isBelowCut(_ start: Int, _ table: ZoneTable, _ marks: [Marks]) -> Bool {
    let names = table.names.span
    var place = start + 1 + Int(names[start])
    let apexOctets = table.origin.octets.count
    while names[place] != 0 {
      let end = wireNameEnd(names, place)
      guard end - place > apexOctets else { return false }
      if let above = table.owner(names.extracting(place..<end)), marks[above].contains(.cut) { return true }
      place += 1 + Int(names[place])
    }
    return false
  }

  /// Wildcards are asked for a name that they make; policies are read, not only compared.
  private static func isMoreJudged(_ owner: Int, _ table: ZoneTable) -> Bool {
    let start = table.nameStart(owner)
    if table.names[start] == 1, table.names[start + 1] == UInt8(ascii: "*") { return true }
    var isMore = false
    table.forEachRRset(of: owner) { rrset in
      switch table.type(of: rrset) {
      case .caa: isMore = true
      case .txt: isMore = isMore || table.records(of: rrset).contains(where: SPFRecord.isOne)
      case .mx: isMore = isMore || table.records(of: rrset).contains { MX($0)?.exchange == .root }
      default: break
      }
    }
    return isMore
  }

  // MARK: Questions

  /// How many questions a server gets in a phase.
  func count(of phase: Phase) -> Int {
    var count = 0
    switch phase {
    case .declared: for rrset in 0..<zone.table.rrsetCount where stands(rrset) != nil { count += 1 }
    case .absences:
      guard asksForAbsences else { return 0 }
      for owner in marks.indices { count += absentTypes(of: owner).count }
    }
    return count
  }

  /// The page of a number, counted from 0; `nil` after the last.
  func page(_ number: Int, of phase: Phase) -> QuestionPage? {
    let all = phase == .declared ? zone.table.rrsetCount : asksForAbsences ? marks.count : 0
    let start = number * Self.pageCount
    guard start < all else { return nil }
    var page = QuestionPage(of: zone.table.names, reserving: Self.pageCount)
    for place in start..<min(all, start + Self.pageCount) {
      switch phase {
      case .declared: append(rrset: place, to: &page)
      case .absences: append(absencesOf: place, to: &page)
      }
    }
    return page
  }

  private func append(rrset: Int, to page: inout QuestionPage) {
    guard let stands = stands(rrset) else { return }
    let table = zone.table
    let owner = table.owner(of: rrset)
    let fingerprint = table.fingerprint(of: rrset, key: key)
    let expected: ExpectedAnswer =
      switch stands {
      case .answer: ExpectedAnswer(.records, fingerprint, mostTTL: table.ttl(of: rrset))
      case .referral: ExpectedAnswer(.referral, fingerprint)
      case .glue: ExpectedAnswer(.glue, fingerprint, cut: UInt8(truncatingIfNeeded: octetsBeforeCut(owner)))
      }
    page.append(
      UInt32(truncatingIfNeeded: rrset), nameAt: table.nameStart(owner), table.type(of: rrset), expected: expected)
  }

  private func append(absencesOf owner: Int, to page: inout QuestionPage) {
    let types = absentTypes(of: owner)
    guard !types.isEmpty else { return }
    let start = zone.table.nameStart(owner)
    for (index, type) in RecordQuestion.absentUnlessDeclared.enumerated() where types.contains(index) {
      page.append(UInt32(truncatingIfNeeded: owner << 2 | index), nameAt: start, type, expected: ExpectedAnswer(.nothing))
    }
  }

  /// The question of a number, as the checks have it.
  func question(_ number: UInt32, of phase: Phase) -> RecordQuestion? {
    switch phase {
    case .declared:
      let rrset = Int(number)
      guard let stands = stands(rrset) else { return nil }
      return RecordQuestion(declared: zone.declared(rrset), stands: stands, zone: zone.origin)
    case .absences:
      let type = RecordQuestion.absentUnlessDeclared[Int(number & 3)]
      let name = zone.table.name(Int(number >> 2))
      return RecordQuestion(declared: DeclaredRRset(name, type, .absent), stands: .answer, zone: zone.origin, isImplied: true)
    }
  }

  /// Those of the names that the zone's mail or delegations go to.
  func keyHosts(among names: [DomainName]) -> Set<DomainName> {
    Set(names).filter { name in zone.table.owner(name).map { marks[$0].contains(.keyHost) } ?? false }
  }

  /// The names of which more is judged, with all that is declared of them: a zone of their own.
  var domain: Domain {
    var records: [DeclaredRRset] = []
    for rrset in 0..<zone.table.rrsetCount
    where marks[zone.table.owner(of: rrset)].contains(.more) && zone.intends(zone.table.type(of: rrset)) {
      records.append(zone.declared(rrset))
    }
    return Domain(zone.origin, records: records, isWholeZone: asksForAbsences)
  }

  // MARK: What is asked of a name

  /// Where in a server's reply an RRset stands; `nil` where it is not asked for. The rules of ``RecordQuestion/all(of:)``.
  private func stands(_ rrset: Int) -> RecordQuestion.Stands? {
    let (owner, type) = (zone.table.owner(of: rrset), zone.table.type(of: rrset))
    guard !marks[owner].contains(.more), isAskedFor[Int(type.rawValue)] else { return nil }
    if marks[owner].contains(.belowCut) {
      // Other data below a delegation is never answered from this zone (RFC 1034 §4.2.1).
      return marks[owner].contains(.nameServer) && (type == .a || type == .aaaa) ? .glue : nil
    }
    guard marks[owner].contains(.cut) else { return .answer }
    return type == .ns ? .referral : type == .ds ? .answer : nil
  }

  /// Places in ``RecordQuestion/absentUnlessDeclared`` of the types that a host must not have gained.
  private func absentTypes(of owner: Int) -> AbsentTypes {
    guard marks[owner].isDisjoint(with: [.more, .cut, .belowCut, .alias, .noHost]) else { return [] }
    var (types, hasAny): (AbsentTypes, Bool) = (.all, false)
    zone.table.forEachRRset(of: owner) { rrset in
      let type = zone.table.type(of: rrset)
      guard isAskedFor[Int(type.rawValue)] else { return }
      hasAny = true
      if let place = RecordQuestion.absentUnlessDeclared.firstIndex(of: type) { types.remove(place) }
    }
    return hasAny ? types : []
  }

  private struct AbsentTypes: OptionSet {
    var rawValue: UInt8
    static let all = AbsentTypes(rawValue: 7)
    var count: Int { rawValue.nonzeroBitCount }
    func contains(_ place: Int) -> Bool { rawValue >> UInt8(truncatingIfNeeded: place) & 1 == 1 }
    mutating func remove(_ place: Int) { rawValue &= ~(1 << UInt8(truncatingIfNeeded: place)) }
  }

  /// How many octets of a name stand before the delegation nearest to the apex: that is the one that its servers answer with.
  private func octetsBeforeCut(_ owner: Int) -> Int {
    let (start, names) = (zone.table.nameStart(owner), zone.table.names.span)
    var (place, found) = (start, 0)
    while names[place] != 0 {
      let end = wireNameEnd(names, place)
      guard end - place > zone.origin.octets.count else { break }
      if let above = zone.table.owner(names.extracting(place..<end)), marks[above].contains(.cut) { found = place - start }
      place += 1 + Int(names[place])
    }
    return found
  }
}

/// Just past a name in wire form that has no pointers.
private func wireNameEnd(_ names: Span<UInt8>, _ start: Int) -> Int {
  var place = start
  while names[place] != 0 { place += 1 + Int(names[place]) }
  return place + 1
}
