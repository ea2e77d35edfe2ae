import Names

/// What the reply to one question is to hold, small enough to be held against a reply's octets without making an object.
///
/// It answers one way only: ``isMet(by:questionEnd:type:responseCode:key:scratch:)`` says `true` where decoding and comparing
/// record by record could not say anything but "as intended". All else is for whoever reads the whole reply.
public struct ExpectedAnswer: Hashable, Sendable {
  public enum Kind: UInt8, Sendable {
    /// Nothing is expected: no reply meets it.
    case anything
    /// With authority, these records in the answer and no other of the name.
    case records
    /// With authority, no record of the type.
    case nothing
    /// A referral at the name itself, with these name servers.
    case referral
    /// A referral above the name, with these addresses of the name beside it.
    case glue
  }

  public var kind: Kind
  /// How many octets of the name stand before the name of the delegation that it is glue of.
  public var cut: UInt8
  /// The longest TTL that is as intended, in seconds.
  public var mostTTL: UInt32
  /// Of the records' data; 0 for none.
  public var fingerprint: RRsetFingerprint

  public init(_ kind: Kind, _ fingerprint: RRsetFingerprint = RRsetFingerprint(value: 0), mostTTL: UInt32 = .max, cut: UInt8 = 0)
  {
    (self.kind, self.fingerprint, self.mostTTL, self.cut) = (kind, fingerprint, mostTTL, cut)
  }

  public static let anything = ExpectedAnswer(.anything)

  /// Whether a reply holds just what is expected. RFC 1035 §4.1, RFC 2181 §5, RFC 2308 §2.
  ///
  /// - Parameters:
  ///   - message: A reply of which is known that it is one, whole, and that its question section is the one that was sent.
  ///   - questionEnd: Just past the question section, of which there is one question in class IN.
  ///   - responseCode: With the upper bits of EDNS.
  ///   - key: The key of the fingerprint.
  ///   - scratch: Room for the data of one record, kept from call to call.
  public func isMet(
    by message: Span<UInt8>, questionEnd: Int, type: RRType, responseCode: UInt16, key: UInt64, scratch: inout [UInt8]
  ) -> Bool {
    guard message.count >= questionEnd, questionEnd >= 17 else { return false }
    let (answers, authorities) = (word(message, 6), word(message, 8))
    let hasAuthority = message[2] & 4 != 0
    var reader = SectionReader(place: questionEnd, type: type, key: key)
    switch kind {
    case .anything: return false
    case .records:
      return responseCode == 0 && hasAuthority && answers > 0
        && reader.readAnswer(message, answers, &scratch) && reader.sum == fingerprint.value && reader.most(ttl: mostTTL)
    case .nothing:
      return (responseCode == 0 || responseCode == 3) && hasAuthority && answers == 0
        && reader.skip(message, authorities) && reader.nameServers == 0
    case .referral:
      return responseCode == 0 && answers == 0
        && reader.readDelegation(message, authorities, owner: 0, sums: true, &scratch) && reader.sum == fingerprint.value
    case .glue:
      return responseCode == 0 && answers == 0
        && reader.readDelegation(message, authorities, owner: Int(cut), sums: false, &scratch)
        && reader.readAdditional(message, word(message, 10), &scratch) && reader.sum == fingerprint.value
    }
  }
}

@inline(__always) private func word(_ octets: Span<UInt8>, _ place: Int) -> Int {
  Int(octets[place]) << 8 | Int(octets[place + 1])
}

/// Reads the sections of a reply one after another and sums up what is asked for.
private struct SectionReader {
  private static let nameStart = 12

  var place: Int
  let type: RRType
  let key: UInt64
  private(set) var sum: UInt64 = 0
  private(set) var nameServers = 0
  private var leastTTL = UInt32.max

  init(place: Int, type: RRType, key: UInt64) { (self.place, self.type, self.key) = (place, type, key) }

  /// One record's fixed part, `nil` where it does not fit; `place` is then at its end.
  private struct Record {
    var type: UInt16
    var isInternet: Bool
    var ttl: UInt32
    var start: Int
    var end: Int
  }

