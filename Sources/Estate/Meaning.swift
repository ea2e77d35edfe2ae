public import DNSWire
public import Names

/// What an observation says, without what differs between two tellings of the same: message id, letter case, order, cookies,
/// signatures. Two observations of one place with equal meanings are one fact that lasts.
public enum Meaning: Hashable, Sendable {
  case reply(Reply)
  case silence(Hush)

  /// A reply in canonical order.
  public struct Reply: Hashable, Sendable {
    public var responseCode: ResponseCode
    /// AA. Always `false` for a resolver, whose AA depends on what its cache held.
    public var isAuthoritative: Bool
    /// TC: the record sets are not whole, so none is kept.
    public var isTruncated: Bool
    /// The answer section, aliases on the way included.
    public var answers: [RecordSet]
    /// The NS and DS records that send the asker elsewhere (RFC 1034 §4.3.2, step 3b), and the addresses given with them.
    public var referral: [RecordSet]
    public var glue: [RecordSet]

    public init(
      responseCode: ResponseCode = .noError, isAuthoritative: Bool = false, isTruncated: Bool = false,
      answers: [RecordSet] = [], referral: [RecordSet] = [], glue: [RecordSet] = []
    ) {
      (self.responseCode, self.isAuthoritative, self.isTruncated) = (responseCode, isAuthoritative, isTruncated)
      (self.answers, self.referral, self.glue) = (answers, referral, glue)
    }
  }

  /// The records of one owner name and type (RFC 2181 §5), sorted as octets (RFC 4034 §6.3), each once.
  public struct RecordSet: Hashable, Sendable {
    public var name: DomainName
    public var type: RRType
    /// In seconds; the least one where the records disagree (RFC 2181 §5.2). Absent for a resolver, where it counts down.
    public var ttl: UInt32?
    public var data: [RData]

    public init(_ name: DomainName, _ type: RRType, ttl: UInt32?, _ data: [RData]) {
      (self.name, self.type, self.ttl, self.data) = (name, type, ttl, data)
    }
  }

  /// The kind of a ``Silence``, without the words and counts that vary from one to the next.
  public enum Hush: UInt8, Hashable, Sendable, CaseIterable { case timedOut, unreachable, mangled, tls, notAsked }

  /// Whether this says something about the record asked for. Silence, a failure, a refusal and a cut answer do not: after them
  /// the last thing told still stands.
  public var tells: Bool {
    guard case .reply(let reply) = self else { return false }
    return !reply.isTruncated && (reply.responseCode == .noError || reply.responseCode == .nameError)
  }
}

extension Meaning {
  /// What an observation of a place of this kind says.
  public init(_ observation: Observation, at kind: Place.Kind) {
    switch observation.outcome {
    case .silent(let silence): self = .silence(Hush(silence))
    case .replied(let message): self = .reply(Reply(message, at: kind))
    }
  }
}

extension Meaning.Hush {
  public init(_ silence: Silence) {
    self =
      switch silence {
      case .timedOut: .timedOut
      case .unreachable: .unreachable
      case .mangled: .mangled
      case .tls: .tls
      case .notAsked: .notAsked
      }
  }
}

extension Meaning.Reply {
  fileprivate init(_ message: Message, at kind: Place.Kind) {
    let header = message.header
    self.init(
      responseCode: header.responseCode, isAuthoritative: kind != .resolver && header.authoritative,
      isTruncated: header.truncated)
    guard !isTruncated, responseCode == .noError || responseCode == .nameError else { return }
    let keepsTTL = kind != .resolver
    answers = Meaning.recordSets(message.answers, keepsTTL: keepsTTL) { _ in true }

    // The authority and additional sections mean something only where they are the answer: in a referral. Elsewhere they come
    // and go with the server's settings and the room left in the packet.
    let targets = Set(message.authorities.compactMap { $0.type == .ns ? NS($0.rdata)?.nameServer : nil })
    guard kind != .resolver, !header.authoritative, answers.isEmpty, !targets.isEmpty else { return }
    referral = Meaning.recordSets(message.authorities, keepsTTL: keepsTTL) { $0.type == .ns || $0.type == .ds }
    glue = Meaning.recordSets(message.additionals, keepsTTL: keepsTTL) {
      ($0.type == .a || $0.type == .aaaa) && targets.contains($0.name)
    }
  }
}

extension Meaning {
  private struct Key: Hashable {
    var name: DomainName
    var type: RRType
  }

  private static func recordSets(
    _ records: [ResourceRecord], keepsTTL: Bool, where isWanted: (ResourceRecord) -> Bool
  ) -> [RecordSet] {
    var sets: [Key: RecordSet] = [:]
    for record in records where record.recordClass == .in && record.type != .rrsig && isWanted(record) {
      let ttl = keepsTTL ? record.ttl : nil
      let key = Key(name: record.name, type: record.type)
      sets[key, default: RecordSet(record.name, record.type, ttl: ttl, [])].data.append(record.rdata)
      if let ttl, let least = sets[key]?.ttl, ttl < least { sets[key]?.ttl = ttl }
    }
    return sets.values.map { set in
      var set = set
      set.data = set.data.count == 1 ? set.data : Set(set.data).sorted { $0.octets.lexicographicallyPrecedes($1.octets) }
      return set
    }.sorted { $0.name == $1.name ? $0.type < $1.type : $0.name < $1.name }
  }
}
