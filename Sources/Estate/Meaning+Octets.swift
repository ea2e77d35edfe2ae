internal import DNSWire
internal import Names

// The canonical octets of a meaning: equal meanings have equal octets, and only they. Numbers are big-endian.
//
//   form 1, then 0 for a reply or 1 for silence
//   silence: the kind
//   reply:   flags (1 AA, 2 TC), response code in two octets, then the sets of answers, referral and glue, each list with its
//            length in two octets
//   set:     owner name in wire form, type in two octets, 1 and the TTL in four octets or 0, the number of records in two
//            octets, each record with its length in two octets
//
// Whoever changes what a meaning holds gives it a new form, since the digest of these octets is what the store compares.
extension Meaning {
  private static let form: UInt8 = 1

  /// The canonical octets: what is stored, hashed and compared.
  public var octets: [UInt8] {
    var octets: [UInt8] = [Self.form]
    switch self {
    case .silence(let hush): octets += [1, hush.rawValue]
    case .reply(let reply):
      octets += [0, (reply.isAuthoritative ? 1 : 0) | (reply.isTruncated ? 2 : 0)]
      Self.append(reply.responseCode.rawValue, to: &octets)
      for sets in [reply.answers, reply.referral, reply.glue] {
        Self.append(UInt16(clamping: sets.count), to: &octets)
        for set in sets.prefix(Int(UInt16.max)) { Self.append(set, to: &octets) }
      }
    }
    return octets
  }

  /// Reads what ``octets`` gives; `nil` for anything else.
  public init?(octets: [UInt8]) {
    var reader = Reader(octets: octets)
    guard reader.octet() == Self.form, let isSilence = reader.octet(), isSilence <= 1 else { return nil }
    if isSilence == 1 {
      guard let hush = reader.octet().flatMap(Hush.init(rawValue:)), reader.isAtEnd else { return nil }
      self = .silence(hush)
      return
    }
    guard let flags = reader.octet(), flags <= 3, let code = reader.number(), let answers = reader.recordSets(),
      let referral = reader.recordSets(), let glue = reader.recordSets(), reader.isAtEnd
    else { return nil }
    self = .reply(
      Reply(
        responseCode: ResponseCode(code), isAuthoritative: flags & 1 != 0, isTruncated: flags & 2 != 0, answers: answers,
        referral: referral, glue: glue))
  }

  private static func append(_ number: UInt16, to octets: inout [UInt8]) {
    octets.append(UInt8(truncatingIfNeeded: number >> 8))
    octets.append(UInt8(truncatingIfNeeded: number))
  }

  private static func append(_ set: RecordSet, to octets: inout [UInt8]) {
    octets += set.name.octets
    append(set.type.rawValue, to: &octets)
    if let ttl = set.ttl {
      octets.append(1)
      append(UInt16(truncatingIfNeeded: ttl >> 16), to: &octets)
      append(UInt16(truncatingIfNeeded: ttl), to: &octets)
    } else {
      octets.append(0)
    }
    // A message has at most 65,535 records. Data are longer than 65,535 octets only if they fill a message and hold names that
    // were compressed; of such only that much counts.
    append(UInt16(clamping: set.data.count), to: &octets)
    for data in set.data.prefix(Int(UInt16.max)) {
      append(UInt16(clamping: data.octets.count), to: &octets)
      octets += data.octets.prefix(Int(UInt16.max))
    }
  }

  private struct Reader {
    let octets: [UInt8]
    var place = 0

    init(octets: [UInt8]) { self.octets = octets }

    var isAtEnd: Bool { place == octets.count }

    mutating func octet() -> UInt8? {
      guard place < octets.count else { return nil }
      defer { place += 1 }
      return octets[place]
    }

    mutating func number() -> UInt16? {
      guard let high = octet(), let low = octet() else { return nil }
      return UInt16(high) << 8 | UInt16(low)
    }

    mutating func recordSets() -> [RecordSet]? {
      guard let count = number() else { return nil }
      var sets: [RecordSet] = []
      for _ in 0..<count {
        guard let set = recordSet() else { return nil }
        sets.append(set)
      }
      return sets
    }

    private mutating func recordSet() -> RecordSet? {
      var end = place
      guard let name = try? DomainName(octets.span, at: &end) else { return nil }
      place = end
      guard let type = number().map({ RRType($0) }), let hasTTL = octet(), hasTTL <= 1 else { return nil }
      var ttl: UInt32?
      if hasTTL == 1 {
        guard let high = number(), let low = number() else { return nil }
        ttl = UInt32(high) << 16 | UInt32(low)
      }
      guard let count = number() else { return nil }
      var data: [RData] = []
      for _ in 0..<count {
        guard let length = number().map(Int.init), length <= octets.count - place else { return nil }
        data.append(RData(type: type, canonical: Array(octets[place..<place + length])))
        place += length
      }
      return RecordSet(name, type, ttl: ttl, data)
    }
  }
}