  private mutating func record(_ message: Span<UInt8>) -> Record? {
    guard place + 10 <= message.count else { return nil }
    let start = place + 10
    let end = start + word(message, place + 8)
    guard end <= message.count else { return nil }
    let seconds = UInt32(truncatingIfNeeded: word(message, place + 4) << 16 | word(message, place + 6))
    let record = Record(
      type: UInt16(truncatingIfNeeded: word(message, place)), isInternet: word(message, place + 2) == 1,
      // With the first bit set, a TTL is to be read as zero (RFC 2181 §8).
      ttl: seconds > 0x7FFF_FFFF ? 0 : seconds, start: start, end: end)
    place = end
    return record
  }

  /// Steps over a name that must be the question's, from an octet of it on.
  private mutating func isName(_ message: Span<UInt8>, from offset: Int) -> Bool {
    guard place + 2 <= message.count else { return false }
    // A pointer to the question's name is how almost every server writes it (RFC 1035 §4.1.4).
    if message[place] == 0xC0, Int(message[place + 1]) == Self.nameStart + offset {
      place += 2
      return true
    }
    return DomainName.isSame(as: Self.nameStart + offset, in: message, at: &place)
  }

  private mutating func skipName(_ message: Span<UInt8>) -> Bool {
    while place < message.count {
      let length = Int(message[place])
      if length == 0 || length >= 0xC0 {
        place += length == 0 ? 1 : 2
        return place <= message.count
      }
      guard length < 64 else { return false }
      place += 1 + length
    }
    return false
  }

  /// Every record is of the name and type asked, or a signature over them.
  mutating func readAnswer(_ message: Span<UInt8>, _ count: Int, _ scratch: inout [UInt8]) -> Bool {
    for _ in 0..<count {
      guard isName(message, from: 0), let record = record(message), record.isInternet else { return false }
      if record.type == type.rawValue {
        guard add(record, message, &scratch) else { return false }
      } else if record.type != RRType.rrsig.rawValue || record.end - record.start < 18
        || word(message, record.start) != Int(type.rawValue)
      {
        return false
      }
    }
    return true
  }

  /// NS records of one name that is the question's, from its octet `owner` on, and no SOA. Adds them up where they are what is
  /// asked for.
  mutating func readDelegation(_ message: Span<UInt8>, _ count: Int, owner: Int, sums: Bool, _ scratch: inout [UInt8]) -> Bool {
    for _ in 0..<count {
      let isOwn = isName(message, from: owner)
      guard isOwn || skipName(message), let record = record(message) else { return false }
      switch RRType(rawValue: record.type) {
      case .ns:
        guard isOwn, record.isInternet, !sums || add(record, message, &scratch) else { return false }
        nameServers += 1
      case .soa: return false
      default: break
      }
    }
    return nameServers > 0
  }

  /// Records of the name and type asked, among others.
  mutating func readAdditional(_ message: Span<UInt8>, _ count: Int, _ scratch: inout [UInt8]) -> Bool {
    for _ in 0..<count {
      let isOwn = isName(message, from: 0)
      guard isOwn || skipName(message), let record = record(message) else { return false }
      guard isOwn, record.type == type.rawValue else { continue }
      guard record.isInternet, add(record, message, &scratch) else { return false }
    }
    return true
  }

  /// Steps over records and counts name servers among them.
  mutating func skip(_ message: Span<UInt8>, _ count: Int) -> Bool {
    for _ in 0..<count {
      guard skipName(message), let record = record(message) else { return false }
      if record.type == RRType.ns.rawValue { nameServers += 1 }
    }
    return true
  }

  func most(ttl: UInt32) -> Bool { leastTTL <= ttl }

  private mutating func add(_ record: Record, _ message: Span<UInt8>, _ scratch: inout [UInt8]) -> Bool {
    leastTTL = min(leastTTL, record.ttl)
    let length = record.end - record.start
    switch RRType(rawValue: record.type) {
    case .a:
      guard length == 4 else { return false }
    case .aaaa:
      guard length == 16 else { return false }
    case let type:
      guard let format = RecordFormat.of(type) else { break }
      scratch.removeAll(keepingCapacity: true)
      do {
        try format.appendCanonical(message, at: record.start, end: record.end, pointers: true, to: &scratch)
      } catch { return false }
      sum &+= RRsetFingerprint.hash(scratch.span, from: 0, to: scratch.count, key: key)
      return true
    }
    sum &+= RRsetFingerprint.hash(message, from: record.start, to: record.end, key: key)
    return true
  }
}
