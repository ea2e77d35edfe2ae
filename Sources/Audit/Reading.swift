import DNSWire
import Estate
import Names

/// What one reply says about one name and type, whoever sent it.
enum Reading {
  /// With authority: these records of the type, perhaps none; the smallest TTL among them.
  case data([RData], ttl: UInt32?)
  /// With authority: the name is an alias, and whoever resolves it goes there, whatever else the answer holds.
  case alias(RData)
  /// With authority: the name does not exist (RFC 8020).
  case noSuchName
  /// The server sends the asker to these servers, for a zone at this name (RFC 1034 §4.3.2 step 3b).
  case referral(zone: DomainName, nameServers: [RData])
  /// Data, and no claim of authority.
  case notAuthoritative([RData])
  case responseCode(ResponseCode)
  /// Cut short, and TCP brought no more: what is missing may be what was asked for.
  case truncated
  case silent(Silence)

  /// Reads an answer to `name` and `type`. A resolver's answer carries no authority and is read as if it did.
  init(_ observation: Observation, _ name: DomainName, _ type: RRType, fromResolver: Bool = false) {
    let message: Message
    switch observation.outcome {
    case .silent(let silence):
      self = .silent(silence)
      return
    case .replied(let reply): message = reply
    }
    let code = message.header.responseCode
    guard code == .noError || code == .nameError else {
      self = .responseCode(code)
      return
    }
    guard !message.header.truncated else {
      self = .truncated
      return
    }
    let here = message.answers.filter { $0.name == name && $0.recordClass == .in }
    let records = here.filter { $0.type == type }
    let isAuthoritative = message.header.authoritative || fromResolver
    let alias = type == .cname ? nil : here.first { $0.type == .cname } ?? Self.redirection(message, above: name)
    if let alias {
      self = isAuthoritative ? .alias(alias.rdata) : .notAuthoritative([alias.rdata])
    } else if !records.isEmpty {
      self =
        isAuthoritative
        ? .data(records.map(\.rdata), ttl: records.map(\.meantTTL).min()) : .notAuthoritative(records.map(\.rdata))
    } else if code == .noError, let cut = message.referral(towards: name) {
      self = .referral(zone: cut, nameServers: message.authorities.filter { $0.type == .ns && $0.name == cut }.map(\.rdata))
    } else if isAuthoritative {
      self = code == .nameError ? .noSuchName : .data([], ttl: nil)
    } else {
      self = .notAuthoritative([])
    }
  }

  private static func redirection(_ message: Message, above name: DomainName) -> ResourceRecord? {
    message.answers.first { $0.type == .dname && name.isBelow($0.name) && $0.recordClass == .in }
  }
}

extension Message {
  /// The delegation of `zone` in this reply: the NS records of a referral, and of an answer where one server holds both zones.
  /// Both sections count, since resolvers differ in which of them they follow.
  func delegation(of zone: DomainName) -> [ResourceRecord] {
    (authorities + answers).filter { $0.type == .ns && $0.name == zone && $0.recordClass == .in }
  }

  /// The addresses that come along for a host (glue, RFC 9471), of one family.
  func glue(of host: DomainName, _ type: RRType) -> [RData] {
    (additionals + answers).filter { $0.name == host && $0.type == type && $0.recordClass == .in }.map(\.rdata)
  }

  /// Where a reply without an answer sends the asker: NS records and no SOA make a referral (RFC 2308 §2.2), also where a server
  /// wrongly sets AA on it, since resolvers follow it all the same. Of several, the one nearest above `name`.
  fileprivate func referral(towards name: DomainName) -> DomainName? {
    guard !authorities.contains(where: { $0.type == .soa }) else { return nil }
    let cuts = authorities.filter { $0.type == .ns && $0.recordClass == .in }.map(\.name)
    return cuts.filter { name.isAtOrBelow($0) }.max { $0.labelCount < $1.labelCount } ?? cuts.min()
  }
}

extension ResourceRecord {
  /// With the first bit set, a TTL is to be read as zero (RFC 2181 §8).
  var meantTTL: UInt32 { ttl > 0x7FFF_FFFF ? 0 : ttl }
}

extension Departure {
  /// How a set departs from the intended one; nil where they are equal. Order and repetition say nothing (RFC 2181 §5), so the
  /// departure holds each record once, in canonical order: a server that rotates its answers departs in one way, not in many.
  init?(intended: [RData], observed: [RData]) {
    let wanted = Set(intended)
    let seen = Set(observed)
    if wanted == seen { return nil }
    let strange = seen.subtracting(wanted)
    if strange.isEmpty {
      self = .removed(wanted.subtracting(seen).inCanonicalOrder, left: seen.inCanonicalOrder)
    } else if wanted.isSubset(of: seen) {
      self = .added(strange.inCanonicalOrder, beside: wanted.inCanonicalOrder)
    } else {
      self = .replaced(seen.inCanonicalOrder)
    }
  }
}

extension Sequence<RData> {
  /// By type, then as octets (RFC 4034 §6.3).
  var inCanonicalOrder: [RData] {
    sorted { $0.type == $1.type ? $0.octets.lexicographicallyPrecedes($1.octets) : $0.type < $1.type }
  }
}
